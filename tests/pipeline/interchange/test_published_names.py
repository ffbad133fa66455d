"""The published names and layouts, and where they are in our networks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.interchange import published_names
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from tests.pipeline.networks import published

CONFIG = StyleGAN2Config(
    resolution=16, channel_base=64, channel_max=9, z_dim=3, w_dim=5, mapping_layers=2, image_channels=2
)


def test_every_weight_of_the_generator_has_a_published_name_and_its_shape() -> None:
    shapes = published_names.generator_shapes(CONFIG)
    ours = {variable.path: tuple(variable.shape) for variable in Generator(CONFIG).weights}
    paths = {published_names.generator_path(name): name for name in shapes}
    assert paths.keys() == ours.keys()
    for path, name in paths.items():
        assert published_names.to_ours(name, np.zeros(shapes[name])).shape == ours[path], name


def test_every_weight_of_the_discriminator_has_a_published_name_and_its_shape() -> None:
    shapes = published_names.discriminator_shapes(CONFIG)
    ours = {variable.path: tuple(variable.shape) for variable in Discriminator(CONFIG).weights}
    paths = {published_names.discriminator_path(name): name for name in shapes}
    assert paths.keys() == ours.keys()
    for path, name in paths.items():
        assert published_names.to_ours(name, np.zeros(shapes[name])).shape == ours[path], name


@pytest.mark.parametrize("kind", ["generator", "discriminator"])
def test_the_names_and_shapes_are_those_of_the_published_networks(kind: str) -> None:
    config = published.config()
    if kind == "generator":
        shapes = published_names.generator_shapes(config)
        shapes |= dict.fromkeys(published_names.generator_filters(config), (4, 4))
        arrays = published.values("g")
    else:
        shapes = published_names.discriminator_shapes(config)
        arrays = {k: v for k, v in published.values("d").items() if not k.endswith("resample_filter")}
    assert {name: array.shape for name, array in arrays.items()} == shapes


@given(st.sampled_from(sorted(published_names.generator_shapes(CONFIG).items())))
def test_the_layouts_are_inverse_to_each_other_in_the_generator(entry: tuple[str, tuple[int, ...]]) -> None:
    there_and_back(*entry)


@given(st.sampled_from(sorted(published_names.discriminator_shapes(CONFIG).items())))
def test_the_layouts_are_inverse_to_each_other_in_the_discriminator(
    entry: tuple[str, tuple[int, ...]],
) -> None:
    there_and_back(*entry)


def there_and_back(name: str, shape: tuple[int, ...]) -> None:
    """Bring an array to our layout and back."""
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    np.testing.assert_array_equal(
        published_names.to_published(name, published_names.to_ours(name, array)), array
    )
