"""What a killed process left in the media storage is found and removed, and nothing else is."""

import os
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.audit.models import AuditEvent
from lineups import png
from lineups.models import Job, Lineup, Page
from lineups.services import previews
from tests.lineups.conftest import picture, take

DAY = 24 * 3600


@pytest.fixture
def media(settings: Any) -> Path:
    """The folder of the media storage."""
    folder: Path = settings.STORAGES["default"]["OPTIONS"]["location"]
    return folder


def left(media: Path, name: str, *, age: float) -> Path:
    path = media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half a file")
    os.utime(path, (time.time() - age,) * 2)
    return path


def cleaned(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("clean_media", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_files_without_a_row_are_removed_once_they_are_old(media: Path, refined: Page, saved: Lineup) -> None:
    strays = [
        left(media, name, age=2 * DAY)
        for name in ("faces/ab/abc.png", "refinements/x.safetensors", "previews/y.png")
    ]
    young = left(media, "faces/ab/young.png", age=60)
    kept = set(media.rglob("*.*")) - set(strays)

    *names, last = cleaned()

    assert sorted(names) == sorted(str(path.relative_to(media)) for path in strays)
    assert last == "3 removed"
    assert set(media.rglob("*.*")) == kept
    assert young in kept


def test_a_file_that_a_row_names_is_kept_however_old(media: Path, refined: Page, saved: Lineup) -> None:
    files = {path for path in media.rglob("*") if path.is_file()}
    for path in files:
        os.utime(path, (0, 0))

    assert cleaned() == ["0 removed"]
    assert {path for path in media.rglob("*") if path.is_file()} == files
    assert {path.parts[-2] for path in files} >= {"refinements"}
    assert not AuditEvent.objects.filter(action="media.cleaned").exists()


def test_the_preview_of_a_running_refinement_is_kept(media: Path, refining: Job) -> None:
    previews.show(take(refining), png.encode(picture(1)))
    (shown,) = (media / "previews").iterdir()
    os.utime(shown, (0, 0))

    cleaned()

    assert shown.exists()


def test_a_dry_run_removes_nothing(media: Path, db: None) -> None:
    stray = left(media, "faces/ab/abc.png", age=2 * DAY)

    assert cleaned("--dry-run") == ["faces/ab/abc.png", "1 found"]
    assert stray.exists()


def test_what_was_removed_is_in_the_audit_trail(media: Path, db: None) -> None:
    left(media, "faces/ab/abc.png", age=2 * DAY)

    cleaned()

    assert AuditEvent.objects.get(action="media.cleaned").data == {"files": ["faces/ab/abc.png"]}


def test_files_that_may_be_about_to_get_their_row_are_not_touched(media: Path, db: None) -> None:
    with pytest.raises(CommandError, match="about to get their row"):
        cleaned("--hours", "0.5")
