"""Biases that say, before anything is learned, what is frequent (thesis §3.3.2; Karpathy's recipe)."""

from typing import Any, Final

import keras
import numpy as np

from pipeline.networks.attributes import AttributeConfig, CelebAConfig

#: A label that (nearly) none or all of the faces have gets the bias of this share.
RAREST: Final = 1e-3


def frequencies(targets: dict[str, np.ndarray], config: AttributeConfig) -> dict[str, np.ndarray]:
    """Share of the faces by head, float (labels of the head,); unknown labels are left out."""
    if isinstance(config, CelebAConfig):
        shares = dict(zip(config.labels, np.nanmean(targets["celeba"], axis=0), strict=True))
        return {name: np.array([shares[label] for label in labels]) for name, labels in config.heads.items()}
    return {name: targets[name].sum(axis=0) / targets[name].sum() for name in config.heads}


def initialise_biases(network: keras.Model, shares: dict[str, np.ndarray], config: AttributeConfig) -> None:
    """Set the heads' biases so that a head which has learned nothing predicts the shares."""
    heads: Any = network.get_layer("heads")
    for name, share in shares.items():
        p = np.clip(share, RAREST, 1.0 - RAREST)
        bias = np.log(p / (1.0 - p)) if isinstance(config, CelebAConfig) else np.log(p)
        heads.get_layer(name).bias.assign(bias.astype(np.float32))
