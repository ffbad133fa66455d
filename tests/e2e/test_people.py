"""Who sees what, and who may do what."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, StorageState, expect

from tests.e2e.people import sign_in
from tests.e2e.pictures import MAN
from tests.e2e.screen import Workbench, new_lineup
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_supervisor_sees_an_officers_lineup_but_can_change_nothing_in_it(
    site: Site, officer_page: Page, supervisor_page: Page, picture: Callable[[Page, str], None]
) -> None:
    mine = new_lineup(officer_page, site.url, case="E2E-20", title="Seen by the supervisor")
    mine.wait_for_worker()
    mine.add_and_wait("Input", MAN)
    mine.generate()
    mine.select(5)

    page = supervisor_page
    page.goto(f"{site.url}/")
    expect(page.get_by_role("button", name="Create lineup")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Owner")).to_be_visible()
    page.get_by_label(re.compile("^Search")).fill("seen by the super")
    expect(page.get_by_role("row")).to_have_count(2)
    picture(page, "list")
    page.get_by_role("link", name="Seen by the supervisor").click()

    seen = Workbench(page)
    expect(page.get_by_text("Read only")).to_be_visible()
    expect(seen.faces).to_have_count(12)
    expect(seen.members).to_have_count(2)
    for button in (seen.generate_button, seen.next_page_button, seen.save_button):
        expect(button).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^(Remove|Replace|Choose)"))).to_have_count(0)
    expect(page.locator("main input")).to_have_count(0)
    picture(page, "lineup")
    seen.faces.first.click()
    expect(page.get_by_role("menuitem")).to_have_text(["Close"])


def test_an_officer_who_signs_out_in_one_tab_is_told_so_in_the_others(
    site: Site, window: Callable[..., BrowserContext], signed_in: Callable[[str], StorageState]
) -> None:
    signed_in("officer")  # the one-time password has been changed
    context = window()
    page = context.new_page()
    sign_in(page, site, "officer")
    bench = new_lineup(page, site.url, case="E2E-22")
    other = context.new_page()
    other.goto(f"{site.url}/")
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    expect(bench.generate_button).to_be_disabled()
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_lineup_that_is_not_filled_in_is_explained_at_its_fields(site: Site, officer_page: Page) -> None:
    officer_page.goto(f"{site.url}/")
    officer_page.get_by_label("Case reference", exact=True).fill("E2E-21")
    officer_page.get_by_role("button", name="Create lineup").click()
    title = officer_page.get_by_label("Title", exact=True)
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_be_focused()
    expect(officer_page.locator("#title-wrong")).not_to_be_empty()
    expect(officer_page.get_by_label("Case reference", exact=True)).to_have_value("E2E-21")
