"""Who gives what to a face that is tried."""

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from pipeline.gallery.blending.traits import Traits, traits_of
from pipeline.gallery.building.drawing import FEWEST, LENT, Draw, Drawing
from pipeline.gallery.building.labels import Labels
from pipeline.gallery.building.sources import Source
from tests.pipeline.gallery.blending.drawn_heads import head
from tests.pipeline.gallery.building.people import somebody

LOOKS = traits_of(head((205, 160, 135), pupils=(30, 30, 30), lips=(150, 80, 75)))
DRAWS = 300


@dataclass
class Crowd:
    """As many sources as there are labels, who look alike but for what is said of them."""

    said: list[Labels]
    no_hair: frozenset[int] = field(default_factory=frozenset)
    lighter: dict[int, float] = field(default_factory=dict)

    @property
    def all(self) -> list[Source]:
        reasons = ["cut off" if number in self.no_hair else "" for number in range(len(self.said))]
        return [
            Source(number, f"{number}", said, no_hair=reason, traits=self._looks(number))
            for number, (said, reason) in enumerate(zip(self.said, reasons, strict=True))
        ]

    def _looks(self, number: int) -> Traits:
        return replace(LOOKS, tone=LOOKS.tone + np.array([self.lighter.get(number, 0.0), 0, 0]))

    @property
    def usable(self) -> list[Source]:
        return self.all


def drawn(crowd: Crowd) -> tuple[Drawing, list[Draw]]:
    drawing = Drawing(crowd, seed=3)  # type: ignore[arg-type]
    weights = np.full(len(drawing.leads), 1 / len(drawing.leads))
    return drawing, [drawing.draw(number, weights) for number in range(DRAWS)]


EAST_ASIANS = [somebody(ethnicity="east_asian", hair="black", age=30.0 + number) for number in range(4)]


def test_hair_is_often_somebody_elses_and_the_face_never_theirs_alone() -> None:
    _, draws = drawn(Crowd(EAST_ASIANS))

    lent = [draw for draw in draws if draw.heads[0].source != draw.lead]
    assert len(lent) / DRAWS == pytest.approx(LENT, abs=0.1)
    for draw in lent:
        assert draw.heads[1].source == draw.lead
        assert len({taken.source for taken in draw.heads}) == len(draw.heads) > FEWEST


def test_nobody_gives_two_parts_of_one_try() -> None:
    """The first can lend hair to the lead, but not to the other, who is much darker."""
    crowd = Crowd(EAST_ASIANS[:3], no_hair=frozenset({0, 2}), lighter={1: 14.0, 2: -14.0})

    drawing = Drawing(crowd, seed=3)  # type: ignore[arg-type]
    weights = np.array([float(lead.number == 0) for lead in drawing.leads])

    for number in range(20):
        sources = [taken.source for taken in drawing.draw(number, weights).heads]
        assert len(set(sources)) == len(sources)


def test_people_of_whom_there_are_few_get_hair_of_many() -> None:
    others = [somebody(hair="brown", age=50.0 + number) for number in range(12)]
    _, draws = drawn(Crowd([*EAST_ASIANS, *others]))

    givers = {draw.heads[0].source for draw in draws if draw.lead < len(EAST_ASIANS)}
    assert givers > set(range(len(EAST_ASIANS)))


def test_nobody_gets_hair_that_they_would_not_have_by_nature() -> None:
    blond = [somebody(hair="blond", age=33.0) for _ in range(4)]
    grey = [somebody(hair="grey", age=55.0) for _ in range(4)]
    crowd = Crowd([*EAST_ASIANS, *blond, *grey])

    for draw in drawn(crowd)[1]:
        lead, hair = crowd.said[draw.lead], crowd.said[draw.heads[0].source].hair
        assert hair != "grey" or lead.hair == "grey"
        assert hair != "blond" or lead.ethnicity == "white"


def test_whose_hair_is_cut_off_gives_the_face_alone() -> None:
    drawing, draws = drawn(Crowd(EAST_ASIANS, no_hair=frozenset({0})))

    assert 0 in {lead.number for lead in drawing.leads}
    assert 0 in {draw.lead for draw in draws}
    assert 0 not in {draw.heads[0].source for draw in draws}


def test_where_nobody_has_hair_there_is_no_face() -> None:
    drawing = Drawing(Crowd(EAST_ASIANS, no_hair=frozenset(range(4))), seed=3)  # type: ignore[arg-type]

    assert not drawing.leads


def test_each_kind_of_hair_is_lent_about_as_often() -> None:
    """One woman of short hair among twelve of long hair is not one in thirteen."""
    long = [somebody(age=50.0, length="long") for _ in range(12)]
    short = somebody(age=50.0, length="short")
    _, draws = drawn(Crowd([*EAST_ASIANS, *long, short]))

    lent = Counter(draw.heads[0].source for draw in draws if draw.lead < 4 and draw.heads[0].source >= 4)
    assert lent[16] / lent.total() > 2 / 13


def test_a_number_gives_the_same_draw_always() -> None:
    crowd = Crowd(EAST_ASIANS)

    assert drawn(crowd)[1] == drawn(crowd)[1]
