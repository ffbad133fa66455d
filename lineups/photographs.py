"""Taking in photographs from outside: bounded, decoded, and rebuilt from their pixels alone.

An upload is hostile until shown otherwise. Only three formats are tried, the number of pixels is bounded
before one of them is decoded, and what is kept is a new PNG made of the pixels: no EXIF (with its place and
device), no comment, colour profile, thumbnail or appended file survives.
"""

import hashlib
import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image

from lineups.jpeg import quality_of
from lineups.png import encode

FORMATS: Final = ("JPEG", "PNG", "WEBP")

# What Pillow's decoders raise on damaged files of these formats.
DAMAGED: Final = (OSError, SyntaxError, ValueError, EOFError, TypeError, IndexError, struct.error, zlib.error)

# EXIF orientation -> what brings the picture upright (EXIF 2.32, table 3.4.2).
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


# Pillow warns of pictures that our own bound refuses, or has been set to let in.
warnings.simplefilter("ignore", Image.DecompressionBombWarning)


class PhotographError(ValueError):
    """The upload cannot be used. ``str()`` is one plain sentence for the user, ``code`` names the reason."""

    code = "photograph_error"


class NotAnImage(PhotographError):
    """Not a readable picture of an accepted format."""

    code = "not_an_image"

    def __init__(self) -> None:
        super().__init__("The file is not a picture that can be read: use a JPEG, PNG or WebP photograph.")


class ImageTooLarge(PhotographError):
    """More pixels than are accepted."""

    code = "image_too_large"

    def __init__(self, max_pixels: int) -> None:
        megapixels = f"{max_pixels / 1e6:.0f} megapixels" if max_pixels >= 1e6 else f"{max_pixels} pixels"
        super().__init__(f"The picture is too large: at most {megapixels} are accepted.")


class AnimatedImage(PhotographError):
    """More than one frame."""

    code = "animated_image"

    def __init__(self) -> None:
        super().__init__("The picture is animated: use a photograph with a single frame.")


class UploadTooLarge(PhotographError):
    """More bytes than are accepted."""

    code = "upload_too_large"

    def __init__(self, max_bytes: int) -> None:
        size = f"{max_bytes / 2**20:.0f} MiB" if max_bytes >= 2**20 else f"{max_bytes} bytes"
        super().__init__(f"The file is too large: at most {size} are accepted.")


class Readable(Protocol):
    """A binary stream: an open file or an upload."""

    def read(self, size: int = ..., /) -> bytes:
        """Read at most ``size`` bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph that was taken in.

    Attributes:
        rgb: uint8 (height, width, 3), upright.
        png: the same pixels as a PNG without any metadata.
        sha256: of ``png``, hexadecimal.
        width, height: pixels.
        quality: 1..100, of its JPEG compression; None of what came as no JPEG.
    """

    rgb: npt.NDArray[np.uint8]
    png: bytes
    sha256: str
    width: int
    height: int
    quality: int | None


def read_photo(source: Readable | bytes, *, max_bytes: int, max_pixels: int) -> Photograph:
    """Take in a photograph from ``source``, of which at most ``max_bytes`` + 1 bytes are read.

    Raises:
        UploadTooLarge, NotAnImage, ImageTooLarge, AnimatedImage: each with one sentence for the user.
    """
    data = source[: max_bytes + 1] if isinstance(source, bytes) else source.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise UploadTooLarge(max_bytes)
    rgb, quality = _decode(data, max_pixels=max_pixels)
    png = encode(rgb)
    return Photograph(
        rgb=rgb,
        png=png,
        sha256=hashlib.sha256(png).hexdigest(),
        width=rgb.shape[1],
        height=rgb.shape[0],
        quality=quality,
    )


def _decode(data: bytes, *, max_pixels: int) -> tuple[npt.NDArray[np.uint8], int | None]:
    try:
        # Opening reads the header only.
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _check_header(image, max_pixels=max_pixels)
            image.load()
            quality = quality_of(image)
            orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
            rgb = _to_rgb(image)
    except PhotographError:
        raise
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(max_pixels) from error
    except DAMAGED as error:
        raise NotAnImage from error
    if orientation in UPRIGHT:
        rgb = rgb.transpose(UPRIGHT[orientation])
    return np.asarray(rgb, np.uint8), quality


def _check_header(image: Image.Image, *, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise ImageTooLarge(max_pixels)
    # Telephones write JPEGs that carry a second picture (depth, brightness): Pillow calls them MPO, and their
    # first picture is the photograph. Frames of PNG and WebP are an animation.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise AnimatedImage


def _to_rgb(image: Image.Image) -> Image.Image:
    """Bring any mode of the three formats to RGB; what is transparent lies on white."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        return paper.convert("RGB")
    return image.convert("RGB")
