"""What decides who may be shown, and what frames a face, is read and run without a network."""

import json
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

ROOMS = ("pipeline.attributes", "pipeline.faces", "pipeline.fillers", "pipeline.identity", "pipeline.reading")
NETWORKS = frozenset({"keras", "mtcnn", "tensorflow"})


def loaded_after(statement: str) -> set[str]:
    """The top-level packages that a new Python has loaded after a statement."""
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def modules_of(room: str) -> list[str]:
    found = pkgutil.walk_packages(import_module(room).__path__, f"{room}.")
    return sorted(module.name for module in found)


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_of_a_room_without_networks_loads_keras_or_tensorflow(room: str) -> None:
    names = [room, *modules_of(room)]

    loaded = loaded_after(f"import {', '.join(names)}")

    assert len(names) > 3, names
    assert "pipeline" in loaded
    assert not NETWORKS & loaded


def test_what_they_must_not_load_is_noticed_where_it_is_loaded() -> None:
    assert loaded_after("import mtcnn") >= NETWORKS


def test_data_sets_are_read_without_a_network() -> None:
    loaded = loaded_after("import pipeline.dataset.dataset, pipeline.dataset.records")

    assert "cv2" in loaded
    assert not NETWORKS & loaded


def test_the_command_line_lists_its_commands_without_numpy_or_a_network() -> None:
    loaded = loaded_after("from pipeline.__main__ import parser\nparser()")

    assert "pipeline" in loaded
    assert not (NETWORKS | {"cv2", "dask", "numpy"}) & loaded
