"""Builds in this process have libraries use one thread; other tests shall not notice."""

import os
from collections.abc import Iterator

import cv2
import pytest

from pipeline.faces.build.threads import VARIABLES


@pytest.fixture(scope="package", autouse=True)
def threads_as_before() -> Iterator[None]:
    before, number = {name: os.environ.get(name) for name in VARIABLES}, cv2.getNumThreads()
    yield
    cv2.setNumThreads(number)
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
