"""The four losses of StyleGAN2, as functions of the networks' outputs (Karras et al. 2020, appendix B).

Weights (gamma / 2, the path weight) and the factors for laziness are the caller's.
"""

from collections.abc import Callable
from typing import Any

from keras import ops

from pipeline.networks.backend import gradient

Tensor = Any


def non_saturating(fake_logits: Tensor) -> Tensor:
    """The generator's loss, mean of softplus(-logit): the discriminator is to say yes.

    Args:
        fake_logits: float32 (batch, 1), of synthetic images.
    """
    return ops.mean(ops.softplus(-fake_logits))


def logistic(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """The discriminator's loss: yes to training images, no to synthetic ones.

    Args:
        real_logits, fake_logits: float32 (batch, 1).
    """
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(ops.softplus(fake_logits))


def r1_penalty(score: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """Squared length of the gradient of each image's logit (Mescheder et al. 2018), before gamma / 2.

    The gradient is that of the sum of all logits: what an image does to its group's minibatch deviation
    counts too, as in the published code.

    Args:
        score: images → logits (batch, 1).
        images: float32 (batch, height, width, channels), or channels first.

    Returns:
        float32 (batch,).
    """
    slope = gradient(lambda x: ops.sum(score(x)), images)
    return ops.sum(ops.square(ops.cast(slope, "float32")), axis=(1, 2, 3))


def path_lengths(synthesise: Callable[[Tensor], Tensor], ws: Tensor, direction: Tensor) -> Tensor:
    """How far each image moves along ``direction`` when its w+ moves (Karras et al. 2020, section 3.2).

    Args:
        synthesise: w+ → images, with noise that does not change between calls.
        ws: float32 (batch, num_ws, w_dim).
        direction: N(0, 1) / side, shaped like the images.

    Returns:
        float32 (batch,): root of the mean over the rows of w+ of the gradient's squared length.
    """
    slope = gradient(lambda ws: ops.sum(synthesise(ws) * direction), ws)
    return ops.sqrt(ops.mean(ops.sum(ops.square(ops.cast(slope, "float32")), axis=2), axis=1))


def path_penalty(
    lengths: Tensor,
    running_mean: Tensor,
    decay: float,
    *,
    mean: Callable[[Tensor], Tensor] = ops.mean,
) -> tuple[Tensor, Tensor]:
    """Squared distance of each length from their running mean, which moves first.

    The mean is not held constant: the penalty is differentiated through this batch's share of it, as in the
    published code.

    Args:
        lengths: float32 (batch,).
        running_mean: scalar, of the steps before.
        decay: share of this batch in the new mean.
        mean: over all lengths of the step, wherever they are.

    Returns:
        (penalty (batch,), new running mean).
    """
    moved = running_mean + decay * (mean(lengths) - running_mean)
    return ops.square(lengths - moved), moved
