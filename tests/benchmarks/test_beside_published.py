"""How fast StyleGAN2 is beside the published arithmetic in PyTorch: 128 px, float32.

Both have the same weights, make the same images and take turns in one run, so that
ratios carry over where rates do not.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from pipeline.dataset.images import to_uint8
from pipeline.interchange.published_names import (
    discriminator_path,
    discriminator_shapes,
    generator_path,
    generator_shapes,
    to_published,
)
from pipeline.networks.backend import compiled
from pipeline.networks.bundle import arrays_of
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.serving.lowered.compiling import Compiled
from pipeline.serving.lowered.generator import synthesis
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.steps import Steps
from tests.benchmarks.figures import RATIO, at_least, show
from tests.benchmarks.turns import Work, in_turns
from tests.pipeline.networks.tolerances import error

torch = pytest.importorskip("torch", reason="PyTorch is not installed; `make bench` installs it")

from tests.benchmarks.published_arithmetic import (  # noqa: E402
    PublishedDiscriminator,
    PublishedGenerator,
    Weights,
    unfused,
)
from tests.benchmarks.published_training import PublishedSteps  # noqa: E402

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
FULL = StyleGAN2Config(resolution=128, channel_base=16384, channel_max=512)
SMALL = StyleGAN2Config(resolution=128, channel_base=4096, channel_max=128)
GFLOP_OF_AN_IMAGE = 22.65  # synthesis at FULL, multiplications and additions
SIDE = 2048  # of the matrices whose product is the yardstick
ALIKE = 1e-4  # largest difference of the images, as a share of their deviation

Synthesise = Callable[[np.ndarray], np.ndarray]
"""Images of w+ float32 (n, num_ws, w_dim), ready when the call returns."""


@pytest.fixture(autouse=True)
def float32() -> None:
    """What is compared is float32 arithmetic."""
    keras.config.set_dtype_policy("float32")


def as_published(model: Any, shapes: dict[str, Any], path_of: Callable[[str], str]) -> Weights:
    """Our network's weights under their published names."""
    ours = arrays_of(model)
    return {
        name: torch.tensor(np.ascontiguousarray(to_published(name, ours[path_of(name)]))) for name in shapes
    }


def published_generator(generator: Generator, **how: Any) -> PublishedGenerator:
    """The published network with the weights of ours."""
    config = generator.config
    return PublishedGenerator(
        config, as_published(generator, generator_shapes(config), generator_path), **how
    )


def published_discriminator(discriminator: Discriminator) -> PublishedDiscriminator:
    """The published network with the weights of ours."""
    config = discriminator.config
    weights = as_published(discriminator, discriminator_shapes(config), discriminator_path)
    return PublishedDiscriminator(config, weights)


def by_tensorflow(generator: Generator) -> Synthesise:
    """Our synthesis as training and refinement compute it."""
    sizes = generator.config
    signature = [tf.TensorSpec((None, sizes.num_ws, sizes.w_dim))]
    call = tf.function(generator.synthesis.call, autograph=False, input_signature=signature)
    return lambda ws: np.asarray(call(ops.convert_to_tensor(ws)))


def by_openvino(generator: Generator) -> Synthesise:
    """Our synthesis as a processor is served, in bytes."""
    config, arrays = generator.config, arrays_of(generator)
    noise = [np.asarray(map_)[None] for map_ in generator.noise_constants]
    compiled_for: dict[int, Compiled] = {}

    def synthesise(ws: np.ndarray) -> np.ndarray:
        if len(ws) not in compiled_for:
            compiled_for[len(ws)] = Compiled(synthesis(config, arrays, len(ws)))
        return compiled_for[len(ws)](ws, *noise)[0]

    return synthesise


