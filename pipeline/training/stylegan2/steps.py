"""The four updates of StyleGAN2's training, as pure functions of (state, batch, seed).

State is a dictionary of tensors and lists of tensors (:meth:`Steps.initial_state`); the networks only lend
their structure.
"""

from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import Random, value_and_gradients, with_weights
from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.shares import Shares
from pipeline.training.stylegan2.anchors import Anchors
from pipeline.training.stylegan2.augment import augment
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.losses import (
    logistic,
    non_saturating,
    path_lengths,
    path_penalty,
    r1_penalty,
)

Tensor = Any
State = dict[str, Any]
Figures = dict[str, Tensor]
Anchored = tuple[Tensor, Tensor]
"""Pictures float32 (n, side, side, 3) in [-1, 1] and their w (n, w_dim)."""
W_AVG_BETA = 0.995


class Steps:
    """The updates of one run.

    Args:
        config: the schedule.
        generator, discriminator: give the functions; their variables are read only for the initial state.
        shares: how each batch is shared out; the updates are to be compiled by its devices.
        anchors: give the loss of the updates that get pictures with a w of their own.

    Raises:
        ValueError: the batch cannot be shared out so.
    """

    def __init__(
        self,
        config: TrainingConfig,
        generator: Generator,
        discriminator: Discriminator,
        shares: Shares | None = None,
        anchors: Anchors | None = None,
    ) -> None:
        self.config, self.generator, self.discriminator = config, generator, discriminator
        self.anchors = anchors
        self.shares = Shares() if shares is None else shares
        self.batch = self.shares.size(config.batch, config.network.minibatch_std_group)
        paths = max(1, config.batch // config.path_batch_shrink)
        self.path_batch = -(-paths // self.shares.count)

    def initial_state(self) -> State:
        """Weights as they are in the networks, optimisers at rest."""
        g = [ops.convert_to_tensor(v.value) for v in self.generator.trainable_variables]
        d = [ops.convert_to_tensor(v.value) for v in self.discriminator.trainable_variables]
        return {
            "g": g,
            "d": d,
            "ema": [ops.copy(v) for v in g],
            "adam_g": adam_state(g),
            "adam_d": adam_state(d),
            "w_avg": ops.convert_to_tensor(self.generator.mapping.w_avg.value),
            "path_mean": ops.zeros(()),
            "augment_p": ops.zeros(()),
        }

    # --- forward passes -------------------------------------------------------------------------------------

    def codes(self, random: Random, batch: int) -> tuple[Tensor, Tensor]:
        """Draw w+ with style mixing: (w (batch, w_dim) of the unmixed codes, w+ (batch, num_ws, w_dim))."""
        sizes = self.config.network
        w = self.mapped(random.normal((batch, sizes.z_dim)))
        ws = self.generator.broadcast(w)
        if self.config.style_mixing > 0:
            other = self.generator.broadcast(self.mapped(random.normal((batch, sizes.z_dim))))
            crossover = random.integers((1, 1, 1), 1, sizes.num_ws, alike=True)
            mixed = random.uniform((1, 1, 1), alike=True) < self.config.style_mixing
            keep = ops.logical_or(np.arange(sizes.num_ws)[None, :, None] < crossover, ops.logical_not(mixed))
            ws = ops.where(keep, ws, ops.cast(other, ws.dtype))
        return w, ws

    def mapped(self, z: Tensor) -> Tensor:
        """w (n, w_dim) of z (n, z_dim); nothing is learned through it where the mapping network stays."""
        w = self.generator.mapping(z)
        return w if self.config.mapping_learns else ops.stop_gradient(w)

    def images(self, ws: Tensor, random: Random) -> Tensor:
        """Synthesis with fresh noise."""
        sides = self.generator.synthesis.noise_sides
        noise = [random.normal((ws.shape[0], side, side)) for side in sides]
        return ops.cast(self.generator.synthesis(ws, noise=noise), "float32")

    def logits(self, images: Tensor, p: Tensor, random: Random) -> Tensor:
        """The discriminator's opinion of augmented images."""
        if self.config.ada_target is not None:
            images = augment(self.channels_last(images), p, random, self.config.augment)
            if self.config.network.data_format == "channels_first":
                images = ops.transpose(images, (0, 3, 1, 2))
        return self.discriminator(images)

    def channels_last(self, images: Tensor) -> Tensor:
        """The networks' images, channels last."""
        first = self.config.network.data_format == "channels_first"
        return ops.transpose(images, (0, 2, 3, 1)) if first else images

    def missed(self, anchored: Anchored, share: Tensor, random: Random) -> Tensor:
        """How far the generator is from a share's anchors."""
        if self.anchors is None:
            raise ValueError("these updates were made without anchors.")
        wanted, w = (self.shares.of(values, share) for values in anchored)
        made = self.channels_last(self.images(self.generator.broadcast(w), random))
        return self.anchors.loss(made, wanted)

    # --- updates --------------------------------------------------------------------------------------------

    def generator_main(
        self, state: State, seed: Tensor, anchored: Anchored | None = None
    ) -> tuple[State, Figures]:
        """Non-saturating loss: make the discriminator say yes. Also moves w_avg.

        With anchors (the whole batch), their loss times its weight is added.
        """

        def work(share: Tensor) -> tuple[Figures, Tensor, list[Tensor]]:
            random = self.shares.random(seed, share)

            def loss(g: list[Tensor]) -> tuple[Tensor, tuple[Figures, Tensor]]:
                with with_weights((self.generator, g), (self.discriminator, state["d"])):
                    w, ws = self.codes(random, self.batch)
                    value = non_saturating(self.logits(self.images(ws, random), state["augment_p"], random))
                    figures = {"generator": value}
                    if anchored is not None:
                        missed = self.missed(anchored, share, random)
                        value, figures = (
                            value + self.config.anchor_weight * missed,
                            {**figures, "anchors": missed},
                        )
                return value, (figures, mean_code(w))

            _, (figures, w), gradients = value_and_gradients(loss, state["g"])
            return figures, w, gradients

        figures, w, gradients = self.shares.mean(work)
        return {**self.stepped(state, "g", gradients), "w_avg": moved(state["w_avg"], w)}, figures

    def generator_paths(self, state: State, seed: Tensor) -> tuple[State, Figures]:
        """Path length regularisation (Karras et al. 2020, section 3.2).

        The running mean, and through it the penalty of every sample, depends on the samples of all shares. A
        device that works in several passes therefore finds all its lengths first, how the penalty changes
        with each of them, and then by the chain rule how it changes with the weights.
        """
        config, shares = self.config, self.shares

        def penalty(lengths: Tensor) -> tuple[Tensor, Tensor]:
            squares, mean = path_penalty(
                lengths,
                state["path_mean"],
                config.path_decay,
                mean=lambda x: shares.devices.mean(ops.mean(x)),
            )
            return ops.mean(squares) * config.path_weight, mean

        if shares.passes == 1:
            value, mean, gradients = value_and_gradients(
                lambda g: penalty(self.lengths(g, seed, shares.index(0))), state["g"]
            )
            value, gradients = shares.devices.mean((value, gradients))
        else:
            found = shares.each(lambda share: self.lengths(state["g"], seed, share))
            value, mean, (slopes,) = value_and_gradients(lambda x: penalty(x[0]), [found])
            value = shares.devices.mean(value)

            def work(share: Tensor) -> list[Tensor]:
                of_share = ops.take(slopes, share // shares.devices.count, axis=0) * shares.passes
                return value_and_gradients(
                    lambda g: (ops.sum(self.lengths(g, seed, share) * of_share), None), state["g"]
                )[2]

            gradients = shares.mean(work)
        gradients = [g * float(config.path_interval) for g in gradients]
        state = {**self.stepped(state, "g", gradients), "path_mean": ops.stop_gradient(mean)}
        return state, {"path_penalty": value, "path_length": state["path_mean"]}

    def lengths(self, g: list[Tensor], seed: Tensor, share: Tensor) -> Tensor:
        """Path lengths (path_batch,) of a share of the codes that ``seed`` draws."""
        random, config = self.shares.random(seed, share), self.config
        side, channels = config.network.resolution, config.network.image_channels
        with with_weights((self.generator, g)):
            _, ws = self.codes(random, self.path_batch)
            direction = random.normal((self.path_batch, side, side, channels)) / side
            if config.network.data_format == "channels_first":
                direction = ops.transpose(direction, (0, 3, 1, 2))
            return path_lengths(lambda ws: self.images(ws, random), ws, direction)

    def discriminator_main(self, state: State, real: Tensor, seed: Tensor) -> tuple[State, Figures]:
        """Logistic loss: no to synthetic images, yes to training images (the whole batch, ``real``)."""

        def work(share: Tensor) -> tuple[Figures, list[Tensor]]:
            random, seen = self.shares.random(seed, share), self.shares.of(real, share)
            with with_weights((self.generator, state["g"])):
                fake = ops.stop_gradient(self.images(self.codes(random, self.batch)[1], random))

            def loss(d: list[Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
                with with_weights((self.discriminator, d)):
                    on_fake = self.logits(fake, state["augment_p"], random)
                    on_real = self.logits(seen, state["augment_p"], random)
                return logistic(on_real, on_fake), (on_real, on_fake)

            value, (on_real, on_fake), gradients = value_and_gradients(loss, state["d"])
            figures = {
                "discriminator": value,
                "sign_real": ops.mean(ops.sign(on_real)),
                "score_real": ops.mean(on_real),
                "score_fake": ops.mean(on_fake),
            }
            return figures, gradients

        figures, gradients = self.shares.mean(work)
        return self.stepped(state, "d", gradients), figures

    def discriminator_r1(self, state: State, real: Tensor, seed: Tensor) -> tuple[State, Figures]:
        """Penalise the squared gradient on training images (Mescheder et al. 2018)."""
        factor = self.config.r1_gamma / 2.0 * self.config.r1_interval

        def work(share: Tensor) -> tuple[Figures, list[Tensor]]:
            random, seen = self.shares.random(seed, share), self.shares.of(real, share)

            def loss(d: list[Tensor]) -> tuple[Tensor, Tensor]:
                with with_weights((self.discriminator, d)):
                    penalty = ops.mean(r1_penalty(lambda x: self.logits(x, state["augment_p"], random), seen))
                return penalty * factor, penalty

            _, penalty, gradients = value_and_gradients(loss, state["d"])
            return {"r1": penalty}, gradients

        figures, gradients = self.shares.mean(work)
        return self.stepped(state, "d", gradients), figures

    def stepped(self, state: State, which: str, gradients: list[Tensor]) -> State:
        """Adam, corrected for the interval of the lazy regularisation (Karras et al. 2020, appendix B)."""
        interval = self.config.path_interval if which == "g" else self.config.r1_interval
        correction = interval / (interval + 1.0) if interval else 1.0
        values, moments = adam_step(
            state[which],
            gradients,
            state[f"adam_{which}"],
            rate=self.config.learning_rate * correction,
            beta1=0.0,
            beta2=0.99**correction,
        )
        return {**state, which: values, f"adam_{which}": moments}

    def averaged(self, state: State, beta: Tensor) -> State:
        """Move the averaged generator: ema = g + beta · (ema - g)."""
        return {**state, "ema": [g + beta * (e - g) for g, e in zip(state["g"], state["ema"], strict=True)]}

    def ema_beta(self, images_seen: int) -> float:
        """Share of the average that is kept in a step."""
        half_life = self.config.ema_kimg * 1000.0
        if self.config.ema_ramp_up is not None:
            half_life = min(half_life, images_seen * self.config.ema_ramp_up)
        return float(0.5 ** (self.config.batch / max(half_life, 1e-8)))


def mean_code(w: Tensor) -> Tensor:
    """Mean of w (n, w_dim), not differentiated."""
    return ops.mean(ops.cast(ops.stop_gradient(w), "float32"), axis=0)


def moved(w_avg: Tensor, w: Tensor) -> Tensor:
    """The average of w, moved towards a batch's."""
    return w + W_AVG_BETA * (w_avg - w)
