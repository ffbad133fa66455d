"""A snapshot's file: what it is, and the networks in it."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.interchange import snapshot, tensorflow_pickles
from pipeline.interchange.networks import Published, discriminator_config, generator_config
from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.pickles.unpickler import Table, Unreadable, unpickled

# The published network of 1024 px takes 0.4 GB; the file is held in memory as it is read.
LARGEST_FILE: Final = 4 * 2**30
TABLE: Final[Table] = {**snapshot.TABLE, **tensorflow_pickles.TABLE}

OTHER_FILES: Final = (
    (b"PK", "a zip archive (a checkpoint written by torch.save, perhaps)"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8", "a picture"),
    (b"<", "a web page or XML; the download went wrong"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What LiGAN takes from a snapshot.

    Attributes:
        sha256: of the file's bytes, hexadecimal.
        kind: which implementation wrote it.
        generator: the averaged generator (G_ema, or Gs), with its sizes.
        discriminator: with its sizes, or None.
        left_out: why there is no discriminator, in one sentence, or None.
    """

    sha256: str
    kind: str
    generator: Published
    generator_config: StyleGAN2Config
    discriminator: Published | None
    discriminator_config: StyleGAN2Config | None
    left_out: str | None


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot of the published PyTorch or TensorFlow code; nothing in it is run.

    Raises:
        Unreadable: it is none, or of a network that ours cannot be, with one sentence about why.
    """
    data = bytes_of(path)
    stream = io.BytesIO(data)
    content = unpickled(stream, TABLE)
    if stream.tell() != len(data):
        raise Unreadable("something follows the pickle in the file")
    sha256 = hashlib.sha256(data).hexdigest()
    read_discriminator: Callable[[Any], Published]
    match content:
        case {"G_ema": averaged, **others}:
            kind = "PyTorch"
            generator, other = snapshot.generator(averaged), others.get("D")
            read_discriminator = snapshot.discriminator
        case (tensorflow_pickles.Network(), tensorflow_pickles.Network() as other, averaged):
            kind = "TensorFlow"
            generator = tensorflow_pickles.generator(averaged)
            read_discriminator = tensorflow_pickles.discriminator
        case _:
            raise Unreadable(
                "it is a pickle, but no snapshot: it has no G_ema, nor the three networks G, D and Gs"
            )
    refuse_shared(generator, len(data))
    sizes = generator_config(generator)
    discriminator, discriminator_sizes, left_out = None, None, "the snapshot has none"
    if other is not None:
        try:
            discriminator = read_discriminator(other)
            refuse_shared(discriminator, len(data))
            discriminator_sizes = discriminator_config(discriminator, sizes)
        except Unreadable as error:
            discriminator, left_out = None, str(error)
    return Snapshot(
        sha256=sha256,
        kind=kind,
        generator=generator,
        generator_config=sizes,
        discriminator=discriminator,
        discriminator_config=discriminator_sizes,
        left_out=left_out if discriminator is None else None,
    )


def refuse_shared(network: Published, size: int) -> None:
    """Unreadable if many tensors are views of the same few bytes: copied, they could fill any memory."""
    if sum(array.nbytes for array in network.arrays.values()) > size:
        raise Unreadable("its tensors share their values; together they are larger than the file")


def bytes_of(path: Path) -> bytes:
    """The bytes of a file that could be a pickle; Unreadable with what it is instead."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise Unreadable(f"it has {size / 2**30:.1f} GiB; no snapshot of StyleGAN2 is as large as that")
        data = path.read_bytes()
    except OSError as error:
        raise Unreadable(error.strerror or "it cannot be read") from error
    if not data:
        raise Unreadable("it is empty")
    for start, what in OTHER_FILES:
        if data.startswith(start):
            raise Unreadable(f"it is {what}; a snapshot is a pickle")
    # Both implementations wrote pickles of protocol 2 or later, which begin with this operation.
    if data[:1] != b"\x80":
        raise Unreadable("it is no pickle, which a snapshot is")
    return data
