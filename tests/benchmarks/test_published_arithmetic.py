"""What ours is measured beside computes what the published code computed; else the figures say nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipeline.training.stylegan2.config import TrainingConfig
from tests.pipeline.networks import published
from tests.pipeline.networks.tolerances import error, tolerance_of

torch = pytest.importorskip("torch", reason="PyTorch is not installed; `make bench` installs it")

from tests.benchmarks.published_arithmetic import (  # noqa: E402
    Modulation,
    PublishedDiscriminator,
    PublishedGenerator,
    Weights,
    fused,
    unfused,
)
from tests.benchmarks.published_training import (  # noqa: E402
    PublishedSteps,
    learned,
    logistic,
    non_saturating,
    path_lengths,
    path_penalty,
    r1_penalty,
)

pytestmark = pytest.mark.benchmark
IO = published.values("io")
Tensor = Any


def given(name: str) -> Tensor:
    """A tensor of the fixtures."""
    return torch.tensor(IO[name])


def weights(file: str) -> Weights:
    """The fixtures' weights, new for each call."""
    arrays = published.values(file)
    return {n: torch.tensor(array) for n, array in arrays.items() if not n.endswith("resample_filter")}


def generator(modulate: Modulation = fused) -> PublishedGenerator:
    """The published small network."""
    return PublishedGenerator(published.config(), weights("g"), modulate)


def discriminator() -> PublishedDiscriminator:
    """The discriminator beside it."""
    return PublishedDiscriminator(published.config(), weights("d"))


def images(make: PublishedGenerator, z: str = "z", psi: float = 1.0) -> Tensor:
    """Images of the fixtures' codes."""
    return make.synthesis(make.truncate(make.broadcast(make.mapping(given(z))), psi))


def paths() -> tuple[Weights, dict[str, Tensor]]:
    """Path lengths of the fixtures' codes along the fixtures' direction."""
    make = generator(unfused)
    learned(make.weights)
    lengths = path_lengths(make, make.broadcast(make.mapping(given("z"))), given("pl_y"))
    penalty, mean = path_penalty(lengths, torch.zeros(()), 0.01)
    values = {"pl_lengths": lengths, "pl_penalty": penalty, "pl_mean_after": mean}
    return make.weights, values | {"loss": penalty.mean() * 2.0}


def r1() -> tuple[Weights, dict[str, Tensor]]:
    """The R1 penalty of the fixtures' images."""
    judge = discriminator()
    learned(judge.weights)
    penalty = r1_penalty(judge, given("images_psi07_const"))
    loss = penalty.mean() * 5.0
    return judge.weights, {"r1_penalty": penalty, "r1_loss_gamma10_mean": loss, "loss": loss}


def discriminating() -> tuple[Weights, dict[str, Tensor]]:
    """The discriminator's loss; the fixtures' "real" images are the synthetic ones, mirrored and halved."""
    fake, judge = given("images_psi07_const"), discriminator()
    learned(judge.weights)
    loss = logistic(judge.logits(0.5 * fake.flip(3)), judge.logits(fake))
    return judge.weights, {"dmain_loss": loss, "loss": loss}


def generating() -> tuple[Weights, dict[str, Tensor]]:
    """The generator's loss."""
    make = generator(unfused)
    learned(make.weights)
    loss = non_saturating(discriminator().logits(images(make)))
    return make.weights, {"gmain_loss": loss, "loss": loss}


LOSSES = {"pl": paths, "r1": r1, "dmain": discriminating, "gmain": generating}
COMPUTED: dict[str, Callable[[], Tensor]] = {
    "w": lambda: generator().mapping(given("z")),
    "images_psi1_const": lambda: images(generator()),
    "images_psi07_const": lambda: images(generator(), psi=0.7),
    "images_psi07_const_unfused": lambda: images(generator(unfused), psi=0.7),
    "images_z8_first": lambda: images(generator(), "z8")[:1],
    "images_wplus_const": lambda: generator().synthesis(given("wplus")),
    "d_logits_psi07": lambda: discriminator().logits(given("images_psi07_const")),
    "d_logits_8": lambda: discriminator().logits(images(generator(), "z8")),
    "d_logits_1": lambda: discriminator().logits(given("images_psi07_const")[:1]),
    "pl_lengths": lambda: paths()[1]["pl_lengths"],
    "pl_penalty": lambda: paths()[1]["pl_penalty"],
    "pl_mean_after": lambda: paths()[1]["pl_mean_after"],
    "r1_penalty": lambda: r1()[1]["r1_penalty"],
    "r1_loss_gamma10_mean": lambda: r1()[1]["r1_loss_gamma10_mean"],
    "dmain_loss": lambda: discriminating()[1]["dmain_loss"],
    "gmain_loss": lambda: generating()[1]["gmain_loss"],
}


@pytest.mark.parametrize("name", COMPUTED)
def test_it_computes_what_the_published_code_computed(name: str) -> None:
    assert error(COMPUTED[name]().detach().numpy(), IO[name]) <= tolerance_of(name).share


@pytest.mark.parametrize("loss", LOSSES)
def test_its_loss_pulls_at_each_weight_as_the_published_one(loss: str) -> None:
    tensors, values = LOSSES[loss]()

    values["loss"].backward()

    pulled = {name: tensor.grad for name, tensor in tensors.items() if tensor.grad is not None}
    norms = {name.split("/")[1]: name for name in IO if name.startswith(f"{loss}_gradnorm/")}
    assert pulled.keys() <= norms.keys()
    for name, norm in norms.items():
        length = np.linalg.norm(pulled[name].double().numpy()) if name in pulled else 0.0
        assert error(np.asarray(length), IO[norm]) <= tolerance_of(norm).share, name


def test_a_step_moves_the_weights_as_the_published_optimiser_did() -> None:
    schedule = TrainingConfig(network=published.config(), batch=4, learning_rate=0.0025)
    steps = PublishedSteps(schedule, generator(unfused), discriminator())

    steps.generator_main(given("z"))

    moved = {name.split("/")[1]: name for name in IO if name.startswith("gmain_after_adam/")}
    assert moved
    for name, after in moved.items():
        weight = steps.generator.weights[name].detach().numpy()
        assert error(weight, IO[after]) <= tolerance_of(after).share, name
