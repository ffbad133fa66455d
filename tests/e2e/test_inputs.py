"""What is wrong with a file is said beside the input, and nothing is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.pictures import MAN, nobody, two_people
from tests.e2e.screen import JOB_DONE, new_lineup
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_file_that_is_no_picture_is_refused_and_the_photograph_stays(
    site: Site, officer_page: Page
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-10")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    before = bench.face_in("Input").get_attribute("src")

    bench.add("Input", FilePayload(name="statement.txt", mimeType="text/plain", buffer=b"He wore a hat."))
    expect(bench.input("Input").get_by_role("alert")).to_be_visible()
    expect(bench.face_in("Input")).to_have_attribute("src", str(before))
    expect(bench.members).to_have_count(1)
    expect(bench.generate_button).to_be_enabled()


@pytest.mark.parametrize(
    ("name", "words"), [("two people", "face"), ("nobody", "face")], ids=["two people", "nobody"]
)
def test_a_photograph_without_one_clear_face_is_explained_after_a_reload_too(
    site: Site, officer_page: Page, picture: Callable[[Page, str], None], name: str, words: str
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-11", title=f"A picture of {name}")
    bench.wait_for_worker()
    content = {"two people": two_people(), "nobody": nobody()}[name]
    bench.add("Input", FilePayload(name="photo.png", mimeType="image/png", buffer=content))
    message = bench.input("Input").get_by_role("alert")
    expect(message).to_contain_text(words, ignore_case=True, timeout=JOB_DONE)
    expect(bench.generate_button).to_be_disabled()
    expect(bench.generate_button).to_have_accessible_description(
        "The photograph cannot be used. Add another one."
    )
    picture(officer_page, "refused")
    said = message.text_content()
    officer_page.reload()
    expect(message).to_have_text(str(said))

    bench.add_and_wait("Input", MAN)
    expect(message).to_have_count(0)
    expect(bench.generate_button).to_be_enabled()


def test_a_photograph_that_is_removed_takes_the_suspect_out_of_the_lineup(
    site: Site, officer_page: Page
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-14")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    expect(bench.members).to_have_count(1)
    officer_page.get_by_role("button", name="Remove the photograph of Input").click()
    expect(bench.members).to_have_count(0)
    expect(bench.generate_button).to_have_accessible_description(re.compile("^Add the suspect"))


def test_a_photograph_can_be_dropped_on_its_input(site: Site, officer_page: Page) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-12")
    bench.wait_for_worker()
    dropped = officer_page.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "photo.jpg", { type: "image/jpeg" }));
            return transfer;
        }""",
        list(MAN.read_bytes()),
    )
    bench.input("Input").dispatch_event("drop", {"dataTransfer": dropped})
    expect(bench.face_in("Input")).to_be_visible(timeout=JOB_DONE)


def test_a_photograph_can_be_pasted(site: Site, officer_page: Page) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-13")
    bench.wait_for_worker()
    officer_page.evaluate(
        """bytes => {
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([new Uint8Array(bytes)], "photo.jpg", { type: "image/jpeg" }));
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        list(MAN.read_bytes()),
    )
    expect(bench.face_in("Input")).to_be_visible(timeout=JOB_DONE)
