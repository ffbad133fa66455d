"""From photographs to a refinement."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.networks.backend import compiled
from pipeline.refinement.alternating import Alternating
from pipeline.refinement.callbacks import Callbacks
from pipeline.refinement.method import Beginning, Method, State, for_each
from pipeline.refinement.networks import Networks, changed_weights
from pipeline.refinement.pivotal import Pivotal
from pipeline.refinement.refinement import DEFAULT_METHOD, Notes, Refinement, RefinementError
from pipeline.refinement.running import Kind, Running
from pipeline.refinement.time_limit import TimeLimit

Tensor = Any
METHODS: Final[Mapping[str, Callable[[Networks], Method]]] = MappingProxyType(
    {Pivotal.name: Pivotal, Alternating.name: Alternating}
)


class Refiner:
    """Refines a bundle's networks for photographs; steps are traced once, however often it is used.

    Args:
        networks: the bundle's; never changed.
    """

    def __init__(self, networks: Networks) -> None:
        self.networks = networks
        self._rehearsed: set[Kind] = set()
        self._methods: dict[str, Method] = {}
        self._encode = compiled(lambda images: networks.encoder(images, training=False)["w_plus"])
        self._look = compiled(self._looked)

    def refine(
        self,
        crops: np.ndarray,
        *,
        limit: TimeLimit,
        method: str = DEFAULT_METHOD,
        same_person: bool = False,
        start: Refinement | None = None,
        callbacks: Callbacks | None = None,
    ) -> Refinement:
        """Make the generator show the people of ``crops``, uint8 (k, r, r, 3).

        Args:
            limit: the time, which runs since that was made. It is kept if it is longer than what
                is traced first takes, once a process.
            method: a name of ``METHODS``.
            same_person: the photographs show one person, who gets one pivot.
            start: an earlier refinement of the same photographs, to go on from.
            callbacks: how the caller follows and ends it.

        Returns:
            What was reached; what it began with, if nothing better was found in the time.

        Raises:
            RefinementError: ``start`` is of another bundle, another method or another number of pivots.
            Stopped: ``stopped()`` turned true.
        """
        callbacks = callbacks or Callbacks()
        chosen, photographs = self._method(method), self._photographs(crops)
        beginning = self._beginning(photographs, method, same_person=same_person, start=start)

        def show(state: State) -> None:
            self._show(chosen, state, beginning, limit, callbacks)

        first = chosen.begin(beginning)
        before = self._losses(chosen, first, beginning)
        kind = (method, len(photographs), len(beginning.pivots))
        running = Running(limit, callbacks, self._rehearsed, kind, show)
        course = running.through(chosen.phases(beginning), first)
        state, after = course.state, self._losses(chosen, course.state, beginning)
        if sum(after.values()) >= sum(before.values()):
            state, after = first, before
        pivots = ops.convert_to_numpy(chosen.pivots(state, beginning))
        refinement = Refinement.of(
            generator=changed_weights(self.networks.synthesis_variables, state["generator"]),
            encoder=changed_weights(self.networks.encoder_variables, state["encoder"]),
            pivots=pivots,
            notes=Notes(
                bundle=self.networks.digest,
                method=method,
                photographs=len(photographs),
                same_person=same_person,
                seconds=round(limit.elapsed, 3),
                ended=course.ended,
                steps=course.steps,
                before=before,
                after=after,
                started_from=start.digest if start else None,
            ),
        )
        callbacks.report(1.0)
        return refinement

    def _method(self, name: str) -> Method:
        if name not in METHODS:
            raise ValueError(f"there is no method {name}; there are {', '.join(METHODS)}")
        if name not in self._methods:
            self._methods[name] = METHODS[name](self.networks)
        return self._methods[name]

    def _photographs(self, crops: np.ndarray) -> Tensor:
        side = self.networks.generator.config.resolution
        if crops.dtype != np.uint8 or crops.shape[1:] != (side, side, 3) or not len(crops):
            raise ValueError(f"crops are uint8 (k, {side}, {side}, 3), not {crops.dtype} {crops.shape}")
        return ops.convert_to_tensor(crops.astype(np.float32) / np.float32(127.5) - np.float32(1.0))

    def _beginning(
        self, photographs: Tensor, method: str, *, same_person: bool, start: Refinement | None
    ) -> Beginning:
        networks, people = self.networks, 1 if same_person else len(photographs)
        changed: tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]] = ({}, {})
        if start is None:
            found = self._encode(photographs)
            pivots = ops.mean(found, axis=0, keepdims=True) if same_person else found
        else:
            start.made_for(networks.digest)
            if start.notes.method != method:
                raise RefinementError(
                    f"the refinement was made by the method {start.notes.method}, not {method}"
                )
            config = networks.generator.config
            if start.pivots.shape != (people, config.num_ws, config.w_dim):
                raise RefinementError(f"the refinement has {len(start.pivots)} pivots for {people} people")
            pivots, changed = ops.convert_to_tensor(start.pivots), (start.generator, start.encoder)
        return Beginning(
            photographs=photographs,
            pivots=pivots,
            generator=networks.tuned(changed[0], networks.synthesis_variables),
            encoder=networks.tuned(changed[1], networks.encoder_variables),
            again=start is not None,
        )

    def _looked(self, generator: list[Tensor], pivots: Tensor, photographs: Tensor) -> dict[str, Tensor]:
        networks, likeness = self.networks, self.networks.likeness
        images = networks.synthesised(generator, for_each(pivots, photographs), "none")
        feature = likeness.feature(images, likeness.maps(photographs))
        return {"images": images, "pixel": likeness.pixel(images, photographs), "feature": feature}

    def _losses(self, method: Method, state: State, beginning: Beginning) -> dict[str, float]:
        looked = self._look(state["generator"], method.pivots(state, beginning), beginning.photographs)
        return {name: float(looked[name]) for name in ("pixel", "feature")}

    def _show(
        self, method: Method, state: State, beginning: Beginning, limit: TimeLimit, callbacks: Callbacks
    ) -> None:
        began = limit.elapsed
        looked = self._look(state["generator"], method.pivots(state, beginning), beginning.photographs)
        image = np.asarray(ops.convert_to_numpy(looked["images"]))[0]
        # The same is done once more at the end.
        limit.ending_takes(limit.elapsed - began)
        if callbacks.preview is not None:
            callbacks.preview(np.clip(np.round((image + 1.0) * 127.5), 0, 255).astype(np.uint8))
