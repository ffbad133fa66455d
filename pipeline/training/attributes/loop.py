"""The training loop of the attribute models: phases, epochs, validation, checkpoints."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from pipeline.networks.attributes import build_network
from pipeline.networks.backend import compiled
from pipeline.networks.batches import padded
from pipeline.networks.bundle import arrays_of
from pipeline.training.attributes.batches import TrainingBatches, targets_for
from pipeline.training.attributes.biases import frequencies, initialise_biases
from pipeline.training.attributes.config import AttributeTraining, Phase
from pipeline.training.attributes.entering import AugmentedPictures, Entering, KeptViews
from pipeline.training.attributes.figures import figures
from pipeline.training.attributes.labelled import Split
from pipeline.training.attributes.measuring import measure
from pipeline.training.attributes.pictures import Pictures
from pipeline.training.attributes.plateau import Plateau
from pipeline.training.attributes.steps import AttributeSteps
from pipeline.training.attributes.trained import MODEL, load_trained, save_trained
from pipeline.training.checkpoints import checkpoint_files, load_checkpoint, load_notes, save_checkpoint
from pipeline.training.stopping import until_told
from pipeline.training.stylegan2.statistics import Statistics

CHECKPOINT_STEPS: Final = 500


class Diverged(RuntimeError):
    """The loss is no longer a number."""


@dataclass(frozen=True)
class Position:
    """Where a run is: the next step to take."""

    phase: int = 0
    epoch: int = 0
    step: int = 0


class AttributeRun:
    """One training run in one folder; made again, it goes on from the newest checkpoint there.

    Args:
        config: the schedule.
        data: faces with labels.
        folder: where checkpoints, ``stats.jsonl`` and ``model.safetensors``, the weights of the epoch with
            the lowest validation loss, go.

    Raises:
        ValueError: the folder has checkpoints of other settings, or there are too few faces.
    """

    def __init__(self, config: AttributeTraining, data: Split, folder: Path) -> None:
        self.config, self.data, self.folder = config, data, folder
        keras.config.set_dtype_policy(config.precision)
        keras.utils.set_random_seed(config.seed)
        self.network = build_network(config.network)
        targets = targets_for(config.network, data.train)
        initialise_biases(self.network, frequencies(targets, config.network), config.network)
        side = config.network.side
        self.watched = Pictures(data.validation.files, side)
        self.watched_targets = targets_for(config.network, data.validation)
        self.steps = AttributeSteps(config, self.network)
        faces = self._entering(Pictures(data.train.files, side))
        self.batches = TrainingBatches(faces, targets, batch=config.batch, seed=config.seed)
        self.position, self.plateau, self.taken = Position(), Plateau(), 0
        self.lowest: float | None = None
        window = self._resume()
        self.statistics = Statistics(folder, self.taken * config.batch, window)
        self._updates = {
            True: compiled(self.steps.frozen_update),
            False: compiled(self.steps.full_update),
        }
        self._outputs = compiled(self.steps.outputs)

    def _entering(self, pictures: Pictures) -> Entering:
        config, still = self.config, self.config.still
        faces = AugmentedPictures(pictures, config.augmentation, config.seed)
        if still is None or self.steps.still is None:
            return faces
        return KeptViews(
            faces,
            compiled(self.steps.entering),
            tuple(self.steps.still.output.shape[1:]),
            views=still.views,
            batch=config.batch,
        )

    def _resume(self) -> dict[str, list[float]] | None:
        files = checkpoint_files(self.folder)
        if not files:
            self.state = self.steps.initial_state(frozen=self.config.phases[0].frozen)
            return None
        notes = load_notes(files[-1])
        if AttributeTraining.from_dict(notes["config"]) != self.config:
            raise ValueError(f"{files[-1]} was made with other settings; choose another folder.")
        self.position, self.plateau = Position(**notes["position"]), Plateau(**notes["plateau"])
        self.lowest, self.taken = notes["lowest"], int(notes["steps"])
        template = self.steps.initial_state(frozen=self.phase.frozen)
        self.state = load_checkpoint(files[-1], template).state
        return dict(notes["window"])

    @property
    def phase(self) -> Phase:
        """The phase that the run is in; at its end the last one."""
        return self.config.phases[min(self.position.phase, len(self.config.phases) - 1)]

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.position.phase == len(self.config.phases)

    def train(self, *, checkpoint_every: int = CHECKPOINT_STEPS) -> None:
        """Train to the end of the schedule, or until SIGINT or SIGTERM; then measure the model.

        Whatever ends it, the last thing written is a checkpoint from which the run goes on exactly.

        Args:
            checkpoint_every: steps between checkpoints within an epoch.

        Raises:
            Diverged: the loss became NaN or infinite; the checkpoint before it stays.
        """
        bar = tqdm(total=self._steps_left() + self.taken, initial=self.taken, unit="step", mininterval=5)
        with bar, until_told() as told:
            while not self.ended and not told.stop:
                self._iterate()
                bar.update()
                if self.position.step == self.batches.steps:
                    bar.set_postfix_str(self._end_epoch())
                    bar.total = self._steps_left() + self.taken
                    self.checkpoint()
                elif self.taken % checkpoint_every == 0:
                    self.checkpoint()
        if self.ended:
            self._measure()
        elif self.taken:
            self.checkpoint()

    def _steps_left(self) -> int:
        epochs = sum(phase.epochs for phase in self.config.phases[self.position.phase :])
        return (epochs - self.position.epoch) * self.batches.steps - self.position.step

    def _iterate(self) -> None:
        """One step."""
        at = self.position
        faces, targets = self.batches[at.phase, at.epoch, at.step]
        rate = ops.convert_to_tensor(self.phase.rate(at.epoch) * self.plateau.scale, "float32")
        tensors = {name: ops.convert_to_tensor(values) for name, values in targets.items()}
        update = self._updates[self.phase.frozen]
        self.state, loss = update(self.state, ops.convert_to_tensor(faces), tensors, rate)
        value = float(loss)
        if not np.isfinite(value):
            raise Diverged(f"the loss is {value} after {self.taken} steps; try a lower learning rate.")
        self.taken += 1
        self.position = Position(at.phase, at.epoch, at.step + 1)
        self.statistics.add({"loss": value})

    def _end_epoch(self) -> str:
        """Validate, keep the model if it is the best yet, and say where the run goes on."""
        logits = self.logits(self.watched)
        loss = float(self.steps.loss(logits, self.watched_targets))
        at, phase = self.position, self.phase
        more = {"validation_loss": loss, "rate": phase.rate(at.epoch) * self.plateau.scale, "phase": at.phase}
        more |= figures(self.config.network, logits, self.watched_targets)
        row = self.statistics.write(self.taken * self.config.batch, more)
        if self.lowest is None or loss < self.lowest:
            self.lowest = loss
            self._keep(row)
        self.plateau = self.plateau.after(loss, self.config.patience)
        if at.epoch + 1 < phase.epochs and not self.plateau.ended(self.config.patience):
            self.position = Position(at.phase, at.epoch + 1, 0)
        else:
            self.position, self.plateau = Position(at.phase + 1, 0, 0), Plateau()
            self.state = self.steps.phase_state(self.state, frozen=self.phase.frozen)
        return f"loss {row['loss']:.4f}, validation {loss:.4f}"

    def logits(self, pictures: Pictures) -> dict[str, np.ndarray]:
        """Outputs by head for every picture, float32 (n, labels)."""
        weights, batch = {name: self.state[name] for name in ("backbone", "heads")}, self.config.batch
        found: dict[str, list[np.ndarray]] = {}
        for start in range(0, len(pictures), batch):
            images = pictures[np.arange(start, min(start + batch, len(pictures)))]
            outputs = self._outputs(weights, ops.convert_to_tensor(padded(images, batch)))
            for name in self.config.network.heads:
                values = np.asarray(ops.convert_to_numpy(outputs[name]))
                found.setdefault(name, []).append(values[: len(images)])
        return {name: np.concatenate(values) for name, values in found.items()}

    def _keep(self, row: dict[str, float]) -> None:
        """Write the weights as they are now as the model."""
        for model, part in ((self.steps.backbone, "backbone"), (self.steps.heads, "heads")):
            for variables, name in (
                (model.trainable_variables, "values"),
                (model.non_trainable_variables, "rest"),
            ):
                for variable, value in zip(variables, self.state[part][name], strict=True):
                    variable.assign(value)
        notes = {"config": self.config.to_dict(), "position": asdict(self.position), "validation": row}
        save_trained(self.folder / MODEL, arrays_of(self.network), {**notes, "reliability": {}})

    def _measure(self) -> None:
        """Note with the model how often it is right."""
        trained = load_trained(self.folder / MODEL)
        if not trained.notes["reliability"]:
            found = measure(trained.model, self.data.measured, self.config.network.side)
            notes = {**trained.notes, "reliability": {key: one.to_dict() for key, one in found.items()}}
            save_trained(self.folder / MODEL, arrays_of(trained.model.network), notes)

    def checkpoint(self) -> Path:
        """Write everything that the run goes on from."""
        notes = {
            "kind": self.config.kind,
            "config": self.config.to_dict(),
            "position": asdict(self.position),
            "plateau": self.plateau.to_dict(),
            "lowest": self.lowest,
            "steps": self.taken,
            "window": self.statistics.window,
        }
        return save_checkpoint(self.folder, self.taken, self.state, notes)
