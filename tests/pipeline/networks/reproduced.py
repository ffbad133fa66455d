"""What the product computes from the fixtures' inputs, under the fixtures' names and in their layout."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import compiled, gradient, value_and_gradients, with_weights
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.networks.stylegan2.config import DataFormat
from pipeline.training.stylegan2.losses import (
    logistic,
    non_saturating,
    path_lengths,
    path_penalty,
    r1_penalty,
)
from tests.pipeline.networks import published

Values = dict[str, np.ndarray]
GAMMA, PATH_DECAY, PATH_WEIGHT = 10.0, 0.01, 2.0
NOISE = 1e-7


class Reproduction:
    """The published networks in one axis order, and everything they give; each part is computed once.

    Args:
        data_format: order of the image axes.
    """

    def __init__(self, data_format: DataFormat) -> None:
        self.data_format = data_format
        self.generator: Generator = published.generator(data_format)
        self.discriminator: Discriminator = published.discriminator(data_format)
        self.io = published.values("io")
        self.g = [ops.convert_to_tensor(v.value) for v in self.generator.trainable_variables]
        self.d = [ops.convert_to_tensor(v.value) for v in self.discriminator.trainable_variables]
        self.g_names = [published.generator_name(v.path) for v in self.generator.trainable_variables]
        self.d_names = [published.discriminator_name(v.path) for v in self.discriminator.trainable_variables]
        self.codes = ops.convert_to_tensor(self.io["z"])
        self.images = ops.convert_to_tensor(published.images("images_psi07_const", data_format))
        self.discriminator_gradients = compiled(self._discriminator_gradients)
        self._parts: dict[tuple[Callable[..., Values], int], Values] = {}

    def value(self, name: str, point: int = 0) -> np.ndarray:
        """The array that the fixtures call ``name``; ``point`` > 0 is as near as float32 goes."""
        part = next(part for start, part in PARTS if name.startswith(start))
        if (part, point) not in self._parts:
            self._parts[part, point] = part(self, point) if point else part(self)
        return self._parts[part, point][name]

    def theirs(self, maps: Any) -> np.ndarray:
        """Our maps in the published axis order."""
        return published.theirs(maps, self.data_format)

    # --- forward --------------------------------------------------------------------------------------------

    def latents(self) -> Values:
        """w and truncated w+."""
        w = self.generator.mapping(self.codes)
        ws = self.generator.broadcast(w)
        values = {
            "w": w,
            "ws_psi1": self.generator.truncate(ws, 1.0),
            "ws_psi07": self.generator.truncate(ws, 0.7),
            "ws_psi05_cut4": self.generator.truncate(ws, 0.5, cutoff=4),
        }
        return arrays(values)

    def faces(self) -> Values:
        """Images; the fused and the unfused published convolution are one to us."""
        make = self.generator
        values = {
            "images_psi07_const": make(self.codes, psi=0.7),
            "images_psi07_const_unfused": make(self.codes, psi=0.7),
            "images_psi1_const": make(self.codes),
            "images_psi07_none": make(self.codes, psi=0.7, noise="none"),
            "images_wplus_const": make.synthesis(self.io["wplus"]),
            "images_z8_first": make(self.io["z8"])[:1],
        }
        return {name: self.theirs(image) for name, image in values.items()}

    def activations(self) -> Values:
        """Maps and image after each block: the first sample's, and each sample's root mean square."""
        ws = self.generator.truncate(self.generator.broadcast(self.generator.mapping(self.codes)), 0.7)
        values: Values = {}
        blocks = self.generator.synthesis.blocks
        x, image, row = blocks[0].start(len(self.io["z"])), None, 0
        for block in blocks:
            count = len(block.convs)
            x, image = block(x, image, ws[:, row : row + count + 1], noise=["const"] * count)
            row += count
            values[f"act_x_b{block.resolution}"] = self.theirs(x)[:1]
            values[f"act_img_b{block.resolution}"] = self.theirs(image)[:1]
            values[f"act_rms_b{block.resolution}"] = np.sqrt(np.mean(np.square(x), axis=(1, 2, 3)))
        return values

    def opinions(self) -> Values:
        """Logits of four, eight and one images, and the discriminator's maps."""
        network = self.discriminator
        values: Values = {
            "d_logits_psi07": np.asarray(network(self.images)),
            "d_logits_8": np.asarray(network(self.generator(self.io["z8"]))),
            "d_logits_1": np.asarray(network(self.images[:1])),
        }
        x = network.from_rgb(self.images)
        for block in network.blocks:
            x = block(x)
            values[f"d_act_b{block.resolution}"] = self.theirs(x)[:1]
        values["d_mbstd"] = self.theirs(network.minibatch_std(x))[:, -1, 0, 0]
        return values

    # --- training -------------------------------------------------------------------------------------------

    def _discriminator_gradients(self, d: list[Any], fake: Any, real: Any) -> dict[str, Any]:
        def main(d: list[Any]) -> tuple[Any, Any]:
            with with_weights((self.discriminator, d)):
                on_real = self.discriminator(real)
                return logistic(on_real, self.discriminator(fake)), on_real

        def penalty(d: list[Any]) -> tuple[Any, Any]:
            with with_weights((self.discriminator, d)):
                penalties = r1_penalty(self.discriminator, fake)
            return ops.mean(penalties) * (GAMMA / 2.0), penalties

        loss, on_real, gradients = value_and_gradients(main, d)
        r1, penalties, r1_gradients = value_and_gradients(penalty, d)
        slope = gradient(lambda x: ops.sum(self.discriminator(x)), fake)
        return {
            "dmain_loss": loss,
            "dmain_logits_real": on_real,
            "gradients": gradients,
            "r1_loss_gamma10_mean": r1,
            "r1_penalty": penalties,
            "r1_grad_img0": slope,
            "r1_gradients": r1_gradients,
        }

    def discriminating(self, point: int = 0) -> Values:
        """The discriminator's loss, its R1 penalty, and the gradients of both.

        The fixtures' "real" images are the synthetic ones, mirrored and halved. ``point`` is the seed of
        noise on both, 0 for none.
        """
        fake = np.asarray(self.images)
        real = 0.5 * (fake[:, :, ::-1] if self.data_format == "channels_last" else fake[..., ::-1])
        random = np.random.default_rng(point)
        near = [
            image + np.float32(NOISE if point else 0.0) * random.standard_normal(image.shape, np.float32)
            for image in (fake, real)
        ]
        values = self.discriminator_gradients(self.d, *(ops.convert_to_tensor(image) for image in near))
        gradients = dict(zip(self.d_names, values.pop("gradients"), strict=True))
        r1_gradients = dict(zip(self.d_names, values.pop("r1_gradients"), strict=True))
        values["r1_grad_img0"] = self.theirs(values["r1_grad_img0"])[0]
        return {
            **arrays(values),
            **norms("dmain", gradients),
            **norms("r1", r1_gradients),
            "dmain_grad/b4.out.weight": np.asarray(gradients["b4.out.weight"]).T,
            "dmain_grad/b64.fromrgb.weight": np.asarray(gradients["b64.fromrgb.weight"]).transpose(
                3, 2, 0, 1
            ),
        }

    def generating(self) -> Values:
        """The generator's loss, its gradients, the weights after one step of Adam."""

        def main(g: list[Any]) -> tuple[Any, None]:
            with with_weights((self.generator, g)):
                images = self.generator(self.codes)
            return non_saturating(self.discriminator(images)), None

        loss, _, gradients = compiled(lambda g: value_and_gradients(main, g))(self.g)
        # 0.0025 corrected for a lazy interval of 4; the first step is the same as 0.002 without.
        stepped, _ = adam_step(
            self.g, gradients, adam_state(self.g), rate=0.0025 * 4 / 5, beta1=0.0, beta2=0.99 ** (4 / 5)
        )
        named = dict(zip(self.g_names, gradients, strict=True))
        after = dict(zip(self.g_names, stepped, strict=True))
        return {
            "gmain_loss": np.asarray(loss),
            **norms("gmain", named),
            **{f"gmain_grad/{name}": np.asarray(value) for name, value in named.items()},
            **{f"gmain_after_adam/{name}": np.asarray(value) for name, value in after.items()},
        }

    def paths(self) -> Values:
        """Path lengths along the fixtures' direction, and the regularisation's gradients."""
        direction = ops.convert_to_tensor(published.images("pl_y", self.data_format))

        def penalty(g: list[Any]) -> tuple[Any, dict[str, Any]]:
            with with_weights((self.generator, g)):
                synthesise = self.generator.synthesis
                ws = self.generator.broadcast(self.generator.mapping(self.codes))
                slope = gradient(lambda ws: ops.sum(synthesise(ws) * direction), ws)
                lengths = path_lengths(synthesise, ws, direction)
            penalties, mean = path_penalty(lengths, ops.zeros(()), PATH_DECAY)
            return ops.mean(penalties) * PATH_WEIGHT, {
                "pl_grads": slope,
                "pl_lengths": lengths,
                "pl_penalty": penalties,
                "pl_mean_after": mean,
            }

        _, values, gradients = compiled(lambda g: value_and_gradients(penalty, g))(self.g)
        return {**arrays(values), **norms("pl", dict(zip(self.g_names, gradients, strict=True)))}

    def inversion(self) -> Values:
        """Mean squared difference between the image of a w+ and another image, and its gradient."""

        def distance(ws: Sequence[Any]) -> tuple[Any, None]:
            return ops.mean(ops.square(self.generator.synthesis(ws[0]) - self.images)), None

        ws = ops.convert_to_tensor(self.io["wplus"])
        value, _, (slope,) = compiled(lambda ws: value_and_gradients(distance, [ws]))(ws)
        return arrays({"inv_l2": value, "inv_grad_wplus": slope})


# Which part computes a value, by the start of its name: the first that fits.
PARTS: list[tuple[str, Callable[..., Values]]] = [
    ("w", Reproduction.latents),
    ("images_", Reproduction.faces),
    ("act_", Reproduction.activations),
    ("d_", Reproduction.opinions),
    ("dmain_", Reproduction.discriminating),
    ("r1_", Reproduction.discriminating),
    ("gmain_", Reproduction.generating),
    ("pl_", Reproduction.paths),
    ("inv_", Reproduction.inversion),
]


def arrays(values: dict[str, Any]) -> Values:
    """Tensors as arrays."""
    return {name: np.asarray(value) for name, value in values.items()}


def norms(loss: str, gradients: dict[str, Any]) -> Values:
    """Length of each tensor's gradient."""
    return {
        f"{loss}_gradnorm/{name}": np.asarray(np.linalg.norm(np.asarray(value, np.float64)))
        for name, value in gradients.items()
    }


@cache
def reproduction(data_format: DataFormat) -> Reproduction:
    """The one reproduction in this axis order."""
    return Reproduction(data_format)
