"""From the first sign-in to the saved lineup."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.people import choose_password, enter
from tests.e2e.pictures import BEARDED_MAN, MAN, tiles
from tests.e2e.screen import Workbench, new_lineup
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_one_time_password_opens_nothing_but_the_page_that_changes_it(
    site: Site, window: Callable[..., BrowserContext]
) -> None:
    page = window().new_page()
    enter(page, site, "admin", site.passwords["admin"])
    for address in ("/", "/admin/"):
        page.goto(f"{site.url}{address}")
        expect(page.get_by_role("heading", name="Change your password")).to_be_visible()
    choose_password(page, site.passwords["admin"])
    page.goto(f"{site.url}/admin/")
    expect(page.get_by_role("link", name="Users")).to_be_visible()


def test_a_photograph_becomes_a_saved_lineup(
    site: Site, officer_page: Page, picture: Callable[[Page, str], None], tmp_path: Path
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-1", title="Robbery at the corner shop")
    picture(officer_page, "1-empty")
    bench.wait_for_worker()

    bench.add_and_wait("Input", MAN)
    expect(bench.members).to_have_count(1)  # the suspect is in the lineup by itself
    expect(bench.members.first).to_have_accessible_name(re.compile("^Suspect"))

    bench.generate()
    nearest = bench.shown()
    assert len(set(nearest)) == 12
    bench.select(1, 4, 7)
    picture(officer_page, "2-selected")

    bench.choose(bench.faces.nth(4), "More similar to this")
    expect(bench.input("Input").locator("figcaption", has_text="Generated face")).to_be_visible()
    bench.generate()
    assert not set(bench.shown()) & set(nearest)
    bench.select(2)

    bench.generate_next()
    expect(officer_page.get_by_text("Less similar to the input, step 2")).to_be_visible()
    bench.select(3, 6)

    officer_page.get_by_role("button", name="Remove Member 2 from the lineup").click()
    expect(bench.members).to_have_count(6)
    bench.choose(bench.members.last, "Remove from the lineup")
    expect(bench.members).to_have_count(5)

    _turn_back_to_the_first_page(officer_page, bench, nearest)
    picture(officer_page, "3-before-saving")
    bench.save()
    expect(officer_page.get_by_role("heading", name="Saved lineup")).to_be_focused()
    picture(officer_page, "4-saved")
    _expect_nothing_to_edit(officer_page, bench)

    with officer_page.expect_download() as download:
        officer_page.get_by_role("link", name="Download picture").click()
    saved = tmp_path / "lineup.png"
    download.value.save_as(saved)
    assert download.value.suggested_filename.endswith(".png")
    assert tiles(saved.read_bytes()) == 5

    officer_page.reload()
    expect(officer_page.get_by_role("heading", name="Saved lineup")).to_be_visible()
    expect(bench.members).to_have_count(5)
    expect(bench.place).to_have_text(re.compile(r"of 3$"))


def test_two_inputs_become_the_faces_on_the_way_from_one_to_the_other(
    site: Site, officer_page: Page, picture: Callable[[Page, str], None]
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-2", title="Two photographs")
    bench.wait_for_worker()
    officer_page.get_by_role("tab", name="Interpolation").click()
    bench.add_and_wait("Input 1", MAN)
    expect(officer_page.get_by_text("Add input 2 first.")).to_be_visible()
    bench.add_and_wait("Input 2", BEARDED_MAN)
    expect(bench.members).to_have_count(1)  # the second photograph is nobody's suspect
    bench.generate()
    picture(officer_page, "1-photographs")

    bench.choose(bench.faces.nth(3), "Select as interpolation input #1")
    bench.choose(bench.faces.nth(9), "Select as interpolation input #2")
    bench.generate()
    officer_page.reload()
    expect(officer_page.get_by_role("tab", name="Interpolation")).to_have_attribute("aria-selected", "true")
    expect(bench.input("Input 2").locator("figcaption", has_text="Generated face")).to_be_visible()
    expect(bench.place).to_have_text("Page 2 of 2")


def _turn_back_to_the_first_page(page: Page, bench: Workbench, nearest: list[str]) -> None:
    for number in (2, 1):
        page.get_by_role("button", name="Previous page").click()
        expect(bench.place).to_have_text(f"Page {number} of 3")
    assert bench.shown() == nearest


def _expect_nothing_to_edit(page: Page, bench: Workbench) -> None:
    for button in (bench.generate_button, bench.next_page_button, bench.save_button):
        expect(button).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)
    expect(page.locator("input[type=file]")).to_have_count(0)
