"""Files that an upload must survive, made on the spot."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin

PORTRAIT = Path(__file__).parents[1] / "fixtures" / "portraits" / "60003_1.jpg"


def portrait() -> Image.Image:
    """A photograph as an officer would upload it, 512 x 512."""
    with Image.open(PORTRAIT) as image:
        return image.convert("RGB")


def saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    """``image`` as a file of ``image_format``."""
    stream = io.BytesIO()
    image.save(stream, format=image_format, **options)
    return stream.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_bomb(side: int = 13_000) -> bytes:
    """A one-bit PNG of ``side`` x ``side`` pixels in some 20 kB."""
    row = b"\0" + bytes((side + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(row) for _ in range(side)] + [packer.flush()])
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def webp_bomb(side: int = 16_384) -> bytes:
    """A WebP whose header promises a canvas of ``side`` x ``side`` pixels around a small picture."""
    frame = saved(portrait().resize((16, 16)), "WEBP", lossless=True)[12:]
    size = struct.pack("<I", side - 1)[:3]
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size + size
    body = b"WEBP" + canvas + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def text_bomb() -> bytes:
    """A PNG with a compressed comment of 64 MB."""
    picture = saved(portrait().resize((32, 32)), "PNG")
    comment = b"Comment\0\0" + zlib.compress(bytes(64 * 2**20), 9)
    return picture[:33] + chunk(b"zTXt", comment) + picture[33:]


def animated(image_format: str, frames: int = 3) -> bytes:
    """An animated PNG or WebP."""
    still = portrait().resize((64, 64))
    turned = [still.rotate(20 * i) for i in range(1, frames)]
    return saved(still, image_format, save_all=True, append_images=turned, duration=40)


def polyglot() -> bytes:
    """A JPEG that is also a ZIP and carries a script in its comment and HTML behind its end."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("payload.html", "<script>alert('zip')</script>")
    return (
        saved(portrait(), "JPEG", comment=b"<?php system($_GET['c']); ?>")
        + b"<html><script>alert('tail')</script></html>"
        + stream.getvalue()
    )


def with_metadata(image_format: str) -> bytes:
    """A photograph with place, device, comment and a colour profile."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRET-CAMERA"
    exif[ExifTags.Base.ImageDescription] = "SECRET-PLACE"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    options: dict[str, object] = {"exif": exif, "icc_profile": b"SECRET-PROFILE" * 20}
    if image_format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "SECRET-AUTHOR")
        options["pnginfo"] = text
    if image_format == "JPEG":
        options["comment"] = b"SECRET-COMMENT"
    return saved(portrait(), image_format, **options)


def oriented(orientation: int) -> bytes:
    """The portrait, stored as a camera does that was held so that ``orientation`` brings it upright."""
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    upright = portrait().resize((96, 128))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return saved(upright if stored is None else upright.transpose(stored), "PNG", exif=exif)


def telephone_photo() -> bytes:
    """A JPEG with a second picture inside, as telephones write them (MPO)."""
    small = Image.fromarray(np.full((64, 64, 3), 90, np.uint8))
    return saved(portrait(), "MPO", save_all=True, append_images=[small])
