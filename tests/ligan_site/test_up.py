"""`manage.py up` with real processes."""

import signal
import socket
import subprocess
from pathlib import Path

import psutil
import pytest

from ligan_site.up import valkey

from .conftest import Site, eventually

pytestmark = pytest.mark.process


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


def has_tensorflow(process: psutil.Process) -> bool:
    return any("tensorflow" in mapped.path for mapped in process.memory_maps())


def test_the_sign_in_page_answers_at_the_address_that_is_printed(site: Site) -> None:
    site.start()

    assert f"http://127.0.0.1:{site.port}/" in " ".join(site.printed)
    assert site.get("/accounts/sign-in/") == 200


def test_only_its_owner_can_enter_the_data_folder(site: Site) -> None:
    site.start()

    assert site.data.stat().st_mode & 0o777 == 0o700
    for name in ("secret_key", "db.sqlite3"):
        assert (site.data / name).stat().st_mode & 0o077 == 0, name


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ending_it_leaves_no_process_behind(site: Site, number: signal.Signals) -> None:
    everything = site.start().whole()

    assert site.end(number) == 0
    assert all_gone(everything)


def test_it_can_be_interrupted_though_a_script_started_it_in_the_background(site: Site) -> None:
    """Shells let what they start with `&` ignore SIGINT; that is passed on to everything below."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        site.start()
    finally:
        signal.signal(signal.SIGINT, before)

    assert site.end(signal.SIGINT) == 0


def test_even_when_the_supervisor_is_killed_no_process_is_left_behind(site: Site) -> None:
    everything = site.start().whole()

    site.end(signal.SIGKILL)

    assert eventually(lambda: all_gone(everything), patience=10)


def test_a_web_server_that_dies_comes_back_and_nobody_is_turned_away(site: Site) -> None:
    site.start()
    first = site.find("ligan_site.up.web")
    assert first

    first.kill()

    assert site.get("/accounts/sign-in/") == 200
    second = site.find("ligan_site.up.web")
    assert second
    assert second.pid != first.pid


def test_a_worker_that_dies_takes_its_model_along_and_comes_back(site: Site) -> None:
    site.start().whole()
    first = site.find("-Q interactive")
    assert first
    forked = first.children()

    first.kill()

    assert eventually(lambda: all_gone(forked))
    assert eventually(lambda: bool((second := site.find("-Q interactive")) and second.pid != first.pid))


def test_a_broker_that_dies_comes_back(site: Site) -> None:
    site.start()
    broker = site.find("valkey-server")
    assert broker

    broker.kill()

    assert eventually(lambda: valkey.answers(f"unix://{site.data}/valkey/valkey.sock"))


def test_a_broker_left_over_from_an_earlier_run_is_ended(site: Site) -> None:
    program = valkey.program(site.data / "valkey" / "valkey.sock")
    stale = subprocess.Popen(program.command)
    assert eventually(lambda: valkey.answers(f"unix://{site.data}/valkey/valkey.sock"))

    site.start()

    stale.wait(timeout=10)
    assert site.get("/accounts/sign-in/") == 200


def test_no_process_but_the_interactive_worker_ever_loads_a_model_without_being_asked(site: Site) -> None:
    everything = site.start().whole()
    interactive = site.find("-Q interactive")
    assert interactive
    forked = interactive.children()
    assert eventually(lambda: any(has_tensorflow(process) for process in forked))
    others = [process for process in everything if process not in forked]

    assert not [process.cmdline() for process in others if has_tensorflow(process)]


def test_a_port_in_use_is_one_clear_line(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)):
        refused = site.run("up", "--port", str(site.port))

    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert str(site.port) in refused.stderr


def test_a_second_run_on_the_same_data_is_one_clear_line(site: Site) -> None:
    site.start()

    refused = site.run("up", "--port", "0")

    assert refused.returncode == 2
    assert "already running" in refused.stderr


def test_it_does_not_open_itself_to_the_network_without_https(site: Site) -> None:
    refused = site.run("up", "--host", "0.0.0.0")

    assert refused.returncode == 2
    assert "LIGAN_HTTPS" in refused.stderr


def test_a_data_folder_too_deep_for_a_socket_is_one_clear_line(site: Site, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    site.data.rename(deep)
    site.environment["LIGAN_DATA"] = str(deep)

    refused = site.run("up", "--port", str(site.port))

    assert refused.returncode == 2
    assert "LIGAN_DATA" in refused.stderr
