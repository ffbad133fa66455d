"""How long an officer waits, and how much memory it takes: the real site, a real browser, warm."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.benchmarks.figures import at_most, show
from tests.e2e.browser import launch
from tests.e2e.people import sign_in
from tests.e2e.pictures import MAN
from tests.e2e.screen import Workbench, new_lineup
from tests.e2e.site import Site, running_site

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]

TIMES = 9

# In the page, because looking from outside adds more than is measured: press, then look at every frame.
PRESS_AND_WAIT = """
(button, place) => new Promise(resolve => {
    const started = performance.now();
    const look = () => {
        const results = [...document.querySelectorAll("section")].find(s => s.textContent.includes(place));
        const faces = results ? [...results.querySelectorAll("button img")] : [];
        const there = faces.length === 12 && faces.every(face => face.complete && face.naturalWidth > 0);
        if (there) resolve((performance.now() - started) / 1000);
        else requestAnimationFrame(look);
    };
    button.click();
    requestAnimationFrame(look);
})
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with its workers and models."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def bench(site: Site, browser: Browser) -> Workbench:
    """A lineup with an examined photograph and one page."""
    page = browser.new_page()
    sign_in(page, site, "officer")
    bench = new_lineup(page, site.url, case="BENCH")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    bench.generate()
    return bench


def last_job(page: Page, site: Site) -> dict[str, Any]:
    """The newest job of the lineup that is shown."""
    lineup = page.url.rstrip("/").rsplit("/", 1)[-1]
    answer = page.request.get(f"{site.url}/api/v1/lineups/{lineup}/")
    jobs = [job for job in json.loads(answer.text())["jobs"] if job["kind"] == "generate"]
    newest: dict[str, Any] = max(jobs, key=lambda job: str(job["created"]))
    return newest


def test_from_generate_to_a_page_of_faces(site: Site, bench: Workbench) -> None:
    waits, others, models = [], [], []
    for _ in range(TIMES):
        pages = bench.pages()
        waits.append(bench.generate_button.evaluate(PRESS_AND_WAIT, f"Page {pages + 1} of {pages + 1}"))
        expect(bench.faces).to_have_count(12)
        models.append(last_job(bench.page, site)["timings"]["generate"])
        others.append(waits[-1] - models[-1])
    show("Generate to 12 faces in the browser", waits, unit="s", promised=at_most(2))
    show("  of that the model", models, unit="s")
    show("  of that everything else", others, unit="s", promised=at_most(0.15))


def test_memory_of_the_processes(site: Site, bench: Workbench) -> None:
    for process in psutil.Process(site.process.pid).children(recursive=True):
        command = " ".join(process.cmdline())
        name = next((n for n in ("up.web", "interactive", "refine", "reap", "valkey") if n in command), "")
        resident = process.memory_info().rss / 2**20
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        runtimes = [one for one in ("openvino", "libtensorflow") if one in maps]
        assert name != "up.web" or not runtimes
        assert name != "interactive" or "libtensorflow" not in maps
        promised = {"up.web": at_most(150), "interactive": at_most(600)}.get(name)
        beside = f" with {' and '.join(runtimes)}" if runtimes else ""
        show(f"memory of {name or command[:30]}{beside}", [resident], unit="MiB", promised=promised)
