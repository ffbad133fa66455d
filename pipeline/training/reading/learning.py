"""A probe from examples: regularised by cross-validation, calibrated, and told when to be silent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold

FOLDS: Final = 5
RANK: Final = 600
"""Principal components that are learned on: as many as matter of thousands of signs."""
STRENGTHS: Final = (0.3, 1.0, 3.0, 10.0, 30.0)
"""Inverse regularisation of logistic regression."""
PENALTIES: Final = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Of ridge regression."""
LEAST_SPREAD: Final = 1e-3
"""What varies less is not blown up further."""
EVENNESS: Final = 0.5
"""0: a rare answer is said too rarely; 1: each counts the same. Halfway costs nothing in all and serves small
groups better: of South Asians 74 % instead of 59 % are told, by cross-validation."""
RIGHT: Final = 0.97
"""Share of what is said that is to be right."""
WITHHELD: Final = 0.01
"""Share of all faces of which a right value may be withheld to reach it."""


@dataclass(frozen=True, eq=False)
class Space:
    """Examples in the principal components of their signs, each block of signs of the same weight.

    Attributes:
        points: float64 (variants, n, rank): each person in every variant; the first is the picture as it is.
        back: float64 (d, rank): from standardised signs to the points.
        mean, scale: float64 (d,): what standardises signs.
    """

    points: np.ndarray
    back: np.ndarray
    mean: np.ndarray
    scale: np.ndarray

    def unfolded(self, weights: np.ndarray, bias: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Weights (rank, k) and biases on points as float32 weights (d, k) and biases on signs."""
        whole = (self.back @ weights) / self.scale[:, None]
        return whole.astype(np.float32), (bias - self.mean @ whole).astype(np.float32)


def space_of(variants: Sequence[Sequence[np.ndarray]], rank: int = RANK) -> Space:
    """Standardise and rotate.

    Args:
        variants: for each variant of the pictures, its blocks (n, d_i).
    """
    means, scales = [], []
    for block in variants[0]:
        spread = block.std(axis=0)
        # What hardly varies is noise: it is not blown up.
        even = np.maximum(np.sqrt(spread**2 + np.median(spread) ** 2), LEAST_SPREAD)
        means.append(block.mean(axis=0))
        scales.append(even * np.sqrt(block.shape[1]))
    mean, scale = np.concatenate(means).astype(float), np.concatenate(scales).astype(float)
    rows = np.concatenate([np.concatenate(blocks, axis=1) for blocks in variants])
    standard = (rows - mean) / scale
    wide = standard.shape[1] > len(standard)
    values, vectors = np.linalg.eigh(standard @ standard.T if wide else standard.T @ standard)
    best = np.argsort(values)[::-1][: min(rank, len(values))]
    best = best[values[best] > 1e-9 * values[best[0]]]
    back = standard.T @ vectors[:, best] / np.sqrt(values[best]) if wide else vectors[:, best]
    points = standard @ back
    return Space(points.reshape(len(variants), -1, points.shape[1]), back, mean, scale)


@dataclass(frozen=True, eq=False)
class Learned:
    """A probe's weights on signs, and what it said of each example while that was held out.

    Attributes:
        weights: float32 (d, k).
        bias: float32 (k,).
        held_out: of classes: float64 (n, k) probabilities; of years: (n, 1) years.
        strength: the regularisation that was chosen.
    """

    weights: np.ndarray
    bias: np.ndarray
    held_out: np.ndarray
    strength: float


def folds(answers: np.ndarray, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Rows learned from and rows held out, for each fold, with alike shares of every answer."""
    rare = np.unique(answers, return_counts=True)[1].min()
    if rare < FOLDS:
        raise ValueError(f"an answer has {rare} examples; {FOLDS} are needed")
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(answers, answers)
    return list(split)


def learn_classes(space: Space, answers: np.ndarray, count: int, seed: int) -> Learned:
    """Logistic regression of ``answers``, int (n,) below ``count``; classes without examples are never said.

    Raises:
        ValueError: an answer has too few examples.
    """
    parts = folds(answers, seed)
    tried = {strength: _held_out(space, answers, count, strength, parts) for strength in STRENGTHS}
    strength = min(tried, key=lambda one: _loss(tried[one] / temperature(tried[one], answers), answers))
    logits = tried[strength]
    heat = temperature(logits, answers)
    weights, bias = _fitted(space, answers, count, strength, np.arange(len(answers)))
    unfolded = space.unfolded(weights / heat, bias / heat)
    return Learned(*unfolded, np.exp(log_softmax(logits / heat, axis=1)), strength)


def learn_years(space: Space, years: np.ndarray, seed: int) -> Learned:
    """Ridge regression of ``years``, float (n,), n at least ``FOLDS``."""
    parts = list(KFold(FOLDS, shuffle=True, random_state=seed).split(years))
    tried = {}
    for penalty in PENALTIES:
        found = np.zeros(len(years))
        for rows, out in parts:
            found[out] = _ridge(space, years, penalty, rows).predict(space.points[0, out])
        tried[penalty] = found
    penalty = min(tried, key=lambda one: float(np.abs(tried[one] - years).mean()))
    model = _ridge(space, years, penalty, np.arange(len(years)))
    unfolded = space.unfolded(model.coef_[:, None], np.array([model.intercept_]))
    return Learned(*unfolded, tried[penalty][:, None], penalty)


def temperature(logits: np.ndarray, answers: np.ndarray) -> float:
    """What logits are divided by so that confidence is how often they are right (Guo et al. 2017)."""
    found = minimize_scalar(
        lambda log: _loss(logits / np.exp(log), answers), bounds=(-2, 2), method="bounded"
    )
    return float(np.exp(found.x))


def reliable_confidence(probabilities: np.ndarray, answers: np.ndarray) -> float:
    """The least confidence with which ``RIGHT`` of what is said is right, or as ``WITHHELD`` allows."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == answers
    order = np.argsort(confidence)
    said = right[order]
    after = said[::-1].cumsum()[::-1] / np.arange(len(said), 0, -1)
    withheld = said.cumsum() - said
    allowed = withheld <= WITHHELD * len(said)
    enough = np.flatnonzero(allowed & (after >= RIGHT))
    place = enough[0] if len(enough) else np.flatnonzero(allowed)[-1]
    return 0.0 if place == 0 else float(confidence[order[place]])


def _held_out(
    space: Space, answers: np.ndarray, count: int, strength: float, parts: list[tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    logits = np.zeros((len(answers), count))
    for rows, out in parts:
        weights, bias = _fitted(space, answers, count, strength, rows)
        logits[out] = space.points[0, out] @ weights + bias
    return logits


NEVER: Final = -30.0
"""The logit of a class that has no examples."""


def _fitted(
    space: Space, answers: np.ndarray, count: int, strength: float, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    variants = len(space.points)
    x, y = space.points[:, rows].reshape(variants * len(rows), -1), np.tile(answers[rows], variants)
    model = LogisticRegression(C=strength, max_iter=1000, tol=1e-3, class_weight=_evened(y)).fit(x, y)
    weights, bias = np.zeros((x.shape[1], count)), np.full(count, NEVER)
    two = len(model.classes_) == 2
    weights[:, model.classes_] = np.stack([-model.coef_[0], model.coef_[0]], 1) / 2 if two else model.coef_.T
    bias[model.classes_] = np.array([-1, 1]) * model.intercept_[0] / 2 if two else model.intercept_
    return weights, bias


def _evened(answers: np.ndarray) -> dict[int, float]:
    """What an example of each answer counts."""
    kinds, counts = np.unique(answers, return_counts=True)
    shares = counts * len(kinds) / len(answers)
    return {int(kind): float(share**-EVENNESS) for kind, share in zip(kinds, shares, strict=True)}


def _ridge(space: Space, years: np.ndarray, penalty: float, rows: np.ndarray) -> Ridge:
    variants = len(space.points)
    x = space.points[:, rows].reshape(variants * len(rows), -1)
    return Ridge(alpha=penalty).fit(x, np.tile(years[rows], variants))


def _loss(logits: np.ndarray, answers: np.ndarray) -> float:
    return float(-log_softmax(logits, axis=1)[np.arange(len(answers)), answers].mean())
