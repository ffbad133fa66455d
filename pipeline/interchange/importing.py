"""From a snapshot of somebody else's to a bundle that makes faces."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.interchange.files import Snapshot, read_snapshot
from pipeline.interchange.networks import Arrays, Published
from pipeline.interchange.published_names import (
    discriminator_path,
    generator_path,
    to_ours,
)
from pipeline.networks.bundle import Bundle, write_parts

UNKNOWN_LICENCE: Final = "unknown; whoever made the snapshot decides"


class Occupied(Exception):
    """The bundle would go where something is already."""


def import_snapshot(path: Path, folder: Path, *, licence: str | None = None) -> tuple[Bundle, Snapshot]:
    """Write the networks of a snapshot as a bundle of float32 weights, whole or not at all.

    Args:
        path: a snapshot of the published PyTorch or TensorFlow code.
        folder: for the bundle; must not exist, or be empty.
        licence: under which the snapshot may be used, if known.

    Raises:
        Unreadable: the file is no snapshot, is hostile, or its network is one that LiGAN cannot be.
        Occupied: there is something at ``folder``.
    """
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise Occupied(f"{folder} exists and is not an empty folder.")
    snapshot = read_snapshot(path)
    parts = {"generator": in_our_layout(snapshot.generator, generator=True)}
    if snapshot.discriminator is not None:
        parts["discriminator"] = in_our_layout(snapshot.discriminator, generator=False)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        partial.chmod(0o755)
        write_parts(partial, parts, manifest_of(snapshot, path, folder.name, licence))
        partial.replace(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Bundle.open(folder), snapshot


def in_our_layout(network: Published, *, generator: bool) -> Arrays:
    """The weights of a network, float32, by their paths in ours."""
    path_of = generator_path if generator else discriminator_path
    return {
        path_of(name): np.asarray(to_ours(name, array), np.float32)
        for name, array in network.arrays.items()
        if not name.endswith(".resample_filter")
    }


def manifest_of(snapshot: Snapshot, path: Path, name: str, licence: str | None) -> dict[str, Any]:
    """What ``bundle.json`` says of an imported network."""
    sizes = snapshot.generator_config.to_dict()
    manifest = {
        "name": name,
        "licence": licence or UNKNOWN_LICENCE,
        "framing": None,
        "source": {"file": path.name, "sha256": snapshot.sha256, "implementation": snapshot.kind},
        "resolution": snapshot.generator_config.resolution,
        "generator": sizes,
    }
    if snapshot.discriminator_config is not None and snapshot.discriminator_config.to_dict() != sizes:
        manifest["discriminator"] = snapshot.discriminator_config.to_dict()
    return manifest
