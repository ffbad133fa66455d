"""Questions about annotated faces, such as "women, blond, realism above 0.8" (thesis, figures 5.16 to 5.21).

::

    QUERY  = TERM { "," TERM }                     all terms hold
    TERM   = [ "not" ] CHOICE { "or" CHOICE }      one of the choices holds (or, after "not", none)
    CHOICE = VALUE | KEY VALUE | VALUE KEY | KEY "=" VALUE | KEY "is" VALUE
           | KEY | "no" KEY                        where KEY can be yes or no
           | NUMBER COMPARISON x
    COMPARISON = ">" | ">=" | "<" | "<=" | "above" | "over" | "below" | "under" | "at least" | "at most"

Keys, values and numbers are those of the annotated faces (a :class:`Vocabulary`), in any case, with spaces or
underscores. A value that two keys share ("black") must come with its key ("black hair", "ethnicity = black").
"""

import difflib
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.command_line import BadInput
from pipeline.evaluation.annotation.records import NO, YES

# How people say it → how the annotations have it, word by word.
WORDS: Final = {
    "women": "female",
    "woman": "female",
    "females": "female",
    "men": "male",
    "man": "male",
    "males": "male",
    "blonde": "blond",
    "gray": "grey",
    "haired": "hair",
    "bearded": "beard",
    "age": "age group",
    "aged": "age group",
    "race": "ethnicity",
    "without": "no",
}
COMPARISONS: Final[dict[str, Callable[[np.ndarray, float], np.ndarray]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "at least": operator.ge,
    "at most": operator.le,
    "above": operator.gt,
    "over": operator.gt,
    "below": operator.lt,
    "under": operator.lt,
}
COMPARED: Final = re.compile(
    rf"(?P<name>.+?)\s*(?P<how>{'|'.join(COMPARISONS)})\s*(?P<number>-?(?:\d+\.?\d*|\.\d+))"
)


@dataclass(frozen=True)
class Vocabulary:
    """What can be asked.

    Attributes:
        choices: key → the values that it can have; ("yes", "no") for what is there or not.
        numbers: names of what has a number.
    """

    choices: Mapping[str, Sequence[str]]
    numbers: Sequence[str]


@dataclass(frozen=True)
class Columns:
    """What is known of n faces: key → values str (n,), "" where not known; name → numbers float (n,)."""

    choices: Mapping[str, np.ndarray]
    numbers: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Is:
    """A key has a value."""

    key: str
    value: str

    def holds(self, faces: Columns) -> np.ndarray:
        """bool (n,)."""
        return np.asarray(faces.choices[self.key] == self.value)


@dataclass(frozen=True)
class Compares:
    """A number is beyond a limit; never where there is no number."""

    name: str
    how: str
    limit: float

    def holds(self, faces: Columns) -> np.ndarray:
        """bool (n,)."""
        return np.asarray(COMPARISONS[self.how](faces.numbers[self.name], self.limit))


@dataclass(frozen=True)
class Term:
    """One of the choices holds; with ``negated``, none."""

    choices: tuple[Is | Compares, ...]
    negated: bool

    def holds(self, faces: Columns) -> np.ndarray:
        """bool (n,)."""
        found = np.logical_or.reduce([choice.holds(faces) for choice in self.choices])
        return np.asarray(~found if self.negated else found)


@dataclass(frozen=True)
class Query:
    """All terms hold."""

    terms: tuple[Term, ...]

    def holds(self, faces: Columns) -> np.ndarray:
        """bool (n,)."""
        return np.asarray(np.logical_and.reduce([term.holds(faces) for term in self.terms]))


def parse(text: str, vocabulary: Vocabulary) -> Query:
    """Understand a question.

    Raises:
        BadInput: it says something that these faces are not annotated with, or that may mean two things.
    """
    terms = [part.strip() for part in text.split(",")]
    if not all(terms):
        raise BadInput(
            f"the query {text!r} has an empty term: write it like 'women, blond, realism above 0.8'."
        )
    return Query(tuple(_term(part, vocabulary) for part in terms))


def _term(text: str, vocabulary: Vocabulary) -> Term:
    words = " ".join(text.split()).casefold()
    negated = words.startswith("not ")
    choices = words.removeprefix("not ").split(" or ")
    return Term(tuple(_choice(choice.strip(), vocabulary) for choice in choices), negated)


def _choice(text: str, vocabulary: Vocabulary) -> Is | Compares:
    if match := COMPARED.fullmatch(text):
        numbers = {_plain(name): name for name in vocabulary.numbers}
        name = numbers.get(_plain(match["name"]))
        if name is None:
            listed = ", ".join(numbers)
            raise BadInput(
                f"these faces have no number {match['name']!r}{_instead(match['name'], numbers, listed)}"
            )
        return Compares(name, match["how"], float(match["number"]))
    phrases = _phrases(vocabulary)
    said = _spoken(text)
    meant = phrases.get(said, [])
    if not meant:
        known = [*phrases, *(word for word, as_known in WORDS.items() if as_known in phrases)]
        listed = "; ".join(f"{key}: {', '.join(values)}" for key, values in vocabulary.choices.items())
        raise BadInput(f"these faces are not annotated with {text!r}{_instead(said, known, listed)}")
    if len(meant) > 1:
        ways = " or ".join(f"'{is_.key} = {is_.value}'" for is_ in meant)
        raise BadInput(f"{text!r} may mean {ways}: say which.")
    return meant[0]


def _phrases(vocabulary: Vocabulary) -> dict[str, list[Is]]:
    """Every way to say that a key has a value → what it may mean."""
    phrases: dict[str, list[Is]] = {}
    for key, values in vocabulary.choices.items():
        flag = set(values) == {YES, NO}
        for value in values:
            meant, name, kind = Is(key, value), _plain(value), _plain(key)
            ways = {f"{kind} {name}", f"{name} {kind}"}
            if not flag:
                ways.add(name)
            elif value == YES:
                ways.add(kind)
            for way in ways:
                phrases.setdefault(way, []).append(meant)
    return phrases


def _plain(text: str) -> str:
    """In one way of writing: small letters, and no spaces about a hyphen or dash."""
    return " ".join(re.sub(r"\s*[-\u2013]\s*", "-", text.replace("_", " ")).casefold().split())


def _spoken(text: str) -> str:
    """As the phrases have it: known words, without "is" and "="."""
    words = _plain(text.replace("=", " ")).split()
    known = " ".join(WORDS.get(word, word) for word in words if word != "is")
    return known.replace("age group group", "age group")


def _instead(said: str, known: Iterable[str], listed: str) -> str:
    near = difflib.get_close_matches(said, known, n=3)
    return f"; perhaps {' or '.join(map(repr, near))}?" if near else f"; there are {listed}."
