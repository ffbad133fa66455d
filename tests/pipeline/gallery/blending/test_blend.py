"""A face that is blended of several heads."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.faces.head import OVAL as OUTLINE
from pipeline.faces.head import SIDE, Head
from pipeline.gallery.blending.anatomy import EYE_OPENINGS, LIPS, LOWER, filled, hull, mirrored
from pipeline.gallery.blending.blend import blend
from pipeline.gallery.blending.planes import Mask, grown
from pipeline.gallery.blending.shares import MOST_OF_THE_DONOR, Shares
from tests.pipeline.gallery.blending.drawn_heads import head, landmarks

SKIN = (205, 160, 135)
ROLES = Shares((0.1, 0.3, 0.3, 0.3), eyes=1, nose=2, mouth=3, skin=2)


def four_heads() -> list[Head]:
    return [
        head(SKIN, landmarks(width=50), pupils=(30, 30, 30), lips=(120, 60, 60)),
        head((215, 170, 150), landmarks(width=46, height=53), pupils=(20, 60, 200), lips=(230, 30, 40)),
        head((195, 150, 125), landmarks(width=53, mouth=1.15), pupils=(20, 180, 40), lips=(40, 200, 60)),
        head((200, 150, 120), landmarks(width=48, nose=2.0), pupils=(200, 160, 20), lips=(40, 60, 200)),
    ]


def test_the_same_heads_and_shares_give_the_same_pixels() -> None:
    first, again = blend(four_heads(), ROLES).head, blend(four_heads(), ROLES).head

    assert first.image.tobytes() == again.image.tobytes()
    assert first.alpha.tobytes() == again.alpha.tobytes()
    assert first.landmarks.tobytes() == again.landmarks.tobytes()


def test_the_donor_gives_at_most_a_third_of_the_face() -> None:
    made = blend(four_heads(), ROLES)

    assert sum(made.seen) == pytest.approx(1.0)
    assert made.seen[0] <= MOST_OF_THE_DONOR
    assert not made.of_donor


def test_a_face_that_is_mostly_the_donors_is_said_to_be() -> None:
    assert blend(four_heads(), Shares(ROLES.shape, 0, 0, 3, 0)).of_donor


@pytest.mark.parametrize(("eyes", "blue"), [(1, True), (2, False), (3, False)])
def test_both_eyes_come_whole_from_one_head(eyes: int, blue: bool) -> None:
    made = blend(four_heads(), Shares(ROLES.shape, eyes, 2, 3, 2)).head

    colours = [middle_of(made, hull(made.landmarks[list(eye)])) for eye in EYE_OPENINGS]
    assert np.abs(colours[0] - colours[1]).max() < 6
    assert bool(colours[0][2] > colours[0][:2].max() + 60) is blue


def test_the_whole_mouth_comes_from_one_head() -> None:
    made = blend(four_heads(), ROLES).head

    mouth = hull(made.landmarks[list(LIPS)])
    inside = made.image[grown(mouth, -3) > 0.5].astype(int)
    assert (inside[:, 2] > inside[:, :2].max(axis=1) + 40).all()


def test_the_donors_glasses_stay_and_anothers_eyes_are_seen_through_them() -> None:
    heads = four_heads()
    brow, cheek = heads[0].landmarks[[105, 334]], heads[0].landmarks[[118, 347]]
    for x, y in np.round(np.concatenate([brow, cheek])).astype(int).tolist():
        cv2.circle(heads[0].image, (x, y), 4, (10, 10, 10), -1)

    made = blend(heads, Shares(ROLES.shape, 1, 2, 3, 2, glasses=True)).head

    for mark in (105, 334, 118, 347):
        x, y = np.round(made.landmarks[mark]).astype(int)
        assert made.image[y, x].max() < 70
    for eye in EYE_OPENINGS:
        colour = middle_of(made, hull(made.landmarks[list(eye)]))
        assert colour[2] > colour[:2].max() + 60


def test_a_beard_comes_whole_from_the_head_of_the_mouth() -> None:
    heads = four_heads()
    for number, one in enumerate(heads):
        shade = (60, 40, 30) if number == 3 else (60, 40, 90)
        beard = LOWER.mask(one.landmarks) * (1 - hull(one.landmarks[list(LIPS)], 3))
        one.image[beard > 0.5] = shade

    made = blend(heads, Shares(ROLES.shape, 1, 2, 3, 2, beard=True))

    assert made.seen[3] > 0.3
    assert made.seen[3] > blend(heads, ROLES).seen[3] + 0.05
    whole = grown(LOWER.mask(made.head.landmarks), -6) * (1 - hull(made.head.landmarks[list(LIPS)], 7))
    assert made.head.image[whole > 0.5].max() < 120


def test_landmarks_lie_where_the_picture_shows_their_parts() -> None:
    made = blend(four_heads(), ROLES).head

    blue = made.image[..., 2].astype(int) > made.image[..., :2].max(axis=-1).astype(int) + 30
    for part in (*EYE_OPENINGS, LIPS):
        shape = filled(made.landmarks[list(part)]) > 0.5
        shown = blue & (hull(made.landmarks[list(part)], 4) > 0.5)
        assert (shape & shown).sum() / (shape | shown).sum() > 0.8


def test_no_edge_shows_where_the_donors_face_ends() -> None:
    """Skin of other tones, under other light, meets the donor's without a step."""
    heads = [head(SKIN), *(head(tone) for tone in ((235, 190, 165), (170, 125, 105), (215, 165, 140)))]
    for other, slope in zip(heads[1:], (0.12, -0.12, 0.1), strict=True):
        light = 1 + slope * (np.arange(SIDE) / SIDE - 0.5)[None, :, None]
        other.image[:] = np.clip(other.image * light, 0, 255)

    made = blend(heads, ROLES).head

    face = grown(filled(made.landmarks[list(OUTLINE)]), -3) > 0.5
    steps = np.abs(np.diff(made.image.astype(int), axis=1)).max(axis=-1)
    assert steps[face[:, 1:]].max() <= 5
    assert np.abs(made.image[face].astype(int) - SKIN).max() <= 12


