"""What is known of a face, and what that is worth, where the officer looks at it."""

import json
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from lineups.attributes import JUDGED, NOT_REAL
from tests.e2e.pictures import MAN
from tests.e2e.screen import new_lineup
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def known() -> re.Pattern[str]:
    """What the details of a face say, with the models that the site works with."""
    manifest = json.loads((settings.LIGAN_BUNDLE / "bundle.json").read_text())
    if "attributes" not in manifest:
        return re.compile("not predicted by this model")
    return re.compile(rf"Sex.*\d\s%.*Age group.*{JUDGED}.*{NOT_REAL}", re.DOTALL)


def test_the_suspects_and_every_faces_details_say_what_is_predicted_and_what_it_is_worth(
    site: Site, officer_page: Page, picture: Callable[[Page, str], None], known: re.Pattern[str]
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-50", title="Who is who")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    bench.input("Input").get_by_text("About this face").click()
    about = bench.input("Input").get_by_role("group").filter(has_text="About this face")
    expect(about).to_contain_text(known)
    picture(officer_page, "1-input")

    bench.generate()
    for number, face in enumerate((bench.members.first, bench.faces.first, bench.faces.last)):
        face.click()
        expect(officer_page.get_by_role("menu")).to_have_accessible_description(known)
        picture(officer_page, f"2-menu-{number}")
        officer_page.keyboard.press("Escape")

    officer_page.reload()
    bench.faces.nth(5).click()
    expect(officer_page.get_by_role("menu")).to_have_accessible_description(known)
