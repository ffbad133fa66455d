"""The attribute models are those of the thesis, and say the same of a face in any company."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.attributes import AGES, CELEBA, RACES
from pipeline.networks.attributes import AttributeModel, CelebAConfig, CombinedAttributes, FairFaceConfig
from pipeline.networks.backbones.config import LITE0, BackboneConfig
from pipeline.networks.bundle import Bundle
from pipeline.training.attributes.config import PRESETS
from tests.pipeline.tiny_bundle import RELIABILITY, tiny_attributes, write_tiny_bundle

TINY = BackboneConfig(name=LITE0, stages=1)


def faces(count: int, side: int = 16) -> np.ndarray:
    """Random pictures."""
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), np.uint8)


@pytest.fixture(scope="module")
def models() -> CombinedAttributes:
    """Untrained models whose heads say something."""
    models = tiny_attributes()
    random = np.random.default_rng(0)
    for model in models.models:
        heads = model.network.get_layer("heads")
        for name in model.config.heads:
            kernel = heads.get_layer(name).kernel
            kernel.assign(random.normal(size=kernel.shape))
    return models


def test_the_thesis_models_give_4608_features_23_attributes_9_ages_and_7_ethnicities() -> None:
    celeba, fairface = (PRESETS[kind, "thesis"].network for kind in ("celeba", "fairface"))
    random = [replace(one, backbone=replace(one.backbone, weights=None)) for one in (celeba, fairface)]
    both = CombinedAttributes(*map(AttributeModel, random))
    assert both.features == 2560 + 2048
    found = [model.network.output for model in both.models]
    sizes = {name: output.shape[-1] for one in found for name, output in one.items() if name != "features"}
    assert sizes == {"hair": 5, "gender": 1, "remaining": 17, "age": 9, "race": 7}


def test_one_call_gives_everything_that_both_models_say(models: CombinedAttributes) -> None:
    images = faces(5)
    found = models.predict(images)
    first, second = (model.predict(images) for model in models.models)
    assert list(found.celeba) == list(first.celeba)
    np.testing.assert_array_equal(found.features, np.concatenate([first.features, second.features], axis=1))
    np.testing.assert_array_equal(found.columns()["age 70+"], second.columns()["age 70+"])
    assert len(found) == 5


def test_probabilities_are_of_the_groups_taught_and_zero_for_others(models: CombinedAttributes) -> None:
    found = models.predict(faces(3))
    assert found.age is not None
    np.testing.assert_allclose(found.age.sum(axis=1), 1.0, atol=1e-6)
    taught = [name in ("20-29", "30-39", "70+") for name in AGES]
    assert (found.age[:, taught] > 0).all()
    assert (found.age[:, np.logical_not(taught)] == 0).all()


def test_a_face_is_described_alike_in_a_batch_of_any_size(models: CombinedAttributes) -> None:
    images = faces(19)
    together = models.predict(images).columns()
    for place in (0, 17):
        alone = models.predict(images[place : place + 1]).columns()
        for name, values in alone.items():
            assert values[0] == together[name][place]


def test_faces_of_another_side_are_resampled(models: CombinedAttributes) -> None:
    grey = np.full((1, 64, 64, 3), 128, np.uint8)
    for name, values in models.predict(grey).columns().items():
        np.testing.assert_allclose(values, models.predict(grey[:, :16, :16]).columns()[name], atol=1e-5)


def test_no_faces_give_no_predictions(models: CombinedAttributes) -> None:
    found = models.predict(faces(0))
    assert len(found) == 0
    assert all(len(values) == 0 for values in found.columns().values())


@pytest.mark.parametrize(
    "images", [np.zeros((1, 16, 16, 3), np.float32), np.zeros((1, 16, 8, 3), np.uint8), faces(1)[0]]
)
def test_pictures_in_another_form_are_refused(models: CombinedAttributes, images: np.ndarray) -> None:
    with pytest.raises(ValueError, match="faces are uint8"):
        models.predict(images)


def test_a_bundle_gives_back_its_models_and_how_reliable_they_are(
    models: CombinedAttributes, tmp_path: Path
) -> None:
    bundle = write_tiny_bundle(tmp_path, attributes=models).bundle
    read = Bundle.open(tmp_path).attributes()
    assert read is not None
    assert bundle.has("celeba")
    assert bundle.has("fairface")
    expected, found = models.predict(faces(4)).columns(), read.predict(faces(4)).columns()
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, atol=0.02)
    assert bundle.reliability() == RELIABILITY


def test_a_bundle_without_attribute_models_has_none(tmp_path: Path) -> None:
    bundle = write_tiny_bundle(tmp_path).bundle
    assert bundle.attributes() is None
    assert bundle.reliability() == {}


@pytest.mark.parametrize("labels", [(), ("Young",), ("Male", "Bald")])
def test_labels_are_of_table_3_2_in_its_order(labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="labels are some of"):
        CelebAConfig(backbone=TINY, labels=labels)


@pytest.mark.parametrize("groups", [{"ages": ("20-29",)}, {"races": ("Black", "White")}])
def test_groups_are_fairfaces_in_its_order(groups: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="at least two of"):
        FairFaceConfig(backbone=TINY, **groups)  # type: ignore[arg-type]


def test_configurations_come_back_from_plain_values() -> None:
    celeba = CelebAConfig(backbone=TINY, labels=CELEBA[:3])
    fairface = FairFaceConfig(backbone=TINY, ages=AGES[2:], races=RACES[:4])
    assert CelebAConfig.from_dict(celeba.to_dict()) == celeba
    assert FairFaceConfig.from_dict(fairface.to_dict()) == fairface
