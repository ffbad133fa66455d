"""A refinement is one file that says what it is, and nothing else is taken for one."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from pipeline.refinement import Notes, Refinement, RefinementError
from pipeline.refinement.refinement import FORMAT

NOTES = Notes(
    bundle="b" * 64,
    method="pivotal",
    photographs=1,
    same_person=False,
    seconds=59.5,
    ended="time",
    steps={"w+": 3, "generator": 4},
    before={"pixel": 0.5, "feature": 0.25},
    after={"pixel": 0.1, "feature": 0.1},
    started_from=None,
)
KERNEL = "synthesis/b4/kernel"


def refinement(**changes: object) -> Refinement:
    """A small one."""
    random = np.random.default_rng(0)
    return Refinement.of(
        generator={KERNEL: random.standard_normal((3, 2))},
        encoder={"dense/bias": random.standard_normal(4)},
        pivots=random.standard_normal((1, 6, 8)),
        notes=replace(NOTES, **changes),  # type: ignore[arg-type]
    )


def file_of(arrays: dict[str, np.ndarray], metadata: dict[str, str] | None = None) -> bytes:
    """A safetensors file with the notes of a refinement, or with other ones."""
    return save(arrays, metadata={FORMAT: NOTES.to_json()} if metadata is None else metadata)


def test_it_comes_back_from_its_file_bit_for_bit(tmp_path: Path) -> None:
    made = refinement()
    made.save(tmp_path / "r")
    read = Refinement.load(tmp_path / "r")
    assert read.generator[KERNEL].dtype == np.float16
    assert read.pivots.dtype == np.float32
    np.testing.assert_array_equal(read.generator[KERNEL], made.generator[KERNEL])
    np.testing.assert_array_equal(read.encoder["dense/bias"], made.encoder["dense/bias"])
    np.testing.assert_array_equal(read.pivots, made.pivots)
    assert read.notes == made.notes == NOTES


def test_its_digest_is_that_of_the_file(tmp_path: Path) -> None:
    made = refinement()
    made.save(tmp_path / "r")
    assert made.digest == hashlib.sha256((tmp_path / "r").read_bytes()).hexdigest()
    assert Refinement.load(tmp_path / "r").digest == made.digest


def test_the_same_refinement_has_the_same_digest() -> None:
    assert refinement().digest == refinement().digest != refinement(seconds=1.0).digest


def test_saving_leaves_no_other_file(tmp_path: Path) -> None:
    refinement().save(tmp_path / "r")
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_weights_beyond_float16_are_refused() -> None:
    with pytest.raises(RefinementError, match="no numbers"):
        Refinement.of(
            generator={KERNEL: np.array([1e6])}, encoder={}, pivots=np.zeros((1, 6, 8)), notes=NOTES
        )


def test_one_of_another_bundle_is_refused() -> None:
    refinement().made_for(NOTES.bundle)
    with pytest.raises(RefinementError, match="another bundle"):
        refinement().made_for("a" * 64)


PIVOTS = {"pivots": np.zeros((1, 6, 8), np.float32)}
HOSTILE = {
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "a header longer than the file": (2**62).to_bytes(8, "little") + b"{}",
    "cut off": refinement().data[:-1],
    "something appended": refinement().data + b"x",
    "no notes": file_of(PIVOTS, {}),
    "weights of a bundle": save({"synthesis/b4/kernel": np.zeros(3, np.float16)}),
    "notes that are no JSON": file_of(PIVOTS, {FORMAT: "{"}),
    "notes nested without end": file_of(PIVOTS, {FORMAT: "[" * 100_000}),
    "notes that are a list": file_of(PIVOTS, {FORMAT: "[]"}),
    "notes with too little": file_of(PIVOTS, {FORMAT: "{}"}),
    "steps that are text": file_of(
        PIVOTS, {FORMAT: json.dumps({**json.loads(NOTES.to_json()), "steps": {"w+": "many"}})}
    ),
    "a bundle that is a number": file_of(
        PIVOTS, {FORMAT: json.dumps({**json.loads(NOTES.to_json()), "bundle": 1})}
    ),
    "no pivots": file_of({f"generator:{KERNEL}": np.zeros(3, np.float16)}),
    "flat pivots": file_of({"pivots": np.zeros(8, np.float32)}),
    "pivots that are no numbers": file_of({"pivots": np.full((1, 6, 8), np.nan, np.float32)}),
    "weights of a third network": file_of({**PIVOTS, "mapping:fc0": np.zeros(3, np.float16)}),
    "weights of another type": file_of({**PIVOTS, f"generator:{KERNEL}": np.zeros(3, np.int64)}),
    "weights of a type that NumPy has not": file_of(
        {**PIVOTS, f"generator:{KERNEL}": np.zeros(3, np.float16)}
    ).replace(b'"F16"', b'"I8" '),
    "infinite weights": file_of({**PIVOTS, f"generator:{KERNEL}": np.full(3, np.inf, np.float16)}),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_else_there_is_ends_in_one_clear_error(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "r").write_bytes(data)
    with pytest.raises(RefinementError):
        Refinement.load(tmp_path / "r")


def test_a_missing_file_is_an_error_of_the_same_kind(tmp_path: Path) -> None:
    with pytest.raises(RefinementError, match="cannot be read"):
        Refinement.load(tmp_path / "none")
