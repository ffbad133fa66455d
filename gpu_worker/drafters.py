"""The models of one source, loaded once, as a function that drafts one lineup after another."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from gpu_worker.drafting import Draft, Input, Unusable, draft
from gpu_worker.refused import BadPhotograph, Refused
from gpu_worker.stopwatch import Stopwatch
from lineups.sources import Source
from pipeline.faces.detector import MTCNNDetector
from pipeline.fillers import CannotLock, TooFewFaces
from pipeline.serving.runtimes import Runtime


@dataclass(frozen=True, slots=True)
class Wishes:
    """What every lineup is to be like: see :func:`gpu_worker.drafting.draft`.

    Attributes:
        uneven: of a gallery, why the pictures are left as they are; None: they are evened out.
    """

    fillers: int
    seed: int
    locks: Sequence[str] | None = None
    uneven: str | None = None


class Drafter(Protocol):
    """Drafts the lineup of a photograph, or of what lies between two."""

    def __call__(
        self,
        photo: Input,
        second: Input | None = None,
        *,
        watch: Stopwatch,
        report: Callable[[float], None],
    ) -> Draft:
        """Draft.

        Args:
            watch: times the stages; that of loading takes its time with the first face alone.
            report: told the finished fraction of the stage generate.

        Raises:
            BadPhotograph: there is no lineup of this one.
            Refused: there is none of any.
        """
        ...


def drafter_of(
    source: Source, wishes: Wishes, *, bundle: Path, gallery: Path | None, runtime: Runtime = "auto"
) -> Drafter:
    """A drafter with the bundle or the gallery. The detector is there at once, the rest with the first face.

    Args:
        runtime: what runs the bundle's networks.

    Raises:
        Refused: no gallery is named.
    """
    if source is Source.GALLERY:
        return _of_gallery(gallery, wishes)
    return _of_generator(bundle, wishes, runtime)


def _of_gallery(folder: Path | None, wishes: Wishes) -> Drafter:
    from gpu_worker.engine.opening import GalleryError, ReadingError, open_gallery
    from gpu_worker.gallery_drafting import draft_from_gallery
    from pipeline.faces.blazeface import BlazeFaceDetector

    if folder is None:
        raise Refused("--source: No folder of a gallery is named. Name one by LIGAN_GALLERY.")
    detector, load = BlazeFaceDetector(), cache(lambda: open_gallery(folder))

    def drafted(
        photo: Input, second: Input | None = None, *, watch: Stopwatch, report: Callable[[float], None]
    ) -> Draft:
        try:
            with _refusals(photo, second):
                return draft_from_gallery(
                    photo, second, fillers=wishes.fillers, seed=wishes.seed, locks=wishes.locks,
                    uneven=wishes.uneven, detector=detector, load=load, watch=watch, report=report,
                )  # fmt: skip
        except (GalleryError, ReadingError) as error:
            raise Refused(f"The gallery {folder} cannot be used: {error}", status=1) from error

    return drafted


def _of_generator(bundle: Path, wishes: Wishes, runtime: Runtime) -> Drafter:
    from gpu_worker.engine import BundleError, Engine

    detector, load = MTCNNDetector(), cache(lambda: Engine.load(bundle, runtime))

    def drafted(
        photo: Input, second: Input | None = None, *, watch: Stopwatch, report: Callable[[float], None]
    ) -> Draft:
        try:
            with _refusals(photo, second):
                return draft(
                    photo, second, fillers=wishes.fillers, seed=wishes.seed, locks=wishes.locks,
                    detector=detector, load=load, watch=watch, report=report,
                )  # fmt: skip
        except BundleError as error:
            raise Refused(f"The bundle {bundle} cannot be used: {error}", status=1) from error

    return drafted


@contextmanager
def _refusals(photo: Input, second: Input | None) -> Iterator[None]:
    """Say of what drafting refuses whether it is this photograph's fault."""
    try:
        yield
    except Unusable as error:
        raise BadPhotograph(error.name, error.reason) from error
    except CannotLock as error:
        raise Refused(f"--locks: {error}") from error
    except TooFewFaces as error:
        fewer = "" if second else " Hold them to less by --locks, or to nothing by --locks none."
        raise BadPhotograph(photo.name, f"{error}{fewer}", status=1) from error
