"""The networks compute what the published implementation computes (tolerances: 1e-4 of the deviation)."""

import numpy as np
import pytest
from keras import ops

from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.backend import gradient
from tests.pipeline.networks import published


@pytest.fixture(scope="module")
def generator() -> Generator:
    """Our generator with the published weights."""
    return published.generator()


@pytest.fixture(scope="module")
def discriminator() -> Discriminator:
    """Our discriminator with the published weights."""
    return published.discriminator()


def close(ours: object, theirs: np.ndarray, *, share: float = 1e-4) -> None:
    """Fail unless the largest difference is below ``share`` of the published values' size."""
    scale = max(float(theirs.std()), float(np.abs(theirs).mean()))
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=0, atol=share * scale)


def test_the_mapping_network_gives_the_published_w(generator: Generator) -> None:
    io = published.values("io")
    close(generator.mapping(io["z"]), io["w"])


def test_truncation_pulls_towards_the_mean_as_published(generator: Generator) -> None:
    io = published.values("io")
    ws = generator.broadcast(generator.mapping(io["z"]))
    close(generator.truncate(ws, 0.7), io["ws_psi07"])
    close(generator.truncate(ws, 0.5, cutoff=4), io["ws_psi05_cut4"])


@pytest.mark.parametrize(
    ("psi", "noise", "name"),
    [
        (0.7, "const", "images_psi07_const"),
        (0.7, "none", "images_psi07_none"),
        (1.0, "const", "images_psi1_const"),
    ],
)
def test_the_generator_gives_the_published_images(
    generator: Generator, psi: float, noise: str, name: str
) -> None:
    close(generator(published.values("io")["z"], psi=psi, noise=noise), published.images(name))


def test_synthesis_from_w_plus_gives_the_published_images(generator: Generator) -> None:
    close(generator.synthesis(published.values("io")["wplus"]), published.images("images_wplus_const"))


def test_noise_given_by_hand_equals_the_constant_noise(generator: Generator) -> None:
    ws = published.values("io")["wplus"][:1]
    maps = [np.asarray(c.noise_const)[None] for block in generator.synthesis.blocks for c in block.convs]
    np.testing.assert_allclose(generator.synthesis(ws, noise=maps), generator.synthesis(ws), atol=1e-6)


def test_the_discriminator_gives_the_published_logits(discriminator: Discriminator) -> None:
    close(discriminator(published.images("images_psi07_const")), published.values("io")["d_logits_psi07"])


def test_the_minibatch_statistic_groups_a_batch_of_eight_as_published(
    generator: Generator, discriminator: Discriminator
) -> None:
    io = published.values("io")
    faces = generator(io["z8"])
    close(faces[:1], published.images("images_z8_first"))
    close(discriminator(faces), io["d_logits_8"], share=2e-4)
    np.testing.assert_allclose(
        discriminator(published.images("images_psi07_const")[:1]), io["d_logits_1"], rtol=2e-4
    )


def test_path_lengths_are_the_published_ones(generator: Generator) -> None:
    io = published.values("io")
    direction = io["pl_y"].transpose(0, 2, 3, 1)
    ws = ops.convert_to_tensor(np.asarray(generator.broadcast(generator.mapping(io["z"]))))
    slope = np.asarray(gradient(lambda ws: ops.sum(generator.synthesis(ws) * direction), ws))
    np.testing.assert_allclose(slope, io["pl_grads"], rtol=0, atol=1e-3 * io["pl_grads"].std())
    lengths = np.sqrt(np.mean(np.sum(np.square(slope), axis=2), axis=1))
    np.testing.assert_allclose(lengths, io["pl_lengths"], rtol=1e-3)


def test_r1_penalty_is_the_published_one(discriminator: Discriminator) -> None:
    faces = ops.convert_to_tensor(np.ascontiguousarray(published.images("images_psi07_const")))
    slope = np.asarray(gradient(lambda x: ops.sum(discriminator(x)), faces))
    penalty = np.sum(np.square(slope), axis=(1, 2, 3))
    # A leaky ReLU's sign flips: the published code moves as much under 1e-6 of noise.
    np.testing.assert_allclose(penalty, published.values("io")["r1_penalty"], rtol=5e-3)
