"""Drawings of counts: well formed, and of what they were given."""

from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from pipeline.reports.page import TEMPLATES

charts: Any = TEMPLATES.get_template("charts.html").module
LONGEST, bars, confusion_matrix = charts.LONGEST, charts.bars, charts.confusion_matrix


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


def test_a_histogram_shows_shares_of_each_kind_as_high_as_the_highest_allows() -> None:
    svg = charts.histogram([0.0, 1.0, 2.0], [("real", [3, 1]), ("made", [0, 2])], "logit")

    heights = [float(element.attrib["height"]) for element in ET.fromstring(svg).iter("rect")]
    full = charts.HEIGHT - 2 * charts.MARGIN
    assert heights == [0.75 * full, 0.25 * full, 0.0, full]
    assert words(svg) == ["real", "made", "0", "1", "2", "logit"]


def test_a_curve_goes_from_edge_to_edge_and_begins_at_nought() -> None:
    root = ET.fromstring(charts.curve([(40, 8.0), (60, 4.0), (80, 0.0)], "images", "FID <x>"))

    places = [(float(at.attrib["cx"]), float(at.attrib["cy"])) for at in root.iter("circle")]
    left, right, top, bottom = charts.MARGIN, charts.WIDTH - charts.MARGIN, charts.MARGIN, charts.HEIGHT - 44
    assert places == [(left, top), ((left + right) / 2, (top + bottom) / 2), (right, bottom)]
    assert "FID <x>" in [element.text for element in root.iter("text")]


def test_a_single_point_is_a_curve_too() -> None:
    root = ET.fromstring(charts.curve([(40, 8.0)], "images", "FID"))

    assert [at.attrib["cx"] for at in root.iter("circle")] == [f"{charts.WIDTH / 2:.1f}"]


def test_columns_are_as_high_as_their_counts_and_some_are_labelled() -> None:
    values = [(str(place), place) for place in range(20)]
    root = ET.fromstring(charts.columns(values, "place", "places"))

    heights = [float(element.attrib["height"]) for element in root.iter("rect")]
    assert heights == pytest.approx([heights[-1] * place / 19 for place in range(20)], abs=0.05)
    assert [text.text for text in root.iter("text")] == ["19", "0", *map(str, range(0, 20, 3)), "place"]


def test_no_columns_are_an_empty_drawing() -> None:
    assert widths(charts.columns([], "place", "places")) == []
