"""What is kept of an uploaded photograph, and what is refused."""

import hashlib
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from lineups.photographs import (
    AnimatedImage,
    ImageTooLarge,
    NotAnImage,
    Photograph,
    PhotographError,
    UploadTooLarge,
    read_photo,
)
from tests.lineups import hostile_files as files

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 25_000_000


def read(data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Photograph:
    return read_photo(io.BytesIO(data), max_bytes=max_bytes, max_pixels=max_pixels)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_of_each_accepted_format_is_kept_pixel_for_pixel_as_a_png(image_format: str) -> None:
    data = files.saved(files.portrait(), image_format)

    photo = read(data)

    with Image.open(io.BytesIO(data)) as seen:
        np.testing.assert_array_equal(photo.rgb, np.asarray(seen.convert("RGB")))
    with Image.open(io.BytesIO(photo.png)) as kept:
        assert (kept.format, kept.mode) == ("PNG", "RGB")
        np.testing.assert_array_equal(np.asarray(kept), photo.rgb)
    assert (photo.width, photo.height) == (512, 512)
    assert photo.sha256 == hashlib.sha256(photo.png).hexdigest()


def test_bytes_and_streams_give_the_same_photograph() -> None:
    data = files.PORTRAIT.read_bytes()

    assert read_photo(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS).sha256 == read(data).sha256


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_place_device_comments_and_profiles_do_not_survive(image_format: str) -> None:
    data = files.with_metadata(image_format)
    assert b"SECRET" in data

    png = read(data).png

    assert b"SECRET" not in png
    assert chunk_names(png) == {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(io.BytesIO(png)) as kept:
        assert dict(kept.getexif()) == {}
        assert kept.info == {}


def test_scripts_and_archives_hidden_in_a_photograph_do_not_survive() -> None:
    png = read(files.polyglot()).png

    for trace in (b"<?php", b"<script>", b"PK\x03\x04", b"payload"):
        assert trace not in png


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_taken_with_a_turned_camera_is_kept_upright(orientation: int) -> None:
    photo = read(files.oriented(orientation))

    np.testing.assert_array_equal(photo.rgb, np.asarray(files.portrait().resize((96, 128))))


def test_a_telephones_photograph_with_a_second_picture_inside_is_kept_as_its_first() -> None:
    photo = read(files.telephone_photo())

    assert (photo.width, photo.height) == (512, 512)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LA", "RGBA", "I;16"])
def test_every_kind_of_pixel_becomes_colour(mode: str) -> None:
    image = files.portrait().convert("L") if mode == "I;16" else files.portrait().convert(mode)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    data = files.saved(image, "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG")

    photo = read(data)

    assert photo.rgb.shape == (512, 512, 3)
    # Blocks of 16 x 16, so that the dots of a black-and-white picture count as the greys that they stand for.
    wanted, got = (
        x.reshape(32, 16, 32, 16, 3).mean((1, 3, 4)) for x in (np.asarray(files.portrait()), photo.rgb)
    )
    assert abs(wanted - got).max() < 40


def test_what_is_hidden_under_full_transparency_is_not_kept() -> None:
    image = files.portrait().convert("RGBA")
    image.putalpha(0)

    assert (read(files.saved(image, "PNG")).rgb == 255).all()


REFUSED = {
    "empty": b"",
    "text called .jpg": b"This is not a picture at all.\n" * 40,
    "HTML": b"<html><body><img src=x onerror=alert(1)></body></html>",
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EOF\n",
    "truncated JPEG": files.PORTRAIT.read_bytes()[:9_000],
    "JPEG without its last bytes": files.PORTRAIT.read_bytes()[:-300],
    "truncated PNG": files.saved(files.portrait(), "PNG")[:50_000],
    "truncated WebP": files.saved(files.portrait(), "WEBP")[:4_000],
    "PNG with a damaged header": files.saved(files.portrait(), "PNG").replace(b"IHDR", b"IHDX", 1),
    "GIF": files.saved(files.portrait(), "GIF"),
    "BMP": files.saved(files.portrait(), "BMP"),
    "TIFF": files.saved(files.portrait(), "TIFF"),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_a_readable_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImage) as refusal:
        read(data)

    assert refusal.value.code == "not_an_image"


@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_an_animation_is_refused(image_format: str) -> None:
    with pytest.raises(AnimatedImage) as refusal:
        read(files.animated(image_format))

    assert refusal.value.code == "animated_image"


def test_a_file_of_too_many_bytes_is_refused_after_reading_no_more_than_allowed() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1, /) -> bytes:
            assert size >= 0
            self.given += size
            return bytes(size)

    stream = Endless()
    with pytest.raises(UploadTooLarge) as refusal:
        read_photo(stream, max_bytes=1000, max_pixels=MAX_PIXELS)

    assert stream.given == 1001
    assert refusal.value.code == "upload_too_large"


def test_the_pixel_limit_holds_to_the_pixel() -> None:
    data = files.saved(Image.new("RGB", (100, 50)), "PNG")

    assert read(data, max_pixels=5000).width == 100
    with pytest.raises(ImageTooLarge) as refusal:
        read(data, max_pixels=4999)
    assert refusal.value.code == "image_too_large"


MEASURE = """
import resource, sys
from lineups.photographs import ImageTooLarge, PhotographError, read_photo
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_photo(data, max_bytes=10 * 2**20, max_pixels=25_000_000)
except PhotographError as error:
    print(error.code, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
else:
    print("accepted", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("side", [13_000, 30_000])
def test_a_small_file_of_enormous_pixels_is_refused_without_memory(side: int) -> None:
    code, mebibytes = measured(files.png_bomb(side))

    assert code == "image_too_large"
    assert mebibytes < 20


def test_a_small_webp_with_an_enormous_canvas_is_refused_without_memory() -> None:
    code, mebibytes = measured(files.webp_bomb())

    assert code in {"image_too_large", "not_an_image"}
    assert mebibytes < 20


def test_an_enormous_comment_is_refused_without_memory() -> None:
    code, mebibytes = measured(files.text_bomb())

    assert code == "not_an_image"
    assert mebibytes < 20


def test_an_animation_of_hundreds_of_frames_is_refused_without_memory() -> None:
    code, mebibytes = measured(files.animated("PNG", frames=300))

    assert code == "animated_image"
    assert mebibytes < 20


def test_neither_models_nor_opencv_are_loaded_for_an_upload() -> None:
    script = "import sys, lineups.photographs; print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    modules = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)

    assert {"tensorflow", "keras", "cv2"}.isdisjoint(modules.stdout.split())


def test_no_damage_to_a_photograph_gets_past_the_refusals() -> None:
    """Flipped and cut bytes at 600 places: each file is either read or refused, and never anything else."""
    random = np.random.default_rng(2)
    for image_format in ("JPEG", "PNG", "WEBP"):
        whole = files.saved(files.portrait().resize((48, 48)), image_format)
        for _ in range(200):
            damaged = bytearray(whole)
            for place in random.integers(0, len(damaged), 3):
                damaged[place] = random.integers(256)
            try:
                photo = read(bytes(damaged[: random.integers(1, len(damaged) + 1)]))
            except PhotographError:
                continue
            assert photo.rgb.dtype == np.uint8


def measured(data: bytes) -> tuple[str, int]:
    """Read ``data`` in a process of its own: the outcome and the growth of its memory's peak in MiB."""
    done = subprocess.run([sys.executable, "-c", MEASURE], input=data, capture_output=True, check=True)
    code, mebibytes = done.stdout.decode().split()
    return code, int(mebibytes)


def chunk_names(png: bytes) -> set[bytes]:
    names, place = set(), 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        names.add(png[place + 4 : place + 8])
        place += length + 12
    return names
