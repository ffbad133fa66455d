"""What an installation owns is closed to everybody else."""

import threading
from pathlib import Path

import pytest

from ligan_site.data_folder import UnsafeSecretKey, mounted_secret_key, own_secret_key, prepare_data_folder


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    assert prepare_data_folder(tmp_path / "a" / "data").stat().st_mode & 0o777 == 0o700


def test_a_data_folder_that_was_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)

    assert prepare_data_folder(folder).stat().st_mode & 0o777 == 0o700


def test_every_installation_draws_a_secret_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    first, second = own_secret_key(tmp_path / "first"), own_secret_key(tmp_path / "second")

    assert first != second
    assert len(first) >= 64
    assert own_secret_key(tmp_path / "first") == first
    assert (tmp_path / "first").stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["first", "second"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    keys: list[str] = []
    begin = threading.Barrier(8)

    def draw(number: int) -> None:
        begin.wait()
        keys.append(own_secret_key(tmp_path / "key"))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    own_secret_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(UnsafeSecretKey):
        own_secret_key(tmp_path / "key")


def test_a_key_too_short_to_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("change-me\n")

    with pytest.raises(UnsafeSecretKey):
        mounted_secret_key(tmp_path / "key")
