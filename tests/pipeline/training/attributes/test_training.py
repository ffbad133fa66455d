"""Attribute models learn, go on exactly where they stopped, and say in the end how often they are right."""

import contextlib
import json
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras import ops

from pipeline.command_line import BadInput
from pipeline.training.attributes.biases import frequencies, initialise_biases
from pipeline.training.attributes.config import AttributeTraining, Patience
from pipeline.training.attributes.pictures import Pictures
from pipeline.training.attributes.run import AttributeRun
from pipeline.training.attributes.steps import AttributeSteps
from pipeline.training.attributes.trained import load_all, load_trained
from pipeline.training.checkpoints import checkpoint_files, load_notes
from tests.pipeline.training.attributes.short_run import TINY, short_run
from tests.pipeline.training.attributes.written import write_celeba, write_fairface

KINDS = ("celeba", "fairface")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small data set for each kind of model."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in KINDS}
    write_celeba(folders["celeba"], 60)
    write_fairface(folders["fairface"], 52, 10)
    return folders


@pytest.fixture(scope="module")
def trained(data: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, AttributeRun]:
    """A finished run of each kind."""
    runs = {kind: short_run(kind, data[kind], tmp_path_factory.mktemp("out")) for kind in KINDS}
    for run in runs.values():
        run.train()
    return runs


def values_of(run: AttributeRun) -> list[np.ndarray]:
    """Everything that training changes, as arrays."""
    state = run.state
    parts = [state[part][name] for part in ("backbone", "heads") for name in ("values", "rest")]
    return [np.asarray(v) for values in (*parts, state["adam"]["m"], state["adam"]["v"]) for v in values]


@pytest.mark.parametrize("kind", KINDS)
def test_it_learns_what_colours_tell(kind: str, trained: dict[str, AttributeRun]) -> None:
    reliability = load_trained(trained[kind].folder).reliability
    for key in {"celeba": ("sex", "hair", "beard"), "fairface": ("age_group", "ethnicity")}[kind]:
        assert reliability[key].accuracy == 1.0
        assert reliability[key].real_people


class Killed(BaseException):
    """The process ended at once."""


def interrupt(run: AttributeRun, steps: int, how: Callable[[], None]) -> None:
    """Do something after so many more steps of the run."""
    iterate = run._iterate
    last = run.step + steps

    def counted() -> dict[str, Any]:
        losses = iterate()
        if run.step == last:
            how()
        return losses

    run._iterate = counted  # type: ignore[method-assign]


def stop() -> None:
    """Send SIGTERM to this process."""
    signal.raise_signal(signal.SIGTERM)


def kill() -> None:
    """End as if by SIGKILL: nothing more is written."""
    raise Killed


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_stopped_and_killed_ends_bit_for_bit_as_an_undisturbed_one(
    kind: str, trained: dict[str, AttributeRun], data: dict[str, Path], tmp_path: Path
) -> None:
    whole = trained[kind]
    for before, steps, how, after in ((0, 8, stop, 8), (8, 7, kill, 14), (14, 13, kill, 24)):
        run = short_run(kind, data[kind], tmp_path)
        assert run.step == before
        interrupt(run, steps, how)
        with contextlib.suppress(Killed):
            run.train(checkpoint_every=7)
        assert short_run_steps(tmp_path) == after
    run = short_run(kind, data[kind], tmp_path)
    run.train()
    for one, other in zip(values_of(run), values_of(whole), strict=True):
        np.testing.assert_array_equal(one, other)
    assert (tmp_path / "stats.jsonl").read_text() == (whole.folder / "stats.jsonl").read_text()
    again, first = load_trained(tmp_path), load_trained(whole.folder)
    assert again.notes == first.notes


