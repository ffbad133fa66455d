"""``manage.py draft_lineup`` as a user runs it: in a process of its own, with the models that ship."""

import io
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from gpu_worker.engine import Engine
from lineups.attributes import NOT_REAL
from lineups.fitness import MARK
from lineups.recipes import unpack
from pipeline.fillers.locks import value_of
from tests.lineups import hostile_files as files

ROOT = Path(__file__).parents[2]
PORTRAITS = ROOT / "tests" / "fixtures" / "portraits"
WOMAN = ROOT / "tests" / "fixtures" / "blends" / "long-hair.webp"
# Photographic people, who are found in a second and without TensorFlow.
GALLERY = {"LIGAN_SOURCES": "gallery", "LIGAN_GALLERY": ROOT / "gpu_worker" / "galleries" / "people"}
SUSPECT, SAME_MAN, OTHER = (PORTRAITS / f"{name}.jpg" for name in ("60003_1", "60003_2", "60004_2"))


Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Runs the command in an empty folder with an empty data folder; keywords are further environment."""
    folder = tmp_path_factory.mktemp("user")

    def run(*arguments: object, **environment: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, ROOT / "manage.py", "draft_lineup", *map(str, arguments)],
            cwd=folder,
            env=environment_of(folder, environment),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def environment_of(folder: Path, further: Mapping[str, object]) -> dict[str, str]:
    """What the command finds set: a data folder in ``folder``, and what is ``further`` set."""
    return {
        **os.environ,
        "LIGAN_DATA": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
        **{name: str(value) for name, value in further.items()},
    }


def two_people() -> bytes:
    sheet = Image.new("RGB", (1024, 512))
    for place, path in enumerate((SUSPECT, OTHER)):
        sheet.paste(Image.open(path), (512 * place, 0))
    return files.saved(sheet, "PNG")


def far_away() -> bytes:
    wall = Image.new("RGB", (640, 480), (150, 160, 150))
    wall.paste(files.portrait().resize((100, 100)), (270, 190))
    return files.saved(wall, "PNG")


BAD_INPUTS: dict[str, tuple[bytes | None, str]] = {
    "no such file": (None, "no such file"),
    "text called .jpg": (b"not a picture\n" * 50, "not a picture"),
    "truncated": (SUSPECT.read_bytes()[:9000], "not a picture"),
    "too many pixels": (files.png_bomb(), "too large"),
    "too many bytes": (bytes(10 * 2**20 + 1), "too large"),
    "animated": (files.animated("PNG"), "animated"),
    "no face": (files.saved(Image.new("RGB", (300, 300), "grey"), "PNG"), "No face"),
    "several faces": (two_people(), "2 faces of about equal size"),
    "small face": (far_away(), "too small"),
}


@pytest.mark.process
@pytest.mark.parametrize(
    ("option", "name"),
    [*(("PHOTO", name) for name in BAD_INPUTS), ("--second", "animated"), ("--second", "no face")],
)
def test_a_photograph_that_cannot_be_used_ends_with_status_two_and_one_line_that_says_why(
    command: Command,
    tmp_path: Path,
    option: str,
    name: str,
) -> None:
    data, reason = BAD_INPUTS[name]
    bad = tmp_path / "bad.jpg"
    if data is not None:
        bad.write_bytes(data)
    photographs = (bad,) if option == "PHOTO" else (SUSPECT, "--second", bad)

    done = command(*photographs, "--out", tmp_path / "lineup.png", "--json")

    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: {bad}: ")
    assert reason in line
    assert not (tmp_path / "lineup.png").exists()


@pytest.mark.process
@pytest.mark.parametrize(
    "arguments",
    [
        ("--fillers", 0),
        ("--fillers", 31),
        ("--seed", -1),
        ("--out", "no/such/folder.png"),
        ("--out", "."),
        ("--locks", "sex", "--second", OTHER),
        ("--uneven", " "),
        ("--out", SUSPECT),
        (SAME_MAN, "--second", OTHER),
        (SAME_MAN, "--out", WOMAN),
        (SAME_MAN, "--out", PORTRAITS),
    ],
    ids=[
        "no fillers",
        "many fillers",
        "seed",
        "folder",
        "not a file",
        "locks between two",
        "no reason",
        "over the photograph",
        "second beside several",
        "several into a file",
        "among the photographs",
    ],
)
def test_an_argument_that_makes_no_sense_ends_with_status_two_and_one_line(
    command: Command, arguments: tuple[object, ...]
) -> None:
    done = command(SUSPECT, *arguments)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert next(option for option in map(str, arguments) if option.startswith("--")) in done.stderr


@pytest.mark.process
@pytest.mark.parametrize("named", ["'missing.jpg'", f"{str(SUSPECT)!r}, 'missing.jpg'", "'.'"])
def test_bad_input_is_answered_without_loading_a_model(named: str, tmp_path: Path) -> None:
    script = (
        "import sys, django; django.setup()\n"
        "from django.core.management import call_command\n"
        f"try: call_command('draft_lineup', {named})\n"
        "except SystemExit as end: print(end.code, 'tensorflow' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "LIGAN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ligan_site.settings"},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )

    assert done.stdout.split() == ["2", "False"]


class Drafted:
    """What the command gave: its JSON, its picture, its messages and the seconds that it took."""

    def __init__(self, done: subprocess.CompletedProcess[str], out: Path, seconds: float) -> None:
        assert done.returncode == 0, done.stderr
        self.json: dict[str, Any] = json.loads(done.stdout)
        self.picture = out.read_bytes()
        self.mode = stat.S_IMODE(out.stat().st_mode)
        self.stderr = done.stderr
        self.seconds = seconds

    def recipes(self, role: str) -> list[str]:
        return [
            member["recipe"]["w_plus"]["base64"] for member in self.json["members"] if member["role"] == role
        ]


@pytest.fixture(scope="module")
def lineup(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """The suspect and five others, drafted with seed 1."""
    return drafted(command, tmp_path_factory.mktemp("lineup"), "--fillers", 5, seed=1)


def drafted(command: Command, folder: Path, *arguments: object, seed: int) -> Drafted:
    out = folder / "lineup.png"
    start = time.monotonic()
    done = command(SUSPECT, *arguments, "--seed", seed, "--out", out, "--json")
    return Drafted(done, out, time.monotonic() - start)


@pytest.mark.process
@pytest.mark.slow
def test_a_photograph_becomes_a_numbered_lineup_of_the_suspect_and_five_others(lineup: Drafted) -> None:
    roles = [member["role"] for member in lineup.json["members"]]
    assert sorted(roles) == ["filler"] * 5 + ["suspect"]
    assert roles[lineup.json["suspect_position"] - 1] == "suspect"
    assert len({*lineup.recipes("filler"), *lineup.recipes("suspect")}) == 6
    assert set(lineup.json["seconds"]) >= {"detect", "crop", "encode", "generate", "pick", "compose"}
    with Image.open(io.BytesIO(lineup.picture)) as sheet:
        assert (sheet.format, sheet.size) == ("PNG", (896, 48 + 706 + 48))
    assert next(iter(lineup.json.items())) == ("mark", MARK)
    assert lineup.mode & 0o077 == 0, "others can read it"
    assert "cut so close" not in lineup.stderr
    for stage in ("detect", "generate", "compose"):
        assert stage in lineup.stderr


@pytest.mark.process
@pytest.mark.slow
def test_members_are_described_where_the_bundle_can_and_it_is_said_what_that_is_worth(
    lineup: Drafted,
) -> None:
    predicts = "attributes" in json.loads((settings.LIGAN_BUNDLE / "bundle.json").read_text())

    described = [member["attributes"] is not None for member in lineup.json["members"]]
    assert described == [predicts] * 6
    assert (lineup.json["reliability"] is not None) is predicts
    assert (NOT_REAL in (lineup.json["note"] or "")) is predicts


@pytest.mark.process
@pytest.mark.slow
def test_every_filler_has_the_suspects_sex_and_a_beard_or_a_bald_head_if_the_suspect_has(
    lineup: Drafted,
) -> None:
    said = [
        {name: value_of(name, member["attributes"]) for name in ("sex", "beard", "baldness")}
        for member in lineup.json["members"]
    ]

    suspect = said[lineup.json["suspect_position"] - 1]
    assert None not in suspect.values()
    assert lineup.json["locks"] == suspect
    assert said == [suspect] * 6


@pytest.mark.process
@pytest.mark.slow
def test_fillers_held_to_what_no_model_predicts_are_refused_in_one_line(
    command: Command, tmp_path: Path
) -> None:
    done = command(SUSPECT, "--locks", "sex,eyes", "--out", tmp_path / "lineup.png")

    assert done.returncode == 2
    assert "--locks: There is nothing to lock by the name eyes" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "lineup.png").exists()


@pytest.mark.process
@pytest.mark.slow
def test_the_same_seed_gives_the_same_lineup(lineup: Drafted, command: Command, tmp_path: Path) -> None:
    again = drafted(command, tmp_path, "--fillers", 5, seed=1)

    assert again.picture == lineup.picture
    assert again.json["members"] == lineup.json["members"]


@pytest.mark.process
@pytest.mark.slow
def test_another_seed_gives_other_people(lineup: Drafted, command: Command, tmp_path: Path) -> None:
    other = drafted(command, tmp_path, "--fillers", 5, seed=2)

    assert set(lineup.recipes("filler")).isdisjoint(other.recipes("filler"))
    assert lineup.recipes("suspect") == other.recipes("suspect")


@pytest.mark.process
@pytest.mark.slow
def test_between_two_photographs_the_fillers_are_neither_of_the_two(command: Command, tmp_path: Path) -> None:
    between = drafted(command, tmp_path, "--second", OTHER, "--fillers", 4, seed=1)

    assert len(set(between.recipes("filler"))) == 4
    assert set(between.recipes("filler")).isdisjoint(between.recipes("suspect"))


@pytest.mark.process
@pytest.mark.slow
def test_every_filler_in_the_picture_can_be_made_again_from_its_recipe(lineup: Drafted) -> None:
    engine = Engine.load(settings.LIGAN_BUNDLE)
    sheet = Image.open(io.BytesIO(lineup.picture))
    for index, member in enumerate(lineup.json["members"]):
        if member["role"] == "suspect":
            continue
        recipe = member["recipe"]
        assert recipe["bundle"] == engine.digest
        image = engine.render(unpack(recipe["w_plus"])[None], noise_seed=recipe["noise_seed"])[0]
        expected = np.asarray(Image.fromarray(image).resize((256, 256), Image.Resampling.LANCZOS), int)
        row, column = divmod(index, 3)
        left, top = 32 + column * 288, 48 + 32 + row * 337
        shown = np.asarray(sheet.crop((left, top, left + 256, top + 256)), int)
        # A level of grey may be rounded otherwise where a face is made beside other faces.
        assert abs(shown - expected).max() <= 3


@pytest.mark.process
@pytest.mark.slow
def test_a_photograph_cut_close_to_the_face_is_used_and_pointed_out(command: Command, tmp_path: Path) -> None:
    close = tmp_path / "close.png"
    files.portrait().crop((170, 160, 330, 370)).save(close)

    done = command(close, "--fillers", 1, "--out", tmp_path / "lineup.png", "--json")

    assert done.returncode == 0
    assert "ends so close to the face" in done.stderr
    (suspect,) = (member for member in json.loads(done.stdout)["members"] if member["role"] == "suspect")
    assert suspect["recipe"]["outside"] > 0.1


@pytest.mark.process
@pytest.mark.slow
def test_a_damaged_model_is_named_in_one_line(command: Command, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(settings.LIGAN_BUNDLE, bundle)
    with (bundle / "generator.safetensors").open("r+b") as weights:
        weights.seek(-1, os.SEEK_END)
        last = weights.read(1)
        weights.seek(-1, os.SEEK_END)
        weights.write(bytes([last[0] ^ 1]))

    done = command(SUSPECT, "--out", tmp_path / "lineup.png", "--json", LIGAN_BUNDLE=bundle)

    assert done.returncode == 1
    assert done.stdout == ""
    assert "generator.safetensors" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "lineup.png").exists()


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a man and a woman, whose files have the same name, after a damaged photograph."""
    folder = tmp_path_factory.mktemp("case") / "photographs"
    folder.mkdir()
    shutil.copy(SUSPECT, folder / "suspect.jpg")
    shutil.copy(WOMAN, folder / "suspect.webp")
    (folder / "damaged.jpg").write_bytes(SUSPECT.read_bytes()[:9000])
    (folder / ".DS_Store").touch()
    return folder


