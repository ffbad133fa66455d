"""A gallery of the six blends of the tests: real faces of nobody, who they are and what is read of them."""

from collections.abc import Iterator
from pathlib import Path

from gpu_worker.engine.opening import embedded
from pipeline.faces.head import Head
from pipeline.faces.scene import Scene
from pipeline.gallery import About, GalleryFace, GalleryWriter, Portion
from pipeline.gallery.blending.traits import traits_of
from pipeline.gallery.measures import NAMES, measures_of
from pipeline.gallery.pictures import decode_picture, encode_picture
from pipeline.identity import FaceIdentity
from pipeline.reading import Reader
from tests.pipeline.faces import blends

ABOUT = About(
    licence="CC0-1.0", provenance="The blends of the tests.", wall=(200, 203, 206), measures=NAMES,
    garment={"garment": "gown"},
)  # fmt: skip


def faces() -> Iterator[GalleryFace]:
    """The blends of the tests, described as they are read."""
    identity, reader = FaceIdentity.load(), Reader.load()
    for number, name in enumerate(blends.NAMES):
        plain = blends.head(name)
        said = reader.read(plain).description.to_dict()
        shown = Scene.of({"wall": list(ABOUT.wall), **ABOUT.garment}).around(plain)
        image = decode_picture(encode_picture(shown.image, ABOUT.picture_quality))
        kept = Head(image, shown.landmarks, shown.alpha)
        beard = "full" if said["beard"]["value"] else "none"
        yield GalleryFace(
            kept, embedded(identity, [kept])[0], said, (Portion(number, 0.5),), number,
            measures=measures_of(traits_of(kept), age=40.0, beard=beard),
        )  # fmt: skip


def gallery_of_blends(folder: Path) -> Path:
    """Write them into ``folder``."""
    GalleryWriter(ABOUT).write(folder, faces())
    return folder
