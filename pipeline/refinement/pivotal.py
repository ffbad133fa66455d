"""Pivotal tuning (Roich et al. 2021): the best point in w+ first, then the generator around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import Random, compiled, value_and_gradients
from pipeline.refinement.method import Beginning, Phase, State, for_each, stepping
from pipeline.refinement.networks import Networks
from pipeline.refinement.plateau import Plateau

Tensor = Any
W_SAMPLES: Final = 2048


@dataclass(frozen=True)
class PivotalSettings:
    """The schedule.

    Attributes:
        feature_weight: of the feature loss beside the pixel loss.
        w_share: share of the time at which the search for the pivot is over at the latest.
        w_rate, generator_rate: Adam's learning rates, reached after ``ramp`` steps.
        departure_weight: of the mean squared distance of the pivot from where the search began, in deviations
            of w: far out in w+, neighbours are no faces.
        locality_weight: of the locality regulariser.
        near: where on the way from the pivot to a random w the near code of each step lies, 0..1.
        window, least: see ``Plateau``.
    """

    feature_weight: float = 0.5
    w_share: float = 0.4
    w_rate: float = 0.02
    generator_rate: float = 5e-4
    ramp: int = 10
    departure_weight: float = 0.002
    locality_weight: float = 1.0
    near: float = 0.5
    window: int = 40
    least: float = 0.01


class Pivotal:
    """Optimises w+ from the encoder's start, then the synthesis network with w+ as the fixed pivot.

    The locality regulariser keeps what else the generator makes: in each step, the face of a random w and the
    face of a code between it and the pivot must look as they do with the bundle's weights.

    An earlier refinement's pivot is kept as it is, and the time is the generator's.
    """

    name = "pivotal"

    def __init__(self, networks: Networks, settings: PivotalSettings | None = None) -> None:
        self.networks, self.settings = networks, settings or PivotalSettings()
        self._sides = networks.generator.synthesis.noise_sides
        self._original = [ops.convert_to_tensor(v.value) for v in networks.synthesis_variables]
        z = np.random.default_rng(0).standard_normal((W_SAMPLES, networks.generator.config.z_dim))
        w = networks.generator.mapping(ops.convert_to_tensor(z, "float32"))
        self._w_std = ops.std(w, axis=0) + 1e-3
        self._maps = compiled(networks.likeness.maps)
        self._search, self._tune = compiled(self._searched), compiled(self._tuned)

    def begin(self, beginning: Beginning) -> State:
        return {
            "pivots": beginning.pivots,
            "pivots_adam": adam_state([beginning.pivots]),
            "generator": beginning.generator,
            "generator_adam": adam_state(beginning.generator),
            "encoder": beginning.encoder,
        }

    def phases(self, beginning: Beginning) -> Sequence[Phase]:
        settings, photographs = self.settings, beginning.photographs
        given = {"photographs": photographs, "wanted": self._maps(photographs), "start": beginning.pivots}
        searching = stepping(self._search, ("pivots", "pivots_adam", "generator"), given, stream=0)
        tuning = stepping(self._tune, ("pivots", "generator", "generator_adam"), given, stream=1)
        search = Phase("w+", settings.w_share, searching, Plateau(settings.window, settings.least))
        tune = Phase("generator", 1.0, tuning, Plateau(settings.window, settings.least))
        return [tune] if beginning.again else [search, tune]

    def pivots(self, state: State, beginning: Beginning) -> Tensor:
        return state["pivots"]

    def _rate(self, rate: float, seed: Tensor) -> Tensor:
        """Rising over the first steps, while Adam's moments are young."""
        return rate * ops.minimum(1.0, ops.cast(seed[1] + 1, "float32") / self.settings.ramp)

    def _noise(self, random: Random, count: int) -> list[Tensor]:
        """Fresh noise in each step: the face must be right with any."""
        return [random.normal((count, side, side)) for side in self._sides]

    def _likeness(self, images: Tensor, photographs: Tensor, wanted: list[Tensor]) -> Tensor:
        likeness = self.networks.likeness
        return likeness.pixel(images, photographs) + self.settings.feature_weight * likeness.feature(
            images, wanted
        )

    def _searched(self, state: State, given: State, seed: Tensor) -> tuple[State, Tensor]:
        photographs, settings = given["photographs"], self.settings
        noise = self._noise(Random(seed), photographs.shape[0])

        def loss(values: list[Tensor]) -> tuple[Tensor, None]:
            ws = for_each(values[0], photographs)
            images = self.networks.synthesised(state["generator"], ws, noise)
            departure = ops.mean(ops.square((values[0] - given["start"]) / self._w_std))
            unlike = self._likeness(images, photographs, given["wanted"])
            return unlike + settings.departure_weight * departure, None

        total, _, gradients = value_and_gradients(loss, [state["pivots"]])
        (pivots,), adam = adam_step(
            [state["pivots"]], gradients, state["pivots_adam"], rate=self._rate(settings.w_rate, seed)
        )
        return {"pivots": pivots, "pivots_adam": adam}, total

    def _tuned(self, state: State, given: State, seed: Tensor) -> tuple[State, Tensor]:
        photographs, settings, networks = given["photographs"], self.settings, self.networks
        random, count = Random(seed), photographs.shape[0]
        ws, others = for_each(state["pivots"], photographs), self._others(random, state["pivots"])
        noise = self._noise(random, count + others.shape[0])
        kept = networks.synthesised(self._original, others, [part[count:] for part in noise])
        kept_maps = networks.likeness.maps(kept)

        def loss(values: list[Tensor]) -> tuple[Tensor, Tensor]:
            images = networks.synthesised(values, ops.concatenate([ws, others]), noise)
            unlike = self._likeness(images[:count], photographs, given["wanted"])
            changed = self._likeness(images[count:], kept, kept_maps)
            return unlike + settings.locality_weight * changed, unlike

        _, unlike, gradients = value_and_gradients(loss, state["generator"])
        generator, adam = adam_step(
            state["generator"],
            gradients,
            state["generator_adam"],
            rate=self._rate(settings.generator_rate, seed),
        )
        return {"generator": generator, "generator_adam": adam}, unlike

    def _others(self, random: Random, pivots: Tensor) -> Tensor:
        """A random code, and one on the way to it from a pivot: (2, num_ws, w_dim)."""
        network = self.networks.generator
        w = network.broadcast(network.mapping(random.normal((1, network.config.z_dim))))
        which = random.integers((1,), 0, pivots.shape[0])
        pivot = ops.take(pivots, which, axis=0)
        return ops.concatenate([w, pivot + self.settings.near * (w - pivot)])
