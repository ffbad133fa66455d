"""One update from anchors, as a pure function of (state, pictures, seed)."""

from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import Random, value_and_gradients, with_weights
from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors.coder import Coder
from pipeline.training.anchors.config import AnchorTraining
from pipeline.training.anchors.pictures import Seeing
from pipeline.training.stylegan2.anchors import anchor_loss, other_person

Tensor = Any
State = dict[str, Any]


class AnchorSteps:
    """The update of one run.

    Args:
        config: the schedule.
        generator, coder: give the functions; their variables are read only for the initial state.
        scale: mean and deviation float32 (w_dim,): w = mean + deviation * code.
        seeing: what pictures are compared through.

    Raises:
        ValueError: identity_weight without a face embedder.
    """

    def __init__(
        self,
        config: AnchorTraining,
        generator: Generator,
        coder: Coder,
        scale: tuple[np.ndarray, np.ndarray],
        seeing: Seeing,
    ) -> None:
        if config.identity_weight and seeing.embed is None:
            raise ValueError("identity_weight needs a face embedder.")
        self.config, self.generator, self.coder, self.seeing = config, generator, coder, seeing
        self.mean, self.deviation = (ops.convert_to_tensor(part, "float32") for part in scale)

    def initial_state(self) -> State:
        """Weights as they are, averages equal to them, the optimiser at rest."""
        values = {
            "synthesis": [
                ops.convert_to_tensor(v.value) for v in self.generator.synthesis.trainable_variables
            ],
            "coder": [ops.convert_to_tensor(v.value) for v in self.coder.trainable_variables],
        }
        average = [ops.copy(v) for v in values["synthesis"] + values["coder"]]
        learned = self.config.learning(values["synthesis"], values["coder"])
        return {**values, "average": average, "adam": adam_state(learned)}

    def weights(self, synthesis: list[Tensor], coder: list[Tensor]) -> Any:
        """Scope in which both networks have these weights."""
        return with_weights((self.generator.synthesis, synthesis), (self.coder, coder))

    def w(self, seen: Tensor, noise: Tensor | float = 0.0) -> Tensor:
        """w (n, w_dim) of what is seen of pictures (n, components)."""
        return self.mean + self.deviation * (self.coder(seen) + noise)

    def images(self, w: Tensor, noise: Any = "const") -> Tensor:
        """Pictures float32 (n, side, side, 3) made from w (n, w_dim)."""
        return ops.cast(self.generator.synthesis(self.generator.broadcast(w), noise=noise), "float32")

    def update(
        self, state: State, shown: tuple[Tensor, Tensor], pace: tuple[Tensor, Tensor], seed: Tensor
    ) -> tuple[State, dict[str, Tensor]]:
        """Learn to make pictures from what is seen of them.

        The figures are the anchors' loss and, where identities count, 1 - the cosine (``other_person``).

        Args:
            shown: pictures float32 (n, side, side, 3), and what is seen of them (n, components).
            pace: Adam's rate, and the share of the averages that is kept.
        """
        (pictures, seen), (rate, beta) = shown, pace
        random, count = Random(seed), len(state["synthesis"])
        learned = self.config.learning(state["synthesis"], state["coder"])
        held = [] if self.config.synthesis_learns else state["synthesis"]

        def loss(values: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
            values = [*held, *values]
            with self.weights(values[:count], values[count:]):
                w = self.w(
                    seen, self.config.code_noise * random.normal((seen.shape[0], self.coder.out.units))
                )
                noise = [random.normal((seen.shape[0], s, s)) for s in self.generator.synthesis.noise_sides]
                return self.missed(self.images(w, noise), pictures)

        _, figures, gradients = value_and_gradients(loss, learned)
        learned, moments = adam_step(learned, gradients, state["adam"], rate=rate, beta2=0.99)
        values = [*held, *learned]
        average = [v + beta * (a - v) for v, a in zip(values, state["average"], strict=True)]
        new = {"synthesis": values[:count], "coder": values[count:], "average": average, "adam": moments}
        return new, figures

    def missed(self, made: Tensor, pictures: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """How far pictures made are from those wanted: the loss, and its parts."""
        loss = anchor_loss(made, pictures, self.seeing.look, self.config.pixel_weight)
        figures = {"anchors": loss}
        if self.seeing.embed is not None and self.config.identity_weight:
            figures["other_person"] = other_person(made, pictures, self.seeing.embed)
            loss = loss + self.config.identity_weight * figures["other_person"]
        return loss, figures