def short_run_steps(folder: Path) -> int:
    """Steps that the newest checkpoint has taken."""
    return int(load_notes(checkpoint_files(folder)[-1])["steps"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_phase_leaves_the_backbone_as_it_is_and_the_second_does_not(
    kind: str, data: dict[str, Path], tmp_path: Path
) -> None:
    run = short_run(kind, data[kind], tmp_path)
    first = [np.asarray(v) for v in run.state["backbone"]["values"]]
    heads = [np.asarray(v) for v in run.state["heads"]["values"]]
    interrupt(run, run.batches.steps * run.config.phases[0].epochs, stop)
    run.train()
    assert run.position.phase == 1
    for before, now in zip(first, run.state["backbone"]["values"], strict=True):
        np.testing.assert_array_equal(before, now)
    assert not any(np.array_equal(*pair) for pair in zip(heads, run.state["heads"]["values"], strict=True))
    interrupt(run, 1, stop)
    run.train()
    assert not any(np.array_equal(*pair) for pair in zip(first, run.state["backbone"]["values"], strict=True))


def still_weights(run: AttributeRun) -> list[np.ndarray]:
    """Weights of the layers that never learn."""
    assert run.steps.still is not None
    return [np.asarray(variable.value) for variable in run.steps.still.weights]


def test_layers_that_never_learn_stay_as_they_are(
    trained: dict[str, AttributeRun], data: dict[str, Path], tmp_path: Path
) -> None:
    run, fresh = trained["fairface"], short_run("fairface", data["fairface"], tmp_path)
    for one, other in zip(still_weights(fresh), still_weights(run), strict=True):
        np.testing.assert_array_equal(one, other)
    learning, whole = run.state["backbone"]["values"], run.network.get_layer("backbone").trainable_weights
    assert 0 < len(learning) < len(whole)


@pytest.mark.parametrize("kind", KINDS)
def test_the_model_that_is_kept_says_what_the_run_said_at_its_best_epoch(
    kind: str, trained: dict[str, AttributeRun]
) -> None:
    run, kept = trained[kind], load_trained(trained[kind].folder)
    rows = [json.loads(line) for line in (run.folder / "stats.jsonl").read_text().splitlines()]
    best = min(rows, key=lambda row: row["validation_loss"])
    assert kept.notes["validation"]["validation_loss"] == best["validation_loss"]
    assert run.lowest == best["validation_loss"]
    images = run.watched[np.arange(len(run.watched))]
    outputs = kept.model.network(images / np.float32(127.5) - np.float32(1.0))
    logits = {name: np.asarray(outputs[name]) for name in run.config.network.heads}
    loss = float(run.steps.loss(logits, run.watched_targets))
    assert loss == pytest.approx(best["validation_loss"], rel=1e-3)


def test_an_ended_run_has_nothing_left_to_do(trained: dict[str, AttributeRun], data: dict[str, Path]) -> None:
    run = short_run("celeba", data["celeba"], trained["celeba"].folder)
    assert run.ended
    before = (run.folder / "model.safetensors").read_bytes()
    run.train()
    assert (run.folder / "model.safetensors").read_bytes() == before


def test_patience_ends_phases_early(data: dict[str, Path], tmp_path: Path) -> None:
    celeba = short_run("celeba", data["celeba"], tmp_path / "unused")
    config = replace(TINY["celeba"], patience=Patience(reduce_after=1, stop_after=1))
    run = AttributeRun(config, celeba.data, tmp_path / "out")
    losses = iter([1.0, 2.0, 1.0, 2.0])
    run.steps.loss = lambda logits, targets: next(losses)  # type: ignore[method-assign]
    run._updates = dict.fromkeys((True, False), lambda state, faces, targets, rate: (state, 0.0))
    run.train()
    assert run.ended
    assert run.step == 4 * run.batches.steps


def test_other_settings_are_refused(trained: dict[str, AttributeRun], data: dict[str, Path]) -> None:
    run = trained["celeba"]
    with pytest.raises(ValueError, match="other settings"):
        AttributeRun(replace(run.config, seed=1), run.data, run.folder)


def test_too_few_faces_are_refused(data: dict[str, Path], tmp_path: Path) -> None:
    run = short_run("celeba", data["celeba"], tmp_path)
    with pytest.raises(ValueError, match="48 faces to train on are less than one batch of 49"):
        AttributeRun(replace(run.config, batch=49), run.data, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_before_it_learns_a_model_says_what_is_frequent(
    kind: str, data: dict[str, Path], tmp_path: Path
) -> None:
    run = short_run(kind, data[kind], tmp_path)
    shares = frequencies(run.batches.targets, run.config.network)
    initialise_biases(run.network, shares, run.config.network)
    logits = run.logits(Pictures(run.data.train.files, run.config.network.side))
    for name, share in shares.items():
        if kind == "celeba":
            found = 1.0 / (1.0 + np.exp(-logits[name]))
        else:
            found = np.exp(logits[name]) / np.exp(logits[name]).sum(axis=1, keepdims=True)
        expected = np.clip(share, 1e-3, 1.0 - 1e-3)
        np.testing.assert_allclose(found, np.broadcast_to(expected, found.shape), atol=2e-3)


def test_the_l2_penalty_draws_the_heads_towards_zero(data: dict[str, Path], tmp_path: Path) -> None:
    run = short_run("celeba", data["celeba"], tmp_path)
    faces, targets = run.batches.made((0, 0, 0))
    unknown = {name: np.full_like(values, np.nan) for name, values in targets.items()}
    state = run.steps.initial_state(frozen=True)
    state["heads"]["values"] = [ops.ones_like(value) for value in state["heads"]["values"]]
    updated, penalty = run.steps.frozen_update(state, faces, unknown, 1e-2)
    assert float(penalty) > 0
    kernels = [np.asarray(v) for v in updated["heads"]["values"] if len(v.shape) == 2]
    assert all((kernel < 1).all() for kernel in kernels)


def test_a_layer_to_learn_from_must_exist(data: dict[str, Path], tmp_path: Path) -> None:
    run = short_run("fairface", data["fairface"], tmp_path)
    still = replace(TINY["fairface"].still, before="block9") if TINY["fairface"].still else None
    config: AttributeTraining = replace(run.config, still=still)
    with pytest.raises(ValueError, match="no layer 'block9'"):
        AttributeSteps(config, run.network)
    crossing = replace(config, still=replace(still, before="block2_project")) if still else config
    with pytest.raises(ValueError, match="cannot be cut"):
        AttributeSteps(crossing, run.network)


def test_two_models_go_into_a_bundle_as_one(trained: dict[str, AttributeRun]) -> None:
    both = load_all([trained["fairface"].folder, trained["celeba"].folder])
    assert both is not None
    assert [model.kind for model in both.models.models] == ["celeba", "fairface"]
    assert {"sex", "age_group"} <= both.reliability.keys()
    assert both.training.keys() == {"celeba", "fairface"}
    assert load_all([]) is None
    with pytest.raises(BadInput, match="second celeba model"):
        load_all([trained["celeba"].folder] * 2)


@pytest.mark.parametrize("data_of_it", [b"", b"not weights"])
def test_what_is_no_model_is_refused(data_of_it: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is missing"):
        load_trained(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(data_of_it)
    with pytest.raises(BadInput, match="no trained attribute model"):
        load_trained(tmp_path)


def test_a_checkpoint_is_no_model(trained: dict[str, AttributeRun]) -> None:
    with pytest.raises(BadInput, match="no trained attribute model"):
        load_trained(checkpoint_files(trained["celeba"].folder)[-1])
