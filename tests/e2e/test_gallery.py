"""A lineup of photographic people, from the photograph to the saved picture, without a generator."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.people import sign_in
from tests.e2e.pictures import tiles
from tests.e2e.screen import JOB_DONE, new_lineup
from tests.e2e.site import ROOT, Site, running_site
from tests.gpu_worker.blended_gallery import gallery_of_blends

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

SOMEBODY = ROOT / "tests" / "fixtures" / "blends" / "short-hair.webp"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose workers have a gallery alone."""
    folder = tmp_path_factory.mktemp("people")
    gallery = gallery_of_blends(folder / "gallery")
    with running_site(folder, LIGAN_GALLERY=str(gallery), LIGAN_SOURCES="gallery") as site:
        yield site


def photograph(folder: Path) -> Path:
    """Somebody, askew."""
    with Image.open(SOMEBODY) as picture:
        turned = (
            picture.convert("RGB").resize((512, 512)).rotate(8, Image.Resampling.BICUBIC, fillcolor="grey")
        )
    turned.save(folder / "askew.jpg", quality=80)
    return folder / "askew.jpg"


def test_a_photograph_becomes_a_saved_lineup_of_photographic_people(
    people: Site,
    window: Callable[..., BrowserContext],
    picture: Callable[[Page, str], None],
    tmp_path: Path,
) -> None:
    page = window().new_page()
    sign_in(page, people, "officer")
    bench = new_lineup(page, people.url, case="E2E-9", title="People")
    bench.wait_for_worker()
    bench.add_and_wait("Input", photograph(tmp_path))
    expect(page.locator(".source")).to_have_count(0)  # one source is no choice

    page.get_by_text("Steer the faces").click()
    page.get_by_role("button", name="Ask for nothing").click()
    bench.generate_button.click()
    expect(bench.faces.first).to_be_visible(timeout=JOB_DONE)
    bench.select(1, 2)
    picture(page, "1-selected")

    bench.save_button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The pictures were evened out.")).to_be_visible(timeout=JOB_DONE)
    expect(dialog.get_by_text("The suspect's picture differs")).to_be_visible()
    picture(page, "2-checked")
    dialog.get_by_role("button", name="Save for good").click()
    expect(page.get_by_role("heading", name="Saved lineup")).to_be_visible()
    picture(page, "3-saved")

    with page.expect_download() as download:
        page.get_by_role("link", name="Download picture").click()
    download.value.save_as(tmp_path / "lineup.png")
    assert tiles((tmp_path / "lineup.png").read_bytes()) == 3
    with page.expect_download() as download:
        page.get_by_role("link", name="Download record").click()
    download.value.save_as(tmp_path / "record.txt")
    record = (tmp_path / "record.txt").read_text()
    assert record.splitlines()[0] == "DEMONSTRATION, NOT FOR CASEWORK"
    assert "The pictures were evened out:" in record
