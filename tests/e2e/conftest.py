"""A site that runs, a browser, and people who are signed in.

Playwright keeps an event loop in this thread while it runs, in which neither async tests nor the ORM work:
so it lives for this folder's tests only.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.e2e.browser import launch
from tests.e2e.people import sign_in
from tests.e2e.site import ROOT, Site, running_site

PICTURES = Path(os.environ.get("LIGAN_SCREENSHOTS", ROOT / "build" / "screenshots"))
WINDOW = {"width": 1366, "height": 768}


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with its workers and models."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for all."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def signed_in(browser: Browser, site: Site) -> Callable[[str], StorageState]:
    """The cookies of a demo account, signed in once."""
    kept: dict[str, StorageState] = {}

    def cookies(name: str) -> StorageState:
        if name not in kept:
            context = browser.new_context()
            sign_in(context.new_page(), site, name)
            kept[name] = context.storage_state()
            context.close()
        return kept[name]

    return cookies


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser windows that share nothing; what goes wrong in a page fails the test."""
    opened: list[BrowserContext] = []
    wrong: list[str] = []

    def open_window(**options: object) -> BrowserContext:
        context = browser.new_context(**{"viewport": WINDOW, **options})  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", lambda line: wrong.append(line.text) if _is_violation(line.text) else None)
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
    assert not wrong, wrong


def _is_violation(line: str) -> bool:
    """Whether the browser complains that a page breaks the content security policy."""
    return "Content Security Policy" in line


@pytest.fixture
def officer_page(
    site: Site, window: Callable[..., BrowserContext], signed_in: Callable[[str], StorageState]
) -> Page:
    """A page of the officer."""
    page: Page = window(storage_state=signed_in("officer")).new_page()
    return page


@pytest.fixture
def supervisor_page(
    site: Site, window: Callable[..., BrowserContext], signed_in: Callable[[str], StorageState]
) -> Page:
    """A page of the supervisor."""
    page: Page = window(storage_state=signed_in("supervisor")).new_page()
    return page


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps what a page looks like, for people to look at."""
    test = re.sub(r"\W+", "-", request.node.name).strip("-")

    def take(page: Page, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{test}-{name}.png")

    return take
