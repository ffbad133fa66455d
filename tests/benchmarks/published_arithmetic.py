"""StyleGAN2's networks in plain PyTorch, with the arithmetic that was published, to measure ours beside it.

Written for that from the papers (Karras et al. 2019; Karras et al. 2020, sections 2 and 3). Float32, channels
first, on a CPU. Kept as published, where ours is the same function by another way: weights are modulated and
demodulated for each sample; a batch of images is one grouped convolution (:func:`fused`), in training one
shared convolution of modulated maps (:func:`unfused`); doubling is a transposed convolution, then a filter;
a filter inserts zeros, pads and convolves each map, and halving drops three quarters of what it gives.

Weights are tensors by their published names (``pipeline.interchange.published_names``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch.nn import functional

from pipeline.networks.stylegan2.config import StyleGAN2Config

Tensor = Any
Weights = dict[str, Tensor]
Modulation = Callable[..., Tensor]
BINOMIAL = torch.tensor([1.0, 3.0, 3.0, 1.0])
TAPS = torch.outer(BINOMIAL, BINOMIAL) / 64.0
CONSTANTS = ("w_avg", "noise_const")


def resampled(x: Tensor, *, up: int = 1, down: int = 1, pad: tuple[int, int], gain: float = 1.0) -> Tensor:
    """Insert ``up`` - 1 zeros after each sample, pad both axes, filter, keep every ``down``-th.

    Args:
        x: float (batch, channels, side, side).
        pad: zeros before and after.
        gain: factor on the result.
    """
    batch, channels, side, _ = x.shape
    if up > 1:
        x = functional.pad(x.reshape(batch, channels, side, 1, side, 1), (0, up - 1, 0, 0, 0, up - 1))
        x = x.reshape(batch, channels, side * up, side * up)
    taps = (gain * TAPS)[None, None].repeat(channels, 1, 1, 1)
    return functional.conv2d(functional.pad(x, pad * 2), taps, groups=channels)[:, :, ::down, ::down]


def modulated(weight: Tensor, style: Tensor) -> Tensor:
    """A kernel (outputs, inputs, k, k) for each sample of ``style`` (batch, inputs)."""
    return weight[None] * style[:, None, :, None, None]


def demodulation(weights: Tensor) -> Tensor:
    """Factor (batch, outputs) that gives each output map of the samples' kernels unit expected deviation."""
    return (weights.square().sum(dim=(2, 3, 4)) + 1e-8).rsqrt()


