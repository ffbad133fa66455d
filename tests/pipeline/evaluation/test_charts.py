"""Drawings of counts: well formed, and of what they were given."""

from xml.etree import ElementTree as ET

import numpy as np

from pipeline.evaluation.charts import LONGEST, bars, confusion_matrix


def words(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("text")]


def widths(svg: str) -> list[float]:
    return [float(element.attrib["width"]) for element in ET.fromstring(svg).iter("rect")]


def test_a_matrix_shows_shares_of_the_true_class_and_counts() -> None:
    said = words(confusion_matrix(["<20", "20+"], np.array([[3, 1], [0, 0]])))

    assert said.count("<20") == 2
    assert [word for word in said if word.replace(".", "").isdigit()] == ["0.75", "3", "0.25", "1"]


def test_the_shade_of_a_cell_grows_with_its_share() -> None:
    root = ET.fromstring(confusion_matrix(["a", "b"], np.array([[9, 1], [5, 5]])))

    shades = [float(element.attrib["fill-opacity"]) for element in root.iter("rect")]
    assert shades[1] < shades[2] == shades[3] < shades[0]


def test_bars_are_as_long_as_the_share_of_their_kind() -> None:
    svg = bars({"Male": (50, 4), "Bald": (0, 8)}, [("data", 100), ("generated", 8)])

    assert widths(svg) == [0.5 * LONGEST, 0.5 * LONGEST, 0.0, LONGEST]
    assert "50  (50.0%)" in words(svg)
    assert "generated (of 8)" in words(svg)


def test_nothing_counted_draws_nothing_and_divides_by_nothing() -> None:
    assert widths(bars({"Male": (0,)}, [("data", 0)])) == [0.0]
