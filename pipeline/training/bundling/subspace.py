"""Fitting the subspace: principal components of encoded generated faces (thesis §3.4.5)."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops
from sklearn.decomposition import PCA

from pipeline.fillers import Subspace
from pipeline.networks.backend import compiled
from pipeline.networks.stylegan2 import Generator

BATCH = 50


def encoded_samples(
    generator: Generator,
    encoder: keras.Model,
    *,
    samples: int,
    seed: int,
    report: Callable[[int], None] = lambda done: None,
) -> np.ndarray:
    """Generate faces and encode them: w+ float32 (samples, num_ws, w_dim)."""

    def encode(z: Any) -> Any:
        images = ops.clip(generator(z), -1.0, 1.0)
        return encoder(images, training=False)["w_plus"]

    run, random = compiled(encode), np.random.default_rng(seed)
    ws = []
    for done in range(0, samples, BATCH):
        z = ops.convert_to_tensor(random.standard_normal((BATCH, generator.config.z_dim)), "float32")
        ws.append(ops.convert_to_numpy(run(z)))
        report(min(done + BATCH, samples))
    return np.concatenate(ws)[:samples]


def fit_subspace(
    ws: np.ndarray,
    *,
    components: int = 256,
    whiten: bool,
    first_radius: float,
    radius_step: float,
    seed: int = 0,
) -> Subspace:
    """Principal components of encoded faces, float (samples, num_ws, w_dim), with the radii as given."""
    pca = PCA(n_components=components, svd_solver="randomized", random_state=seed)
    pca.fit(ws.reshape(len(ws), -1))
    return Subspace(
        mean=pca.mean_.astype(np.float32),
        components=pca.components_.astype(np.float32),
        deviations=np.sqrt(pca.explained_variance_).astype(np.float32),
        whiten=whiten,
        first_radius=first_radius,
        radius_step=radius_step,
    )
