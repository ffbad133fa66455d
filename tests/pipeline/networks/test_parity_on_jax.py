"""The JAX backend, too, computes what the published implementation computes, in both axis orders."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.pipeline.networks import test_operators_as_published as operators
from tests.pipeline.networks import test_stylegan2_as_published as networks

FOLDER = Path(__file__).parent
AXIS_ORDERS = 2
ONCE = 3  # noise by hand, the activation, its clamp


@pytest.mark.timeout(900)
def test_every_published_number_is_reproduced_on_jax(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    modules = [str(Path(str(module.__file__))) for module in (operators, networks)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *modules],
        env={
            **os.environ,
            "KERAS_BACKEND": "jax",
            "JAX_PLATFORMS": "cpu",
            "JAX_DEFAULT_MATMUL_PRECISION": "highest",
        },
        cwd=FOLDER.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:]
    (suite,) = ET.parse(report).getroot().iter("testsuite")
    minibatch_deviation = 1
    promised = AXIS_ORDERS * (len(operators.NAMES) + len(networks.NAMES) + minibatch_deviation) + ONCE
    assert int(suite.attrib["tests"]) == promised
    assert suite.attrib["skipped"] == suite.attrib["failures"] == suite.attrib["errors"] == "0"