def test_no_hair_of_another_head_is_left_on_the_forehead() -> None:
    heads = [head(SKIN), *(head(SKIN, fringe=0.7) for _ in range(3))]

    made = blend(heads, ROLES).head

    face = grown(filled(made.landmarks[list(OUTLINE)]), -4) > 0.5
    assert made.image[face].min(axis=0).min() > min(SKIN) - 25


def test_the_donors_fringe_stays() -> None:
    heads = [head(SKIN, fringe=0.6), *(head(SKIN) for _ in range(3))]

    made, plain = blend(heads, ROLES).head, blend([head(SKIN)] * 4, ROLES).head

    def dark(one: Head) -> int:
        return int((one.image[filled(one.landmarks[list(OUTLINE)]) > 0.5].max(axis=-1) < 80).sum())

    assert dark(made) > 0.8 * dark(Head(heads[0].image, heads[0].landmarks, heads[0].alpha)) > 5 * dark(plain)


def test_wall_and_hair_of_others_leave_no_halo() -> None:
    heads = [
        head(SKIN, landmarks(width=46), wall=(240, 240, 240)),
        *(head(SKIN, landmarks(width=54), hair=(250, 220, 60), wall=(255, 0, 255)) for _ in range(3)),
    ]

    made = blend(heads, ROLES).head

    pink = made.image[..., 1].astype(int) < made.image[..., [0, 2]].min(axis=-1).astype(int) - 25
    yellow = made.image[..., 2].astype(int) < made.image[..., 1].astype(int) - 60
    assert not pink.any()
    assert not yellow.any()


def test_alpha_is_the_donors_in_the_new_shape() -> None:
    heads = four_heads()

    made = blend(heads, ROLES).head

    assert made.alpha.dtype == np.float32
    assert made.alpha.min() >= 0
    assert made.alpha.max() <= 1
    assert made.alpha[grown(filled(made.landmarks[list(OUTLINE)]), -2) > 0.5].min() > 0.95
    assert np.abs(made.alpha[:8] - heads[0].alpha[:8]).max() < 0.01


def test_mirrored_heads_give_the_mirrored_face() -> None:
    heads = four_heads()

    made, turned = blend(heads, ROLES).head, blend([mirrored(one) for one in heads], ROLES).head

    assert np.abs(mirrored(turned).landmarks - made.landmarks).max() < 0.51
    off = np.abs(mirrored(turned).image.astype(int) - made.image.astype(int)).max(axis=-1)
    assert np.percentile(off, 99) <= 12
    assert off.mean() < 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 5))
def test_shares_are_the_seeds_and_never_the_donors_alone(seed: int, count: int) -> None:
    weights = np.linspace(1, 2, count).tolist()
    drawn = Shares.drawn(np.random.default_rng(seed), weights)

    assert drawn == Shares.drawn(np.random.default_rng(seed), weights)
    assert drawn.shape[0] <= 0.12
    assert 0 not in (drawn.eyes, drawn.mouth, drawn.skin)
    assert (drawn.eyes != drawn.mouth) is (count > 2)


def test_shares_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        Shares((0.5, 0.2), 1, 1, 1, 1)
    with pytest.raises(ValueError, match="not there"):
        Shares((0.5, 0.5), 2, 1, 1, 1)
    with pytest.raises(ValueError, match="beside the donor"):
        Shares.drawn(np.random.default_rng(1), [1.0])
    with pytest.raises(ValueError, match="cannot be blended"):
        blend(four_heads()[:2], ROLES)


def middle_of(one: Head, mask: Mask) -> np.ndarray:
    return np.asarray(one.image[grown(mask, -1) > 0.5].mean(axis=0))
