"""A gallery from a folder, with everything that searching and composing it needs. Without Keras."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from gpu_worker.engine.gallery_engine import GalleryEngine
from pipeline.faces.head import Head
from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.changing import changed
from pipeline.gallery.flaws import flaw_probe
from pipeline.gallery.judging import Judge
from pipeline.gallery.kinship import MeasuredKinship
from pipeline.gallery.mixing import mixed
from pipeline.identity import FaceIdentity
from pipeline.identity.crops import identity_crop
from pipeline.reading import Reader, ReadingError

__all__ = ["GalleryError", "ReadingError", "open_gallery"]


def open_gallery(folder: Path) -> GalleryEngine:
    """Open a gallery, check its digests, and load what says who somebody is and what they look like.

    From then on NumPy multiplies matrices in one thread in this process.

    Raises:
        GalleryError: with one sentence about what is wrong.
        GraphError, ReadingError: what ships beside it cannot be used.
    """
    # OpenBLAS' threads wait for one another in loops while faces are composed in as many threads as there are
    # cores: a page took half as long again, and nearly twice the processor's time (docs/dev/performance.md).
    threadpool_limits(1, user_api="blas")
    gallery, identity = Gallery.open(folder), FaceIdentity.load()
    reader = Reader.load(identity=identity)
    judge = Judge(identity, reader, flaw_probe())
    return GalleryEngine(
        gallery,
        blend=mixed,
        embed=lambda heads: embedded(identity, heads),
        read=judge.read,
        realism=judge.realism,
        change=changed,
        kinship=MeasuredKinship(gallery),
        reliability=reader.reliability,
    )


def embedded(identity: FaceIdentity, heads: Sequence[Head]) -> npt.NDArray[np.float32]:
    """Who heads are: float32 (n, 1024), unit length."""
    return identity.embed(np.stack([identity_crop(head.image, head.landmarks) for head in heads]))
