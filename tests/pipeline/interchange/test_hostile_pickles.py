"""A hostile pickle is refused, whatever it tries and wherever it hides; nothing in it runs."""

import copyreg
import io
import pickle
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pipeline.interchange.files import TABLE, read_snapshot
from pipeline.pickles.unpickler import Name, Unreadable, unpickled
from tests.pipeline.interchange import written
from tests.pipeline.interchange.hostile import BOMBS, CALLS, OPERATIONS, TENSORS, TORCH_LOAD
from tests.pipeline.interchange.pickled import (
    ORDERED,
    Call,
    Global,
    module,
    opcodes,
    operations,
    pickled,
    storage_stream,
    tensor,
)
from tests.pipeline.interchange.watch import watching
from tests.pipeline.interchange.written import SMALL, random_generator, torch_snapshot

MEGABYTE = 2**20
WHOLE = torch_snapshot()


def at_the_top(hidden: bytes) -> bytes:
    """The pickle is nothing else."""
    return opcodes([hidden, pickle.STOP])


def in_a_storage(hidden: bytes) -> bytes:
    """It hides in the bytes of a tensor's storage."""
    head = b"".join(pickle.dumps(value, 2) for value in (0x1950A86A20F9469CFC6C, 1001))
    stream = head + b"\x80\x02" + hidden + pickle.STOP
    return pickled({"G_ema": Call(TORCH_LOAD, (stream,))})


def in_a_snapshot(hidden: bytes) -> bytes:
    """It hides in an otherwise good snapshot, in a part that nobody needs."""
    assert WHOLE.endswith(pickle.SETITEMS + pickle.STOP)
    return WHOLE[:-2] + b"\x8c\x01x" + hidden + pickle.SETITEMS + pickle.STOP


PLACES = [at_the_top, in_a_storage, in_a_snapshot]


@pytest.fixture(scope="module", autouse=True)
def _warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import what is imported on first use."""
    path = tmp_path_factory.mktemp("warm") / "snapshot.pkl"
    path.write_bytes(WHOLE)
    read_snapshot(path)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty folder to work in, which is empty afterwards but for the snapshot."""
    monkeypatch.chdir(tmp_path)
    yield
    assert {path.name for path in tmp_path.iterdir()} <= {"snapshot.pkl"}


def refused(data: bytes) -> str:
    """Read these bytes as a snapshot: nothing may run, and the refusal is one line that can be printed."""
    path = Path("snapshot.pkl")
    path.write_bytes(data)
    with watching() as seen, pytest.raises(Unreadable) as caught:
        read_snapshot(path)
    assert seen == []
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 300
    return message


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", CALLS)
def test_no_call_that_a_pickle_asks_for_is_made(name: str, place: Callable[[bytes], bytes]) -> None:
    refused(place(operations(CALLS[name])))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_that_no_snapshot_needs_are_refused(name: str, place: Callable[[bytes], bytes]) -> None:
    refused(place(OPERATIONS[name]))


def test_the_refusal_names_what_the_pickle_wanted() -> None:
    assert "posix.system" in refused(at_the_top(operations(CALLS["posix.system"])))
    assert "INST" in refused(at_the_top(OPERATIONS["INST"]))


def test_a_registered_extension_is_not_looked_up() -> None:
    copyreg.add_extension("os", "system", 1)
    try:
        assert "EXT1" in refused(at_the_top(b"\x82\x01\x8c\x0btouch owned\x85R"))
    finally:
        copyreg.remove_extension("os", "system", 1)


def test_a_name_that_cannot_be_printed_does_not_reach_the_terminal() -> None:
    refused(at_the_top(operations(Global("os\x1b[2J\n", "\u202esystem" * 50))))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", BOMBS)
def test_what_a_file_promises_takes_no_memory(name: str, place: Callable[[bytes], bytes]) -> None:
    data = place(BOMBS[name])
    tracemalloc.start()
    try:
        refused(data)
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", TENSORS)
def test_tensors_that_lie_about_their_size_are_refused(name: str) -> None:
    data = in_a_snapshot(operations(TENSORS[name]))
    tracemalloc.start()
    try:
        refused(data)
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


REPEATED = {
    "module": operations(Global("torch_utils.persistence", "_reconstruct_persistent_obj")) + b"h\x02\x85R",
    "network": operations(Global("dnnlib.tflib.network", "Network")) + b")\x81h\x02b",
}


