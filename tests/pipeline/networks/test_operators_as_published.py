"""Each operator, with filters of two, three and four taps, computes what the published one computes."""

from typing import Any

import numpy as np
import pytest

from pipeline.networks.stylegan2 import resampling
from pipeline.networks.stylegan2.config import DataFormat
from pipeline.networks.stylegan2.convolution import convolve
from pipeline.networks.stylegan2.fir import Fir
from pipeline.networks.stylegan2.layers import (
    SQRT_HALF,
    EqualisedConv2D,
    MinibatchStd,
    ModulatedConv2D,
    leaky_relu,
)
from tests.pipeline.networks import published
from tests.pipeline.networks.tolerances import error, outputs, tolerance_of

OPS = published.values("ops")
NAMES = [name for name in outputs("ops", list(OPS)) if not name.startswith(("act_", "mbstd_"))]
FORMATS = pytest.mark.parametrize("data_format", published.data_formats())


@FORMATS
@pytest.mark.parametrize("name", NAMES)
def test_the_operator_is_the_published_one(name: str, data_format: DataFormat) -> None:
    operator, filter_name = name.rsplit("_", 1)
    ours = published.theirs(computed(operator, filter_name, data_format), data_format)
    assert error(ours, OPS[name]) <= tolerance_of(name).share


def computed(operator: str, filter_name: str, data_format: DataFormat) -> Any:
    """The operator's result on maps of 8 by 6, in our axis order."""
    taps = OPS[f"f_{filter_name}"].tolist()
    x = published.maps(OPS[f"x_{filter_name}"], data_format)
    resamplers = {"up": resampling.upsample, "down": resampling.downsample, "filt": resampling.smooth}
    if operator in resamplers:
        return resamplers[operator](x, data_format, Fir.of(taps))
    if operator.startswith("mod_"):
        return modulated(operator, x, filter_name, data_format)
    kernel = OPS[f"w{operator[-1]}_{filter_name}"]
    if operator.startswith(
        "convup"
    ):  # no layer has this: the generator's doubling convolutions are modulated
        transposed = kernel.transpose(2, 3, 0, 1)
        return convolve(x, transposed, data_format, resample="up", fir=Fir.of(taps))
    layer = EqualisedConv2D(
        len(kernel),
        kernel.shape[-1],
        down=operator.startswith("convdown"),
        activate=False,
        data_format=data_format,
        fir=taps,
    )
    layer.build(x.shape)
    layer.kernel.assign(kernel.transpose(2, 3, 1, 0) / layer.weight_gain)
    return layer(x)


def modulated(operator: str, x: np.ndarray, filter_name: str, data_format: DataFormat) -> Any:
    """A modulated convolution whose affine layer passes the fixture's styles on."""
    kernel, styles = OPS[f"mod_w_{filter_name}"], OPS[f"mod_s_{filter_name}"]
    demodulate, up = operator != "mod_nodemod", operator == "mod_up"
    if not demodulate:
        kernel = kernel[..., :1, :1]  # as in to-RGB layers
    layer = ModulatedConv2D(
        len(kernel),
        kernel.shape[-1],
        up=up,
        demodulate=demodulate,
        data_format=data_format,
        fir=OPS[f"f_{filter_name}"].tolist(),
    )
    layer.build(x.shape, styles.shape)
    layer.kernel.assign(kernel.transpose(2, 3, 0, 1) if up else kernel.transpose(2, 3, 1, 0))
    layer.affine.kernel.assign(np.eye(styles.shape[1]) / (layer.affine.gain * layer.style_gain))
    layer.affine.bias.assign(np.zeros(styles.shape[1]))
    return layer(x, styles)


def test_the_activation_is_the_published_one() -> None:
    x = OPS["act_x"] + OPS["act_b"]
    assert error(np.asarray(leaky_relu(x)), OPS["act_lrelu"]) <= tolerance_of("act_lrelu").share


def test_the_activation_is_clamped_as_published() -> None:
    name = "act_lrelu_clamp2_gain05"  # its gain: as in residual blocks
    ours = leaky_relu(OPS["act_x"] + OPS["act_b"], gain=SQRT_HALF, clamp=2.0 / SQRT_HALF)
    assert error(np.asarray(ours), OPS[name]) <= tolerance_of(name).share


@FORMATS
def test_the_minibatch_deviation_is_the_published_one(data_format: DataFormat) -> None:
    maps = MinibatchStd(4, data_format=data_format)(published.maps(OPS["mbstd_x"], data_format))
    assert error(published.theirs(maps, data_format), OPS["mbstd_y"]) <= tolerance_of("mbstd_y").share
