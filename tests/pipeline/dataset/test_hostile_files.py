"""A broken or hostile file is one row of the report, with a reason, and never the end of the run."""

import gzip
import io
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.dataset import archives
from pipeline.dataset.dataset import FacesDataset
from pipeline.dataset.sources import Unreadable, sources
from pipeline.dataset.steps import Judgement
from pipeline.faces import decoding
from pipeline.faces.decoding import decode

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")


def noise(mode: str = "RGB", side: int = 32) -> Image.Image:
    levels = np.random.default_rng(1).integers(0, 256, (side, side, 3), np.uint8)
    return Image.fromarray(levels).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def the_reason(path: Path) -> str:
    """The one row that ``path`` makes, as the only source."""
    rows: list[Judgement] = []
    assert list(FacesDataset.load([path]).create(rows.append)) == []
    (row,) = rows
    assert not row.kept
    return row.reason


T = TypeVar("T")


def attempt(reading: Callable[[], T]) -> T | str:
    """What was read, or why nothing could be."""
    try:
        return reading()
    except Unreadable as error:
        return error.reason


def put(tmp_path: Path, data: bytes, name: str = "1.jpg") -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    pixels = decode(encoded(noise(), kind, **options))

    assert pixels.shape == (32, 32, 3)
    if kind != "JPEG":
        np.testing.assert_array_equal(pixels[:, :, ::-1], np.asarray(noise()))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
