"""What a method of refinement is: phases of steps on a state of tensors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from keras import ops

from pipeline.refinement.plateau import Plateau

Tensor = Any
State = dict[str, Any]
"""Tensors, or lists and dictionaries of them; of every method, the weights ``generator`` and ``encoder``."""
Step = Callable[[State, State, Tensor], tuple[State, Tensor]]
"""Takes parts of the state, what is given from outside, and a seed int32 (2,), whose second number is that of
the step. Returns the parts that changed, and the loss. Pure, to be compiled."""


Advance = Callable[[State, int], tuple[State, float]]


@dataclass(frozen=True)
class Beginning:
    """Where a refinement begins.

    Attributes:
        photographs: float32 (k, r, r, 3) in [-1, 1].
        pivots: float32 (p, num_ws, w_dim), p = k photographs, or 1 for k of the same person.
        generator, encoder: weights as in ``Networks``: the bundle's, or those of an earlier refinement.
        again: whether they are those of an earlier refinement.
    """

    photographs: Tensor
    pivots: Tensor
    generator: list[Tensor]
    encoder: list[Tensor]
    again: bool


@dataclass(frozen=True)
class Phase:
    """Steps towards one end, of one kind or of several in turns.

    Attributes:
        name: for the notes.
        until: share of the time limit at which it is over at the latest.
        advance: takes the state and the number of the step; returns the next state and the loss that should
            fall.
        plateau: says when that does not fall any more.
        first_of_kind: the number of the first step of each kind. A step of a new kind is traced, and takes
            long.
    """

    name: str
    until: float
    advance: Advance
    plateau: Plateau
    first_of_kind: tuple[int, ...] = (0,)


class Method(Protocol):
    """A way to make a bundle's networks show one person."""

    @property
    def name(self) -> str:
        """How it is asked for."""
        ...

    def begin(self, beginning: Beginning) -> State:
        """The state before the first step."""
        ...

    def phases(self, beginning: Beginning) -> Sequence[Phase]:
        """What is done, in order."""
        ...

    def pivots(self, state: State, beginning: Beginning) -> Tensor:
        """Where the photographs are in w+ now: float32 (p, num_ws, w_dim)."""
        ...


def for_each(pivots: Tensor, photographs: Tensor) -> Tensor:
    """A pivot for each photograph: (k, num_ws, w_dim) of (k or 1, num_ws, w_dim)."""
    return ops.broadcast_to(pivots, (photographs.shape[0], *pivots.shape[1:]))


def stepping(step: Step, parts: Sequence[str], given: State, *, stream: int) -> Advance:
    """Make ``Phase.advance`` of a compiled step that reads some ``parts`` of the state.

    Args:
        stream: the first number of each seed; phases with the same one draw the same numbers.
    """

    def advance(state: State, number: int) -> tuple[State, float]:
        seed = ops.convert_to_tensor([stream, number], "int32")
        changed, loss = step({name: state[name] for name in parts}, given, seed)
        return {**state, **changed}, float(loss)

    return advance
