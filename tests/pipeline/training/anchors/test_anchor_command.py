"""``python -m pipeline train anchors`` says in a line what it cannot do."""

from pathlib import Path

import pytest

from pipeline.__main__ import main


@pytest.mark.parametrize("start", [(), ("--start-from", "FOLDER")], ids=["nothing", "a bundle"])
def test_a_games_synthesis_network_needs_the_training_that_the_game_went_on_from(
    tmp_path: Path, start: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    options = [str(tmp_path) if one == "FOLDER" else one for one in start]

    status = main(
        ["train", "anchors", str(tmp_path), "--out", str(tmp_path / "out"), "--synthesis", __file__, *options]
    )

    assert status == 2
    assert "--synthesis goes with --start-from and a checkpoint" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