@pytest.mark.parametrize("kind", REPEATED)
def test_a_large_state_used_a_thousand_times_is_not_copied(kind: str) -> None:
    # A dictionary and a list of 50,000 entries in the memo, and the same call with them again and again.
    many = b"(" + b"".join(b"X\x05\x00\x00\x00%05dN" % number for number in range(50_000))
    state = {"type": "class", "class_name": "Generator", "version": 5, "static_kwargs": {}}
    data = b"}" + many + b"uq\x01" + many + b"lq\x03" + operations(state) + b"q\x02("
    data += operations("state") + b"h\x01" + operations("variables") + b"h\x03u"
    data = at_the_top(data + REPEATED[kind] * 1000)
    tracemalloc.start()
    try:
        assert "it is a pickle, but no snapshot" in refused(data)
        assert tracemalloc.get_traced_memory()[1] < 50 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_tensors_that_all_show_the_same_bytes_are_refused() -> None:
    storage = Call(TORCH_LOAD, (storage_stream(np.ones(10_000, np.float32)),))
    large = Call(
        Global("torch._utils", "_rebuild_tensor_v2"), (storage, 0, (100, 100), (100, 1), False, Call(ORDERED))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(written, "tensor", lambda array, **_: large if array.ndim == 4 else tensor(array))
        data = pickled({"G_ema": written.network(random_generator(SMALL), SMALL)})
    assert len(data) < 15 * 10_000
    assert "larger than the file" in refused(data)


def test_a_far_place_in_the_memo_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        assert unpickled(io.BytesIO(at_the_top(b"Nr\xff\xff\xff\xff")), {}) is None
        assert tracemalloc.get_traced_memory()[1] < MEGABYTE
    finally:
        tracemalloc.stop()


def test_lists_in_lists_without_end_are_refused() -> None:
    refused(at_the_top(b"]" * 200_000 + b"a" * 199_999))


def test_a_dictionary_that_holds_itself_is_refused() -> None:
    refused(at_the_top(b"}q\x01\x8c\x05G_emah\x01s"))


def test_one_module_that_hangs_in_a_million_places_is_not_walked() -> None:
    # 900 places of a module with 900 places of a module with 900 …
    data = b"}\x8c\x01x" + operations(module("ToRGBLayer", {}, {}, {})) + b"q\x01s"
    keys = [b"X\x03\x00\x00\x00%03d" % number for number in range(900)]
    for memo, kind in enumerate(["SynthesisBlock", "SynthesisNetwork", "Generator"], start=2):
        parts = b"}(" + b"".join(key + b"h" + bytes([memo - 1]) for key in keys) + b"u"
        shell = operations(module(kind, {}, {}, {"THE": "PARTS"}))
        made = shell.replace(operations({"THE": "PARTS"}), parts)
        data += b"\x8c\x05G_ema" + made + b"q" + bytes([memo]) + b"s"
    data = at_the_top(data)
    tracemalloc.start()
    try:
        assert "more modules" in refused(data)
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\x89HDF\r\n", "an HDF5 file"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"<!DOCTYPE html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"hello", "it is no pickle"),
        (b"cos\nsystem\n(S'touch owned'\ntR.", "it is no pickle"),
        (b"\x80\x04", "damaged or cut short"),
        (b"\x80\x04.", "a value that is not there"),
        (b"\x80\x04\xff", "damaged or cut short"),
        (WHOLE + b"\x80\x04N.", "something follows the pickle"),
    ],
)
def test_a_file_that_is_no_snapshot_is_called_what_it_is(data: bytes, what: str) -> None:
    assert what in refused(data)


def test_a_folder_or_a_missing_file_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="directory"):
        read_snapshot(tmp_path)
    with pytest.raises(Unreadable, match="No such file"):
        read_snapshot(tmp_path / "none.pkl")


def test_the_names_that_may_occur_are_these_and_no_others() -> None:
    assert {str(name) for name in TABLE} == {
        "builtins.set",
        "collections.OrderedDict",
        "dnnlib.tflib.network.Network",
        "dnnlib.util.EasyDict",
        "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
        "numpy.core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy.dtype",
        "numpy.ndarray",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_tensor_v2",
        "torch.storage._load_from_bytes",
        "torch_utils.persistence._reconstruct_persistent_obj",
    }


def test_a_name_in_the_table_is_never_imported() -> None:
    table = {Name("antigravity", "fly"): lambda arguments: ("not", "flown", *arguments)}
    data = pickled(Call(Global("antigravity", "fly"), (1,)))
    with watching() as seen:
        assert unpickled(io.BytesIO(data), table) == ("not", "flown", 1)
    assert seen == []
