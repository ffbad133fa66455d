"""How strongly an upload was compressed is read from its own tables."""

import io

import pytest
from PIL import Image

from accounts.models import User
from lineups.jpeg import quality_of
from lineups.models import Lineup, Photo, Slot
from lineups.photographs import read_photo
from lineups.services import photos
from lineups.sources import Source
from tests.lineups.conftest import photograph, picture


def jpeg(quality: int) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture(3, 96)).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


@pytest.mark.parametrize("quality", [20, 40, 50, 75, 90, 100])
def test_the_quality_of_a_jpeg_is_found_again(quality: int) -> None:
    with Image.open(io.BytesIO(jpeg(quality))) as image:
        assert quality_of(image) == pytest.approx(quality, abs=2)


def test_what_is_no_jpeg_has_no_quality() -> None:
    assert read_photo(photograph(1), max_bytes=10**6, max_pixels=10**6).quality is None


def test_it_is_kept_with_the_photograph_and_not_lost_when_that_is_examined_again(
    draft: Lineup, officer: User
) -> None:
    first, _ = photos.add(draft, jpeg(40), slot=Slot.SUSPECT, by=officer)
    again, _ = photos.again(first, source=Source.GALLERY, by=officer)

    assert [Photo.objects.get(pk=photo.pk).quality for photo in (first, again)] == [40, 40]
