"""How fast StyleGAN2 is on an accelerator, by JAX: a program, for machines without TensorFlow and OpenCV.

``KERAS_BACKEND=jax PYTHONPATH=. python tests/benchmarks/accelerator.py`` measures the published size at
128 px in mixed precision with ADA at work, and says what share of the device's own matrix throughput that
is. Promised for one H100: at most 3 s for 1,000 images of training; one V100 with the published code takes
12.8 to 13.7 s.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from keras import config as keras_config
from keras import ops

from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.training.stylegan2.config import TrainingConfig, preset
from pipeline.training.stylegan2.steps import Steps
from tests.benchmarks.figures import at_most, show

Call = Callable[[], Any]
ready: Callable[[Any], Any] = jax.block_until_ready
AUGMENTED = 0.5  # the augmentation's probability, as in the middle of a training on few pictures


def options() -> argparse.Namespace:
    """What to measure; small numbers try the program where there is no accelerator."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--resolution", type=int, default=128)
    parser.add_argument("--base", type=int, default=16384, help="channel base")
    parser.add_argument("--widest", type=int, default=512, help="feature maps at most")
    parser.add_argument("--batch", type=int, default=32, help="images of a step of training")
    parser.add_argument("--images", type=int, default=64, help="images that are synthesised at once")
    parser.add_argument("--precision", default="mixed_bfloat16")
    parser.add_argument("--matrix", type=int, default=8192, help="side of the matrices multiplied")
    parser.add_argument("--repeats", type=int, default=5)
    return parser.parse_args()


def seconds(call: Call, repeats: int) -> float:
    """Median seconds of ``call``, which is made once before the clock starts."""
    ready(call())
    measured = []
    for _ in range(repeats):
        started = time.perf_counter()
        ready(call())
        measured.append(time.perf_counter() - started)
    return statistics.median(measured)


def program(function: Callable[..., Any], *inputs: Any) -> tuple[Call, float]:
    """``function`` compiled for its inputs, and the floating-point operations of a call.

    They are counted in the program as a CPU would get it: on a GPU, JAX 0.11 counts nothing before compiling,
    and afterwards convolutions are library calls, whose operations it does not know.
    """
    traced = jax.jit(function).trace(*inputs)
    costs: Any = traced.lower(lowering_platforms=("cpu",)).cost_analysis()
    run = traced.lower().compile()
    return lambda: run(*inputs), float(costs["flops"])


def matrix_rate(side: int, repeats: int) -> float:
    """Operations a second of a bfloat16 matrix product, side x side."""
    matrix = jax.random.normal(jax.random.key(0), (side, side), "bfloat16")
    product, _ = program(lambda a: a @ a, matrix)
    return 2.0 * side**3 / seconds(product, repeats)


def schedule(given: argparse.Namespace) -> TrainingConfig:
    """The published schedule with ADA, of the sizes asked for."""
    network = StyleGAN2Config(resolution=given.resolution, channel_base=given.base, channel_max=given.widest)
    return preset("thesis-128", network=network, batch=given.batch, precision=given.precision)


def main() -> None:
    """Measure, and print a line for each figure."""
    given = options()
    keras_config.set_dtype_policy(given.precision)
    config, device = schedule(given), jax.devices()[0]
    print(f"{device.device_kind}, JAX {jax.__version__}, {given.precision}")  # noqa: T201
    peak = matrix_rate(given.matrix, given.repeats)
    print(f"matrix product, side {given.matrix}: {peak / 1e12:.1f} TFLOP/s")  # noqa: T201
    steps = Steps(config, Generator(config.network), Discriminator(config.network))
    training(steps, peak, given.repeats)
    synthesis(steps.generator, given.images, peak, given.repeats)


def training(steps: Steps, peak: float, repeats: int) -> None:
    """Seconds for 1,000 images, in all and by update, and what limits them."""
    config, side = steps.config, steps.config.network.resolution
    state = {**steps.initial_state(), "augment_p": ops.convert_to_tensor(AUGMENTED)}
    seed = ops.convert_to_tensor([0, 0], "int32")
    pictures = np.random.default_rng(0).uniform(-1, 1, (config.batch, side, side, 3))
    real = ops.convert_to_tensor(pictures, "float32")
    updates: dict[str, tuple[Callable[..., Any], tuple[Any, ...], int]] = {
        "generator": (steps.generator_main, (state, seed), 1),
        "path lengths": (steps.generator_paths, (state, seed), config.path_interval),
        "discriminator": (steps.discriminator_main, (state, real, seed), 1),
        "R1": (steps.discriminator_r1, (state, real, seed), config.r1_interval),
        "average": (steps.averaged, (state, ops.convert_to_tensor(0.99)), 1),
    }
    total, done = 0.0, 0.0
    for name, (update, inputs, interval) in updates.items():
        run, count = program(update, *inputs)
        taken = seconds(run, repeats)
        total, done = total + taken / interval, done + count / interval
        say(name, taken, count, peak, f"every {interval} steps" if interval > 1 else "every step")
    images = 1000 / config.batch
    say("training, 1,000 images", total * images, done * images, peak, f"batch {config.batch}")
    name = f"training, 1,000 images, {config.network.resolution} px, base {config.network.channel_base}"
    show(name, [total * images], unit="s", promised=at_most(3), on=jax.devices()[0].device_kind)


def synthesis(generator: Generator, images: int, peak: float, repeats: int) -> None:
    """Images a second of the synthesis network."""
    shape = (images, generator.config.num_ws, generator.config.w_dim)
    ws = ops.convert_to_tensor(np.random.default_rng(1).normal(size=shape), "float32")
    run, count = program(lambda ws: generator.synthesis(ws, noise="const"), ws)
    taken = seconds(run, repeats)
    say(f"synthesis of {images}", taken, count, peak, f"{images / taken:.0f} images/s")


def say(what: str, taken: float, count: float, peak: float, more: str) -> None:
    """Print seconds, operations a second, and their share of the matrix throughput."""
    rate = count / taken
    print(f"{what:24} {taken:9.4f} s  {rate / 1e12:8.2f} TFLOP/s  {rate / peak:6.1%}  {more}")  # noqa: T201


if __name__ == "__main__":
    main()
