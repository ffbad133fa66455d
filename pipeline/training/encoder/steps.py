"""One update of the encoder, as a pure function of (state, batch, seed)."""

from typing import Any, TypeAlias

import keras
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import Random, value_and_gradients
from pipeline.networks.faceres.framed import Embed
from pipeline.networks.perceptual import Look, distance_of_maps
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.encoder.config import EncoderTraining
from pipeline.training.stylegan2.anchors import other_person

Tensor = Any
State = dict[str, Any]
Anchored: TypeAlias = tuple[Tensor, Tensor]
"""Photographs float32 (n, r, r, 3) in [-1, 1] and their w+ (n, num_ws, w_dim)."""
IDENTIFIED = 4  # one photograph in so many is shown to the embedder


def feature_maps(discriminator: Discriminator, images: Tensor) -> list[Tensor]:
    """What the discriminator's blocks see in a face, each position normalised to length one.

    A discriminator trained on the same kind of photographs knows what tells them apart; its features stand
    for the attribute models' (thesis §3.3.4) in the feature loss.
    """
    x, maps = discriminator.from_rgb(ops.cast(images, discriminator.compute_dtype)), []
    for block in discriminator.blocks:
        x = block(x)
        values = ops.cast(x, "float32")
        maps.append(values * ops.rsqrt(ops.sum(ops.square(values), axis=-1, keepdims=True) + 1e-6))
    return maps


def weights_of(encoder: keras.Model) -> State:
    """What an encoder has learned: its values and the statistics of its normalisation."""
    return {
        "values": [ops.convert_to_tensor(v.value) for v in encoder.trainable_variables],
        "statistics": [ops.convert_to_tensor(v.value) for v in encoder.non_trainable_variables],
    }


