"""The browser of the tests: an installed Chromium or Chrome, else Playwright's own."""

import os
import shutil
from typing import Final

from playwright.sync_api import Browser, Playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def launch(playwright: Playwright) -> Browser:
    """Start it without a window; as root, Chromium refuses its sandbox."""
    installed = next((path for name in NAMES if (path := shutil.which(name))), None)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=installed, args=arguments)
