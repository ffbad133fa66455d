"""The thesis' fine-tuning: encoder and generator in turns (§3.4.4, §3.4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import Random, compiled, value_and_gradients
from pipeline.refinement.method import Beginning, Phase, State, for_each, stepping
from pipeline.refinement.networks import Networks
from pipeline.refinement.plateau import Plateau

Tensor = Any


@dataclass(frozen=True)
class AlternatingSettings:
    """The schedule.

    Attributes:
        encoder_steps: the encoder's steps to each one of the generator.
        feature_weight: of the feature loss in the encoder's steps; the generator's have pixels alone.
        encoder_rate, generator_rate: Adam's learning rates.
        window, least: see ``Plateau``.
    """

    encoder_steps: int = 75
    feature_weight: float = 0.5
    encoder_rate: float = 1e-4
    generator_rate: float = 2e-3
    window: int = 152
    least: float = 0.01


class Alternating:
    """Overfits the encoder to the photograph and, now and then, lets the generator come to meet it.

    The pivot is what the encoder says of the photograph; of several photographs of the same person, the mean.
    The normalisation layers use the statistics that they were trained to, as they do afterwards.
    """

    name = "alternating"

    def __init__(self, networks: Networks, settings: AlternatingSettings | None = None) -> None:
        self.networks, self.settings = networks, settings or AlternatingSettings()
        self._sides = networks.generator.synthesis.noise_sides
        self._maps = compiled(networks.likeness.maps)
        self._encode = compiled(self._encoded)
        self._encoder, self._generator = compiled(self._encoder_step), compiled(self._generator_step)

    def begin(self, beginning: Beginning) -> State:
        return {
            "generator": beginning.generator,
            "encoder": beginning.encoder,
            "encoder_adam": adam_state(beginning.encoder),
            "generator_adam": adam_state(beginning.generator),
        }

    def phases(self, beginning: Beginning) -> Sequence[Phase]:
        photographs, last_of_turn = beginning.photographs, self.settings.encoder_steps
        given = {"photographs": photographs, "wanted": self._maps(photographs), "start": beginning.pivots}
        weights = ("encoder", "generator")
        encoder = stepping(self._encoder, (*weights, "encoder_adam"), given, stream=2)
        generator = stepping(self._generator, (*weights, "generator_adam"), given, stream=2)

        def advance(state: State, number: int) -> tuple[State, float]:
            return (generator if number % (last_of_turn + 1) == last_of_turn else encoder)(state, number)

        plateau = Plateau(self.settings.window, self.settings.least)
        return [Phase("in turns", 1.0, advance, plateau, first_of_kind=(0, last_of_turn))]

    def pivots(self, state: State, beginning: Beginning) -> Tensor:
        return self._encode(state["encoder"], beginning.pivots, beginning.photographs)

    def _encoded(self, encoder: list[Tensor], pivots: Tensor, photographs: Tensor) -> Tensor:
        """As many pivots as ``pivots`` has."""
        found = self.networks.encoded(encoder, photographs)["w_plus"]
        alone = pivots.shape[0] == photographs.shape[0]
        return found if alone else ops.mean(found, axis=0, keepdims=True)

    def _noise(self, seed: Tensor, count: int) -> list[Tensor]:
        random = Random(seed)
        return [random.normal((count, side, side)) for side in self._sides]

    def _encoder_step(self, state: State, given: State, seed: Tensor) -> tuple[State, Tensor]:
        networks, settings, photographs = self.networks, self.settings, given["photographs"]
        noise = self._noise(seed, photographs.shape[0])

        def loss(values: list[Tensor]) -> tuple[Tensor, None]:
            ws = for_each(self._encoded(values, given["start"], photographs), photographs)
            images = networks.synthesised(state["generator"], ws, noise)
            feature = networks.likeness.feature(images, given["wanted"])
            return networks.likeness.pixel(images, photographs) + settings.feature_weight * feature, None

        unlike, _, gradients = value_and_gradients(loss, state["encoder"])
        encoder, adam = adam_step(
            state["encoder"], gradients, state["encoder_adam"], rate=settings.encoder_rate
        )
        return {"encoder": encoder, "encoder_adam": adam}, unlike

    def _generator_step(self, state: State, given: State, seed: Tensor) -> tuple[State, Tensor]:
        photographs = given["photographs"]
        ws = for_each(self._encoded(state["encoder"], given["start"], photographs), photographs)
        noise = self._noise(seed, photographs.shape[0])

        def loss(values: list[Tensor]) -> tuple[Tensor, None]:
            images = self.networks.synthesised(values, ws, noise)
            return self.networks.likeness.pixel(images, photographs), None

        unlike, _, gradients = value_and_gradients(loss, state["generator"])
        generator, adam = adam_step(
            state["generator"], gradients, state["generator_adam"], rate=self.settings.generator_rate
        )
        return {"generator": generator, "generator_adam": adam}, unlike
