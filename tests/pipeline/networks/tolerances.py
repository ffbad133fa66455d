"""How near each number must come to the published one, and why not nearer."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

# float32 rounds each operation to 6e-8. Both sides add the same terms in another order, so they differ by
# rounding that grows with the number of terms and of layers, and the published code differs from itself as
# much (fused and unfused modulation: 5e-6 of the deviation). Tolerances leave a factor of five to ten, for
# other processors.


@dataclass(frozen=True)
class Tolerance:
    """A bound on the largest difference, as a share of the published values' size.

    Args:
        names: pattern of the fixture's names.
        share: what is allowed.
        seen: the worst that was seen, TensorFlow and JAX, both axis orders.
        reason: why it is not smaller.
        near_kinks: leaky ReLU's slope jumps at 0, and with it this quantity, wherever an input of a unit is
            within rounding of 0. The same number must then be met, to the same tolerance, at a point that
            float32 can hardly tell apart: the same images with 1e-7 of noise. (TensorFlow takes the published
            side; JAX, channels last, the other: 1.7e-3 off in one R1 penalty, 2e-7 with that noise.)
    """

    names: str
    share: float
    seen: float
    reason: str
    near_kinks: bool = False


TOLERANCES = [
    Tolerance("w", 1e-5, 1.4e-6, "eight layers of 48 inputs"),
    Tolerance("ws_*", 1e-5, 1.5e-6, "as w; truncation is one multiplication and one sum"),
    Tolerance(
        "act_*_b*", 5e-5, 8.6e-6, "up to nine convolutions of 576 terms; the largest of 262,144 errors"
    ),
    Tolerance("images_*", 5e-5, 7.0e-6, "as the activations, summed over the blocks"),
    Tolerance("d_*", 5e-5, 5.8e-6, "ten convolutions of up to 576 terms and a sum of 1024"),
    Tolerance("dmain_logits_real", 5e-5, 1.5e-6, "as the other logits"),
    Tolerance("?main_loss", 5e-6, 8.0e-7, "a mean of logits: their errors cancel"),
    Tolerance("dmain_gradnorm/*", 1e-4, 2.0e-6, "sums over every pixel of the batch", near_kinks=True),
    Tolerance("dmain_grad/*", 1e-4, 1.6e-5, "the largest error of a whole tensor", near_kinks=True),
    Tolerance("r1_grad_img0", 1e-4, 4.4e-6, "a gradient through ten layers", near_kinks=True),
    Tolerance("r1_penalty", 1e-4, 1.0e-6, "sums of 12,288 squares", near_kinks=True),
    Tolerance("r1_loss_gamma10_mean", 1e-4, 4.0e-7, "as the penalty", near_kinks=True),
    Tolerance(
        "r1_gradnorm/*", 1e-4, 9.5e-6, "second derivatives; those of biases are 1e-8 small", near_kinks=True
    ),
    Tolerance("gmain_gradnorm/*", 1e-4, 3.0e-6, "through both networks"),
    Tolerance("gmain_grad/*", 1e-4, 4.0e-6, "the largest error of a whole tensor, through both networks"),
    Tolerance("gmain_after_adam/*", 1e-6, 2.0e-7, "a step of 2e-3 on values of size 1: their last bits"),
    Tolerance("pl_grads", 1e-4, 5.0e-6, "a gradient through all layers"),
    Tolerance("pl_lengths", 1e-5, 1.0e-6, "sums of 480 squares"),
    Tolerance("pl_mean_after", 1e-5, 1.0e-7, "as the lengths"),
    Tolerance("pl_penalty", 1e-5, 1.0e-6, "as the lengths"),
    Tolerance("pl_gradnorm/*", 1e-4, 2.0e-6, "second derivatives through all layers"),
    Tolerance("inv_l2", 5e-6, 1.0e-7, "a mean over 49,152 pixels"),
    Tolerance("inv_grad_wplus", 1e-4, 7.5e-6, "a gradient through all layers"),
    # Single operators.
    Tolerance("up_*", 1e-5, 6.0e-7, "16 terms"),
    Tolerance("down_*", 1e-5, 5.0e-7, "16 terms"),
    Tolerance("filt_*", 1e-5, 6.0e-7, "16 terms"),
    Tolerance("conv*", 1e-5, 1.1e-6, "27 terms, then 16"),
    Tolerance("mod_plain_*", 1e-5, 1.2e-6, "27 terms; styles come in through a layer that scales them"),
    Tolerance("mod_up_*", 1e-5, 1.7e-6, "27 terms, then 16"),
    Tolerance("mod_nodemod_*", 1e-5, 1.0e-6, "3 terms"),
    Tolerance("act_lrelu*", 1e-6, 1.0e-7, "one product"),
    Tolerance("mbstd_y", 1e-6, 1.0e-7, "a root and a mean of 8 terms"),
]

INPUTS = {
    "io": ["z", "z8", "wplus", "pl_y"],
    "ops": ["f_*", "x_*", "w1_*", "w3_*", "mod_s_*", "mod_w_*", "act_x", "act_b", "mbstd_x"],
}


def outputs(file: str, names: list[str]) -> list[str]:
    """Those of a fixture's ``names`` that must be reproduced: all but its inputs."""
    return [name for name in names if not any(fnmatchcase(name, pattern) for pattern in INPUTS[file])]


def tolerance_of(name: str) -> Tolerance:
    """The one row that ``name`` falls under; ValueError if there is none or more than one."""
    (found,) = [row for row in TOLERANCES if fnmatchcase(name, row.names)]
    return found


def error(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest difference as a share of the published values' size (deviation or mean magnitude, the greater).

    Where they are all zero, ours must be.
    """
    assert ours.shape == theirs.shape
    difference = float(np.abs(ours.astype(np.float64) - theirs).max())
    size = max(float(theirs.std()), float(np.abs(theirs).mean()))
    return difference / size if size else (0.0 if difference == 0.0 else float("inf"))
