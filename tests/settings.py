"""Settings of the tests: the site's own, in a folder of their own, without Valkey and without waiting."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.mkdtemp(prefix="ligan-tests-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["LIGAN_DATA"] = str(_FOLDER)
for _name in (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "MEDIA_ROOT",
    "DEBUG",
    "LIGAN_HTTPS",
):
    os.environ.pop(_name, None)
# The gallery that ships, if it does, is no part of what tests start from; those of a gallery name their own.
os.environ["LIGAN_GALLERY"] = "none"
os.environ["LIGAN_SOURCES"] = "generator"

from ligan_site.settings import *  # noqa: E402, F403
from ligan_site.settings import DATABASES, SQLITE_OPTIONS, STORAGES, env  # noqa: E402

# The same tests run on another database where one is named.
if _OTHER_DATABASE := os.environ.get("LIGAN_TEST_DATABASE_URL"):
    DATABASES["default"] = env.db_url_config(_OTHER_DATABASE)
else:
    # A file, not memory: threads of a test see the same rows. Nothing has to survive a power cut.
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        "init_command": SQLITE_OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF"),
    }
    DATABASES["default"]["TEST"] = {"NAME": str(_FOLDER / "test.sqlite3")}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_BROKER_URL = "memory://"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