def by_published(generator: Generator) -> Synthesise:
    """The published synthesis, its images in our axis order."""
    network = published_generator(generator)

    def synthesise(ws: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            images: np.ndarray = network.synthesis(torch.from_numpy(ws)).numpy()
        return images.transpose(0, 2, 3, 1)

    return synthesise


OURS = {"TensorFlow": by_tensorflow, "OpenVINO": by_openvino}
PROMISED = {("OpenVINO", 1): at_least(1.8), ("OpenVINO", 8): at_least(2.8)}


def alike(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether images are the same, of ours in bytes to one level."""
    if ours.dtype != np.uint8:
        return error(ours, theirs) <= ALIKE
    return bool(np.abs(ours.astype(np.int16) - to_uint8(theirs)).max() <= 1)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("batch", [1, 8])
def test_synthesis(name: str, batch: int) -> None:
    generator = Generator(FULL)
    make, published = OURS[name](generator), by_published(generator)
    ws = np.random.default_rng(0).standard_normal((batch, FULL.num_ws, FULL.w_dim), np.float32)
    assert alike(make(ws), published(ws))

    turns = in_turns(lambda: make(ws), lambda: published(ws), repeats=9)

    what = f"synthesis by {name}, base 16384, batch {batch}"
    show(what, [batch / seconds for seconds in turns.ours], unit="img/s")
    show("  published arithmetic", [batch / seconds for seconds in turns.theirs], unit="img/s")
    show(f"{what}, beside published", [turns.ratio], unit=RATIO, promised=PROMISED.get((name, batch)))


@pytest.mark.parametrize("name", OURS)
def test_synthesis_beside_a_matrix_product(name: str) -> None:
    batch, make = 8, OURS[name](Generator(FULL))
    ws = np.random.default_rng(0).standard_normal((batch, FULL.num_ws, FULL.w_dim), np.float32)
    matrix = torch.randn(SIDE, SIDE)

    turns = in_turns(lambda: make(ws), lambda: matrix @ matrix, repeats=9)

    operations, of_product = GFLOP_OF_AN_IMAGE * batch, 2.0 * SIDE**3 / 1e9
    show("matrix product, side 2048", [of_product / each for each in turns.theirs], unit="GFLOP/s")
    share = turns.ratio * operations / of_product
    promised = at_least(1.1) if name == "OpenVINO" else None
    show(f"synthesis by {name}, batch 8, beside the product's rate", [share], unit=RATIO, promised=promised)


@pytest.mark.parametrize(("network", "repeats"), [(FULL, 2), (SMALL, 5)])
def test_training_with_lazy_regularisation(network: StyleGAN2Config, repeats: int) -> None:
    batch = 8
    config = TrainingConfig(network=network, batch=batch, style_mixing=0.0, ada_target=None)
    generator, discriminator = Generator(network), Discriminator(network)
    steps = Steps(config, generator, discriminator)
    published = PublishedSteps(
        config,
        published_generator(generator, modulate=unfused, noise="random"),
        published_discriminator(discriminator),
    )
    random = np.random.default_rng(0)
    pictures = random.standard_normal((batch, 128, 128, 3), np.float32)
    state, real = steps.initial_state(), ops.convert_to_tensor(pictures)
    seed = ops.convert_to_tensor([0, 0], "int32")
    z = torch.from_numpy(random.standard_normal((batch, network.z_dim), np.float32))
    seen = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous()
    works: dict[str, tuple[Work, Work, int]] = {
        "generator": (
            update(steps.generator_main, state, seed),
            lambda: published.generator_main(z),
            1,
        ),
        "path lengths": (
            update(steps.generator_paths, state, seed),
            lambda: published.generator_paths(z),
            config.path_interval,
        ),
        "discriminator": (
            update(steps.discriminator_main, state, real, seed),
            lambda: published.discriminator_main(seen, z),
            1,
        ),
        "R1": (
            update(steps.discriminator_r1, state, real, seed),
            lambda: published.discriminator_r1(seen),
            config.r1_interval,
        ),
    }
    ours, theirs = 0.0, 0.0
    for name, (work, published_work, interval) in works.items():
        turns = in_turns(work, published_work, repeats=repeats)
        show(f"  {name}, base {network.channel_base}, beside published", [turns.ratio], unit=RATIO)
        medians = turns.medians
        ours, theirs = ours + medians[0] / interval, theirs + medians[1] / interval
    what = f"training, base {network.channel_base}, batch {batch}"
    show(what, [batch / ours], unit="img/s")
    show("  published arithmetic", [batch / theirs], unit="img/s")
    show(f"{what}, beside published", [theirs / ours], unit=RATIO, promised=at_least(1.5))


def update(step: Callable[..., Any], *inputs: Any) -> Work:
    """One of our updates, compiled; done when it returns."""
    run = compiled(step)

    def once() -> None:
        state, figures = run(*inputs)
        np.asarray(next(iter(figures.values())))
        np.asarray(state["path_mean"])

    return once
