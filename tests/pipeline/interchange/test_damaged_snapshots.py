"""Whatever happens to a snapshot's bytes, the result is a bundle or one clear refusal, nothing else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.interchange.importing import Occupied, import_snapshot
from pipeline.networks.bundle import Bundle
from pipeline.pickles.unpickler import Unreadable
from tests.pipeline.interchange.watch import watching
from tests.pipeline.interchange.written import (
    SMALL,
    random_discriminator,
    random_generator,
    tensorflow_snapshot,
    torch_snapshot,
)

SNAPSHOTS = (
    torch_snapshot(),
    tensorflow_snapshot(SMALL, random_generator(SMALL), random_discriminator(SMALL)),
)
ANYTHING = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(data: bytes) -> str:
    """Import these bytes: "bundle" or "refused", with nothing run and nothing left behind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "snapshot.pkl"
        path.write_bytes(data)
        with watching() as seen:
            try:
                import_snapshot(path, folder / "bundle")
                refusal = None
            except Unreadable as error:
                refusal = str(error)
        assert seen == []
        left = {entry.name for entry in folder.iterdir()}
        if refusal is None:
            assert left == {"snapshot.pkl", "bundle"}
            assert Bundle.open(folder / "bundle").has("generator")
            return "bundle"
        assert left == {"snapshot.pkl"}
        assert refusal.isprintable()
        return "refused"


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Import what is imported on first use."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "snapshot.pkl")
        path.write_bytes(SNAPSHOTS[0])
        import_snapshot(path, Path(name, "bundle"))


@pytest.mark.parametrize("data", SNAPSHOTS, ids=["PyTorch", "TensorFlow"])
def test_an_undamaged_snapshot_becomes_a_bundle(data: bytes) -> None:
    assert outcome(data) == "bundle"


@ANYTHING
@given(
    data=st.sampled_from(SNAPSHOTS),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4
    ),
)
def test_altered_bytes_do_no_harm(data: bytes, changes: list[tuple[float, int]]) -> None:
    altered = bytearray(data)
    for share, value in changes:
        altered[int(share * len(altered))] = value
    outcome(bytes(altered))


@ANYTHING
@given(data=st.sampled_from(SNAPSHOTS), share=st.floats(0, 1, exclude_max=True))
def test_a_snapshot_that_was_cut_short_is_refused(data: bytes, share: float) -> None:
    assert outcome(data[: int(share * len(data))]) == "refused"


@ANYTHING
@given(
    data=st.sampled_from(SNAPSHOTS),
    start=st.floats(0, 1),
    length=st.integers(1, 2000),
    more=st.binary(max_size=8),
)
def test_bytes_taken_out_or_put_in_do_no_harm(data: bytes, start: float, length: int, more: bytes) -> None:
    at = int(start * len(data))
    outcome(data[:at] + more + data[at + length :])
    outcome(data[:at] + more + data[at:])


@ANYTHING
@given(st.binary(max_size=300))
def test_any_bytes_behind_a_pickles_head_do_no_harm(tail: bytes) -> None:
    assert outcome(b"\x80\x04" + tail) == "refused"


def test_a_bundle_is_not_written_over_something_else(tmp_path: Path) -> None:
    path, folder = tmp_path / "snapshot.pkl", tmp_path / "bundle"
    path.write_bytes(SNAPSHOTS[0])
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(Occupied, match="not an empty folder"):
        import_snapshot(path, folder)
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    path, folder = tmp_path / "snapshot.pkl", tmp_path / "bundle"
    path.write_bytes(SNAPSHOTS[0])
    folder.mkdir()
    import_snapshot(path, folder)
    assert Bundle.open(folder).has("generator")
