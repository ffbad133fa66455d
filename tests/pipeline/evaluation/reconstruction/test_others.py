"""What a refinement does to the faces of everybody else is measured, and undone afterwards."""

import numpy as np
import pytest

from pipeline.evaluation.reconstruction.others import Bystanders
from pipeline.evaluation.subject import Subject, from_bundle
from pipeline.networks.faceres import FaceEmbedder
from pipeline.refinement import Notes, Refinement, RefinementError
from tests.pipeline.tiny_bundle import write_tiny_bundle

NOTES = Notes(
    bundle="b" * 64,
    method="pivotal",
    photographs=1,
    same_person=False,
    seconds=1.0,
    ended="time",
    steps={},
    before={},
    after={},
    started_from=None,
)


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """A small untrained generator and its discriminator."""
    folder = tmp_path_factory.mktemp("bundle")
    write_tiny_bundle(folder)
    return from_bundle(folder)


@pytest.fixture(scope="module")
def bystanders(subject: Subject) -> Bystanders:
    """A hundred faces."""
    return Bystanders(subject, FaceEmbedder.load(), faces=100, ways=16, seed=0)


def times(subject: Subject, factor: float) -> Refinement:
    """The generator's kernels, so many times as large."""
    kernels = [v for v in subject.generator.synthesis.weights if v.path.endswith("torgb/conv/kernel")]
    return Refinement.of(
        generator={v.path: factor * np.asarray(v.value) for v in kernels},
        encoder={},
        pivots=np.zeros((1, 6, 8)),
        notes=NOTES,
    )


def test_weights_as_they_were_change_nothing(subject: Subject, bystanders: Bystanders) -> None:
    others = bystanders.of(times(subject, 1.0))
    assert others.changed == 0.0
    assert others.realism == pytest.approx(0.5)
    assert others.path_length == pytest.approx(others.untuned_path_length)


def test_changed_weights_show_in_every_figure(subject: Subject, bystanders: Bystanders) -> None:
    others = bystanders.of(times(subject, 3.0))
    assert others.changed > 0
    assert others.realism != pytest.approx(0.5)
    assert others.path_length != pytest.approx(others.untuned_path_length, rel=0.05)


def test_path_length_is_measured_only_where_it_is_asked_for(subject: Subject) -> None:
    bystanders = Bystanders(subject, FaceEmbedder.load(), faces=8, ways=0, seed=0)

    others = bystanders.of(times(subject, 3.0))

    assert others.path_length is None
    assert others.untuned_path_length is None
    assert others.changed > 0


def test_the_generator_is_left_as_it_was(subject: Subject, bystanders: Bystanders) -> None:
    before = [np.array(v.value) for v in subject.generator.weights]
    bystanders.of(times(subject, 3.0))
    for one, other in zip(before, subject.generator.weights, strict=True):
        np.testing.assert_array_equal(one, np.asarray(other.value))


def test_weights_of_another_network_are_refused(bystanders: Bystanders) -> None:
    foreign = Refinement.of(
        generator={"somewhere/else": np.zeros(2)}, encoder={}, pivots=np.zeros((1, 6, 8)), notes=NOTES
    )
    with pytest.raises(RefinementError, match="do not fit"):
        bystanders.of(foreign)
