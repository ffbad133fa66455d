"""What a build does, by default and by a file."""

from pathlib import Path

import pytest

from pipeline.command_line import BadInput
from pipeline.dataset.build.configuration import Configuration, read_configuration
from pipeline.dataset.dataset import FacesDataset
from pipeline.dataset.extract import extract_face
from pipeline.dataset.filters import color_filter, quality_filter, size_filter
from pipeline.dataset.similar import remove_too_similar, remove_too_similar_to_any
from pipeline.faces.photo import convert_to_rgb


def read(tmp_path: Path, text: str) -> Configuration:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return read_configuration(path)


def test_without_a_file_the_steps_are_those_of_the_thesis(tmp_path: Path) -> None:
    thesis = (
        FacesDataset.load([tmp_path])
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

    assert read_configuration(None).steps == thesis.steps
    assert read_configuration(None).shard_size == 10_000


def test_a_file_names_steps_as_they_are_written_in_python(tmp_path: Path) -> None:
    configuration = read(
        tmp_path,
        """
        format = "folder"
        [[steps]]
        filter = "size_filter"
        min_size = 100
        [[steps]]
        filter_window = "remove_too_similar"
        window_size = 3
        [[steps]]
        filter_set = "remove_too_similar_to_any"
        similarity_threshold = 0.8
        [slurm]
        queue = "long"
        """,
    )

    expected = (
        FacesDataset.load([tmp_path])
        .filter(size_filter, min_size=100)
        .filter_window(remove_too_similar, window_size=3)
        .filter_set(remove_too_similar_to_any, similarity_threshold=0.8)
    )
    assert configuration.steps == expected.steps
    assert configuration.format == "folder"
    assert configuration.slurm == {"queue": "long"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("steps = 3", "steps"),
        ("colour = 1", "colour"),
        ("format = 'zip'", "zip"),
        ("shard_size = 0", "shard_size"),
        ("shard_size = true", "shard_size"),
        ("chunk_size = -1", "chunk_size"),
        ("[[steps", "cannot be read"),
        ("[[steps]]\nmin_size = 3", "filter, apply"),
        ("[[steps]]\nfilter = 'size_filter'\napply = 'extract_face'", "filter, apply"),
        ("[[steps]]\nfilter = 'os.remove'", "os.remove"),
        ("[[steps]]\napply = 'size_filter'", "is for filter"),
        ("[[steps]]\nfilter = 'size_filter'\nminimum = 3", "minimum"),
        ("[[steps]]\nfilter = 'size_filter'\nmin_size = 'large'", "min_size"),
        ("[[steps]]\nfilter = 'size_filter'\nmin_size = true", "min_size"),
        ("[[steps]]\nfilter_window = 'remove_too_similar'\nwindow_size = 1", "two photos"),
        ("[[steps]]\napply = 'extract_face'\ndetector = 'nobody'", "nobody"),
        ("steps = [3]", "this one does not"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_before_any_work(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_configuration(tmp_path / "none.toml")
