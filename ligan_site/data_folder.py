"""The folder that holds everything an installation owns, and the secret key inside it."""

import os
import secrets
import stat
from pathlib import Path


class UnsafeSecretKey(RuntimeError):
    """The secret key's file can be read by others, or is empty."""


def prepare_data_folder(folder: Path) -> Path:
    """Create ``folder`` where it is missing and close it to everybody but its owner (mode 0700)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


def own_secret_key(file: Path) -> str:
    """Read the installation's own secret key, drawing it first where there is none.

    Two processes that start at once agree on one key: the first to link its file wins.

    Raises:
        UnsafeSecretKey: the file is open to others or holds no key.
    """
    if not file.exists():
        draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            draft.unlink()
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise UnsafeSecretKey(
            f"{file} can be read by other users: run `chmod 600 {file}` and draw a new key."
        )
    return mounted_secret_key(file)


def mounted_secret_key(file: Path) -> str:
    """Read a key that the operator provides, for example as a secret mounted into a container.

    Raises:
        UnsafeSecretKey: the file holds fewer than 32 characters.
    """
    key = file.read_text().strip()
    if len(key) < 32:
        raise UnsafeSecretKey(f"{file} holds no secret key of at least 32 characters.")
    return key
