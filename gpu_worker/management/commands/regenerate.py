"""``manage.py regenerate``: make a face again from its recipe, and say whether it is the same."""

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from gpu_worker.lease import Unworkable
from gpu_worker.quiet import quiet_libraries
from gpu_worker.refused import Refused
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.models import Face, FaceKind
from lineups.services import faces
from lineups.sources import Source

if TYPE_CHECKING:
    from gpu_worker.regenerating import Again


class Command(BaseCommand):
    """Exit 0: the same pixels, or within one grey level; 1: another picture; 2: it cannot be compared."""

    help = (
        "Make FACE again from its recipe (bundle, refinement, latent, noise seed) and compare it with the "
        "picture that was kept. The act is recorded in the audit trail."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("face", metavar="FACE", help="id of the face")
        parser.add_argument("--json", action="store_true", help="print the comparison as JSON")
        parser.add_argument("--out", metavar="PNG", type=Path, help="write the face as it came out now")

    def handle(self, **options: Any) -> None:
        try:
            out = writable(options["out"])
            face = found(options["face"])
            again = compared(face)
            if out is not None:
                write(out, again)
        except Refused as refusal:
            self.stderr.write(f"error: {refusal}")
            raise SystemExit(refusal.status) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(as_json(face, again)))
        else:
            self.stdout.write(f"{face.pk}: {words(again)}")
        if again.verdict == "different":
            raise SystemExit(1)


def found(name: str) -> Face:
    """The face of this id, if there is one that can be made again."""
    try:
        face = selectors.face_to_make_again(UUID(name))
    except ValueError as error:
        raise Refused(f"{name}: This is not the id of a face.") from error
    except NotFound as error:
        raise Refused(f"{name}: There is no such face.") from error
    if face.kind != FaceKind.SYNTHETIC:
        raise Refused(f"{name}: This face was cut out of a photograph: no recipe makes it again.")
    return face


def compared(face: Face) -> "Again":
    """Make ``face`` again and note that it was done, and how it went."""
    with quiet_libraries(Refused):
        if face.source == Source.GALLERY:
            return _noted(face, lambda: _composed(face))
        from gpu_worker.engine import BundleError, Engine
        from gpu_worker.regenerating import make_again, runtime_for

        try:
            engine = Engine.load(settings.LIGAN_BUNDLE, runtime_for(face))
        except BundleError as error:
            raise Refused(f"The bundle {settings.LIGAN_BUNDLE} cannot be used: {error}") from error
        return _noted(face, lambda: make_again(face, engine))


def _composed(face: Face) -> "Again":
    """A face of the gallery, again."""
    from gpu_worker.engine.opening import GalleryError, ReadingError, open_gallery
    from gpu_worker.regenerating import compose_again

    folder = settings.LIGAN_GALLERY
    if folder is None:
        raise Refused(f"{face.pk}: This face is of a gallery. Name its folder by LIGAN_GALLERY.")
    try:
        engine = open_gallery(folder)
    except (GalleryError, ReadingError) as error:
        raise Refused(f"The gallery {folder} cannot be used: {error}") from error
    return compose_again(face, engine)


def _noted(face: Face, make: "Callable[[], Again]") -> "Again":
    """What ``make`` makes, noted in the trail, as is why nothing can be made."""
    try:
        again = make()
    except Unworkable as error:
        faces.regenerated(face, verdict=error.code, same=False, operator=getpass.getuser())
        raise Refused(f"{face.pk}: {error}") from error
    same = again.verdict != "different"
    faces.regenerated(face, verdict=again.verdict, same=same, operator=getpass.getuser())
    return again


def writable(out: Path | None) -> Path | None:
    """``out``, if there is a folder for it."""
    if out is not None and (not out.parent.is_dir() or out.is_dir()):
        raise Refused(f"--out {out}: There is no folder for this file.")
    return out


def write(out: Path, again: "Again") -> None:
    """Write the face as it came out now."""
    try:
        out.write_bytes(png.encode(again.image))
    except OSError as error:
        raise Refused(f"--out {out}: The file cannot be written ({error.strerror}).") from error


def words(again: "Again") -> str:
    """The comparison in one sentence."""
    beside = f" ({arithmetics(again)})" if again.largest and not again.comparable else ""
    if again.verdict == "different":
        return f"different: {again.pixels} pixels differ, by up to {again.largest} grey levels{beside}."
    if again.largest:
        return f"{again.verdict}: {again.pixels} pixels differ, by up to {again.largest}{beside}."
    return f"{again.verdict}."


def arithmetics(again: "Again") -> str:
    """What computed the face before, and now."""
    before = again.before or "an arithmetic that its recipe does not name"
    return f"made by {before}; compared by {again.now}, which rounds otherwise"


def as_json(face: Face, again: "Again") -> dict[str, Any]:
    """The comparison as the command prints it."""
    return {
        "face": str(face.pk),
        "verdict": again.verdict,
        "largest_difference": again.largest,
        "pixels": again.pixels,
        "bundle": face.parsed_recipe.bundle,
        "refinement": face.parsed_recipe.refinement,
        "arithmetic": {"before": again.before, "now": again.now},
        "sha256": face.sha256,
    }
