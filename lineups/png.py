"""Pictures as PNG files: the pixels and nothing else."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Level 1 of zlib: somebody is waiting. A 12-megapixel photograph takes a second instead of several and grows
# by a few per cent.
COMPRESSION = 1


def encode(rgb: NDArray[np.uint8]) -> bytes:
    """PNG of uint8 (height, width, 3), without metadata: the same bytes for the same pixels."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rgb)).save(out, "PNG", compress_level=COMPRESSION)
    return out.getvalue()
