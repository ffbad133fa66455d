"""Faces of a finished build, to look at."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.build.folder_output import INDEX
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.thumbnails import encoded
from pipeline.dataset.images import sheet
from pipeline.dataset.records import records
from pipeline.faces.photo import Pixels
from pipeline.faces.window import resize
from pipeline.reports.page import page
from pipeline.whole_files import write_whole

PAGE: Final = "show.html"
COLUMNS: Final = 6
SIDE: Final = 160


@dataclass(frozen=True)
class Face:
    """A face of a build.

    Attributes:
        pixels: uint8 (height, width, 3), RGB.
        source: the photograph's name.
        confidence: the detector's; 0 where none was asked.
    """

    pixels: Pixels
    source: str
    confidence: float


def show(folder: Path, *, count: int, seed: int) -> Path:
    """Write a page with ``count`` faces of a build, drawn at random, and where they are from.

    Returns:
        The page's name.

    Raises:
        BadInput: the build is not finished, or has no faces.
    """
    layout = Layout(folder)
    if not layout.finished:
        raise BadInput(f"the build in {folder} is not finished: faces build goes on with it.")
    report = json.loads(layout.report.read_bytes())
    if not report["faces"]:
        raise BadInput(f"no photograph got through in {folder}: see {layout.page.name} there.")
    order = np.random.default_rng(seed).permutation(report["faces"])
    places = sorted(int(place) for place in order[:count])
    read = _of_shards if report["output"]["format"] == "tfrecord" else _of_pictures
    shown = list(read(folder, places))
    pictures = np.stack([resize(face.pixels, width=SIDE, height=SIDE) for face in shown])
    picture = base64.b64encode(encoded(sheet(pictures, COLUMNS))).decode()
    path = folder / PAGE
    text = page(
        "faces",
        folder=folder.name,
        shown=list(zip(places, shown, strict=True)),
        total=report["faces"],
        seed=seed,
        sheet=picture,
    )
    write_whole(path, text.encode())
    return path


def _of_shards(folder: Path, places: list[int]) -> Iterator[Face]:
    wanted = set(places)
    for place, face in enumerate(records(folder)):
        if place in wanted:
            yield Face(face["image"], face["source"], float(face["confidence"]))


def _of_pictures(folder: Path, places: list[int]) -> Iterator[Face]:
    wanted = set(places)
    with (folder / INDEX).open() as lines:
        chosen = [line for place, line in enumerate(lines) if place in wanted]
    for line in chosen:
        fields = json.loads(line)
        bgr = np.asarray(cv2.imread(str(folder / fields["file"]), cv2.IMREAD_COLOR), np.uint8)
        yield Face(bgr[:, :, ::-1], fields["source"], float(fields.get("confidence", 0.0)))
