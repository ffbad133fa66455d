"""Labelled heads for a recipe, more than the fixtures hold: each of those again and again, in other light."""

import json
from pathlib import Path
from typing import Final

import cv2
import numpy as np

PICTURES: Final = Path(__file__).parents[2] / "fixtures" / "heads"
HAIR: Final = ("black", "darkbrown", "blond")
PEOPLES: Final = ("white", "black", "east_asian")
BEARDS: Final = ("none", "full_beard", "stubble")


def write_heads(folder: Path, count: int) -> Path:
    """Write ``count`` pictures and ``labels.jsonl``: by which head it is, so that it can be learned."""
    folder.mkdir()
    pictures = sorted(PICTURES.glob("*.jpg"))
    random, lines = np.random.default_rng(0), []
    for number in range(20_000, 20_000 + count):
        head = number % len(pictures)
        picture = np.asarray(cv2.imread(str(pictures[head])), np.float64) * random.uniform(0.7, 1.2, 3)
        cv2.imwrite(str(folder / f"{number}.jpg"), np.clip(picture, 0, 255).astype(np.uint8))
        label = {
            "file": f"{number}.jpg",
            "sex": ("male", "female")[head % 2],
            "age_years": 22 + 9 * head,
            "eth": PEOPLES[head % 3],
            "haircolor": HAIR[head // 2],
            "grey": 0.8 if head == 5 else 0.0,
            "hairstyle": "bald" if head == 4 else ("side", "curly")[head // 3],
            "facial": BEARDS[head // 2],
            "stubble": 0.0,
            "rec": 1.5 * head,
            "weight": head / 5,
        }
        lines.append(json.dumps(label))
    (folder / "labels.jsonl").write_text("\n".join(lines) + "\n")
    return folder
