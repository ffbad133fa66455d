"""The losses of thesis §3.3.2 and §3.3.3, of logits."""

from typing import Any

from keras import ops

Tensor = Any


def focal_loss(logits: Tensor, targets: Tensor, *, alpha: float, gamma: float) -> Tensor:
    """Focal loss (Lin et al. 2017, equation 5) of independent labels: easy faces count for less.

    Args:
        logits: float32 (batch, labels).
        targets: float32 (batch, labels): 1, 0, or NaN for a label that is not known and counts for nothing.
        alpha: weight of a label that is there; 1 - alpha of one that is not.
        gamma: how much easy ones are weighed down; 0 leaves cross-entropy.

    Returns:
        Scalar: summed over labels, mean over faces.
    """
    known = ops.logical_not(ops.isnan(targets))
    there = ops.where(known, targets, ops.zeros_like(targets))
    towards = (2.0 * there - 1.0) * logits
    weight = there * alpha + (1.0 - there) * (1.0 - alpha)
    # -log(p) = softplus(-x) and 1 - p = sigmoid(-x) keep their precision where p is nearly 1.
    losses = weight * ops.power(ops.sigmoid(-towards), gamma) * ops.softplus(-towards)
    return ops.mean(ops.sum(ops.where(known, losses, ops.zeros_like(losses)), axis=-1))


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Categorical cross-entropy: logits and targets float32 (batch, groups) → scalar, mean over faces.

    A face whose targets are all zero counts for nothing.
    """
    known = ops.sum(targets)
    return -ops.sum(targets * ops.log_softmax(logits, axis=-1)) / ops.maximum(known, 1.0)
