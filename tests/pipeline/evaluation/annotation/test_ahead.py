"""Work done while the work before is being used."""

from collections.abc import Iterator
from threading import Event

import pytest

from pipeline.evaluation.annotation.ahead import ahead


def test_items_come_in_their_order_even_those_that_are_nothing() -> None:
    assert list(ahead(iter([3, 0, None, 1]))) == [3, 0, None, 1]
    assert list(ahead(iter(()))) == []


def test_an_item_is_made_while_the_caller_has_the_one_before() -> None:
    begun = Event()

    def items() -> Iterator[int]:
        yield 1
        begun.set()
        yield 2

    coming = ahead(items())

    assert next(coming) == 1
    assert begun.wait(20)
    assert list(coming) == [2]


def test_no_more_than_one_item_is_made_before_it_is_asked_for() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(9):
            made.append(number)
            yield number

    coming = ahead(items())
    next(coming)
    coming.close()  # type: ignore[attr-defined]  # waits for what is being made

    assert made == [0, 1]


def test_what_an_item_raises_is_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    coming = ahead(items())

    assert next(coming) == 1
    with pytest.raises(OSError, match="the disk is gone"):
        next(coming)