def test_a_truncated_picture_is_refused(kind: str, share: float) -> None:
    data = encoded(noise(), kind)

    with pytest.raises(Unreadable):
        decode(data[: int(len(data) * share)])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_a_picture_with_some_bytes_changed_is_read_or_refused(
    kind: str, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(encoded(noise(side=16), kind))
    for place, byte in changes:
        data[place % min(len(data), 200)] = byte

    outcome = attempt(lambda: decode(bytes(data)))

    if isinstance(outcome, str):
        assert outcome.endswith(".")
        assert "\n" not in outcome
    else:
        assert outcome.dtype == np.uint8
        assert outcome.shape[2] == 3


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bytes_that_are_no_picture_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(data)


def bomb_png(width: int, height: int) -> bytes:
    """A file of some hundred bytes that says it holds width x height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99)))


@pytest.mark.parametrize("size", [(10_000, 8_001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_more_pixels_than_any_camera_makes_is_refused_unopened(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    assert the_reason(put(tmp_path, bomb_png(*size), "1.png"))


def test_as_many_pixels_as_allowed_are_read_and_one_more_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MAX_PIXELS", 32 * 32)
    assert decode(encoded(noise(), "PNG")).shape == (32, 32, 3)

    monkeypatch.setattr(decoding, "MAX_PIXELS", 32 * 32 - 1)
    with pytest.raises(Unreadable, match="32 x 32"):
        decode(encoded(noise(), "PNG"))


def test_a_text_in_a_picture_that_unpacks_to_gigabytes_is_refused() -> None:
    text = zlib.compress(bytes(200 * 2**20))
    chunk = b"zTXtcomment\0\0" + text
    data = encoded(noise(), "PNG")
    end = data.index(b"IDAT") - 4
    packed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))

    with pytest.raises(Unreadable):
        decode(data[:end] + packed + data[end:])


@pytest.mark.parametrize(
    ("image", "kind", "bgr"),
    [
        (Image.new("L", (4, 4), 90), "JPEG", (90, 90, 90)),
        (Image.new("1", (4, 4), 1), "TIFF", (255, 255, 255)),
        (Image.new("RGB", (4, 4), (0, 0, 255)).convert("P"), "PNG", (255, 0, 0)),
        (Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "PNG", (255, 255, 255)),
        (Image.new("LA", (4, 4), (0, 255)), "PNG", (0, 0, 0)),
        (Image.new("CMYK", (4, 4), (0, 0, 0, 255)), "TIFF", (0, 0, 0)),
        (Image.new("CMYK", (4, 4), (0, 255, 255, 0)), "TIFF", (0, 0, 255)),
        (Image.fromarray(np.full((4, 4), 0xAB12, np.uint16)), "PNG", (0xAB, 0xAB, 0xAB)),
        (Image.fromarray(np.full((4, 4), 0xAB12, np.uint16)), "TIFF", (0xAB, 0xAB, 0xAB)),
    ],
    ids=[
        "grey",
        "bilevel",
        "palette",
        "transparent",
        "grey, opaque",
        "black ink",
        "red",
        "16 bit",
        "16 bit TIFF",
    ],
)
def test_every_kind_of_pixel_becomes_a_colour(
    image: Image.Image, kind: str, bgr: tuple[int, int, int]
) -> None:
    assert decode(encoded(image, kind))[1, 2].tolist() == list(bgr)


def test_a_cmyk_jpeg_is_read_in_its_colours() -> None:
    blue, green, red = decode(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG"))[8, 8].tolist()

    assert red > 240
    assert max(blue, green) < 15


def test_pixels_of_32_bits_are_refused_with_what_to_do() -> None:
    with pytest.raises(Unreadable, match="export"):
        decode(encoded(Image.fromarray(np.full((4, 4), 0.5, np.float32)), "TIFF"))


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "TIFF"])
def test_of_an_animation_or_pages_the_first_counts(kind: str) -> None:
    first, second = Image.new("RGB", (8, 8), (0, 0, 200)), Image.new("RGB", (8, 8), (200, 0, 0))
    options = {"lossless": True} if kind == "WEBP" else {}

    pixels = decode(encoded(first, kind, save_all=True, append_images=[second], **options))

    assert pixels[4, 4].tolist() == [200, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright_as_its_exif_says(orientation: int) -> None:
    upright = np.zeros((8, 16, 3), np.uint8)
    upright[:4, :8] = 255  # white at the top on the left
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(stored))

    pixels = decode(encoded(image, "PNG", exif=exif))

    np.testing.assert_array_equal(pixels, upright)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"GIF89a" + bytes(50), "not a JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a JPEG"),
        (b"\xff\xd8\xff\xe0" + bytes(100), ""),
        (b"MZ" + bytes(1000), "not a JPEG"),
    ],
    ids=["empty", "GIF", "PostScript", "SVG", "JPEG's first bytes", "program"],
)
def test_a_file_that_only_has_a_pictures_name_is_one_row_with_the_reason(
    tmp_path: Path, data: bytes, word: str
) -> None:
    assert word in the_reason(put(tmp_path, data))


def test_a_file_too_large_to_be_a_photo_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "1.jpg").open("wb") as file:
        file.truncate(decoding.MAX_FILE_BYTES + 1)  # a hole: it takes no room on the disk

    assert "MiB" in the_reason(tmp_path)


def test_links_are_not_followed_wherever_they_lead(tmp_path: Path) -> None:
    folder, outside = tmp_path / "photos", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    put(outside, encoded(noise(), "PNG"), "secret.png")
    (folder / "1.png").symlink_to(outside / "secret.png")
    (folder / "2.png").symlink_to("nowhere.png")
    (folder / "3.png").symlink_to("3.png")
    (folder / "sub").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "4.zip").symlink_to(outside / "secret.png")
    rows: list[Judgement] = []

    assert list(FacesDataset.load([folder]).create(rows.append)) == []

    assert [row.source for row in rows] == ["1.png", "2.png", "3.png"]
    assert all("link" in row.reason for row in rows)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "1.jpg")
    os.mkfifo(tmp_path / "2.zip")

    assert "not a file" in the_reason(tmp_path)


def make_tar(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w:") as archive:
        for entry, data in entries:
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    "name", ["../1.png", "a/../../1.png", "/etc/1.png", "..\\1.png", "C:\\1.png", "\\\\host\\1.png"]
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    picture = encoded(noise(), "PNG")
    path = tmp_path / f"a.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, picture)
    else:
        make_tar(path, (tarfile.TarInfo(name), picture))

    assert "out of the archive" in the_reason(path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_what_is_no_file_in_an_archive_is_refused(tmp_path: Path, kind: bytes) -> None:
    entry = tarfile.TarInfo("1.png")
    entry.type, entry.linkname = kind, "/etc/passwd"

    assert "link" in the_reason(make_tar(tmp_path / "a.tar", (entry, b"")))


def test_a_bomb_in_an_archive_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", 10**6)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", bytes(10**7))

    assert path.stat().st_size < 20_000
    assert "MiB" in the_reason(path)


def test_an_archive_that_lies_about_a_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.png", bytes(10**6))
    data = path.read_bytes().replace(struct.pack("<I", 10**6), struct.pack("<I", 100))
    path.write_bytes(data)

    assert the_reason(path)


def test_a_compressed_archive_that_grows_beyond_measure_is_not_listed_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "ALWAYS_LISTED", 10**6)
    path = make_tar(tmp_path / "a.tar.gz", (tarfile.TarInfo("zeros.bin"), bytes(10**7)))

    assert "grows" in the_reason(path)


def test_a_header_that_claims_to_be_huge_does_not_fill_the_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 2**40
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.PAX_FORMAT) + bytes(10**6)))

    assert the_reason(path)


def zipped(tmp_path: Path) -> bytes:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.png", encoded(noise(), "PNG"))
    return (tmp_path / "whole.zip").read_bytes()


def tarred(tmp_path: Path) -> bytes:
    picture = encoded(noise(), "PNG")
    path = make_tar(tmp_path / "whole.tar", *((tarfile.TarInfo(f"{n}.png"), picture) for n in range(3)))
    return path.read_bytes()


def test_a_truncated_zip_is_one_row(tmp_path: Path) -> None:
    data = zipped(tmp_path)

    assert the_reason(put(tmp_path, data[: len(data) // 2], "a.zip"))


def test_of_a_truncated_tar_what_is_whole_is_read_and_the_rest_is_one_row(tmp_path: Path) -> None:
    data = tarred(tmp_path)
    rows: list[Judgement] = []
    dataset = FacesDataset.load([put(tmp_path, data[:6000], "a.tar")])

    photos = list(dataset.create(rows.append))

    assert [photo.source for photo in photos] == ["a.tar!0.png"]
    assert rows[-1].source == "a.tar"
    assert not rows[-1].kept


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not an archive",
        b"PK\x03\x04" + bytes(30),
        b"\x1f\x8b\x08" + bytes(9),
        b"BZh9\x00",
        b"\xfd7zXZ\x00\x00",
    ],
    ids=["empty", "text", "zip's first bytes", "gzip's", "bzip2's", "xz's"],
)
def test_what_only_has_an_archives_name_is_one_row(tmp_path: Path, name: str, data: bytes) -> None:
    assert the_reason(put(tmp_path, data, name))


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["zip", "tar"]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_an_archive_with_some_bytes_changed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, kind: str, changes: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    make: Callable[[Path], bytes] = zipped if kind == "zip" else tarred
    data = bytearray(make(folder))
    for place, byte in changes:
        data[place % len(data)] = byte
    path = put(folder, bytes(data), f"a.{kind}")

    listed = sources([path])

    for index in range(len(listed)):
        assert attempt(partial(listed.read, index)) != ""


def test_an_encrypted_file_is_one_row(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path))
    for place in range(len(data)):  # the flag in each local header and each entry of the directory
        if data[place : place + 4] == b"PK\x03\x04":
            data[place + 6] |= 1
        elif data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1
    rows: list[Judgement] = []

    assert list(FacesDataset.load([put(tmp_path, bytes(data), "a.zip")]).create(rows.append)) == []

    assert [row.reason for row in rows] == ["The file is encrypted."] * 3


def test_one_broken_file_among_good_ones_is_one_row_and_the_others_come(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path, encoded(noise(), "PNG") if number != 2 else b"broken", f"{number}.png")
    rows: list[Judgement] = []

    photos = list(FacesDataset.load([tmp_path]).create(rows.append))

    assert [photo.source for photo in photos] == ["0.png", "1.png", "3.png", "4.png"]
    assert [row.source for row in rows if not row.kept] == ["2.png"]
