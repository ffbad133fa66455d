"""How fast StyleGAN2 is on this machine: 128 px, float32, random weights.

Rates, which depend on the machine; ``test_beside_published.py`` has ratios to the published arithmetic.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import compiled, value_and_gradients, with_weights
from pipeline.networks.bundle import arrays_of, write_parts
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.steps import Steps
from tests.benchmarks.figures import Promise, at_least, at_most, show

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]
FULL = StyleGAN2Config(resolution=128, channel_base=16384, channel_max=512)
SMALL = StyleGAN2Config(resolution=128, channel_base=4096, channel_max=128)


@pytest.fixture(autouse=True)
def float32() -> None:
    """What is compared is float32 arithmetic."""
    keras.config.set_dtype_policy("float32")


def rates(work: Callable[[], Any], per_call: float, repeats: int) -> list[float]:
    """Items a second of ``work``, called once before the clock starts."""
    work()
    measured = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        measured.append(per_call / (time.perf_counter() - started))
    return measured


def test_synthesis_at_the_published_size() -> None:
    generator = Generator(FULL)
    # One trace serves every batch size.
    signature = [tf.TensorSpec((None, FULL.num_ws, FULL.w_dim))]
    synthesise = tf.function(generator.synthesis.call, autograph=False, input_signature=signature)
    random = np.random.default_rng(0)
    for batch, promised in ((1, at_least(5.5)), (8, at_least(7.5)), (16, None)):
        ws = ops.convert_to_tensor(random.normal(size=(batch, FULL.num_ws, 512)), "float32")
        measured = rates(lambda ws=ws: np.asarray(synthesise(ws)), batch, 7)  # type: ignore[misc]
        show(f"synthesis, base 16384, batch {batch}", measured, unit="img/s", promised=promised)


@pytest.mark.parametrize(
    ("network", "promised", "repeats"), [(FULL, at_least(0.42), 2), (SMALL, at_least(6.3), 5)]
)
def test_training_with_lazy_regularisation(network: StyleGAN2Config, promised: Promise, repeats: int) -> None:
    config = TrainingConfig(network=network, batch=8, style_mixing=0.0, ada_target=None)
    steps = Steps(config, Generator(network), Discriminator(network))
    state, random = steps.initial_state(), np.random.default_rng(0)
    real = ops.convert_to_tensor(random.normal(size=(8, 128, 128, 3)), "float32")
    seed = ops.convert_to_tensor([0, 0], "int32")
    works: dict[str, tuple[Callable[..., Any], tuple[Any, ...], float]] = {
        "generator": (steps.generator_main, (seed,), 1.0),
        "path lengths": (steps.generator_paths, (seed,), config.path_interval),
        "discriminator": (steps.discriminator_main, (real, seed), 1.0),
        "R1": (steps.discriminator_r1, (real, seed), config.r1_interval),
    }
    seconds = 0.0
    for name, (step, inputs, interval) in works.items():
        run = compiled(step)

        def once(run: Callable[..., Any] = run, inputs: tuple[Any, ...] = inputs) -> None:
            new, figures = run(state, *inputs)
            np.asarray(next(iter(figures.values())))
            np.asarray(new["path_mean"])

        measured = rates(once, 8, repeats)
        median = show(f"  {name}, base {network.channel_base}", measured, unit="img/s")
        seconds += 8 / median / interval
    show(f"training, base {network.channel_base}, batch 8", [8 / seconds], unit="img/s", promised=promised)


def test_refinement_steps() -> None:
    generator = Generator(SMALL)
    random = np.random.default_rng(0)
    target = ops.convert_to_tensor(random.normal(size=(1, 128, 128, 3)), "float32")
    ws = ops.convert_to_tensor(random.normal(size=(1, SMALL.num_ws, 512)), "float32")
    weights = [ops.convert_to_tensor(v.value) for v in generator.trainable_variables]

    def pixel_loss(image: Any) -> Any:
        return ops.mean(ops.square(image - target))

    def codes_step(ws: Any, state: Any) -> Any:
        _, _, gradients = value_and_gradients(
            lambda values: (pixel_loss(generator.synthesis(values[0])), None), [ws]
        )
        return adam_step([ws], gradients, state, rate=0.01, beta1=0.9, beta2=0.999)

    def weights_step(weights: list[Any], state: Any) -> Any:
        def loss(values: list[Any]) -> Any:
            with with_weights((generator, values)):
                return pixel_loss(generator.synthesis(ws)), None

        _, _, gradients = value_and_gradients(loss, weights)
        return adam_step(weights, gradients, state, rate=0.0003, beta1=0.9, beta2=0.999)

    codes_run, weights_run = compiled(codes_step), compiled(weights_step)
    codes_state, weights_state = adam_state([ws]), adam_state(weights)
    measured = rates(lambda: np.asarray(codes_run(ws, codes_state)[0][0]), 1, 25)
    show("refinement of w+, base 4096", measured, unit="step/s", promised=at_least(17))
    measured = rates(lambda: np.asarray(weights_run(weights, weights_state)[0][0]), 1, 25)
    show("refinement of weights, base 4096", measured, unit="step/s", promised=at_least(12))


FIRST_IMAGE = """
import re, sys, time
from pathlib import Path
import keras, numpy as np, tensorflow as tf
from pipeline.networks.bundle import Bundle
from pipeline.interchange.codes import codes_from_seeds
from pipeline.interchange.synthesising import synthesised
started = time.perf_counter()
generator = Bundle.open(Path(sys.argv[1])).generator()
next(synthesised(generator, codes_from_seeds([0], generator.config)))
first = time.perf_counter() - started
images = np.concatenate(list(synthesised(generator, codes_from_seeds(list(range(16)), generator.config))))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(first, int(peak[1]) / 1024)
"""


@pytest.fixture(scope="module")
def full_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generator of the published size with random weights, on disk as it would be imported."""
    folder = tmp_path_factory.mktemp("full")
    manifest = {"resolution": 128, "generator": FULL.to_dict()}
    return write_parts(folder, {"generator": arrays_of(Generator(FULL))}, manifest).folder


@pytest.mark.parametrize("which", ["ships", "published size"])
def test_from_the_bundle_on_disk_to_the_first_image(which: str, settings: Any, full_bundle: Path) -> None:
    folder = full_bundle if which == "published size" else settings.LIGAN_BUNDLE
    times, memory = [], []
    for _ in range(3):
        command = [sys.executable, "-c", FIRST_IMAGE, str(folder)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        times.append(float(output[-2]))
        memory.append(float(output[-1]))
    show(f"bundle ({which}) to first image, TensorFlow imported", times, unit="s", promised=at_most(2))
    show(f"memory of that process ({which}), 16 images", memory, unit="MiB", promised=at_most(1144))
