"""Labelled heads for a recipe, more than the fixtures hold: each in other light, with labels of its own."""

import json
from itertools import cycle
from pathlib import Path
from typing import Final

import cv2
import numpy as np

PICTURES: Final = Path(__file__).parents[2] / "fixtures" / "heads"
HAIR: Final = ("black", "darkbrown", "blond")
PEOPLES: Final = ("white", "black", "east_asian")
BEARDS: Final = ("none", "full_beard", "stubble")


def write_heads(folder: Path, count: int) -> Path:
    """Write ``count`` pictures and ``labels.jsonl``; every tenth is held out, every twentieth watched."""
    folder.mkdir()
    random, lines = np.random.default_rng(0), []
    for number, path in zip(range(20_000, 20_000 + count), cycle(sorted(PICTURES.glob("*.jpg")))):
        picture = np.asarray(cv2.imread(str(path)), np.float64) * random.uniform(0.7, 1.2, 3)
        cv2.imwrite(str(folder / f"{number}.jpg"), np.clip(picture, 0, 255).astype(np.uint8))
        label = {
            "file": f"{number}.jpg",
            "sex": ("male", "female")[number % 2],
            "age_years": 20 + number * 7 % 60,
            "eth": PEOPLES[number % 3],
            "haircolor": HAIR[number // 2 % 3],
            "grey": 0.0 if number % 5 else 0.8,
            "hairstyle": "bald" if number % 9 == 0 else ("side", "curly")[number // 3 % 2],
            "facial": BEARDS[number // 3 % 3],
            "stubble": 0.0,
            "rec": float(number % 9),
            "weight": number % 7 / 7,
        }
        lines.append(json.dumps(label))
    (folder / "labels.jsonl").write_text("\n".join(lines) + "\n")
    return folder
