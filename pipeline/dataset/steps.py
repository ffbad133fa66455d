"""Steps of the dataset pipeline as data: what is done to photos, the same for every executor.

Three kinds (thesis, Listings 1 and 2) and one more:

- ``filter``: ``function(photo, **arguments) -> bool``; False drops the photo.
- ``apply``: ``function(photo, **arguments) -> Photo | Rejected``.
- ``window``: ``function(photos, **arguments) -> bool``; the last photo of the window is judged, those before
  it are the last ones that were kept.
- ``set``: as a window that reaches back to the first photo.

Filters and applications look at one photo at a time, so that they may run anywhere and in any order. Windows
and sets are done in two parts: what is computed from each photo alone (embeddings) is as free as they are;
the judging is cheap and goes through the photos in their order: a ``Judge``.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, Final, Generic, Literal, ParamSpec, Protocol, TypeAlias

from pipeline.faces import Photo

Kind: TypeAlias = Literal["load", "filter", "apply", "window", "set"]
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A photo that goes no further. ``reason`` is one line: a sentence, or the filter that dropped it."""

    reason: str


Outcome: TypeAlias = Photo | Rejected


class Judge(Protocol):
    """Decides about photos one after another, each in view of those kept before it.

    The photos must have been through ``Step.each``. Only what that added to them is remembered: a photo that
    is given to ``remember`` need not have its pixels any more.
    """

    def judge(self, photos: Sequence[Photo]) -> list[bool]:
        """Say of each photo whether it is kept; the next call goes on from there."""
        ...

    def remember(self, photos: Sequence[Photo]) -> None:
        """Take photos for kept that were judged elsewhere: in the part of the data before this one."""
        ...


@dataclass(frozen=True)
class BatchFunction(Generic[P]):
    """A function of one photo that is cheaper for many at once (detection, say).

    Attributes:
        name: the function's.
        run_batch: takes photos and the arguments, gives one outcome for each, whatever the others are.
    """

    name: str
    run_batch: Callable[Concatenate[Sequence[Photo], P], list[Outcome]]

    def __call__(self, photo: Photo, *args: P.args, **kwargs: P.kwargs) -> Outcome:
        """One photo, as a batch of one."""
        return self.run_batch([photo], *args, **kwargs)[0]


@dataclass(frozen=True)
class WindowFunction(Generic[P]):
    """A function of consecutive photos, in two parts.

    Attributes:
        name: the function's.
        prepare: adds to each photo by itself what the decision needs.
        decide: whether the last of these prepared photos is kept, given those kept before it.
    """

    name: str
    prepare: Callable[[Sequence[Photo]], list[Photo]]
    decide: Callable[Concatenate[Sequence[Photo], P], bool]

    def __call__(self, photos: Sequence[Photo], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Both parts for one window."""
        return self.decide(self.prepare(photos), *args, **kwargs)


@dataclass(frozen=True)
class SetFunction(Generic[P]):
    """A function of all photos up to one, in two parts.

    Attributes:
        name: the function's.
        prepare: adds to each photo by itself what the decision needs.
        judge: makes, of the arguments, a ``judges.Judge`` who has seen nothing yet.
    """

    name: str
    prepare: Callable[[Sequence[Photo]], list[Photo]]
    judge: Callable[P, Judge]


NAMED: Final = (BatchFunction, WindowFunction, SetFunction)


@dataclass(frozen=True)
class Step:
    """One step, picklable.

    Attributes:
        kind: see the module.
        function: what is done: a function, or one of ``NAMED``.
        arguments: its keyword arguments.
        window_size: photos in a window, the judged one included; 0 for other kinds.
    """

    kind: Kind
    function: Any
    arguments: Mapping[str, Any] = field(default_factory=dict)
    window_size: int = 0

    @property
    def name(self) -> str:
        """The function's name: ``size_filter``."""
        function = self.function
        return str(function.name if isinstance(function, NAMED) else getattr(function, "__name__", function))

    @property
    def all_arguments(self) -> dict[str, Any]:
        """Its arguments, a window's size among them."""
        size = {"window_size": self.window_size} if self.window_size else {}
        return {**size, **self.arguments}

    @property
    def ordered(self) -> bool:
        """Whether photos must come in their order."""
        return self.kind in {"window", "set"}

    @property
    def batched(self) -> bool:
        """Whether a part of it is cheaper for many photos at once."""
        return isinstance(self.function, NAMED)

    def each(self, photos: Sequence[Photo]) -> list[Outcome]:
        """Do what looks at each photo by itself: all of a filter or an application, the first part of others.

        Returns:
            One outcome for each photo: the photo to go on with, or why it does not.
        """
        match self.kind, self.function:
            case "apply", BatchFunction() as function:
                return function.run_batch(photos, **self.arguments)
            case "apply", function:
                return [function(photo, **self.arguments) for photo in photos]
            case "filter", function:
                return [
                    photo if function(photo, **self.arguments) else Rejected(str(self)) for photo in photos
                ]
            case _, (WindowFunction() | SetFunction()) as function:
                return list(function.prepare(photos))
        return list(photos)

    def judge(self) -> Judge:
        """A judge for this ordered step who has seen nothing yet."""
        if isinstance(self.function, SetFunction):
            return self.function.judge(**self.arguments)
        return WindowJudge(self)

    def __str__(self) -> str:
        """The step as one would write it: ``size_filter(min_size=256)``."""
        arguments = (f"{name}={value!r}" for name, value in self.all_arguments.items())
        return f"{self.name}({', '.join(arguments)})"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a step made of a photo.

    Attributes:
        step: the step.
        source: the photo's stable name.
        photo: as it was before the step, None where there is none (it could not be read).
        kept: whether it goes on.
        reason: why not, in one line; empty if it was kept.
    """

    step: Step
    source: str
    photo: Photo | None
    kept: bool
    reason: str = ""


Observer: TypeAlias = Callable[[Judgement], None]


class WindowJudge:
    """Shows a step's function a window: the last photos that were kept, and the one to be judged."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._kept: deque[Photo] = deque(maxlen=step.window_size - 1)

    def judge(self, photos: Sequence[Photo]) -> list[bool]:
        verdicts = []
        for photo in photos:
            kept = not self._kept or self._decide([*self._kept, photo])
            if kept:
                self._kept.append(photo)
            verdicts.append(kept)
        return verdicts

    def remember(self, photos: Sequence[Photo]) -> None:
        """See ``Judge``; only the last ``window_size - 1`` matter."""
        self._kept.extend(photos)

    def _decide(self, window: list[Photo]) -> bool:
        function: Any = self._step.function
        decide = function.decide if isinstance(function, WindowFunction) else function
        return bool(decide(window, **self._step.arguments))
