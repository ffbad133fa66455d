"""What is said of a face follows from whom it was made of, and from what it was given."""

from pipeline.gallery.building.describing import described, wearing
from tests.pipeline.gallery.building.people import somebody


def test_a_face_that_glasses_were_put_on_wears_glasses_and_is_the_same_otherwise() -> None:
    labels, description = described([somebody(), somebody(age=40.0)], [0.5, 0.5])

    worn, said = wearing(labels, description)

    assert labels.glasses is False
    assert worn.glasses is True
    assert said["glasses"]["value"] is True
    assert {key: one for key, one in said.items() if key != "glasses"} == {
        key: one for key, one in description.items() if key != "glasses"
    }
