"""From annotated faces to directions: regression in the subspace of faces."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.linear_model import RidgeCV

from pipeline.fillers import Directions, Subspace
from pipeline.training.bundling.directions.scores import OFFERED, Scores

ALPHAS: Final = tuple(np.logspace(-1, 5, 13))
# Of the faces whose score is known, so many are held out to say how well it can be told.
HELD_OUT: Final = 0.2
# An attribute with fewer faces, or all of one score, teaches nothing.
LEAST: Final = 40
# R² below which a direction is not offered: its slider would do something else than it says.
LEAST_R2: Final = 0.2


@dataclass(frozen=True)
class Fitted:
    """Directions, and how well each attribute can be told from w+.

    Attributes:
        directions: of the attributes that are offered.
        measured: attribute → faces, and R² on faces that were held out.
    """

    directions: Directions
    measured: dict[str, dict[str, float]]


def fit_directions(subspace: Subspace, codes: np.ndarray, scores: Scores, *, seed: int = 0) -> Fitted:
    """Find a direction for each attribute along which, to first order, no other one changes.

    Each attribute is regressed on the faces' coordinates in the subspace (ridge, its weight by
    cross-validation); from an attribute's gradient, what lies in the span of the others' gradients is taken
    away. One standard deviation is that of the faces along what is left.

    Args:
        codes: w+ float32 (n, num_ws, w_dim).
        scores: of the same faces.
    """
    points = subspace.project(codes).astype(np.float64)
    spread = np.maximum(points.std(axis=0), 1e-9)
    scaled = (points - points.mean(axis=0)) / spread
    gradients: dict[str, np.ndarray] = {}
    measured: dict[str, dict[str, float]] = {}
    for name, values in scores.items():
        known = np.isfinite(values)
        if known.sum() < LEAST or np.std(values[known]) < 1e-9:
            continue
        gradients[name], explained = _gradient(scaled[known], values[known], seed=seed)
        measured[name] = {"faces": int(known.sum()), "r2": round(explained, 3)}
    vectors: dict[str, np.ndarray] = {}
    for name in OFFERED:
        if name not in gradients or measured[name]["r2"] < LEAST_R2:
            continue
        others = [gradient for other, gradient in gradients.items() if other != name]
        way = apart(gradients[name], others)
        # Back from scaled to the subspace's own coordinates, and from there to w+.
        step = way * float(np.std(scaled @ way)) * spread
        origin = np.zeros((2, len(step)), np.float32)
        origin[1] = step
        ends = subspace.lift(origin, codes.shape[1])
        vectors[name] = ends[1] - ends[0]
    # In the subspace's own coordinates, as ``vectors`` are.
    steepest = {name: gradient / spread for name, gradient in gradients.items()}
    steepest = {name: np.asarray(g / np.linalg.norm(g), np.float32) for name, g in steepest.items()}
    return Fitted(Directions(vectors, steepest), measured)


def apart(gradient: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """The part of ``gradient`` (c,) that is orthogonal to all ``others``, of unit length."""
    if others:
        basis, _ = np.linalg.qr(np.stack(others, axis=1))
        gradient = gradient - basis @ (basis.T @ gradient)
    return np.asarray(gradient / np.linalg.norm(gradient))


def _gradient(points: np.ndarray, values: np.ndarray, *, seed: int) -> tuple[np.ndarray, float]:
    """Regress ``values`` (n,) on ``points`` (n, c): the gradient, and R² on held-out faces."""
    order = np.random.default_rng(seed).permutation(len(values))
    held = order[: round(HELD_OUT * len(values))]
    taught = order[len(held) :]
    model = RidgeCV(alphas=ALPHAS).fit(points[taught], values[taught])
    explained = float(model.score(points[held], values[held]))
    whole = RidgeCV(alphas=[model.alpha_]).fit(points, values)
    return np.asarray(whole.coef_), explained
