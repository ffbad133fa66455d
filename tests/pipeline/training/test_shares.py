"""Two devices, or two passes, learn from a batch what one learns from it; so do both backends."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.training.devices import NoSuchDevices, devices
from pipeline.training.shares import Shares

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).with_name("updates.py")
# Float32 sums of a few hundred terms in another order. R1 differentiates the minibatch deviation twice: the
# slope of its root is up to 10,000 where a group's members agree, and so is what it makes of a rounding.
TOLERANCES = {
    "g_main": 2e-5,
    "g_paths": 2e-5,
    "g_both": 2e-5,
    "d_main": 2e-5,
    "d_r1": 1e-3,
}
UPDATES = tuple(TOLERANCES)
Arrays = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Arrays]:
    """What ``updates.py`` found under each backend, each in a process with two virtual CPU devices."""
    folder, arrays = tmp_path_factory.mktemp("updates"), {}
    for backend in ("tensorflow", "jax"):
        # Less optimised code compiles in half the time and computes the same.
        flags = "--xla_force_host_platform_device_count=2 --xla_backend_optimization_level=0"
        subprocess.run(
            [sys.executable, str(PROGRAM), str(folder / f"{backend}.npz")],
            env={**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": str(ROOT), "XLA_FLAGS": flags},
            check=True,
            cwd=ROOT,
        )
        with np.load(folder / f"{backend}.npz") as file:
            arrays[backend] = dict(file)
    return arrays


def part(arrays: Arrays, variant: str, update: str) -> Arrays:
    """What one update made of the state, by path."""
    start = f"{variant}/{update}/"
    return {name.removeprefix(start): value for name, value in arrays.items() if name.startswith(start)}


def assert_same_update(one: Arrays, other: Arrays, *, tolerance: float) -> None:
    """Figures, gradients (``adam_*/m``), weights and all else are equal.

    ``tolerance`` is relative to each tensor's largest value. A tensor whose exact gradient is zero is all
    rounding: a hundredth of the tolerance is granted relative to the update's largest gradient.
    """
    assert one.keys() == other.keys()
    largest = max(float(np.abs(v).max()) for k, v in one.items() if "/m/" in k)
    for path, value in one.items():
        slack = tolerance * float(np.abs(value).max()) + tolerance / 100 * largest
        np.testing.assert_allclose(other[path], value, rtol=0, atol=slack, err_msg=path)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("variant", ["two", "passes"])
def test_two_halves_of_a_batch_give_the_update_of_the_whole(
    found: dict[str, Arrays], backend: str, update: str, variant: str
) -> None:
    whole, halves = (part(found[backend], name, update) for name in ("one", variant))
    assert_same_update(whole, halves, tolerance=TOLERANCES[update])


@pytest.mark.timeout(900)
@pytest.mark.parametrize("update", UPDATES)
def test_both_backends_find_the_same_losses_and_gradients(found: dict[str, Arrays], update: str) -> None:
    one, other = (part(found[backend], "given", update) for backend in ("tensorflow", "jax"))
    assert_same_update(one, other, tolerance=TOLERANCES[update])


@pytest.mark.timeout(900)
def test_an_update_moves_what_it_is_about(found: dict[str, Arrays]) -> None:
    for update in UPDATES:
        after = part(found["tensorflow"], "one", update)
        which = f"adam_{update[0]}"
        assert all(np.abs(v).max() > 0 for k, v in after.items() if k.startswith(f"{which}/v"))
        assert after[f"{which}/steps"] == 51


def test_a_batch_that_cannot_be_shared_out_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 3"):
        Shares(passes=3).size(8)
    with pytest.raises(ValueError, match="minibatch group of 4"):
        Shares(passes=2).size(12, group=4)


def test_more_devices_than_there_are_is_said() -> None:
    with pytest.raises(NoSuchDevices, match="1000 devices were asked for"):
        devices(1000)
