"""Where the files of the domain lie: a private storage, under random names."""

import uuid
from functools import partial
from typing import Any, Final

from django.core.files.storage import Storage, default_storage
from django.db import models


def private_storage() -> Storage:
    """The storage of everything that only an authorised view may serve."""
    return default_storage


def random_path(folder: str, instance: models.Model, filename: str) -> str:
    """``folder``/xx/<random>.png: nothing of the name that the upload came with survives."""
    name = uuid.uuid4().hex
    return f"{folder}/{name[:2]}/{name}.png"


PREVIEWS: Final = "previews"
REFINEMENTS: Final = "refinements"


def attempt_path(folder: str, suffix: str, instance: Any, filename: str) -> str:
    """A random name that begins with the attempt that writes it, by which a dead worker's files are found."""
    return f"{folder}/{instance.attempt.hex}-{uuid.uuid4().hex}{suffix}"


preview_path = partial(attempt_path, PREVIEWS, ".png")
refinement_path = partial(attempt_path, REFINEMENTS, ".safetensors")
photo_path = partial(random_path, "photos")
face_path = partial(random_path, "faces")
preparation_path = partial(random_path, "preparations")
export_path = partial(random_path, "exports")
