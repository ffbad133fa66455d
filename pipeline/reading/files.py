"""The files of a reader: probes' weights, and what is known of them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from pipeline.attributes import Reliability
from pipeline.reading.probes import AgeProbe, Probe
from pipeline.reading.signs import SIZES
from pipeline.reading.words import AGE, VALUES
from pipeline.whole_files import write_whole

SHIPPED: Final = Path(__file__).parent / "weights"
WEIGHTS: Final = "probes.safetensors"
FACTS: Final = "probes.json"
FORMAT: Final = 1


class ReadingError(ValueError):
    """A reader's files cannot be used; ``str()`` is one sentence that says why."""


@dataclass(frozen=True, eq=False)
class Probes:
    """What a reader's folder holds.

    Attributes:
        age: reads years.
        classes: by key, the others.
        reliability: by key, how often what is said is right; unknown counts as wrong.
        facts: licence, data, command, for people to read.
        identity: SHA-256 of the embedder's weights whose features they read.
    """

    age: AgeProbe
    classes: Mapping[str, Probe]
    reliability: Mapping[str, Reliability]
    facts: Mapping[str, Any]
    identity: str


def write_probes(folder: Path, probes: Probes) -> None:
    """Write both files; weights as float16, which changes no answer that is not a draw."""
    arrays = {}
    every: dict[str, AgeProbe | Probe] = {AGE: probes.age, **probes.classes}
    for key, probe in every.items():
        arrays[f"{key}.weights"] = probe.weights.astype(np.float16)
        arrays[f"{key}.bias"] = probe.bias.astype(np.float32)
    data = save(arrays)
    described = {
        key: {
            "blocks": list(probe.blocks),
            "reliable": round(probe.reliable, 4),
            **({"spread": round(probe.spread, 4)} if isinstance(probe, AgeProbe) else {}),
            "reliability": probes.reliability[key].to_dict(),
        }
        for key, probe in every.items()
    }
    values = {
        "format": FORMAT,
        "facts": dict(probes.facts),
        "identity": probes.identity,
        "sha256": hashlib.sha256(data).hexdigest(),
        "probes": described,
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / WEIGHTS, data)
    write_whole(folder / FACTS, (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode())


def read_probes(folder: Path = SHIPPED) -> Probes:
    """The inverse of :func:`write_probes`.

    Raises:
        ReadingError: a file is missing or damaged, or they do not belong together.
    """
    try:
        values = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        data = (folder / WEIGHTS).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        _want(digest == values["sha256"], f"another {WEIGHTS}, whose SHA-256 is the one noted,")
        return _probes(values, load(data))
    except OSError as error:
        raise ReadingError(f"The reader in {folder} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, AttributeError, SafetensorError) as error:
        raise ReadingError(f"{folder} does not hold a reader: {error!r}.") from error


def _probes(values: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Probes:
    _want(values["format"] == FORMAT, f"format {FORMAT}")
    described = dict(values["probes"])
    reliability = {key: Reliability.from_dict(one["reliability"]) for key, one in described.items()}
    age = described.pop(AGE)
    spread = float(age["spread"])
    _want(0.0 < spread < float("inf"), "a positive spread of ages")
    return Probes(
        age=AgeProbe(*_linear(AGE, 1, age, arrays), spread, _confidence(age)),
        classes={
            key: Probe(key, *_linear(key, len(VALUES[key]), one, arrays), _confidence(one))
            for key, one in described.items()
        },
        reliability=reliability,
        facts=dict(values["facts"]),
        identity=str(values["identity"]),
    )


def _linear(
    key: str, count: int, one: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    blocks = tuple(one["blocks"])
    weights, bias = arrays[f"{key}.weights"].astype(np.float32), arrays[f"{key}.bias"].astype(np.float32)
    signs = sum(SIZES[name] for name in blocks)
    _want(weights.shape == (signs, count) and bias.shape == (count,), f"weights of {signs} signs for {key}")
    _want(bool(np.isfinite(weights).all() and np.isfinite(bias).all()), f"finite weights for {key}")
    return blocks, weights, bias


def _confidence(one: Mapping[str, Any]) -> float:
    value = float(one["reliable"])
    _want(0.0 <= value <= 1.0, "a reliable confidence between 0 and 1")
    return value


def _want(there: bool, what: str) -> None:
    if not there:
        raise ValueError(f"{what} is wanted")
