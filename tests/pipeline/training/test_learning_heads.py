"""A short training run on small pictures of heads: what is generated comes nearer to them, by FID."""

from pathlib import Path

import cv2
import numpy as np

from pipeline.evaluation.frechet import fid
from pipeline.networks.stylegan2 import StyleGAN2Config
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.run import StyleGAN2Run

SIDE = 32
SHEET = Path(__file__).parents[2] / "fixtures" / "heads-32.jpg"
CONFIG = TrainingConfig(
    network=StyleGAN2Config(
        resolution=SIDE, channel_base=512, channel_max=32, z_dim=32, w_dim=32, mapping_layers=2
    ),
    batch=16,
    learning_rate=0.004,
    r1_gamma=0.1,
    ema_kimg=1.0,
    ema_ramp_up=0.05,
    ada_kimg=10.0,
)


def heads() -> np.ndarray:
    """256 heads, uint8 (256, 32, 32, 3)."""
    sheet = cv2.imread(str(SHEET))
    assert sheet is not None
    rows = sheet[:, :, ::-1].reshape(16, SIDE, 16, SIDE, 3)
    return np.asarray(rows.transpose(0, 2, 1, 3, 4).reshape(256, SIDE, SIDE, 3))


def patches(images: np.ndarray) -> np.ndarray:
    """Mean colours of 8 x 8 patches in [0, 1]: all that one can see at this size, and quick."""
    return np.asarray(
        images.reshape(-1, 8, SIDE // 8, 8, SIDE // 8, 3).mean(axis=(2, 4)).reshape(-1, 192) / 255
    )


def distance(run: StyleGAN2Run) -> float:
    """FID of 512 samples of the averaged generator against the heads and their mirror images."""
    z = np.random.default_rng(1).standard_normal((8, 64, CONFIG.network.z_dim)).astype(np.float32)
    samples = np.concatenate([run.sample(part) for part in z])
    real = np.concatenate([heads(), heads()[:, :, ::-1]])
    return fid(patches(real), patches(samples))


def test_the_distance_to_the_training_pictures_falls(tmp_path: Path) -> None:
    run = StyleGAN2Run(CONFIG, heads(), tmp_path)
    distances = [distance(run)]
    for images in (1000, 5000):
        run.train(images=images)
        distances.append(distance(run))
    start, middle, end = distances
    assert start > middle > end
    assert end < 0.2 * start, f"FID {start:.2f} → {middle:.2f} → {end:.2f}"
