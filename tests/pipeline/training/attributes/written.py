"""Small data sets in the published layouts, whose faces can be told apart by their colour."""

import csv
from pathlib import Path

import cv2
import numpy as np

from pipeline.attributes import AGES, CELEBA, RACES

#: All 40 attributes of CelebA; those that the thesis leaves out stand between the others.
OTHERS = (
    *("Arched_Eyebrows", "Attractive", "Blurry", "Bushy_Eyebrows", "Eyeglasses"),
    *("Heavy_Makeup", "High_Cheekbones", "Mouth_Slightly_Open", "Pale_Skin", "Rosy_Cheeks"),
    *("Smiling", "Wearing_Earrings", "Wearing_Hat", "Wearing_Lipstick", "Wearing_Necklace"),
    *("Wearing_Necktie", "Young"),
)
HEADER = tuple(sorted((*CELEBA, *OTHERS)))


def face(number: int, *, height: int, width: int) -> np.ndarray:
    """A picture, BGR: bright red for even numbers, dark blue for odd ones, with some grain."""
    colour = (40, 60, 220) if number % 2 == 0 else (140, 40, 30)
    grain = np.random.default_rng(number).normal(0, 12, (height, width, 3))
    return np.clip(np.array(colour) + grain, 0, 255).astype(np.uint8)


def celeba_values(number: int) -> dict[str, int]:
    """Labels: even numbers are men with black hair, odd ones women with blond hair; the rest by chance."""
    random = np.random.default_rng((1, number))
    values = {name: int(random.choice((-1, 1))) for name in HEADER}
    even = 1 if number % 2 == 0 else -1
    hair = {"Bald": -1, "Brown_Hair": -1, "Gray_Hair": -1, "Black_Hair": even, "Blond_Hair": -even}
    return values | hair | {"Male": even, "No_Beard": -even}


def write_celeba(folder: Path, count: int, *, archive: bool = False) -> None:
    """CelebA with ``count`` pictures: four fifths to train on, a tenth each to validate and test.

    ``archive``: in the folders of the published archive.
    """
    names = ("Anno", "Eval", "Img") if archive else ("", "", "")
    attributes, partition, pictures = (folder / name for name in names)
    (pictures / "img_align_celeba").mkdir(parents=True)
    for place in (attributes, partition):
        place.mkdir(exist_ok=True)
    rows, parts = [], []
    for number in range(count):
        name = f"{number + 1:06d}.jpg"
        cv2.imwrite(str(pictures / "img_align_celeba" / name), face(number, height=218, width=178))
        # The published file aligns its columns with spaces.
        rows.append(name + " " + " ".join(f"{celeba_values(number)[key]:2d}" for key in HEADER))
        tenth = number * 10 // count
        parts.append(f"{name} {max(0, tenth - 7)}")
    text = "\n".join((str(count), " ".join(HEADER) + " ", *rows)) + "\n"
    (attributes / "list_attr_celeba.txt").write_text(text)
    (partition / "list_eval_partition.txt").write_text("\n".join(parts) + "\n")


def write_fairface(folder: Path, train: int, val: int) -> None:
    """FairFace: even numbers are old and Black, odd ones young and East Asian, but for one of each group."""
    for part, count in (("train", train), ("val", val)):
        (folder / part).mkdir(parents=True)
        with (folder / f"fairface_label_{part}.csv").open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("file", "age", "gender", "race", "service_test"))
            for number in range(count):
                name = f"{part}/{number + 1}.jpg"
                cv2.imwrite(str(folder / name), face(number, height=224, width=224))
                age, race = ("60-69", "Black") if number % 2 == 0 else ("3-9", "East Asian")
                if part == "train" and number < len(AGES):
                    age, race = AGES[number], RACES[number % len(RACES)]
                written = "more than 70" if age == AGES[-1] else age
                rows.writerow((name, written, ("Male", "Female")[number % 2], race, "False"))
