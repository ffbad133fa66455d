"""The encoder turns a face into rows of w+."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from pipeline.networks.encoder import EncoderConfig, build_encoder
from pipeline.networks.encoder.model import backbone
from pipeline.networks.presets import ENCODERS, GENERATORS


def small(**changes: object) -> EncoderConfig:
    """Sizes that build in a moment."""
    sizes = {"resolution": 32, "num_ws": 8, "w_dim": 16, "backbone_widths": (4, 8, 12), "pyramid_channels": 8}
    return EncoderConfig.from_dict({**sizes, **changes})


def test_a_face_becomes_w_plus_and_features() -> None:
    outputs = build_encoder(small())(np.zeros((2, 32, 32, 3), np.float32))
    assert tuple(outputs["w_plus"].shape) == (2, 8, 16)
    assert tuple(outputs["features"].shape) == (2, 12)


def test_each_row_of_w_plus_is_normalised_in_the_units_of_w() -> None:
    encoder = build_encoder(small())
    random = np.random.default_rng(0)
    w = random.normal(3.0, 2.0, (1000, 16)).astype(np.float32)
    encoder.get_layer("normalisation").adapt(w)
    faces = 100 * random.normal(size=(2, 32, 32, 3)).astype(np.float32)
    rows = (np.asarray(encoder(faces)["w_plus"]) - w.mean(axis=0)) / w.std(axis=0)
    np.testing.assert_allclose(np.mean(np.square(rows), axis=-1), 1.0, rtol=1e-3)


def test_an_efficientnet_can_be_the_backbone() -> None:
    maps = backbone(small(backbone="EfficientNetB0")).outputs
    assert [m.shape[1] for m in maps] == [4, 2, 1]


def test_an_unknown_backbone_is_refused() -> None:
    with pytest.raises(ValueError, match="no backbone 'VGG99'"):
        build_encoder(small(backbone="VGG99"))


def test_rows_must_be_left_for_the_finest_level() -> None:
    with pytest.raises(ValueError, match="leave none"):
        small(coarse=4, medium=4)


@pytest.fixture(scope="module")
def thesis() -> keras.Model:
    """The thesis' encoder with random weights; it is only looked at."""
    return build_encoder(replace(ENCODERS["thesis-128"], backbone_weights=None))


def behind(encoder: keras.Model, layer: str) -> set[str]:
    """Names of the layers that the output of ``layer`` is made by."""
    return {one.name for one in keras.Model(encoder.input, encoder.get_layer(layer).output).layers}


def test_the_thesis_encoder_looks_at_the_last_three_levels_of_an_efficientnet_b7(thesis: keras.Model) -> None:
    assert (ENCODERS["thesis-128"].backbone, ENCODERS["thesis-128"].backbone_weights) == (
        "EfficientNetB7",
        "imagenet",
    )
    levels = [thesis.get_layer(f"lateral{level}").input for level in (3, 4, 5)]
    assert [tuple(level.shape[1:]) for level in levels] == [(16, 16, 80), (8, 8, 224), (4, 4, 2560)]


@pytest.mark.parametrize(
    ("smooth", "laterals"), [("smooth5", {5}), ("smooth4", {5, 4}), ("smooth3", {5, 4, 3})]
)
def test_each_level_of_the_pyramid_knows_the_coarser_ones(
    thesis: keras.Model, smooth: str, laterals: set[int]
) -> None:
    found = behind(thesis, smooth)
    assert {level for level in (3, 4, 5) if f"lateral{level}" in found} == laterals


def test_three_rows_of_w_plus_are_made_from_p5_three_from_p4_and_six_from_p3(thesis: keras.Model) -> None:
    rows = [f"map2style{row}" for row in range(12)]
    levels = [
        level for row in rows for level in ("p3", "p4", "p5") if f"smooth{level[1]}" in behind(thesis, row)
    ]
    assert levels == ["p5"] * 3 + ["p4"] * 3 + ["p3"] * 6
    assert [thesis.get_layer(f"{row}_conv0").input.shape[1] for row in rows] == [4] * 3 + [8] * 3 + [16] * 6
    stacked = thesis.get_layer("stack").input
    assert [id(one) for one in stacked] == [id(thesis.get_layer(row).output) for row in rows]


def test_the_thesis_encoder_gives_the_w_plus_that_the_thesis_generator_takes(thesis: keras.Model) -> None:
    generator = GENERATORS["thesis-128"]
    assert tuple(thesis.output["w_plus"].shape[1:]) == (generator.num_ws, generator.w_dim) == (12, 512)
    assert thesis.get_layer("normalisation").output is thesis.output["w_plus"]
