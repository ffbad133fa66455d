"""Refining by the suspect's photograph, and steering the faces, in the browser."""

import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pictures import MAN
from tests.e2e.screen import JOB_DONE, new_lineup
from tests.e2e.site import Site

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(1200)]

SHOWS: Final = 400_000
"""Milliseconds in which a worker loads its models, traces the steps and shows a preview, on busy cores."""


def test_a_refinement_is_watched_ended_early_and_gone_on_from(
    site: Site, officer_page: Page, picture: Callable[[Page, str], None]
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-60", title="Unusual face")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    refine = officer_page.get_by_role("button", name="Refine", exact=True)
    expect(refine).to_have_count(0)  # there are no results yet
    bench.generate()

    slider = officer_page.get_by_role("slider", name="Time to refine")
    slider.press("End")
    expect(officer_page.get_by_text("10 minutes", exact=True)).to_be_visible()
    picture(officer_page, "1-ready")
    refine.click()
    preview = officer_page.get_by_role("img", name="What the refinement has reached so far")
    expect(preview).to_be_visible(timeout=SHOWS)
    expect(preview).to_have_js_property("complete", True)
    assert preview.evaluate("picture => picture.naturalWidth") > 0
    expect(bench.save_button).to_be_disabled()
    picture(officer_page, "2-refining")

    bench.generate()  # meanwhile
    officer_page.get_by_role("button", name="Stop and keep").click()
    expect(officer_page.get_by_text(re.compile("^Refined: the photograph made again"))).to_be_visible(
        timeout=JOB_DONE
    )
    expect(preview).to_have_count(0)
    expect(bench.faces).to_have_count(12)
    picture(officer_page, "3-refined")
    bench.faces.first.click()
    expect(officer_page.get_by_role("menu")).to_have_accessible_description(re.compile("refined"))
    officer_page.keyboard.press("Escape")

    bench.generate_next()
    expect(officer_page.get_by_text("Less similar to the input, step 2")).to_be_visible()
    bench.faces.first.click()
    expect(officer_page.get_by_role("menu")).to_have_accessible_description(re.compile("refined"))


def test_the_faces_are_steered_with_the_keyboard_alone(
    site: Site, officer_page: Page, picture: Callable[[Page, str], None]
) -> None:
    bench = new_lineup(officer_page, site.url, case="E2E-61", title="Steered")
    bench.wait_for_worker()
    bench.add_and_wait("Input", MAN)
    steer = officer_page.get_by_text(re.compile("^Steer the faces"))
    steer.focus()
    officer_page.keyboard.press("Enter")
    officer_page.get_by_label("Choose the distance myself").press("Space")
    officer_page.get_by_role("slider", name="Distance from the suspect").press("End")
    expect(steer).to_have_text("Steer the faces (4)")
    sex = officer_page.get_by_role("combobox", name="Sex")
    expect(sex.locator("option:checked")).to_have_text(re.compile("^Suspect.s: Male$"))
    picture(officer_page, "1-steered")
    officer_page.get_by_role("combobox", name="Beard").select_option("Any")
    expect(steer).to_have_text("Steer the faces (3)")
    bench.generate()
    picture(officer_page, "2-held")

    expect(officer_page.get_by_text("Every face: sex, baldness as the suspect", exact=True)).to_be_visible()
    asked = officer_page.request.get(f"{site.url}/api/v1{officer_page.url.removeprefix(site.url)}").json()
    assert asked["pages"][-1]["wishes"] == {"distance": 1.0, "locks": {"sex": "same", "baldness": "same"}}
