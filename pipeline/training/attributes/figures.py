"""Figures of an epoch, from logits on the validation set."""

import numpy as np

from pipeline.networks.attributes import AttributeConfig, CelebAConfig

Columns = dict[str, np.ndarray]


def figures(config: AttributeConfig, logits: Columns, targets: Columns) -> dict[str, float]:
    """Accuracies by head: of each label of a CelebA model, the mean; of a FairFace model, of the group."""
    if isinstance(config, CelebAConfig):
        found = {}
        for name, labels in config.heads.items():
            columns = targets["celeba"][:, [config.labels.index(label) for label in labels]]
            right = (logits[name] > 0) == (columns == 1)
            found[f"{name}_accuracy"] = float(right[~np.isnan(columns)].mean())
        return found
    found = {}
    for name in config.heads:
        known = targets[name].sum(axis=1) > 0
        off = np.abs(np.argmax(logits[name], axis=1) - np.argmax(targets[name], axis=1))[known]
        found[f"{name}_accuracy"] = float(np.mean(off == 0))
        if name == "age":
            found["age_near"] = float(np.mean(off <= 1))
    return found
