"""What a photograph and faces of a gallery have apart from each other by how they were kept is taken away."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.appearance.bands import octaves
from pipeline.appearance.evening.evened import even_out
from pipeline.appearance.evening.ground import through_webp
from pipeline.appearance.regions import regions_of
from pipeline.appearance.sharpness import strengths
from pipeline.faces.head import SIDE, Head
from pipeline.faces.lab import lab_of


@pytest.fixture(scope="module")
def kept(six: list[Head]) -> list[Head]:
    """A photograph as it was taken, fillers as a gallery keeps them."""
    return [six[0], *(replace(head, image=through_webp(head.image, 85)) for head in six[1:])]


def evened(heads: list[Head]) -> list[Head]:
    made = even_out(heads[0], heads[1:])
    return [
        replace(head, image=image) for head, image in zip(heads, [made.suspect, *made.fillers], strict=True)
    ]


def walls(heads: list[Head]) -> np.ndarray:
    return np.stack([lab_of(head.image)[head.alpha < 0.01].mean(axis=0) for head in heads])


def colour_detail(heads: list[Head], channel: int) -> np.ndarray:
    """Octaves of the strength of a's or b's detail in the face, finest first: (members, octaves)."""
    found = []
    for head in heads:
        lab = lab_of(head.image)
        parts, _ = octaves(np.ascontiguousarray(lab[..., channel]))
        found.append(np.log2(strengths(parts, regions_of(head, lab).face)))
    return np.stack(found)


def test_storage_rounds_a_wall_and_everybody_has_one_wall_afterwards(kept: list[Head]) -> None:
    before, after = walls(kept), walls(evened(kept))

    assert np.abs(before[0] - before[1:]).max() > 0.2
    assert np.abs(after[0] - after[1:]).max() < 0.1


def test_a_wall_of_another_grey_behind_one_filler_becomes_the_suspects(six: list[Head]) -> None:
    other = (1 - six[3].alpha)[..., None] * 6.0
    heads = [*six[:3], replace(six[3], image=(six[3].image + other).astype(np.uint8)), *six[4:]]

    assert np.ptp(walls(evened(heads)), axis=0).max() < 0.1


@pytest.mark.parametrize("channel", [1, 2])
def test_a_photograph_with_more_detail_in_its_colours_is_told_by_it_no_more(
    kept: list[Head], channel: int
) -> None:
    lab = lab_of(kept[0].image)
    mottled = cv2.GaussianBlur(np.random.default_rng(0).standard_normal((SIDE, SIDE)), (0, 0), 2.0)
    lab[..., channel] += (mottled / mottled.std() * 6).astype(np.float32)
    rgb = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    heads = [replace(kept[0], image=(np.clip(rgb, 0, 1) * 255).astype(np.uint8)), *kept[1:]]

    before, after = colour_detail(heads, channel), colour_detail(evened(heads), channel)

    middle = 2
    apart = [found[0, middle] - np.median(found[1:, middle]) for found in (before, after)]
    assert apart[0] > 0.8
    assert abs(apart[1]) < 0.4
