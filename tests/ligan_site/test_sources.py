"""Which sources of faces an installation offers follows from what lies there and what it is told."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ligan_site.sources import gallery_folder, runtime, sources


def test_the_gallery_that_ships_is_used_if_it_is_there(tmp_path: Path) -> None:
    assert gallery_folder("", shipped=tmp_path) == tmp_path
    assert gallery_folder("", shipped=tmp_path / "none") is None
    assert gallery_folder("none", shipped=tmp_path) is None
    assert gallery_folder(str(tmp_path / "own"), shipped=tmp_path) == tmp_path / "own"


def test_the_gallery_comes_first_where_there_is_one(tmp_path: Path) -> None:
    assert sources([], gallery=tmp_path) == ["gallery", "generator"]
    assert sources([], gallery=None) == ["generator"]
    assert sources(["generator", "gallery", "generator"], gallery=tmp_path) == ["generator", "gallery"]
    assert sources(["gallery"], gallery=tmp_path) == ["gallery"]


@pytest.mark.parametrize(("named", "gallery"), [(["people"], True), (["gallery"], False)])
def test_a_source_that_is_none_or_not_there_is_refused_in_one_sentence(
    named: list[str], gallery: bool, tmp_path: Path
) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"LIGAN_SOURCES .*\."):
        sources(named, gallery=tmp_path if gallery else None)


def test_a_runtime_is_one_of_three() -> None:
    assert [runtime(named) for named in ("auto", "openvino", "tensorflow")] == [
        "auto",
        "openvino",
        "tensorflow",
    ]
    with pytest.raises(
        ImproperlyConfigured, match="LIGAN_RUNTIME is one of auto, openvino, tensorflow, not torch"
    ):
        runtime("torch")
