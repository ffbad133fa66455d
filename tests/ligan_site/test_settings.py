"""The settings are safe as they come, and refuse what is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ligan_site.broker import broker_options, broker_url

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "LIGAN_HTTPS": "true",
    "ALLOWED_HOSTS": "ligan.example",
    "CSRF_TRUSTED_ORIGINS": "https://ligan.example",
}


def manage(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "LIGAN_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "ligan_site.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_production_settings_leave_django_nothing_to_warn_of(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert checked.returncode == 0, checked.stderr


def test_naming_every_host_is_refused(tmp_path: Path) -> None:
    checked = manage(tmp_path, "check", ALLOWED_HOSTS="*")

    assert checked.returncode != 0
    assert "ALLOWED_HOSTS" in checked.stderr


def test_debugging_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    said = manage(tmp_path, "shell", "-v0", "-c", "from django.conf import settings; print(settings.DEBUG)")

    assert said.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("unix:///srv/ligan/valkey.sock", "redis+socket:///srv/ligan/valkey.sock?virtual_host=0"),
        ("unix:///srv/ligan/valkey.sock?db=2", "redis+socket:///srv/ligan/valkey.sock?virtual_host=2"),
        ("redis://broker:6379/1", "redis://broker:6379/1"),
        ("rediss://:word@broker/0", "rediss://:word@broker/0"),
    ],
)
def test_the_workers_find_the_broker_that_the_site_uses(redis: str, celery: str) -> None:
    assert broker_url(redis) == celery


def test_no_task_is_handed_to_two_workers_while_it_runs() -> None:
    assert broker_options(hard_time_limit=1200)["visibility_timeout"] >= 2 * 1200
