"""The four updates of StyleGAN2's training, as pure functions of (state, batch, seed).

State is a dictionary of tensors and lists of tensors (:meth:`Steps.initial_state`); the networks only lend
their structure.
"""

from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.stylegan2 import Discriminator, Generator
from pipeline.training.adam import adam_state, adam_step
from pipeline.training.backend import Random, value_and_gradients, with_weights
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
W_AVG_BETA = 0.995


class Steps:
    """The updates of one run.

    Args:
        config: the schedule.
        generator, discriminator: give the functions; their variables are read only for the initial state.
    """

    def __init__(self, config: TrainingConfig, generator: Generator, discriminator: Discriminator) -> None:
        self.config, self.generator, self.discriminator = config, generator, discriminator

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
        w = self.generator.mapping(random.normal((batch, sizes.z_dim)))
        ws = self.generator.broadcast(w)
        if self.config.style_mixing > 0:
            other = self.generator.broadcast(self.generator.mapping(random.normal((batch, sizes.z_dim))))
            crossover = random.integers((1, 1, 1), 1, sizes.num_ws)
            mixed = random.uniform((1, 1, 1)) < self.config.style_mixing
            keep = ops.logical_or(np.arange(sizes.num_ws)[None, :, None] < crossover, ops.logical_not(mixed))
            ws = ops.where(keep, ws, ops.cast(other, ws.dtype))
        return w, ws

    def images(self, ws: Tensor, random: Random) -> Tensor:
        """Synthesis with fresh noise."""
        sides = self.generator.synthesis.noise_sides
        noise = [random.normal((ws.shape[0], side, side)) for side in sides]
        return ops.cast(self.generator.synthesis(ws, noise=noise), "float32")

    def logits(self, images: Tensor, p: Tensor, random: Random) -> Tensor:
        """The discriminator's opinion of augmented images."""
        if self.config.ada_target is not None:
            if self.config.network.data_format == "channels_first":
                images = ops.transpose(augment(ops.transpose(images, (0, 2, 3, 1)), p, random), (0, 3, 1, 2))
            else:
                images = augment(images, p, random)
        return self.discriminator(images)

    # --- updates --------------------------------------------------------------------------------------------

    def generator_main(self, state: State, seed: Tensor) -> tuple[State, dict[str, Tensor]]:
        """Non-saturating loss: make the discriminator say yes. Also moves w_avg."""
        random = Random(seed)

        def loss(g: list[Tensor]) -> tuple[Tensor, Tensor]:
            with with_weights((self.generator, g), (self.discriminator, state["d"])):
                w, ws = self.codes(random, self.config.batch)
                logits = self.logits(self.images(ws, random), state["augment_p"], random)
            return non_saturating(logits), w

        value, w, gradients = value_and_gradients(loss, state["g"])
        mean_w = ops.mean(ops.cast(ops.stop_gradient(w), "float32"), axis=0)
        w_avg = mean_w + W_AVG_BETA * (state["w_avg"] - mean_w)
        return {**self.stepped(state, "g", gradients), "w_avg": w_avg}, {"generator": value}

    def generator_paths(self, state: State, seed: Tensor) -> tuple[State, dict[str, Tensor]]:
        """Path length regularisation (Karras et al. 2020, section 3.2)."""
        random, config = Random(seed), self.config
        batch = max(1, config.batch // config.path_batch_shrink)
        side, channels = config.network.resolution, config.network.image_channels

        def loss(g: list[Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
            with with_weights((self.generator, g)):
                _, ws = self.codes(random, batch)
                direction = random.normal((batch, side, side, channels)) / side
                if config.network.data_format == "channels_first":
                    direction = ops.transpose(direction, (0, 3, 1, 2))
                lengths = path_lengths(lambda ws: self.images(ws, random), ws, direction)
            squares, mean = path_penalty(lengths, state["path_mean"], config.path_decay)
            penalty = ops.mean(squares) * config.path_weight
            return penalty * config.path_interval, (mean, penalty)

        _, (mean, penalty), gradients = value_and_gradients(loss, state["g"])
        state = self.stepped(state, "g", gradients)
        return {**state, "path_mean": ops.stop_gradient(mean)}, {"path_penalty": penalty, "path_length": mean}

    def discriminator_main(self, state: State, real: Tensor, seed: Tensor) -> tuple[State, dict[str, Tensor]]:
        """Logistic loss: no to synthetic images, yes to training images."""
        random = Random(seed)
        with with_weights((self.generator, state["g"])):
            fake = ops.stop_gradient(self.images(self.codes(random, self.config.batch)[1], random))

        def loss(d: list[Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
            with with_weights((self.discriminator, d)):
                on_fake = self.logits(fake, state["augment_p"], random)
                on_real = self.logits(real, state["augment_p"], random)
            return logistic(on_real, on_fake), (on_real, on_fake)

        value, (on_real, on_fake), gradients = value_and_gradients(loss, state["d"])
        figures = {
            "discriminator": value,
            "sign_real": ops.mean(ops.sign(on_real)),
            "score_real": ops.mean(on_real),
            "score_fake": ops.mean(on_fake),
        }
        return self.stepped(state, "d", gradients), figures

    def discriminator_r1(self, state: State, real: Tensor, seed: Tensor) -> tuple[State, dict[str, Tensor]]:
        """Penalise the squared gradient on training images (Mescheder et al. 2018)."""
        random, config = Random(seed), self.config

        def loss(d: list[Tensor]) -> tuple[Tensor, Tensor]:
            with with_weights((self.discriminator, d)):
                penalty = ops.mean(r1_penalty(lambda x: self.logits(x, state["augment_p"], random), real))
            return penalty * (config.r1_gamma / 2.0) * config.r1_interval, penalty

        _, penalty, gradients = value_and_gradients(loss, state["d"])
        return self.stepped(state, "d", gradients), {"r1": penalty}

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
