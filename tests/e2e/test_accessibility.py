"""No page breaks WCAG 2.2 A or AA in a way that axe can find, light or dark, wide or narrow."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Locator, Page, StorageState, expect

from tests.e2e.pictures import MAN
from tests.e2e.screen import new_lineup
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

RULES: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """What axe finds wrong, a line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    """The colours that the person prefers."""
    return str(request.param)


@pytest.fixture(params=[1366, 400])
def width(request: pytest.FixtureRequest) -> int:
    """Of the window, in pixels."""
    return int(request.param)


@pytest.fixture
def page(
    window: Callable[..., BrowserContext],
    signed_in: Callable[[str], StorageState],
    scheme: str,
    width: int,
) -> Page:
    """A page of the officer in these colours and at this width.

    Without motion: half way from one colour to another no contrast is promised.
    """
    context = window(
        storage_state=signed_in("officer"),
        color_scheme=scheme,
        viewport={"width": width, "height": 768},
        reduced_motion="reduce",
    )
    made: Page = context.new_page()
    return made


def test_the_sign_in_page(
    site: Site, window: Callable[..., BrowserContext], scheme: str, picture: Callable[[Page, str], None]
) -> None:
    page = window(color_scheme=scheme).new_page()
    page.goto(f"{site.url}/accounts/sign-in/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    picture(page, "page")
    assert violations(page) == []


def test_the_list_of_lineups(site: Site, page: Page, picture: Callable[[Page, str], None]) -> None:
    new_lineup(page, site.url, case="E2E-40", title="In the list")
    page.goto(f"{site.url}/")
    expect(page.get_by_role("link", name="In the list").first).to_be_visible()
    picture(page, "page")
    assert violations(page) == []
    page.get_by_role("button", name="Create lineup").click()
    expect(page.locator("#title-wrong")).to_be_visible()
    assert violations(page) == []


def test_the_workbench_from_empty_to_saved(
    site: Site, page: Page, picture: Callable[[Page, str], None]
) -> None:
    bench = new_lineup(page, site.url, case="E2E-41", title="Every state of the workbench")
    assert violations(page) == []
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    bench.generate()
    bench.select(2, 3)
    _expect_no_sideways_scrolling(page)
    picture(page, "results")
    assert violations(page) == []

    bench.faces.nth(7).click()
    _expect_inside_the_window(page, page.locator(".menu"))
    picture(page, "menu")
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("tab", name="Interpolation").click()
    picture(page, "interpolation")
    assert violations(page) == []

    bench.save_button.click()
    picture(page, "dialog")
    assert violations(page) == []
    page.get_by_role("button", name="Go on editing").click()

    bench.save()
    picture(page, "saved")
    _expect_no_sideways_scrolling(page)
    assert violations(page) == []


def _expect_inside_the_window(page: Page, what: Locator) -> None:
    box = what.bounding_box()
    window = page.viewport_size
    assert box is not None
    assert window is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= window["width"]


def _expect_no_sideways_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
