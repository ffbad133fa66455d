"""Checkpoints: the state of a run as one safetensors file and one JSON, written whole or not at all."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops
from safetensors.numpy import load_file, save_file

from pipeline.whole_files import replacing

NAME = re.compile(r"checkpoint-(\d+)\.safetensors")


@dataclass(frozen=True)
class Checkpoint:
    """A state read back: nested like the state it was made from, and what was noted with it."""

    state: Any
    notes: dict[str, Any]


def flattened(state: Any, prefix: str = "") -> dict[str, np.ndarray]:
    """Nested dictionaries and lists of tensors → arrays by path, ``adam_g/m/3``."""
    if isinstance(state, dict):
        items = state.items()
    elif isinstance(state, list):
        items = {str(i): v for i, v in enumerate(state)}.items()
    else:
        return {prefix: np.array(ops.convert_to_numpy(state), order="C")}
    flat: dict[str, np.ndarray] = {}
    for key, value in items:
        flat.update(flattened(value, f"{prefix}/{key}" if prefix else str(key)))
    return flat


def restored(template: Any, flat: dict[str, np.ndarray], prefix: str = "") -> Any:
    """The inverse of :func:`flattened`, in the shape of ``template``; KeyError if something is missing."""
    if isinstance(template, dict):
        return {k: restored(v, flat, f"{prefix}/{k}" if prefix else str(k)) for k, v in template.items()}
    if isinstance(template, list):
        return [restored(v, flat, f"{prefix}/{i}") for i, v in enumerate(template)]
    array = flat[prefix]
    if tuple(array.shape) != tuple(template.shape):
        raise ValueError(
            f"checkpoint has {prefix} of shape {array.shape}, the network {tuple(template.shape)}"
        )
    return ops.convert_to_tensor(array)


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray], notes: dict[str, Any] | None = None) -> None:
    """Write a safetensors file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        save_file(dict(arrays), partial, metadata=None if notes is None else {"notes": json.dumps(notes)})


def save_checkpoint(
    folder: Path,
    number: int,
    state: Any,
    notes: dict[str, Any],
    *,
    keep: int = 2,
    keep_every: int | None = None,
) -> Path:
    """Write ``checkpoint-<number>`` and drop older ones.

    Args:
        keep: the newest so many stay.
        keep_every: of the older ones, the first from each multiple of this number on stays too.
    """
    path = folder / f"checkpoint-{number:09d}.safetensors"
    write_arrays(path, flattened(state), notes)
    files, kept = checkpoint_files(folder), set()
    for old in files[:-keep]:
        interval = number_of(old) // keep_every if keep_every else 0
        if interval == 0 or interval in kept:
            old.unlink()
        kept.add(interval)
    return path


def number_of(path: Path) -> int:
    """The number in a checkpoint's name."""
    found = NAME.fullmatch(path.name)
    if found is None:
        raise ValueError(f"{path} is not named like a checkpoint")
    return int(found[1])


def checkpoint_files(folder: Path) -> list[Path]:
    """Checkpoints of a run, oldest first."""
    return sorted(f for f in folder.glob("checkpoint-*.safetensors") if NAME.fullmatch(f.name))


def load_notes(path: Path) -> dict[str, Any]:
    """What was noted with a checkpoint, without reading its arrays."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        notes: dict[str, Any] = json.loads(file.metadata()["notes"])
    return notes


def load_checkpoint(path: Path, template: Any) -> Checkpoint:
    """Read a checkpoint in the shape of ``template``."""
    return Checkpoint(restored(template, load_file(path)), load_notes(path))
