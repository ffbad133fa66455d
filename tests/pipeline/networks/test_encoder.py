"""The encoder turns a face into rows of w+."""

import numpy as np
import pytest

from pipeline.networks.encoder import EncoderConfig, build_encoder
from pipeline.networks.encoder.backbones import backbone


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
