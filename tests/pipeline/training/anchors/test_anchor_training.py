"""A training from anchors, and the game that starts from it."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from keras import ops

from pipeline.networks.stylegan2 import Generator
from pipeline.training.anchors import finishing
from pipeline.training.anchors.coder import Coder
from pipeline.training.anchors.finishing import start_game
from pipeline.training.anchors.mapping import mapped
from pipeline.training.anchors.pictures import COMPONENTS
from pipeline.training.anchors.run import AnchorRun
from pipeline.training.anchors.start import FromBundle, FromRun
from pipeline.training.anchors.trained import codes_of, read_trained
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.run import StyleGAN2Run
from pipeline.training.stylegan2.starting import OtherNetwork
from pipeline.training.stylegan2.weights import averaged_networks
from tests.pipeline.tiny_bundle import write_tiny_bundle
from tests.pipeline.training.anchors.small import HALF, SIDE, SMALL, coloured
from tests.pipeline.training.short_run import patches, unit_colours

GAME = TrainingConfig(network=SMALL.network, batch=8, anchor_weight=1.0, discriminator_kimg=0.01)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> AnchorRun:
    run = AnchorRun(SMALL, coloured(), tmp_path_factory.mktemp("anchors"), patches)
    run.train(images=4000)
    return run


def test_pictures_are_made_again_from_what_is_seen_of_them(learned: AnchorRun) -> None:
    made = learned.reconstruct(learned.seen[0]).astype(float)
    missed = np.abs(made - coloured()).mean()
    spread = np.abs(coloured() - coloured().mean(axis=0)).mean()
    assert missed < 0.5 * spread, f"{missed:.1f} grey levels from them, the same picture for all {spread:.1f}"


def test_a_run_goes_on_as_if_undisturbed_bit_for_bit(tmp_path: Path) -> None:
    for hours in (0.0, None):
        resumed = AnchorRun(SMALL, coloured(), tmp_path / "broken", patches)
        resumed.train(images=80, hours=hours)
    whole = AnchorRun(SMALL, coloured(), tmp_path / "whole", patches)
    whole.train(images=80)
    for one, other in zip(whole.state["synthesis"], resumed.state["synthesis"], strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_a_checkpoint_of_other_settings_is_refused(learned: AnchorRun) -> None:
    with pytest.raises(ValueError, match="other settings"):
        AnchorRun(replace(SMALL, learning_rate=0.5), coloured(), learned.folder, patches)


def test_a_run_at_twice_the_resolution_starts_with_the_smaller_ones_pictures(tmp_path: Path) -> None:
    small = AnchorRun(HALF, coloured(side=SIDE // 2), tmp_path / "half", patches)
    small.train(images=400)
    (tmp_path / "whole").mkdir()
    shutil.copyfile(tmp_path / "half" / COMPONENTS, tmp_path / "whole" / COMPONENTS)
    start = FromRun(checkpoint_files(tmp_path / "half")[-1])
    large = AnchorRun(SMALL, coloured(), tmp_path / "whole", patches, start)
    little = small.reconstruct(small.seen[0, :8]).astype(float)
    made = large.reconstruct(large.seen[0, :8]).astype(float)
    shrunk = made.reshape(8, SIDE // 2, 2, SIDE // 2, 2, 3).mean(axis=(2, 4))
    assert np.abs(shrunk - little).mean() < 4.0, "grey levels"


PEOPLE = replace(SMALL, identities=3, identity_weight=8.0, synthesis_learns=False)


@pytest.fixture
def people(learned: AnchorRun, tmp_path: Path) -> AnchorRun:
    """A coder that goes on from ``learned`` and sees who pictures show, before it has learned anything."""
    folder = tmp_path / "people"
    folder.mkdir()
    shutil.copyfile(learned.folder / COMPONENTS, folder / COMPONENTS)
    start = FromRun(checkpoint_files(learned.folder)[-1])
    return AnchorRun(PEOPLE, coloured(), folder, patches, start, embed=unit_colours)


def test_a_coder_that_is_to_see_more_begins_where_the_old_one_ended(
    learned: AnchorRun, people: AnchorRun
) -> None:
    before, now = (run.reconstruct(run.seen[0]).astype(float) for run in (learned, people))
    assert people.seen.shape[-1] == learned.seen.shape[-1] + 3
    assert np.abs(before - now).max() <= 1.0, "grey levels"


def test_only_the_coder_learns_where_the_synthesis_network_is_held(people: AnchorRun) -> None:
    before = {name: [np.array(value) for value in people.state[name]] for name in ("synthesis", "coder")}
    people.train(images=400)
    for old, new in zip(before["synthesis"], people.state["synthesis"], strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))
    assert any(
        (old != np.asarray(new)).any()
        for old, new in zip(before["coder"], people.state["coder"], strict=True)
    )
    resumed = AnchorRun(PEOPLE, coloured(), people.folder, patches, embed=unit_colours)
    assert resumed.images_seen == 400
    read = read_trained(checkpoint_files(people.folder)[-1])
    np.testing.assert_allclose(codes_of(read, people.folder)[0], people_codes(people), atol=1e-5)


def people_codes(run: AnchorRun) -> np.ndarray:
    count = len(run.state["synthesis"])
    with run.steps.weights(run.state["average"][:count], run.state["average"][count:]):
        return np.asarray(run.coder(ops.convert_to_tensor(run.seen[0])))


def test_identities_that_count_make_faces_of_the_people_in_the_pictures(
    learned: AnchorRun, tmp_path: Path
) -> None:
    missed = {}
    for weight in (0.0, 20.0):
        folder = tmp_path / str(weight)
        folder.mkdir()
        shutil.copyfile(learned.folder / COMPONENTS, folder / COMPONENTS)
        run = AnchorRun(
            replace(PEOPLE, identity_weight=weight),
            coloured(),
            folder,
            patches,
            FromRun(checkpoint_files(learned.folder)[-1]),
            embed=unit_colours,
        )
        run.train(images=1600)
        made, wanted = run.reconstruct(run.seen[0]), coloured()
        features = [
            np.asarray(unit_colours(part.astype(np.float32) / 127.5 - 1.0)) for part in (made, wanted)
        ]
        missed[weight] = float(np.mean(1.0 - np.sum(features[0] * features[1], axis=-1)))
    assert missed[20.0] < 0.8 * missed[0.0], missed


def test_identities_that_count_need_an_embedder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="identity_weight needs a face embedder"):
        AnchorRun(replace(SMALL, identity_weight=1.0), coloured(), tmp_path, patches)


@pytest.fixture(scope="module")
def started(learned: AnchorRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a game that is to go on from ``learned``; fitting its flow takes long."""
    folder = tmp_path_factory.mktemp("started")
    start_game(learned.folder, GAME, folder)
    return folder