class EncoderSteps:
    """The update of one run.

    Args:
        config: the schedule.
        encoder: trained; its variables are read only for the initial state.
        generator, discriminator: as they are; channels last.
        w_std: deviation of the generator's w, float (w_dim,): the unit of the latent loss.
        look: what the perceptual loss compares faces through.
        embed: pictures float (n, r, r, 3) in [-1, 1] to features float (n, f) of unit length, for the loss
            of identity.

    Raises:
        ValueError: a loss has a weight, but there is nothing to measure it with.
    """

    def __init__(
        self,
        config: EncoderTraining,
        encoder: keras.Model,
        generator: Generator,
        discriminator: Discriminator,
        w_std: Tensor,
        *,
        look: Look | None = None,
        embed: Embed | None = None,
    ) -> None:
        if config.perceptual_weight and look is None:
            raise ValueError("perceptual_weight needs a network that faces are compared through.")
        if config.identity_weight and embed is None:
            raise ValueError("identity_weight needs a face embedder.")
        self.look, self.embed = look, embed
        self.config, self.encoder, self.generator = config, encoder, generator
        self.discriminator, self.w_std = discriminator, ops.convert_to_tensor(w_std, "float32")

    def initial_state(self) -> State:
        """Weights as they are in the encoder, the optimiser at rest."""
        weights = weights_of(self.encoder)
        return {**weights, "adam": adam_state(weights["values"])}

    def generated(self, random: Random, count: int) -> tuple[Tensor, Tensor]:
        """Faces whose w+ is known: (images float32 (count, r, r, 3), w+ float32 (count, num_ws, w_dim))."""
        z = random.normal((count, self.generator.config.z_dim))
        ws = self.generator.truncate(
            ops.cast(self.generator.broadcast(self.generator.mapping(z)), "float32"), self.config.psi
        )
        images = self.generator.synthesis(ws, noise=self.noise(random, count))
        return ops.stop_gradient(ops.clip(ops.cast(images, "float32"), -1.0, 1.0)), ops.stop_gradient(ws)

    def noise(self, random: Random, count: int) -> list[Tensor]:
        """Fresh noise maps for ``count`` images."""
        return [random.normal((count, side, side)) for side in self.generator.synthesis.noise_sides]

    def encoded(self, values: list[Tensor], statistics: list[Tensor], images: Tensor) -> tuple[Tensor, Any]:
        """w+ of ``images`` in training mode, and the batch statistics after it."""
        outputs, statistics = self.encoder.stateless_call(values, statistics, images, training=True)
        return outputs["w_plus"], statistics

    def latent_update(
        self, state: State, rate: Tensor, seed: Tensor, anchors: Anchored | None = None
    ) -> tuple[State, dict[str, Tensor]]:
        """Learn where generated faces are in w+, and anchors (photographs, their w+) if there are any."""
        known = 0 if anchors is None else anchors[0].shape[0]
        images, ws = self.generated(Random(seed), self.config.batch - known)
        if anchors is not None:
            images, ws = ops.concatenate([anchors[0], images]), ops.concatenate([anchors[1], ws])

        def loss(values: list[Tensor]) -> tuple[Tensor, Any]:
            found, statistics = self.encoded(values, state["statistics"], images)
            return self.latent_loss(found, ws), statistics

        value, statistics, gradients = value_and_gradients(loss, state["values"])
        return self.stepped(state, gradients, statistics, rate), {"latent": value}

    def full_update(
        self, state: State, photographs: tuple[Tensor, Tensor | None], rate: Tensor, seed: Tensor
    ) -> tuple[State, dict[str, Tensor]]:
        """All losses, on photographs and on as many generated faces.

        Args:
            photographs: float32 (batch / 2, r, r, 3) in [-1, 1], and their w+ if they are anchors.
        """
        random, config = Random(seed), self.config
        taken, known = photographs
        half = taken.shape[0]
        images, ws = self.generated(random, half)
        faces = ops.concatenate([taken, images])
        noise = self.noise(random, 2 * half)
        wanted = [ops.stop_gradient(m) for m in feature_maps(self.discriminator, faces)]

        def loss(values: list[Tensor]) -> tuple[Tensor, Any]:
            found, statistics = self.encoded(values, state["statistics"], faces)
            again = ops.cast(self.generator.synthesis(found, noise=noise), "float32")
            difference = ops.square(again - faces)
            pixel = ops.mean(difference)
            got = feature_maps(self.discriminator, again)
            feature = sum(
                ops.mean(ops.sum(ops.square(a - b), axis=-1)) for a, b in zip(got, wanted, strict=True)
            ) / len(got)
            latent = (
                self.latent_loss(found[half:], ws)
                if known is None
                else self.latent_loss(found, ops.concatenate([known, ws]))
            )
            total = (
                config.pixel_weight * pixel + config.feature_weight * feature + config.latent_weight * latent
            )
            figures = {"pixel": ops.mean(difference[:half]), "feature": feature, "latent": latent}
            for name, (weight, value) in self.seen(again[:half], taken).items():
                total, figures = total + weight * value, {**figures, name: value}
            return total, (statistics, figures)

        _, (statistics, figures), gradients = value_and_gradients(loss, state["values"])
        return self.stepped(state, gradients, statistics, rate), figures

    def seen(self, again: Tensor, taken: Tensor) -> dict[str, tuple[float, Tensor]]:
        """How different photographs and their reconstructions look to other networks: (weight, loss)."""
        losses = {}
        if self.config.perceptual_weight and self.look is not None:
            distance = ops.mean(distance_of_maps(self.look(again), self.look(taken)))
            losses["perceptual"] = (self.config.perceptual_weight, distance)
        if self.config.identity_weight and self.embed is not None:
            some = slice(0, max(1, taken.shape[0] // IDENTIFIED))
            missed = other_person(again[some], taken[some], self.embed)
            losses["identity"] = (self.config.identity_weight, missed)
        return losses

    def latent_loss(self, found: Tensor, ws: Tensor) -> Tensor:
        """Mean squared error of w+ in deviations of w."""
        return ops.mean(ops.square((found - ws) / (self.w_std + 1e-3)))

    def stepped(self, state: State, gradients: list[Tensor], statistics: list[Tensor], rate: Tensor) -> State:
        """Adam with the usual moments."""
        values, adam = adam_step(state["values"], gradients, state["adam"], rate=rate, epsilon=1e-7)
        return {"values": values, "statistics": list(statistics), "adam": adam}
