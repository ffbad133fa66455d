"""What a reader says, and what it keeps to itself."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from pipeline.attributes.labels import AGES
from pipeline.identity import FaceIdentity, identity_crop
from pipeline.reading import VALUES, Reader, ReadingError
from pipeline.reading.files import FACTS, SHIPPED, WEIGHTS, read_probes, write_probes
from pipeline.reading.probes import group_probabilities
from pipeline.reading.signs import SIZES, Signs, signs_of
from pipeline.reading.words import age_group
from tests.pipeline.reading.heads import FAIR, head


@pytest.fixture(scope="module")
def identity() -> FaceIdentity:
    return FaceIdentity.load(threads=1)


@pytest.fixture(scope="module")
def reader(identity: FaceIdentity) -> Reader:
    return Reader.load(identity=identity)


@pytest.fixture(scope="module")
def signs(identity: FaceIdentity) -> Signs:
    return signs_of([head(), head(FAIR, 1), head(FAIR, 1, grey=True)], identity)


def test_every_key_is_read_in_its_own_words(reader: Reader) -> None:
    found = reader.read(head()).description

    assert tuple(found.findings) == tuple(VALUES)
    for key, finding in found.findings.items():
        assert finding.value is None or finding.value in VALUES[key]
        assert 0 < finding.confidence <= 1


@pytest.mark.parametrize(
    ("bald", "of_hair", "hair", "baldness"),
    [
        (0.7, {"bald": 0.9, "black": 0.1}, "bald", True),
        (0.4, {"bald": 0.9, "black": 0.1}, "bald", True),
        (0.1, {"bald": 0.6, "black": 0.4}, "black", False),
        (0.9, {"grey": 0.8, "bald": 0.2}, "bald", True),
        (0.6, {"grey": 0.8, "bald": 0.2}, "grey", False),
    ],
)
def test_nobody_is_bald_and_has_hair(
    reader: Reader,
    identity: FaceIdentity,
    signs: Signs,
    bald: float,
    of_hair: dict[str, float],
    hair: str,
    baldness: bool,
) -> None:
    """Two probes say it; the surer is right."""
    likely = {
        "baldness": [{True: bald, False: 1 - bald}[bool(value)] for value in VALUES["baldness"]],
        "hair": [of_hair.get(str(value), 1e-9) for value in VALUES["hair"]],
    }
    classes = dict(reader.probes.classes)
    for key, shares in likely.items():
        probe = classes[key]
        bias = np.log(np.array(shares, np.float32))
        classes[key] = replace(probe, weights=np.zeros_like(probe.weights), bias=bias, reliable=0.0)

    found = Reader(replace(reader.probes, classes=classes), identity).reads(signs)[0].description

    assert (found["hair"].value, found["baldness"].value) == (hair, baldness)


def test_a_finding_under_its_reliable_confidence_is_unknown(
    reader: Reader, identity: FaceIdentity, signs: Signs
) -> None:
    sure = reader.reads(signs)[0].description["beard"].confidence
    beard = reader.probes.classes["beard"]

    def said(reliable: float) -> object:
        classes = {**reader.probes.classes, "beard": replace(beard, reliable=reliable)}
        finding = (
            Reader(replace(reader.probes, classes=classes), identity).reads(signs)[0].description["beard"]
        )
        assert finding.confidence == sure
        return finding.value

    assert said(sure + 1e-6) is None
    assert said(sure) in {True, False}


def test_an_unknown_finding_survives_its_json_form(reader: Reader, signs: Signs) -> None:
    grey = reader.reads(signs)[2].description

    again = type(grey).from_dict(json.loads(json.dumps(grey.to_dict())))

    assert grey["hair"].value is None
    assert again["hair"].value is None


def test_the_colour_of_hair_is_unknown_in_a_black_and_white_picture(signs: Signs) -> None:
    assert signs.colourless.tolist() == [False, False, True]


def test_reading_is_deterministic_and_heads_do_not_change_each_other(reader: Reader) -> None:
    heads = [head(), head(FAIR, 1), head(seed=2)]

    together, again, alone = reader.read_all(heads), reader.read_all(heads), reader.read(heads[1])

    assert [one.description.to_dict() for one in together] == [one.description.to_dict() for one in again]
    np.testing.assert_allclose(alone.identity, together[1].identity, atol=1e-5)
    assert alone.years == pytest.approx(together[1].years, abs=0.01)
    assert reader.read_all([]) == []


def test_who_it_is_comes_with_what_it_looks_like(reader: Reader, identity: FaceIdentity) -> None:
    one = head(seed=4)

    expected = identity.embed(identity_crop(one.image, one.landmarks)[None])[0]

    np.testing.assert_allclose(reader.read(one).identity, expected, atol=1e-5)


def test_the_wall_behind_a_head_is_no_sign_of_its_colours(identity: FaceIdentity) -> None:
    one = head()
    wall = np.where(one.alpha[..., None] > 0, one.image, np.uint8(30))

    blocks = signs_of([one, replace(one, image=wall)], identity).blocks["colours"]

    np.testing.assert_allclose(blocks[0], blocks[1], atol=0.5)


def test_every_block_has_the_size_that_the_weights_are_checked_against(signs: Signs) -> None:
    assert {name: values.shape[1] for name, values in signs.blocks.items()} == SIZES


def test_the_reader_that_ships_says_how_often_it_is_right_about_real_people(reader: Reader) -> None:
    assert set(reader.reliability) == set(VALUES)
    for one in reader.reliability.values():
        assert one.real_people
        assert one.n >= 50
        assert set(one.by_group) == {"sex", "age_group", "ethnicity"}
    assert {"license", "data", "command"} <= set(reader.facts)


@pytest.mark.parametrize(
    ("years", "group"), [(0, "0-2"), (2.9, "0-2"), (29.9, "20-29"), (30, "30-39"), (99, "70+")]
)
def test_an_age_has_a_group(years: float, group: str) -> None:
    assert age_group(years) == group


def test_probabilities_of_age_groups_sum_to_one_and_peak_at_the_years() -> None:
    years = np.array([-3.0, 25.0, 45.0, 120.0])

    likely = group_probabilities(years, 4.0)

    np.testing.assert_allclose(likely.sum(1), 1, atol=1e-5)
    assert [AGES[i] for i in likely.argmax(1)] == ["0-2", "20-29", "40-49", "70+"]


def test_what_was_written_is_read_again(tmp_path: Path, reader: Reader, signs: Signs) -> None:
    write_probes(tmp_path, reader.probes)

    again = read_probes(tmp_path)

    for key, probe in reader.probes.classes.items():
        np.testing.assert_array_equal(again.classes[key].probabilities(signs), probe.probabilities(signs))
    assert again.reliability == reader.reliability


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        values = json.loads((folder / FACTS).read_text())
        change(values)
        (folder / FACTS).write_text(json.dumps(values))

    return damage


def other_weights(change: Callable[[dict[str, np.ndarray]], object]) -> Callable[[Path], None]:
    """Weights that are whole and named by the facts, but wrong."""

    def damage(folder: Path) -> None:
        import hashlib

        arrays = load_file(folder / WEIGHTS)
        change(arrays)
        save_file(arrays, folder / WEIGHTS)
        digest = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
        changed(lambda values: values.update(sha256=digest))(folder)

    return damage


def flipped(folder: Path) -> None:
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-1] ^= 1
    (folder / WEIGHTS).write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        flipped,
        lambda folder: (folder / WEIGHTS).unlink(),
        lambda folder: (folder / WEIGHTS).write_bytes(b""),
        lambda folder: (folder / FACTS).unlink(),
        lambda folder: (folder / FACTS).write_text("{"),
        lambda folder: (folder / FACTS).write_text("[]"),
        lambda folder: (folder / FACTS).write_bytes(b"\xff"),
        changed(lambda values: values.update(format=2)),
        changed(lambda values: values["probes"].pop("age_group")),
        changed(lambda values: values["probes"].update(soul=values["probes"]["sex"])),
        changed(lambda values: values["probes"]["sex"].update(blocks=["face"])),
        changed(lambda values: values["probes"]["sex"].update(blocks=["feet"])),
        changed(lambda values: values["probes"]["sex"].update(reliable=float("nan"))),
        changed(lambda values: values["probes"]["age_group"].update(spread=0)),
        changed(lambda values: values["probes"]["sex"].update(reliability=None)),
        other_weights(lambda arrays: arrays.pop("sex.bias")),
        other_weights(lambda arrays: arrays.update({"sex.bias": np.full(2, np.nan, np.float32)})),
        other_weights(lambda arrays: arrays.update({"sex.weights": arrays["sex.weights"][:-1]})),
    ],
)
def test_hostile_and_damaged_files_end_in_a_sentence(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    for name in (WEIGHTS, FACTS):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    damage(tmp_path)

    with pytest.raises(ReadingError) as refusal:
        read_probes(tmp_path)

    assert str(tmp_path) in str(refusal.value)


def test_probes_of_another_embedder_are_refused(reader: Reader, identity: FaceIdentity) -> None:
    with pytest.raises(ReadingError, match="another face embedder"):
        Reader(replace(reader.probes, identity="0" * 64), identity)


def test_keras_and_tensorflow_stay_away_while_a_head_is_read() -> None:
    program = (
        "import sys\n"
        "from pipeline.reading import Reader\n"
        "from tests.pipeline.reading.heads import head\n"
        "Reader.load().read(head())\n"
        "assert not {'keras', 'tensorflow', 'torch', 'sklearn'} & set(sys.modules), 'loaded'\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True)
