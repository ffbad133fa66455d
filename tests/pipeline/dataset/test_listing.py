"""Listing 2 of the thesis, word for word: its figures, and photographs of which each fails one step."""

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import pipeline.dataset
from pipeline.dataset.build.configuration import read_step
from pipeline.dataset.dataset import FacesDataset
from pipeline.dataset.extract import extract_face, extract_faces
from pipeline.dataset.filters import color_filter, quality_filter, size_filter
from pipeline.dataset.similar import UnlikeAnyBefore, remove_too_similar, unlike_the_others
from pipeline.dataset.steps import Judgement
from pipeline.faces.decoding import decode
from pipeline.faces.photo import convert_to_rgb

ROOT = Path(__file__).parents[3]
PORTRAITS = ROOT / "tests" / "fixtures" / "portraits"


#: The figures of Listing 2, by the function that a step comes down to.
LISTING_2: list[tuple[Callable[..., Any], dict[str, float]]] = [
    (size_filter, {"min_size": 256}),
    (
        extract_faces,
        {
            "min_face_width": 128,
            "min_face_height": 128,
            "confidence_threshold": 0.9,
            "output_face_width": 256,
            "output_face_height": 256,
        },
    ),
    (
        quality_filter,
        {
            "white_threshold": 240,
            "black_threshold": 15,
            "white_ratio_threshold": 0.55,
            "black_ratio_threshold": 0.2,
        },
    ),
    (unlike_the_others, {"similarity_threshold": 0.9}),
]


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """What a function takes for arguments that it is not given."""
    parameters = inspect.signature(function).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not inspect.Parameter.empty}


def test_what_a_step_is_not_told_is_as_in_listing_2() -> None:
    for function, figures in LISTING_2:
        assert figures.items() <= defaults(function).items(), function.__name__
    assert extract_face.run_batch is extract_faces
    assert remove_too_similar.decide is unlike_the_others
    assert read_step({"filter_window": "remove_too_similar"}).window_size == 2
    assert defaults(UnlikeAnyBefore) == {"similarity_threshold": 0.92}  # ours: a whole set has more pairs


def test_the_example_of_the_documentation_runs_as_it_stands_and_loads_no_tensorflow(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "faces.md").read_text(), re.DOTALL)
    assert len(examples) == 1
    told = "import sys; print(list(photos), 'tensorflow' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", f"{examples[0]}\n{told}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("[] False\n", "")


def test_names_of_the_listing_are_loaded_when_they_are_used() -> None:
    code = "import sys, pipeline.dataset; print(sorted(n for n in sys.modules if n.startswith('pipeline.')))"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout == "['pipeline.dataset']\n"


@pytest.mark.parametrize("name", pipeline.dataset.__all__)
def test_every_name_that_the_package_offers_is_there(name: str) -> None:
    assert hasattr(pipeline.dataset, name)


def write(folder: Path, name: str, bgr: np.ndarray) -> None:
    assert cv2.imwrite(str(folder / name), bgr)


def read(name: str) -> np.ndarray:
    return decode((PORTRAITS / name).read_bytes())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    # The fixtures' faces have fewer than 128 pixels across but for one.
    large = cv2.resize(read("60003_1.jpg"), (768, 768), interpolation=cv2.INTER_CUBIC)
    woman = read("60005_1.jpg")
    write(tmp_path, "1 good.png", large)
    write(tmp_path, "2 too small.png", cv2.resize(large, (255, 400)))
    write(tmp_path, "3 grey.png", cv2.cvtColor(large, cv2.COLOR_BGR2GRAY))
    write(tmp_path, "4 no face.png", np.random.default_rng(1).integers(60, 190, (512, 512, 3), np.uint8))
    write(tmp_path, "5 face too small.png", cv2.resize(large, (400, 400), interpolation=cv2.INTER_AREA))
    write(tmp_path, "6 overexposed.png", cv2.convertScaleAbs(large, alpha=1.5, beta=70))
    write(tmp_path, "7 good.png", woman)
    write(tmp_path, "8 the same again.png", np.roll(woman, (9, 7), (0, 1)))
    (tmp_path / "9 broken.jpg").write_bytes((PORTRAITS / "60004_2.jpg").read_bytes()[:9000])
    return tmp_path


@pytest.mark.slow
def test_each_photograph_is_dropped_by_the_step_that_is_meant_for_it(archive: Path) -> None:
    told: list[Judgement] = []
    dataset = (
        FacesDataset.load([archive])
        .filter(size_filter, min_size=256)
        .filter(color_filter)
        .apply(
            extract_face,
            min_face_width=128,
            min_face_height=128,
            confidence_threshold=0.9,
            output_face_width=256,
            output_face_height=256,
        )
        .filter(
            quality_filter,
            white_threshold=240,
            black_threshold=15,
            white_ratio_threshold=0.55,
            black_ratio_threshold=0.2,
        )
        .filter_window(remove_too_similar, window_size=2, similarity_threshold=0.9)
        .apply(convert_to_rgb)
    )

    photos = list(dataset.create(told.append))

    assert {judgement.source[0]: judgement.step.name for judgement in told if not judgement.kept} == {
        "2": "size_filter",
        "3": "color_filter",
        "4": "extract_face",
        "5": "extract_face",
        "6": "quality_filter",
        "8": "remove_too_similar",
        "9": "load",
    }
    assert [photo.source for photo in photos] == ["1 good.png", "7 good.png"]
    for photo in photos:
        assert photo.pixels.shape == (256, 256, 3)
        assert photo.colour == "rgb"
        assert photo.face is not None
        assert photo.face.confidence >= 0.9
        assert photo.embedding is not None
        assert photo.embedding.shape == (1024,)
