"""``python -m pipeline faces crop`` and the command line around it."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

FIXTURES = Path(__file__).parents[2] / "fixtures"


def pipeline(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_folder_of_photographs_becomes_a_folder_of_heads_and_tells_what_it_left_out(tmp_path: Path) -> None:
    source, out = tmp_path / "photographs", tmp_path / "heads"
    source.mkdir()
    for path in (FIXTURES / "portraits").glob("60003*.jpg"):
        (source / path.name).write_bytes(path.read_bytes())
    (source / "broken.jpg").write_bytes(b"not a picture")
    (source / "empty.png").write_bytes(b"")
    (source / "notes.txt").write_text("left alone")
    Image.new("RGB", (200, 200), "grey").save(source / "wall.png")

    done = pipeline("faces", "crop", source, out, "--size", 64)

    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["60003_1.png", "60003_2.png"]
    assert {Image.open(path).size for path in out.iterdir()} == {(64, 64)}
    assert done.stdout == "2 heads written, 3 pictures refused.\n"
    for name in ("broken.jpg", "empty.png", "wall.png"):
        assert name in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("faces", "crop", "no-such-folder", "out"),
        ("faces", "crop", FIXTURES / "heads", "out", "--size", "3"),
    ],
    ids=["no folder", "size"],
)
def test_bad_input_ends_with_status_two_and_one_line(tmp_path: Path, arguments: tuple[object, ...]) -> None:
    done = pipeline(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_without_pictures_is_bad_input(tmp_path: Path) -> None:
    done = pipeline("faces", "crop", tmp_path, tmp_path / "out")

    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_help_is_shown_without_loading_a_model() -> None:
    script = (
        "import sys, pipeline.__main__ as m; m.parser().format_help();"
        "print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    )
    modules = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert {"tensorflow", "keras", "cv2", "numpy"}.isdisjoint(modules.stdout.split())
    assert "faces" in pipeline("--help").stdout
