"""Waiting, cancelling, and news that comes another way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.people import sign_in
from tests.e2e.pictures import MAN
from tests.e2e.screen import JOB_DONE, new_lineup
from tests.e2e.site import Site, running_site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def site_without_models(tmp_path: Path) -> Iterator[Site]:
    """A site whose workers find no bundle."""
    nothing = tmp_path / "no-bundle"
    nothing.mkdir()
    with running_site(tmp_path, LIGAN_BUNDLE=str(nothing)) as site:
        yield site


def test_generating_is_impossible_and_says_why_while_no_worker_is_ready(
    site_without_models: Site, window: Callable[..., BrowserContext]
) -> None:
    page = window().new_page()
    sign_in(page, site_without_models, "officer")
    bench = new_lineup(page, site_without_models.url, case="E2E-30")
    expect(page.get_by_text("No worker ready")).to_be_visible()
    status = page.request.get(f"{site_without_models.url}/api/v1/status/").json()
    assert status["reason"]
    expect(bench.generate_button).to_be_disabled()
    expect(bench.generate_button).to_have_accessible_description(status["reason"])


def test_a_job_that_waits_can_be_cancelled_and_another_one_started(site: Site, officer_page: Page) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-31")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    with site.with_frozen_workers():
        bench.generate_button.click()
        expect(bench.generate_button).to_be_disabled()
        waiting = officer_page.get_by_text("Waiting for a worker", exact=True)
        expect(waiting).to_be_visible()
        officer_page.get_by_role("button", name="Cancel", exact=True).click()
        expect(waiting).to_have_count(0, timeout=JOB_DONE)
    bench.wait_for_worker()
    bench.generate()


def test_results_arrive_without_a_websocket(site: Site, officer_page: Page) -> None:
    officer_page.route_web_socket("**/ws/**", lambda socket: socket.close())
    bench = new_lineup(officer_page, site.url, case="E2E-32")
    expect(officer_page.get_by_text("The live connection is interrupted")).to_be_visible()
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    bench.generate()


def test_a_menu_is_used_with_the_keyboard_alone(site: Site, officer_page: Page) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-33")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    bench.generate()
    keyboard = officer_page.keyboard
    bench.faces.first.focus()
    keyboard.press("ArrowRight")
    keyboard.press("ArrowDown")
    expect(bench.faces.nth(5)).to_be_focused()  # four in a row at this width
    keyboard.press("Enter")
    expect(officer_page.get_by_role("menuitem", name="Select", exact=True)).to_be_focused()
    keyboard.press("Escape")
    expect(officer_page.get_by_role("menu")).to_have_count(0)
    expect(bench.faces.nth(5)).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Enter")
    expect(bench.members).to_have_count(2)
    expect(bench.faces.nth(5)).to_be_focused()
