"""A snapshot that the published PyTorch code wrote, put together again.

``network-snapshot.pkl.xz`` is that file with the values of its tensors set to zero; ``network-snapshot.json``
says where which of the fixtures' arrays belongs. In the file G = 1.01 * G_ema, on purpose, so that a reader
that takes the wrong network is found out.
"""

import hashlib
import json
import lzma
from functools import cache

import numpy as np

from tests.pipeline.networks.published import FOLDER, values


@cache
def snapshot_bytes() -> bytes:
    """The file, byte for byte as it was written."""
    data = bytearray(lzma.decompress((FOLDER / "network-snapshot.pkl.xz").read_bytes()))
    places = json.loads((FOLDER / "network-snapshot.json").read_text())
    for start, network, name in places["values"]:
        array = values("d" if network == "D" else "g")[name]
        raw = (array * np.float32(1.01) if network == "G" else array).tobytes()
        data[start : start + len(raw)] = raw
    assert hashlib.sha256(data).hexdigest() == places["sha256"]
    return bytes(data)
