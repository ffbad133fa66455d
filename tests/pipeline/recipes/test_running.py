"""A recipe takes the steps that are not done, and only those; nothing is lost by any end."""

import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.command_line import BadInput
from pipeline.recipes.recipe import Figure, Input, Recipe, Step
from pipeline.recipes.running import go_through, own_process
from tests.pipeline.recipes.heads import write_heads

STEPS = (
    Step("learn", "learn {data} --steps {1000} --out {learn}", 1.5),
    Step(
        "measure",
        "measure {learn}/checkpoint-*.txt --out {measure}",
        0.5,
        (Figure("loss", "measure/rows.jsonl", ("losses", "pixel"), 0.25),),
    ),
)


class Commands:
    """Does what the recipe's commands ask for, and remembers them; ends the next one early if told."""

    def __init__(self) -> None:
        self.taken: list[list[str]] = []
        self.end_next: BaseException | int = 0

    def __call__(self, words: Sequence[str]) -> int:
        self.taken.append(list(words))
        end, self.end_next = self.end_next, 0
        out = Path(words[words.index("--out") + 1])
        out.mkdir(exist_ok=True)
        if isinstance(end, BaseException):
            raise end
        if words[0] == "learn":
            for number in (8, 9, 10):
                (out / f"checkpoint-{number:03d}.txt").touch()
        else:
            rows = [{"losses": {"pixel": loss}} for loss in (0.5, 0.375)]
            (out / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return end


@pytest.fixture
def commands() -> Commands:
    return Commands()


@pytest.fixture
def make(tmp_path: Path, commands: Commands) -> Callable[..., list[str]]:
    """Goes through the recipe in ``tmp_path/made``; returns what is said."""
    (tmp_path / "facts.json").write_text('{"name": "a bundle"}')
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "one.png").write_bytes(b"a picture")

    def go(steps: tuple[Step, ...] = STEPS, share: float = 1.0) -> list[str]:
        recipe = Recipe("", {"data": Input("pictures")}, tmp_path / "facts.json", lambda given: steps)
        said: list[str] = []
        given = {"data": tmp_path / "data"}
        go_through(recipe, given, tmp_path / "made", share=share, run=commands, say=said.append)
        return said

    return go


def test_steps_are_taken_in_order_and_said_beside_what_is_expected(
    make: Callable[..., list[str]], commands: Commands, tmp_path: Path
) -> None:
    said = make()

    made = tmp_path / "made"
    assert commands.taken == [
        ["learn", str(tmp_path / "data"), "--steps", "1000", "--out", str(made / "learn")],
        ["measure", str(made / "learn" / "checkpoint-010.txt"), "--out", str(made / "measure")],
    ]
    assert said[1].endswith(" (1.5)")
    assert said[3].endswith(" (0.5), loss 0.375 (0.25)")
    assert json.loads((made / "description.json").read_text()) == {
        "name": "a bundle",
        "commands": [
            "python -m pipeline learn DATA --steps 1000 --out LEARN",
            "python -m pipeline measure LEARN/checkpoint-N.txt --out MEASURE",
        ],
    }


def test_what_is_done_is_not_done_again(make: Callable[..., list[str]], commands: Commands) -> None:
    first = make()
    commands.taken.clear()

    assert make() == [line for line in first if "python -m pipeline" not in line]
    assert commands.taken == []


def test_what_is_gone_is_made_again(
    make: Callable[..., list[str]], commands: Commands, tmp_path: Path
) -> None:
    make()
    (tmp_path / "made" / "measure" / "rows.jsonl").unlink()
    (tmp_path / "made" / "measure").rmdir()
    commands.taken.clear()

    make()

    assert [words[0] for words in commands.taken] == ["measure"]


@pytest.mark.parametrize("end", [KeyboardInterrupt(), 1], ids=["ended", "failed"])
def test_an_unfinished_step_is_taken_up_again(
    make: Callable[..., list[str]], commands: Commands, tmp_path: Path, end: BaseException | int
) -> None:
    commands.end_next = end
    with pytest.raises((KeyboardInterrupt, BadInput)):
        make()
    record = json.loads((tmp_path / "made" / "steps" / "learn.json").read_text())
    assert not record["ended"]

    make()

    assert [words[0] for words in commands.taken] == ["learn", "learn", "measure"]
    assert commands.taken[0] == commands.taken[1]
    after = json.loads((tmp_path / "made" / "steps" / "learn.json").read_text())
    assert after["hours"] > record["hours"] > 0


def test_other_data_or_another_command_is_no_reason_to_mix_two_recipes(
    make: Callable[..., list[str]], commands: Commands, tmp_path: Path
) -> None:
    make()
    commands.taken.clear()

    longer = (Step("learn", "learn {data} --steps {2000} --out {learn}", 1.5), STEPS[1])
    with pytest.raises(BadInput, match="made/learn was made of other inputs or by another command"):
        make(longer)
    with pytest.raises(BadInput, match="made/learn was made of other inputs"):
        make(share=0.5)
    (tmp_path / "data" / "one.png").write_bytes(b"another picture")
    with pytest.raises(BadInput, match="made/learn was made of other inputs"):
        make()
    assert commands.taken == []


def test_a_folder_that_is_not_the_recipes_is_left_alone(
    make: Callable[..., list[str]], commands: Commands, tmp_path: Path
) -> None:
    (tmp_path / "made" / "learn").mkdir(parents=True)

    with pytest.raises(BadInput, match="made/learn is not of this recipe"):
        make()
    assert commands.taken == []


def test_a_trial_takes_a_share_of_every_amount(make: Callable[..., list[str]], commands: Commands) -> None:
    make(share=0.01)

    assert commands.taken[0][3] == "10"


def test_what_a_step_is_to_start_from_must_be_there(make: Callable[..., list[str]], tmp_path: Path) -> None:
    lost = (STEPS[0], Step("measure", "measure {learn}/model-*.txt --out {measure}", 0.5))

    with pytest.raises(BadInput, match=r"there is no .*model-\*.txt, which measure starts from"):
        make(lost)


@pytest.mark.process
def test_a_signal_ends_the_command_and_then_the_recipe(tmp_path: Path) -> None:
    heads = write_heads(tmp_path / "heads", 2000)
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        own_process(["faces", "crop", str(heads), str(tmp_path / "out")])

    assert not (tmp_path / "out").exists() or len(list((tmp_path / "out").iterdir())) < 2000


def test_input_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    command = ["recipe", "demo", "--data", str(tmp_path / "nowhere"), "--to", str(tmp_path / "made")]

    assert main(command) == 2
    assert "nowhere" in capsys.readouterr().err
    assert main([*command, "--share", "0"]) == 2
    assert not (tmp_path / "made").exists()
