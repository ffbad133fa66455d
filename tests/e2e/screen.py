"""The screens as a person uses them: by what stands on them."""

import re
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import FilePayload, Locator, Page, expect

WORKER_READY: Final = 180_000
"""Milliseconds in which a worker loads TensorFlow and the models and warms them up, on two busy cores."""
JOB_DONE: Final = 60_000

InputName = Literal["Input", "Input 1", "Input 2"]


class Workbench:
    """The screen of one lineup."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.generate_button = page.get_by_role("button", name="Generate results")
        self.next_page_button = page.get_by_role("button", name="Next page (less similar)")
        self.place = page.get_by_text(re.compile(r"^Page \d+ of \d+$"))
        self.save_button = page.get_by_role("button", name="Save lineup")
        self.faces = page.locator("section", has=page.get_by_role("heading", name="Results")).get_by_role(
            "button", name=re.compile(r"^Face \d+")
        )
        self.members = page.locator(
            "section", has=page.get_by_role("heading", name="Selected members")
        ).get_by_role("button", name=re.compile(r"^(Suspect|Member \d+)"))

    def input(self, name: InputName) -> Locator:
        """The place of an input in the scenario that is shown."""
        return self.page.get_by_role("region", name=name, exact=True).filter(visible=True)

    def add(self, name: InputName, file: Path | FilePayload) -> None:
        """Pick a file for an input."""
        self.input(name).locator("input[type=file]").set_input_files(file)

    def add_and_wait(self, name: InputName, file: Path) -> None:
        """Pick a photograph and wait until the face has been cut out."""
        self.add(name, file)
        expect(self.face_in(name)).to_be_visible(timeout=JOB_DONE)

    def face_in(self, name: InputName) -> Locator:
        """The face that an input contributes."""
        return self.input(name).get_by_role("img", name=f"{name}: the face that is used")

    def wait_for_worker(self) -> None:
        """Wait until the screen says that a worker is ready."""
        expect(self.page.get_by_text("Worker ready", exact=True)).to_be_visible(timeout=WORKER_READY)

    def generate(self) -> None:
        """Press Generate results and wait for the page that it makes."""
        pages = self.pages()
        self.generate_button.click()
        self._expect_new_page(pages + 1)

    def generate_next(self) -> None:
        """Ask for a page that is less similar and wait for it."""
        pages = self.pages()
        self.next_page_button.click()
        self._expect_new_page(pages + 1)

    def pages(self) -> int:
        """How many pages of results there are."""
        place = self.place.text_content() if self.place.count() else None
        return int(place.split()[-1]) if place else 0

    def choose(self, face: Locator, choice: str) -> None:
        """Open the menu of a face and choose."""
        face.click()
        self.page.get_by_role("menuitem", name=choice, exact=True).click()

    def select(self, *positions: int) -> None:
        """Select faces of the page that is shown, by their place from 1, and see each arrive."""
        for position in positions:
            before = self.members.count()
            self.choose(self.faces.nth(position - 1), "Select")
            expect(self.members).to_have_count(before + 1)

    def save(self) -> None:
        """Save the lineup for good."""
        self.save_button.click()
        self.page.get_by_role("dialog").get_by_role("button", name="Save for good").click()
        expect(self.page.get_by_role("heading", name="Saved lineup")).to_be_visible()
        picture = self.page.get_by_role("img", name=re.compile("numbered faces$"))
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") > 0

    def shown(self) -> list[str]:
        """Addresses of the faces that are shown."""
        return [str(image.get_attribute("src")) for image in self.faces.locator("img").all()]

    def _expect_new_page(self, number: int) -> None:
        expect(self.place).to_have_text(f"Page {number} of {number}", timeout=JOB_DONE)
        expect(self.faces).to_have_count(12)


def new_lineup(page: Page, url: str, *, case: str, title: str = "Robbery at the corner shop") -> Workbench:
    """Create a lineup in the list and come to its workbench."""
    page.goto(f"{url}/")
    page.get_by_label("Case reference", exact=True).fill(case)
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Create lineup").click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    return Workbench(page)
