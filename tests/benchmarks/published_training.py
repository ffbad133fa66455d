"""The published training step of StyleGAN2 in plain PyTorch (Karras et al. 2020, appendix B)."""

from typing import Any

import torch
from torch.nn import functional

from pipeline.training.stylegan2.config import TrainingConfig
from tests.benchmarks.published_arithmetic import (
    CONSTANTS,
    PublishedDiscriminator,
    PublishedGenerator,
    Weights,
)

Tensor = Any
GRADIENT_LIMIT = 1e5


def non_saturating(fake_logits: Tensor) -> Tensor:
    """The generator's loss: the discriminator is to say yes."""
    return functional.softplus(-fake_logits).mean()


def logistic(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """The discriminator's loss: yes to training images, no to synthetic ones."""
    return functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()


def r1_penalty(discriminator: PublishedDiscriminator, images: Tensor) -> Tensor:
    """Squared length (batch,) of the gradient of each image's logit, before gamma / 2."""
    images = images.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator.logits(images).sum(), images, create_graph=True)
    return slope.square().sum(dim=(1, 2, 3))


def path_lengths(generator: PublishedGenerator, ws: Tensor, direction: Tensor) -> Tensor:
    """How far (batch,) each image moves along ``direction`` when its w+ moves.

    Args:
        generator: whose noise is its own or drawn once a call.
        ws: float (batch, num_ws, w_dim), part of a graph.
        direction: N(0, 1) / side, shaped like the images.
    """
    along = (generator.synthesis(ws) * direction).sum()
    (slope,) = torch.autograd.grad(along, ws, create_graph=True)
    return slope.square().sum(dim=2).mean(dim=1).sqrt()


def path_penalty(lengths: Tensor, running_mean: Tensor, decay: float) -> tuple[Tensor, Tensor]:
    """Squared distance of each length from their running mean, which moves first and is differentiated.

    Returns:
        (penalty (batch,), new running mean).
    """
    moved = running_mean.lerp(lengths.mean(), decay)
    return (lengths - moved).square(), moved


def learned(weights: Weights) -> list[Tensor]:
    """The tensors that training changes, from now on recorded for differentiation."""
    return [value.requires_grad_() for name, value in weights.items() if not name.endswith(CONSTANTS)]


def adam(values: list[Tensor], rate: float, interval: int) -> Any:
    """Adam, corrected for the interval of a lazy regularisation."""
    correction = interval / (interval + 1.0)
    return torch.optim.Adam(values, lr=rate * correction, betas=(0.0, 0.99**correction), eps=1e-8)


class PublishedSteps:
    """The four updates, which change the weights in place.

    Args:
        config: the schedule; neither style mixing nor augmentation.
        generator, discriminator: the networks.
    """

    def __init__(
        self, config: TrainingConfig, generator: PublishedGenerator, discriminator: PublishedDiscriminator
    ) -> None:
        self.config, self.generator, self.discriminator = config, generator, discriminator
        self.g, self.d = learned(generator.weights), learned(discriminator.weights)
        self.adam_g = adam(self.g, config.learning_rate, config.path_interval)
        self.adam_d = adam(self.d, config.learning_rate, config.r1_interval)
        self.path_mean = torch.zeros(())

    def images(self, z: Tensor) -> Tensor:
        """Images of z (batch, z_dim)."""
        return self.generator.synthesis(self.generator.broadcast(self.generator.mapping(z)))

    def generator_main(self, z: Tensor) -> float:
        """Make the discriminator say yes; returns the loss."""
        loss = non_saturating(self.discriminator.logits(self.images(z)))
        return stepped(loss, self.g, self.adam_g)

    def generator_paths(self, z: Tensor) -> float:
        """Path length regularisation on the first of z, as many as the schedule says; returns the penalty."""
        config, side = self.config, self.config.network.resolution
        z = z[: len(z) // config.path_batch_shrink]
        ws = self.generator.broadcast(self.generator.mapping(z))
        direction = torch.randn(len(z), config.network.image_channels, side, side) / side
        lengths = path_lengths(self.generator, ws, direction)
        squares, mean = path_penalty(lengths, self.path_mean, config.path_decay)
        self.path_mean = mean.detach()
        loss = squares.mean() * config.path_weight * config.path_interval
        return stepped(loss, self.g, self.adam_g)

    def discriminator_main(self, real: Tensor, z: Tensor) -> float:
        """No to synthetic images, yes to ``real`` ones (batch, 3, side, side); returns the loss."""
        with torch.no_grad():
            fake = self.images(z)
        loss = logistic(self.discriminator.logits(real), self.discriminator.logits(fake))
        return stepped(loss, self.d, self.adam_d)

    def discriminator_r1(self, real: Tensor) -> float:
        """Penalise the squared gradient on training images; returns the penalty."""
        config = self.config
        loss = r1_penalty(self.discriminator, real).mean() * (config.r1_gamma / 2.0 * config.r1_interval)
        return stepped(loss, self.d, self.adam_d)


def stepped(loss: Tensor, values: list[Tensor], optimiser: Any) -> float:
    """One step of Adam down ``loss``, which is returned; NaN counts as 0, infinity as ±1e5."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward(inputs=values)
    for value in values:
        if value.grad is not None:
            torch.nan_to_num(
                value.grad, nan=0.0, posinf=GRADIENT_LIMIT, neginf=-GRADIENT_LIMIT, out=value.grad
            )
    optimiser.step()
    return float(loss.detach())
