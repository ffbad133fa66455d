"""The worker's first process is forked, so it loads no model code; only the child does."""

import subprocess
import sys

LOADED = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
import gpu_worker.tasks, ligan_site.asgi
print(*sorted({"keras", "tensorflow", "pipeline"} & set(sys.modules)))
"""


def test_what_celery_imports_before_it_forks_and_what_serves_pages_loads_no_model_code() -> None:
    found = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert found.stdout.split() == []