@pytest.fixture(scope="module")
def game(started: Path, tmp_path_factory: pytest.TempPathFactory) -> StyleGAN2Run:
    """A game that went on from ``learned``."""
    folder = tmp_path_factory.mktemp("game")
    shutil.copytree(started, folder, dirs_exist_ok=True)
    run = StyleGAN2Run(GAME, coloured(), folder, look=patches)
    run.train(images=64)
    return run


def test_a_coder_starts_with_the_synthesis_network_of_the_game_that_went_on_from_it(
    learned: AnchorRun, game: StyleGAN2Run
) -> None:
    generator, coder = Generator(SMALL.network), Coder(6, 16, 24)
    FromRun(checkpoint_files(learned.folder)[-1], checkpoint_files(game.folder)[-1]).give(generator, coder)
    played = {
        v.path: np.asarray(a)
        for v, a in zip(game.generator.trainable_variables, game.state["ema"], strict=True)
    }
    for variable in generator.synthesis.trainable_variables:
        np.testing.assert_array_equal(np.asarray(variable), played[variable.path])


def test_a_game_starts_with_the_discriminator_of_an_earlier_one(
    learned: AnchorRun, game: StyleGAN2Run, tmp_path: Path
) -> None:
    start_game(learned.folder, GAME, tmp_path, discriminator=checkpoint_files(game.folder)[-1])
    again = StyleGAN2Run(GAME, coloured(), tmp_path, look=patches)
    for one, other in zip(game.state["d"], again.state["d"], strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_the_game_starts_with_faces_like_the_anchors(started: Path) -> None:
    run = StyleGAN2Run(GAME, coloured(), started, look=patches)
    made = run.sample(np.random.default_rng(0).standard_normal((200, 16)).astype(np.float32)).astype(float)
    halves = np.stack([made[:, :, : SIDE // 2].mean(axis=(1, 2)), made[:, :, SIDE // 2 :].mean(axis=(1, 2))])
    wanted = coloured().astype(float)
    known = np.stack(
        [wanted[:, :, : SIDE // 2].mean(axis=(1, 2)), wanted[:, :, SIDE // 2 :].mean(axis=(1, 2))]
    )
    np.testing.assert_allclose(halves.mean(axis=1), known.mean(axis=1), atol=25.0)
    assert halves.std(axis=1).mean() > 0.4 * known.std(axis=1).mean(), "as varied as they are"


def test_a_game_may_start_with_w_spread_further_than_those_of_the_anchors(
    learned: AnchorRun, started: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = read_trained(checkpoint_files(learned.folder)[-1])
    wider = replace(trained, config=replace(trained.config, spread=1.5))
    monkeypatch.setattr(finishing, "read_trained", lambda path: wider)
    start_game(learned.folder, GAME, tmp_path)
    z = np.random.default_rng(6).standard_normal((1000, 16)).astype(np.float32)
    networks = (averaged_networks(checkpoint_files(folder)[-1])[0] for folder in (started, tmp_path))
    narrow, wide = (mapped(generator.mapping, z).std(axis=0).mean() for generator in networks)
    assert wide == pytest.approx(1.5 * narrow, rel=0.1)


def test_the_game_keeps_the_anchors_where_the_coder_put_them(learned: AnchorRun, started: Path) -> None:
    run = StyleGAN2Run(GAME, coloured(), started, look=patches)
    trained = read_trained(checkpoint_files(learned.folder)[-1])
    assert run.anchors is not None
    np.testing.assert_allclose(run.anchors.w, trained.w(codes_of(trained, learned.folder)), atol=1e-6)
    for variable, value in zip(run.generator.trainable_variables, run.state["g"], strict=True):
        variable.assign(value)
    made = ops.convert_to_numpy(run.generator.synthesis(run.generator.broadcast(run.anchors.w[0])))
    again = learned.reconstruct(learned.seen[0]).astype(float)
    assert np.abs((made + 1.0) * 127.5 - again).mean() < 1.0, "grey levels"


def test_a_game_of_other_sizes_is_refused(learned: AnchorRun, tmp_path: Path) -> None:
    other = replace(GAME, network=replace(GAME.network, channel_max=8))
    with pytest.raises(OtherNetwork, match="another network"):
        start_game(learned.folder, other, tmp_path)


def test_a_game_from_a_folder_without_a_checkpoint_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not the folder of a training from anchors"):
        start_game(tmp_path, GAME, tmp_path / "game")


def test_a_training_that_starts_from_a_bundle_has_its_synthesis_network_and_the_scale_of_its_w(
    tmp_path: Path,
) -> None:
    old = write_tiny_bundle(tmp_path / "bundle").generator
    generator = Generator(replace(old.config, z_dim=5))  # the mapping network is not taken over
    coder = Coder(components=4, width=8, w_dim=old.config.w_dim)
    mean, deviation = FromBundle(tmp_path / "bundle").give(generator, coder)

    w = ops.convert_to_numpy(old.mapping(np.random.default_rng(1).standard_normal((4000, old.config.z_dim))))
    np.testing.assert_allclose(mean, w.mean(axis=0), atol=0.1 * w.std())
    np.testing.assert_allclose(deviation, w.std(axis=0), rtol=0.1)
    codes = old.broadcast(ops.convert_to_tensor(w[:2], "float32"))
    made, wanted = (ops.convert_to_numpy(each.synthesis(codes)) for each in (generator, old))
    # Weights in a bundle are float16.
    np.testing.assert_allclose(made, wanted, atol=0.02 * wanted.std())
