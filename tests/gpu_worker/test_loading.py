"""A worker that cannot use its bundle says so, in a sentence that helps."""

from pathlib import Path

import pytest

from gpu_worker.loading import load
from gpu_worker.readiness import NotLoaded
from pipeline.interchange.importing import import_snapshot
from tests.pipeline.interchange.written import torch_snapshot


def test_a_bundle_that_only_makes_faces_is_no_bundle_for_a_worker(tmp_path: Path) -> None:
    (tmp_path / "snapshot.pkl").write_bytes(torch_snapshot())
    import_snapshot(tmp_path / "snapshot.pkl", tmp_path / "imported")
    with pytest.raises(
        NotLoaded, match="The bundle imported cannot be used: it only makes faces: it has no encoder"
    ):
        load(tmp_path / "imported")


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotLoaded, match=r"The bundle nowhere cannot be used: there is no bundle\.json"):
        load(tmp_path / "nowhere")