class Batch:
    """What the command gave for a folder with a bad photograph in it."""

    def __init__(self, command: Command, photographs: Path, out: Path) -> None:
        done = command(photographs, "--seed", 1, "--out", out, "--json", **GALLERY)
        self.returncode, self.stderr, self.out = done.returncode, done.stderr, out
        self.lines = [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def batch(command: Command, photographs: Path, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Drafted into a folder that was not there."""
    return Batch(command, photographs, tmp_path_factory.mktemp("out") / "of" / "june")


@pytest.mark.process
@pytest.mark.slow
def test_a_bad_photograph_of_a_folder_is_named_the_others_are_drafted_and_the_status_is_one(
    batch: Batch, photographs: Path
) -> None:
    reason = "The file is not a picture that can be read: use a JPEG, PNG or WebP photograph."
    assert batch.returncode == 1
    assert f"error: {photographs / 'damaged.jpg'}: {reason}" in batch.stderr.splitlines()
    assert "1 passed over" in batch.stderr
    assert "3/3" in batch.stderr


@pytest.mark.process
@pytest.mark.slow
def test_two_photographs_of_one_name_have_each_a_whole_lineup_and_it_is_said_which(batch: Batch) -> None:
    assert sorted(path.name for path in batch.out.iterdir()) == ["suspect-2.png", "suspect.png"]
    for path in batch.out.iterdir():
        with Image.open(path) as sheet:
            sheet.load()
    assert "suspect.webp: There is another suspect.png, so its lineup is suspect-2.png." in batch.stderr


@pytest.mark.process
@pytest.mark.slow
def test_each_line_of_json_is_a_photographs_lineup_or_why_there_is_none(
    batch: Batch, photographs: Path
) -> None:
    assert [line["photograph"] for line in batch.lines] == [
        str(photographs / name) for name in ("damaged.jpg", "suspect.jpg", "suspect.webp")
    ]
    assert "lineup" not in batch.lines[0]
    assert batch.lines[0]["error"].startswith("The file is not a picture")
    assert [line["lineup"] for line in batch.lines[1:]] == [
        str(batch.out / name) for name in ("suspect.png", "suspect-2.png")
    ]
    assert [line["locks"]["sex"] for line in batch.lines[1:]] == ["male", "female"]


@pytest.mark.process
@pytest.mark.slow
def test_a_lineup_is_the_same_whether_its_photograph_comes_alone_or_among_others(
    batch: Batch, command: Command, tmp_path: Path
) -> None:
    alone = command(WOMAN, "--seed", 1, "--out", tmp_path / "lineup.png", **GALLERY)

    assert alone.returncode == 0
    assert (tmp_path / "lineup.png").read_bytes() == (batch.out / "suspect-2.png").read_bytes()


@pytest.mark.process
@pytest.mark.slow
def test_of_good_photographs_alone_the_status_is_zero(command: Command, tmp_path: Path) -> None:
    done = command(SUSPECT, WOMAN, "--out", tmp_path / "drafted", **GALLERY)

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 2
    assert sorted(path.name for path in (tmp_path / "drafted").iterdir()) == ["60003_1.png", "long-hair.png"]


@pytest.mark.process
@pytest.mark.slow
def test_whoever_interrupts_has_what_was_told_of_and_nothing_half(tmp_path: Path) -> None:
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    for number in range(8):
        shutil.copy(WOMAN, photographs / f"{number}.webp")
    command: list[str | Path] = [sys.executable, ROOT / "manage.py", "draft_lineup", photographs, "--json"]
    with subprocess.Popen(
        [*command, "--out", tmp_path / "out"],
        cwd=tmp_path,
        env=environment_of(tmp_path, GALLERY),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as drafting:
        assert drafting.stdout is not None
        first = json.loads(drafting.stdout.readline())
        drafting.send_signal(signal.SIGINT)
        rest, told = drafting.communicate()

    assert drafting.returncode == 130
    assert told.splitlines()[-1] == "Stopped. What is written is whole."
    assert "Traceback" not in told
    lineups = [first, *map(json.loads, rest.splitlines())]
    assert len(lineups) < 8
    for path in (tmp_path / "out").iterdir():
        with Image.open(path) as sheet:
            sheet.load()
    assert {line["lineup"] for line in lineups} <= {str(path) for path in (tmp_path / "out").iterdir()}
