"""One update of an attribute model, as a pure function of (state, batch, learning rate)."""

from typing import Any

import keras
from keras import ops

from pipeline.networks.adam import adam_state, adam_step
from pipeline.networks.backend import value_and_gradients
from pipeline.training.attributes.config import AttributeTraining
from pipeline.training.attributes.losses import cross_entropy, focal_loss

Tensor = Any
State = dict[str, Any]
Targets = dict[str, Tensor]


class AttributeSteps:
    """The updates of one run.

    The state has the values that learn and those that do not (statistics of normalisation, states of random
    generators), of the backbone and of the heads, and the optimiser's. Layers that never learn are not in it.

    Args:
        config: the schedule.
        network: of :func:`pipeline.networks.attributes.build_network`; read only for the initial state.
    """

    def __init__(self, config: AttributeTraining, network: keras.Model) -> None:
        self.config = config
        self.still, self.backbone, self.heads = (
            None,
            network.get_layer("backbone"),
            network.get_layer("heads"),
        )
        if config.still is not None:
            self.still, self.backbone = split_at(self.backbone, config.still.before)

    def initial_state(self, *, frozen: bool) -> State:
        """Weights as they are in the network, the optimiser at rest."""
        return self.phase_state({"backbone": parts(self.backbone), "heads": parts(self.heads)}, frozen=frozen)

    def phase_state(self, state: State, *, frozen: bool) -> State:
        """The state with a fresh optimiser of what learns in a phase."""
        learning = state["heads"]["values"] + ([] if frozen else state["backbone"]["values"])
        return {**state, "adam": adam_state(learning)}

    def entering(self, images: Tensor) -> Tensor:
        """Images uint8 (batch, side, side, 3) → what enters the part of the network that learns, float32."""
        faces = ops.cast(images, "float32") / 127.5 - 1.0
        return faces if self.still is None else ops.cast(self.still(faces, training=False), "float32")

    def frozen_update(self, state: State, faces: Tensor, targets: Targets, rate: Tensor) -> Any:
        """Teach the heads alone; returns (state, loss).

        Args:
            faces: uint8 (batch, side, side, 3), or what :meth:`entering` made of them.
            targets: "celeba", or "age" and "race": float32 (batch, labels of the configuration).
        """
        backbone, heads = state["backbone"], state["heads"]
        maps = ops.stop_gradient(self._maps(backbone, faces, training=False)[0])

        def loss(values: list[Tensor]) -> tuple[Tensor, Any]:
            return self._heads_loss({**heads, "values": values}, maps, targets)

        value, rest, gradients = value_and_gradients(loss, heads["values"])
        values, adam = self._stepped(heads["values"], gradients, state["adam"], rate)
        return {"backbone": backbone, "heads": {"values": values, "rest": rest}, "adam": adam}, value

    def full_update(self, state: State, faces: Tensor, targets: Targets, rate: Tensor) -> Any:
        """Teach the backbone too; arguments and result as :meth:`frozen_update`."""
        backbone, heads = state["backbone"], state["heads"]
        own, training = len(heads["values"]), self.config.batch_statistics

        def loss(values: list[Tensor]) -> tuple[Tensor, Any]:
            maps, backbone_rest = self._maps({**backbone, "values": values[own:]}, faces, training=training)
            value, rest = self._heads_loss({**heads, "values": values[:own]}, maps, targets)
            return value, (rest, backbone_rest)

        learning = heads["values"] + backbone["values"]
        value, (rest, backbone_rest), gradients = value_and_gradients(loss, learning)
        values, adam = self._stepped(learning, gradients, state["adam"], rate)
        updated = {
            "backbone": {"values": values[own:], "rest": backbone_rest},
            "heads": {"values": values[:own], "rest": rest},
        }
        return {**updated, "adam": adam}, value

    def outputs(self, weights: State, images: Tensor) -> dict[str, Tensor]:
        """Logits and features for images uint8 (batch, side, side, 3); ``weights``: a state's two parts."""
        maps, _ = self._maps(weights["backbone"], images, training=False)
        heads = weights["heads"]
        found, _ = self.heads.stateless_call(heads["values"], heads["rest"], maps, training=False)
        return {name: ops.cast(value, "float32") for name, value in found.items()}

    def loss(self, logits: dict[str, Tensor], targets: Targets) -> Tensor:
        """The loss of logits by head: focal for a CelebA model, the sum of two entropies for FairFace."""
        config = self.config
        if config.kind == "fairface":
            return sum(cross_entropy(logits[name], targets[name]) for name in config.network.heads)
        joined = joined_heads(config, logits)
        return focal_loss(joined, targets["celeba"], alpha=config.focal_alpha, gamma=config.focal_gamma)

    def _maps(self, backbone: State, faces: Tensor, *, training: bool) -> tuple[Tensor, Any]:
        pictures = keras.backend.standardize_dtype(faces.dtype) == "uint8"
        entering = self.entering(faces) if pictures else ops.cast(faces, "float32")
        maps, rest = self.backbone.stateless_call(
            backbone["values"], backbone["rest"], entering, training=training
        )
        return maps, list(rest)

    def _heads_loss(self, heads: State, maps: Tensor, targets: Targets) -> tuple[Tensor, Any]:
        found, rest, penalties = self.heads.stateless_call(
            heads["values"], heads["rest"], maps, training=True, return_losses=True
        )
        return self.loss(found, targets) + sum(penalties), list(rest)

    def _stepped(self, values: list[Tensor], gradients: list[Tensor], adam: Any, rate: Tensor) -> Any:
        return adam_step(values, gradients, adam, rate=rate, epsilon=1e-7)


def parts(model: keras.Model) -> State:
    """A model's values as tensors: those that learn, and the rest."""
    return {
        "values": [ops.convert_to_tensor(v.value) for v in model.trainable_variables],
        "rest": [ops.convert_to_tensor(v.value) for v in model.non_trainable_variables],
    }


def joined_heads(config: AttributeTraining, logits: dict[str, Tensor]) -> Tensor:
    """Logits of a CelebA model's heads as one (batch, labels), in the order of its configuration."""
    heads, labels = config.network.heads, config.network.to_dict()["labels"]
    order = [label for names in heads.values() for label in names]
    joined = ops.concatenate([logits[name] for name in heads], axis=-1)
    return ops.take(joined, ops.convert_to_tensor([order.index(label) for label in labels], "int32"), axis=-1)


def split_at(backbone: keras.Model, before: str) -> tuple[keras.Model, keras.Model]:
    """Cut a backbone before a layer; the parts share the backbone's layers and weights.

    Returns:
        (image → the layer's input, the layer's input → the backbone's output).

    Raises:
        ValueError: it has no such layer, or more than the layer's input crosses the cut.
    """
    names = [layer.name for layer in backbone.layers]
    if before not in names:
        raise ValueError(f"the backbone has no layer {before!r}; it has {', '.join(names[:5])} …")
    between = backbone.get_layer(before).input
    try:
        return (
            keras.Model(backbone.input, between, name="still"),
            keras.Model(between, backbone.output, name="trunk"),
        )
    except ValueError as error:
        raise ValueError(f"the backbone cannot be cut before {before!r}: {error}") from error