def convolve(x: Tensor, weights: Tensor, *, up: bool) -> Tensor:
    """Convolution of ``x`` (batch, groups · inputs, side, side), doubling the side if ``up``.

    Args:
        weights: float (groups, outputs, inputs, k, k).
    """
    groups, outputs, inputs, width, _ = weights.shape
    if not up:
        kernel = weights.reshape(groups * outputs, inputs, width, width)
        return functional.conv2d(x, kernel, padding=width // 2, groups=groups)
    kernel = weights.transpose(1, 2).reshape(groups * inputs, outputs, width, width)
    x = functional.conv_transpose2d(x, kernel, stride=2, groups=groups)
    return resampled(x, pad=(1, 1), gain=4.0)


def fused(x: Tensor, weight: Tensor, style: Tensor, *, up: bool, demodulate: bool) -> Tensor:
    """Modulated convolution (Karras et al. 2020, section 2.2) with a kernel of each sample's own.

    Args:
        x: float (batch, inputs, side, side).
        weight: float (outputs, inputs, k, k).
        style: float (batch, inputs).
        up: double the side.
        demodulate: scale each output map to unit expected deviation.
    """
    batch, inputs, side, _ = x.shape
    weights = modulated(weight, style)
    if demodulate:
        weights = weights * demodulation(weights)[:, :, None, None, None]
    y = convolve(x.reshape(1, batch * inputs, side, side), weights, up=up)
    return y.reshape(batch, -1, *y.shape[2:])


def unfused(x: Tensor, weight: Tensor, style: Tensor, *, up: bool, demodulate: bool) -> Tensor:
    """The same with one kernel for the batch, whose maps are scaled before and after it.

    Demodulation still looks at a kernel of each sample's own.
    """
    y = convolve(x * style[:, :, None, None], weight[None], up=up)
    return y * demodulation(modulated(weight, style))[:, :, None, None] if demodulate else y


def dense(x: Tensor, weights: Weights, layer: str, *, rate: float = 1.0) -> Tensor:
    """Fully connected layer; ``rate``: how fast it learns relative to the rest."""
    weight = weights[f"{layer}.weight"] * (rate / weights[f"{layer}.weight"].shape[1] ** 0.5)
    return torch.addmm(weights[f"{layer}.bias"][None] * rate, x, weight.t())


def activated(x: Tensor, bias: Tensor | None = None, *, gain: float = 2**0.5) -> Tensor:
    """Leaky ReLU of slope 0.2, after the bias of each map, times ``gain``."""
    x = x if bias is None else x + bias.reshape(1, -1, *[1] * (x.ndim - 2))
    return functional.leaky_relu(x, 0.2) * gain


@dataclass(frozen=True)
class PublishedGenerator:
    """z → w (mapping network) → image (synthesis network).

    Args:
        config: the sizes.
        weights: by published names.
        modulate: :func:`fused` to make images, :func:`unfused` in training.
        noise: each layer's own, or drawn anew.
    """

    config: StyleGAN2Config
    weights: Weights
    modulate: Modulation = fused
    noise: Literal["const", "random"] = "const"

    def mapping(self, z: Tensor) -> Tensor:
        """w (batch, w_dim) of z (batch, z_dim)."""
        x = z * (z.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        for i in range(self.config.mapping_layers):
            x = activated(dense(x, self.weights, f"mapping.fc{i}", rate=self.config.mapping_lr_multiplier))
        return x

    def broadcast(self, w: Tensor) -> Tensor:
        """w+ (batch, num_ws, w_dim), the same row for each layer."""
        return w[:, None].repeat(1, self.config.num_ws, 1)

    def truncate(self, ws: Tensor, psi: float) -> Tensor:
        """Pull w+ towards the mean face."""
        average = self.weights["mapping.w_avg"]
        return average + psi * (ws - average)

    def synthesis(self, ws: Tensor) -> Tensor:
        """Images (batch, 3, resolution, resolution) of w+ (batch, num_ws, w_dim)."""
        rows = iter(ws.unbind(dim=1))
        x = self.weights["synthesis.b4.const"][None].repeat(len(ws), 1, 1, 1)
        x = self._layer(x, next(rows), "synthesis.b4.conv1")
        image = self._rgb(x, w := next(rows), "synthesis.b4.torgb")
        for side in self.config.resolutions[1:]:
            # The row of a block's to-RGB is also that of the next block's first convolution.
            x = self._layer(x, w, f"synthesis.b{side}.conv0", up=True)
            x = self._layer(x, next(rows), f"synthesis.b{side}.conv1")
            image = resampled(image, up=2, pad=(2, 1), gain=4.0)
            image = image + self._rgb(x, w := next(rows), f"synthesis.b{side}.torgb")
        return image

    def _layer(self, x: Tensor, w: Tensor, layer: str, *, up: bool = False) -> Tensor:
        weights = self.weights
        style = dense(w, weights, f"{layer}.affine")
        x = self.modulate(x, weights[f"{layer}.weight"], style, up=up, demodulate=True)
        noise = weights[f"{layer}.noise_const"]
        if self.noise == "random":
            noise = torch.randn(len(x), 1, *noise.shape)
        return activated(x + noise * weights[f"{layer}.noise_strength"], weights[f"{layer}.bias"])

    def _rgb(self, x: Tensor, w: Tensor, layer: str) -> Tensor:
        weights = self.weights
        style = dense(w, weights, f"{layer}.affine") / x.shape[1] ** 0.5
        y = self.modulate(x, weights[f"{layer}.weight"], style, up=False, demodulate=False)
        return y + weights[f"{layer}.bias"][None, :, None, None]


@dataclass(frozen=True)
class PublishedDiscriminator:
    """Image → logit (batch, 1), by residual blocks.

    Args:
        config: the sizes.
        weights: by published names.
    """

    config: StyleGAN2Config
    weights: Weights

    def logits(self, images: Tensor) -> Tensor:
        """Above zero for what looks like training data.

        Args:
            images: float (batch, 3, resolution, resolution).
        """
        weights = self.weights
        x = activated(
            self._conv(images, f"b{self.config.resolution}.fromrgb"),
            weights[f"b{self.config.resolution}.fromrgb.bias"],
        )
        for side in self.config.resolutions[:0:-1]:
            x = self._block(x, f"b{side}")
        x = activated(self._conv(self._with_deviation(x), "b4.conv"), weights["b4.conv.bias"])
        return dense(activated(dense(x.flatten(1), weights, "b4.fc")), weights, "b4.out")

    def _block(self, x: Tensor, block: str) -> Tensor:
        weights = self.weights
        skip = self._conv(resampled(x, down=2, pad=(1, 1)), f"{block}.skip") * 0.5**0.5
        x = activated(self._conv(x, f"{block}.conv0"), weights[f"{block}.conv0.bias"])
        x = self._conv(resampled(x, pad=(2, 2)), f"{block}.conv1", stride=2)
        return skip + activated(x, weights[f"{block}.conv1.bias"], gain=1.0)

    def _conv(self, x: Tensor, layer: str, *, stride: int = 1) -> Tensor:
        weight = self.weights[f"{layer}.weight"]
        weight = weight / (weight[0].numel()) ** 0.5
        return functional.conv2d(x, weight, stride=stride, padding=weight.shape[2] // 2 if stride == 1 else 0)

    def _with_deviation(self, x: Tensor) -> Tensor:
        """One more map: the mean deviation over groups of the batch (Karras et al. 2018, section 3)."""
        batch, channels, height, width = x.shape
        group = min(self.config.minibatch_std_group, batch)
        y = x.reshape(group, -1, channels, height, width)
        y = (y - y.mean(dim=0)).square().mean(dim=0)
        y = (y + 1e-8).sqrt().mean(dim=(1, 2, 3)).reshape(-1, 1, 1, 1)
        return torch.cat([x, y.repeat(group, 1, height, width)], dim=1)
