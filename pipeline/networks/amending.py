"""Adding to a bundle what is measured with it: its networks stay as they are, to the byte."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from pipeline.networks.bundle import MANIFEST, Arrays, Bundle, sha256_of


def amend(bundle: Bundle, parts: Mapping[str, Arrays], entries: Mapping[str, Any], folder: Path) -> Bundle:
    """Write ``bundle`` with further parts, or with others in place of those that it has.

    Args:
        parts: arrays by part, each as it is to be kept.
        entries: what ``bundle.json`` says of them.
        folder: made if missing; may be the bundle's own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = dict(bundle.manifest["files"])
    if folder.resolve() != bundle.folder.resolve():
        for name in files:
            shutil.copyfile(bundle.folder / name, folder / name)
    for part, arrays in parts.items():
        path = folder / f"{part}.safetensors"
        partial = path.with_suffix(".partial")
        save_file({key: np.array(array, order="C") for key, array in arrays.items()}, partial)
        partial.chmod(0o644)
        partial.replace(path)
        files[path.name] = sha256_of(path)
    manifest = {**bundle.manifest, **entries, "files": dict(sorted(files.items()))}
    partial = folder / f"{MANIFEST}.partial"
    partial.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    partial.replace(folder / MANIFEST)
    return Bundle.open(folder)
