"""The attribute models' training: phases of epochs, each ended by a look at the validation set."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from pipeline.networks.attributes import build_network
from pipeline.networks.backend import compiled
from pipeline.networks.batches import in_batches
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
from pipeline.training.attributes.trained import MODEL, load_trained
from pipeline.training.checkpoints import write_arrays
from pipeline.training.loop import Figures, Run
from pipeline.training.stylegan2.weights import assign


@dataclass(frozen=True)
class Position:
    """Where a run is: the next step to take."""

    phase: int = 0
    epoch: int = 0
    step: int = 0


class AttributeRun(Run):
    """A training of an attribute model; see :class:`Run`.

    It leaves ``model.safetensors``: the weights of the epoch with the lowest validation loss, and how often
    they are right.

    Args:
        config: the schedule.
        data: faces with labels.
        folder: of the run.

    Raises:
        ValueError: the folder has checkpoints of other settings, or there are too few faces.
    """

    unit = "steps"
    checkpoint_every = 500
    summary = ("loss", "validation_loss")

    def __init__(self, config: AttributeTraining, data: Split, folder: Path) -> None:
        super().__init__(config, folder)
        self.kind, self.data = config.kind, data
        self.network = build_network(config.network)
        targets = targets_for(config.network, data.train)
        initialise_biases(self.network, frequencies(targets, config.network), config.network)
        side = config.network.side
        self.watched = Pictures(data.validation.files, side)
        self.watched_targets = targets_for(config.network, data.validation)
        self.steps = AttributeSteps(config, self.network)
        faces = self._entering(Pictures(data.train.files, side))
        self.batches = TrainingBatches(faces, targets, batch=config.batch, seed=config.seed)
        self.position, self.plateau = Position(), Plateau()
        self.lowest: float | None = None
        self.state = self.steps.initial_state(frozen=self.phase.frozen)
        self.resume()
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

    @property
    def phase(self) -> Phase:
        """The phase that the run is in; at its end the last one."""
        phases: tuple[Phase, ...] = self.config.phases
        return phases[min(self.position.phase, len(phases) - 1)]

    @property
    def rate(self) -> float:
        """The learning rate of the epoch."""
        return self.phase.rate(self.position.epoch) * self.plateau.scale

    @property
    def end(self) -> int:
        at = self.position
        epochs = sum(phase.epochs for phase in self.config.phases[at.phase :])
        return self.step + (epochs - at.epoch) * self.batches.steps - at.step

    def train(self, **options: Any) -> None:
        """As every run; at the end of the schedule the model is measured.

        Raises:
            Diverged: the loss became NaN or infinite; the checkpoint before it stays.
        """
        super().train(**options)
        if self.ended:
            self._measure_model()

    def advance(self) -> Figures:
        at = self.position
        faces, targets = self.batches[at.phase, at.epoch, at.step]
        tensors = {name: ops.convert_to_tensor(values) for name, values in targets.items()}
        rate = ops.convert_to_tensor(self.rate, "float32")
        update = self._updates[self.phase.frozen]
        self.state, loss = update(self.state, ops.convert_to_tensor(faces), tensors, rate)
        self.position = Position(at.phase, at.epoch, at.step + 1)
        return {"loss": loss}

    # --- epochs ---------------------------------------------------------------------------------------------

    def row_due(self, every: int) -> bool:
        """A row is an epoch's."""
        return self.position.step == self.batches.steps

    def checkpoint_due(self, every: int) -> bool:
        return self.position.step == self.batches.steps or super().checkpoint_due(every)

    def measure(self) -> dict[str, float]:
        """Loss and accuracies on the validation set."""
        logits = self.logits(self.watched)
        loss = float(self.steps.loss(logits, self.watched_targets))
        more = {"validation_loss": loss, "rate": self.rate, "phase": self.position.phase}
        return more | figures(self.config.network, logits, self.watched_targets)

    def write_row(self) -> dict[str, float]:
        """Also keep the model if it is the best yet, and say where the run goes on."""
        row, at = super().write_row(), self.position
        loss, patience = row["validation_loss"], self.config.patience
        if self.lowest is None or loss < self.lowest:
            self.lowest = loss
            self._keep(row)
        self.plateau = self.plateau.after(loss, patience)
        if at.epoch + 1 < self.phase.epochs and not self.plateau.ended(patience):
            self.position = Position(at.phase, at.epoch + 1, 0)
        else:
            self.position, self.plateau = Position(at.phase + 1, 0, 0), Plateau()
            self.state = self.steps.phase_state(self.state, frozen=self.phase.frozen)
        return row

    def logits(self, pictures: Pictures) -> dict[str, np.ndarray]:
        """Outputs by head for every picture, float32 (n, labels)."""
        weights = {name: self.state[name] for name in ("backbone", "heads")}
        places, batch = np.arange(len(pictures)), self.config.batch
        found = in_batches(lambda part: self._outputs(weights, pictures[part]), places, batch)
        return {name: found[name] for name in self.config.network.heads}

    def _keep(self, row: dict[str, float]) -> None:
        """Write the weights as they are now as the model."""
        for model, part in ((self.steps.backbone, "backbone"), (self.steps.heads, "heads")):
            assign(model.trainable_variables, self.state[part]["values"])
            assign(model.non_trainable_variables, self.state[part]["rest"])
        notes = {"config": self.config.to_dict(), "position": asdict(self.position), "validation": row}
        write_arrays(self.folder / MODEL, arrays_of(self.network), {**notes, "reliability": {}})

    def _measure_model(self) -> None:
        """Note with the model how often it is right."""
        trained = load_trained(self.folder / MODEL)
        if not trained.notes["reliability"]:
            found = measure(trained.model, self.data.measured, self.config.network.side)
            notes = {**trained.notes, "reliability": {key: one.to_dict() for key, one in found.items()}}
            write_arrays(self.folder / MODEL, arrays_of(trained.model.network), notes)

    # --- checkpoints ----------------------------------------------------------------------------------------

    def noted(self) -> dict[str, Any]:
        return super().noted() | {
            "position": asdict(self.position),
            "plateau": asdict(self.plateau),
            "lowest": self.lowest,
            "steps": self.step,
        }

    def recall(self, notes: dict[str, Any]) -> None:
        super().recall(notes)
        self.position, self.plateau = Position(**notes["position"]), Plateau(**notes["plateau"])
        self.lowest = notes["lowest"]
        self.state = self.steps.initial_state(frozen=self.phase.frozen)
