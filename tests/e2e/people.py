"""Signing in as a person does, the first time and later."""

from playwright.sync_api import Page, expect

from tests.e2e.site import Site

OWN_PASSWORD = "correct horse, battery and staple"


def enter(page: Page, site: Site, name: str, password: str) -> None:
    """Fill in the sign-in page."""
    page.goto(f"{site.url}/accounts/sign-in/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def choose_password(page: Page, one_time: str, own: str = OWN_PASSWORD) -> None:
    """Fill in the page that asks for a new password."""
    page.get_by_label("Old password").fill(one_time)
    page.get_by_label("New password", exact=True).fill(own)
    page.get_by_label("New password confirmation").fill(own)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("heading", name="Password changed")).to_be_visible()


def sign_in(page: Page, site: Site, name: str) -> None:
    """Sign a demo account in; the first time with the one-time password, which is then changed."""
    if name in site.changed:
        enter(page, site, name, site.changed[name])
    else:
        enter(page, site, name, site.passwords[name])
        choose_password(page, site.passwords[name])
        site.changed[name] = OWN_PASSWORD
        page.goto(f"{site.url}/")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
