"""Pictures and mattes of a gallery as WebP, whose size is known before a pixel of them is decoded."""

import struct
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image
from pipeline.faces.head import SIDE
from pipeline.gallery.errors import GalleryError

MATTE_SIDE: Final = SIDE // 2
#: Bytes that no picture of 256 x 256 takes: about what its pixels take.
MOST_BYTES: Final = 256 * 1024
# RIFF's header, the first chunk's, and the start of VP8's frame: RFC 9649 and RFC 6386, section 9.1.
HEADER: Final = struct.Struct("<4sI4s4sI3s3sHH")


def encode_picture(image: Image, quality: int) -> bytes:
    """A head's picture, uint8 (SIDE, SIDE, 3), RGB, as it is kept."""
    if image.shape != (SIDE, SIDE, 3) or image.dtype != np.uint8:
        raise GalleryError(f"a picture is uint8 ({SIDE}, {SIDE}, 3), not {image.dtype} {image.shape}")
    return _encoded(np.ascontiguousarray(image[..., ::-1]), quality)


def decode_picture(data: bytes) -> Image:
    """The inverse of :func:`encode_picture`, as far as WebP goes.

    Raises:
        GalleryError: no WebP of this size, or a damaged one.
    """
    return np.asarray(cv2.cvtColor(_decoded(data, SIDE, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def encode_matte(alpha: npt.NDArray[np.float32], quality: int) -> bytes:
    """A matte, float32 (SIDE, SIDE), 0..1, at half its side."""
    if alpha.shape != (SIDE, SIDE) or not np.isfinite(alpha).all():
        raise GalleryError(f"a matte is finite, ({SIDE}, {SIDE}), not {alpha.shape}")
    small = cv2.resize(np.clip(alpha, 0.0, 1.0), (MATTE_SIDE, MATTE_SIDE), interpolation=cv2.INTER_AREA)
    return _encoded(np.round(small * 255.0).astype(np.uint8), quality)


def decode_matte(data: bytes) -> npt.NDArray[np.float32]:
    """The inverse of :func:`encode_matte`, as far as WebP and half the side go: float32 (SIDE, SIDE), 0..1.

    Raises:
        GalleryError: as :func:`decode_picture`.
    """
    small = _decoded(data, MATTE_SIDE, cv2.IMREAD_GRAYSCALE)
    whole = cv2.resize(small.astype(np.float32) / 255.0, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


def _encoded(pixels: npt.NDArray[np.uint8], quality: int) -> bytes:
    fine, data = cv2.imencode(".webp", pixels, [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not fine:
        raise GalleryError("a picture could not be made a WebP")
    return bytes(data)


def _decoded(data: bytes, side: int, colours: int) -> npt.NDArray[np.uint8]:
    # The size first: a file of a kilobyte may claim 16,383 x 16,383 pixels, which would be decoded.
    if size_of(data) != (side, side):
        raise GalleryError(f"a picture in it is no WebP of {side} x {side} pixels")
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), colours)
    if pixels is None or pixels.shape[:2] != (side, side):
        raise GalleryError("a picture in it is damaged")
    return np.asarray(pixels, np.uint8)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height of a plain lossy WebP, from its header; None of anything else."""
    if not HEADER.size <= len(data) <= MOST_BYTES:
        return None
    riff, _, webp, kind, _, _, start, width, height = HEADER.unpack_from(data)
    if (riff, webp, kind, start) != (b"RIFF", b"WEBP", b"VP8 ", b"\x9d\x01\x2a"):
        return None
    return width & 0x3FFF, height & 0x3FFF
