"""``python -m pipeline synthesize`` makes the faces that were asked for, or says why not."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.interchange.importing import import_snapshot
from pipeline.networks.bundle import Bundle
from pipeline.networks.stylegan2 import Generator
from tests.pipeline.interchange.published_snapshot import snapshot_bytes
from tests.pipeline.interchange.written import SMALL, torch_snapshot
from tests.pipeline.networks import published

SIDE = SMALL.resolution
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small bundle."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "snapshot.pkl").write_bytes(torch_snapshot())
    import_snapshot(folder / "snapshot.pkl", folder / "bundle")
    return folder / "bundle"


@pytest.fixture(scope="module")
def generator(bundle: Path) -> Generator:
    """Its generator."""
    return Bundle.open(bundle).generator()


@pytest.fixture(scope="module")
def published_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published snapshot, imported."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "snapshot.pkl").write_bytes(snapshot_bytes())
    import_snapshot(folder / "snapshot.pkl", folder / "bundle")
    return folder / "bundle"


def saved(path: Path, values: Any) -> Path:
    """An array in a file."""
    np.save(path, values)
    return path


def made(bundle: Path, out: Path, *arguments: object) -> np.ndarray:
    """The array that the command writes."""
    assert main(["synthesize", "--bundle", str(bundle), *map(str, arguments), "--out", str(out)]) == 0
    images: np.ndarray = np.load(out)
    return images


def close(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Fail unless the largest difference is below 1e-4 of the deviation."""
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4 * float(theirs.std()))


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        ("z", ["--truncation", 0.7], "images_psi07_const"),
        ("z", [], "images_psi1_const"),
        ("z", ["--truncation", 0.7, "--noise", "none"], "images_psi07_none"),
        ("w_plus", [], "images_wplus_const"),
    ],
)
def test_the_array_holds_the_published_images_as_float32_unclipped(
    source: str, options: list[object], expected: str, published_bundle: Path, tmp_path: Path
) -> None:
    codes = saved(tmp_path / "codes.npy", published.values("io")["z" if source == "z" else "wplus"])
    option = "--z" if source == "z" else "--w-plus"
    images = made(published_bundle, tmp_path / "images.npy", option, codes, *options)
    assert images.dtype == np.float32
    assert images.shape == (4, 64, 64, 3)
    assert np.abs(images).max() > 1.0
    close(images, published.images(expected))


def test_the_other_backend_makes_the_published_images_too(published_bundle: Path, tmp_path: Path) -> None:
    codes = saved(tmp_path / "z.npy", published.values("io")["z"])
    out = tmp_path / "images.npy"
    command = [sys.executable, "-m", "pipeline", "synthesize", "--bundle", published_bundle]
    options = ["--z", codes, "--truncation", "0.7", "--out", out]
    done = subprocess.run(
        [*map(str, command), *map(str, options)],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    close(np.load(out), published.images("images_psi07_const"))


def test_a_seed_draws_z_as_the_published_script_does(
    bundle: Path, generator: Generator, tmp_path: Path
) -> None:
    images = made(bundle, tmp_path / "images.npy", "--seed", 5, 17)
    for image, seed in zip(images, (5, 17), strict=True):
        z = np.random.RandomState(seed).randn(1, SMALL.z_dim).astype(np.float32)
        close(image[None], np.asarray(generator(z)))


def test_a_batch_is_the_same_as_one_by_one(bundle: Path, tmp_path: Path) -> None:
    together = made(bundle, tmp_path / "all.npy", "--seed", "0-18", "--noise", "random", "--noise-seed", 3)
    assert len(together) == 19
    for seed in (0, 8, 18):
        alone = made(bundle, tmp_path / "one.npy", "--seed", seed, "--noise", "random", "--noise-seed", 3)
        close(alone[0], together[seed])


def test_random_noise_is_another_for_each_face_and_each_seed_of_noise(bundle: Path, tmp_path: Path) -> None:
    codes = saved(tmp_path / "z.npy", np.ones((2, SMALL.z_dim), np.float32))
    noisy = ["--z", codes, "--noise", "random"]
    one, same = made(bundle, tmp_path / "a.npy", *noisy), made(bundle, tmp_path / "b.npy", *noisy)
    other = made(bundle, tmp_path / "c.npy", *noisy, "--noise-seed", 1)
    np.testing.assert_array_equal(one, same)
    assert np.abs(one[0] - one[1]).max() > 1e-3
    assert np.abs(one - other).max() > 1e-3


def test_without_noise_two_seeds_of_noise_are_the_same(bundle: Path, tmp_path: Path) -> None:
    one = made(bundle, tmp_path / "a.npy", "--seed", 1, "--noise", "none")
    other = made(bundle, tmp_path / "b.npy", "--seed", 1, "--noise", "none", "--noise-seed", 9)
    np.testing.assert_array_equal(one, other)


def test_truncation_pulls_given_w_plus_to_the_mean(
    bundle: Path, generator: Generator, tmp_path: Path
) -> None:
    ws = np.random.default_rng(0).standard_normal((2, SMALL.num_ws, SMALL.w_dim)).astype(np.float32)
    images = made(bundle, tmp_path / "i.npy", "--w-plus", saved(tmp_path / "w.npy", ws), "--truncation", 0.5)
    close(images, np.asarray(generator.synthesis(generator.truncate(ws, 0.5))))


def test_one_w_is_used_for_all_layers(bundle: Path, tmp_path: Path) -> None:
    w = np.random.default_rng(0).standard_normal((2, SMALL.w_dim))
    ws = np.repeat(w[:, None], SMALL.num_ws, axis=1)
    one = made(bundle, tmp_path / "a.npy", "--w-plus", saved(tmp_path / "w.npy", w))
    other = made(bundle, tmp_path / "b.npy", "--w-plus", saved(tmp_path / "ws.npy", ws))
    np.testing.assert_array_equal(one, other)


def test_pictures_are_named_after_their_seeds_and_hold_the_rounded_image(
    bundle: Path, generator: Generator, tmp_path: Path
) -> None:
    out = tmp_path / "faces"
    out.mkdir()
    (out / "mine.png").write_bytes(b"mine")
    (out / "seed0001.png").write_bytes(b"old")
    assert main(["synthesize", "--bundle", str(bundle), "--seed", "1", "12345", "1", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["mine.png", "seed0001.png", "seed12345.png"]
    picture = cv2.imread(str(out / "seed0001.png"))
    assert picture is not None
    z = np.random.RandomState(1).randn(1, SMALL.z_dim).astype(np.float32)
    expected = np.clip((np.asarray(generator(z))[0] + 1) * 127.5, 0, 255)
    np.testing.assert_allclose(picture[:, :, ::-1], expected, atol=0.51)


def test_pictures_of_a_file_are_numbered(bundle: Path, tmp_path: Path) -> None:
    codes = saved(tmp_path / "z.npy", np.ones((2, SMALL.z_dim)))
    assert main(["synthesize", "--bundle", str(bundle), "--z", str(codes), "--out", str(tmp_path / "f")]) == 0
    assert sorted(path.name for path in (tmp_path / "f").iterdir()) == ["0000.png", "0001.png"]


BAD_CODES: dict[str, tuple[str, Any, str]] = {
    "z of another size": ("--z", np.ones((2, 4)), "takes z of (n, 3)"),
    "z of one axis": ("--z", np.ones(3), "takes z of (n, 3)"),
    "no axis": ("--z", np.float32(1), "takes z of (n, 3)"),
    "whole numbers": ("--z", np.ones((2, 3), int), "codes are floats"),
    "objects": ("--z", np.array([None]), "not an .npy file of numbers"),
    "no codes": ("--z", np.ones((0, 3)), "holds no codes"),
    "no numbers": ("--z", np.full((1, 3), np.nan), "no numbers"),
    "too large": ("--z", np.full((1, 3), 1e300), "beyond float32"),
    "w+ of other layers": ("--w-plus", np.ones((2, 5, 5)), "takes w+ of (n, 4, 5)"),
    "w of another size": ("--w-plus", np.ones((2, 6)), "takes w+ of (n, 4, 5) or w of (n, 5)"),
    "z for w+": ("--w-plus", np.ones((2, 3)), "takes w+ of (n, 4, 5)"),
}


def complaint(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line on standard error with which a command is refused."""
    assert main(["synthesize", *map(str, arguments)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    return error


@pytest.mark.parametrize("name", BAD_CODES)
def test_codes_that_do_not_fit_are_refused_and_nothing_is_written(
    name: str, bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    option, values, reason = BAD_CODES[name]
    path = saved(tmp_path / "codes.npy", values)
    assert reason in complaint(capsys, "--bundle", bundle, option, path, "--out", tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["codes.npy"]


def test_what_is_no_file_of_codes_is_refused(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.npy").write_text("hello")
    (tmp_path / "promise.npy").write_bytes(npy_header((2**40, 3)))
    (tmp_path / "none.npy").write_bytes(b"")
    common = ["--bundle", bundle, "--out", tmp_path / "out", "--z"]
    for name in ("text.npy", "promise.npy", "none.npy"):
        assert "not an .npy file" in complaint(capsys, *common, tmp_path / name)
    assert "No such file" in complaint(capsys, *common, tmp_path / "missing.npy")


def npy_header(shape: tuple[int, ...]) -> bytes:
    """The beginning of an ``.npy`` file that ends there."""
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--seed", "1", "--truncation", "nan"], "--truncation"),
        (["--seed", "1", "--noise-seed", "-1"], "--noise-seed"),
        (["--seed", "1", "--bundle", "nowhere"], "no bundle.json"),
        (["--seed", "1", "--out", "file"], "is a file"),
        (["--seed", "1", "--out", "folder.npy"], "is a folder"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str],
    reason: str,
    bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    Path("folder.npy").mkdir()
    assert reason in complaint(capsys, "--bundle", bundle, "--out", "out", *options)


@pytest.mark.parametrize(
    "source",
    [
        [],
        ["--seed", "1", "--z", "z.npy"],
        ["--seed", "-1"],
        ["--seed", "4294967296"],
        ["--seed", "9-3"],
        ["--seed", "x"],
        ["--seed", "0-4294967295"],
    ],
)
def test_exactly_one_source_of_sensible_codes_is_asked_for(
    source: list[str], bundle: Path, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["synthesize", "--bundle", str(bundle), "--out", str(tmp_path / "out"), *source])
    assert caught.value.code == 2


def test_a_failure_half_way_leaves_neither_pictures_nor_array(tmp_path: Path) -> None:
    from pipeline.interchange.synthesising import save_array, save_pictures

    def half() -> Any:
        yield np.zeros((1, SIDE, SIDE, 3), np.float32)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_pictures(tmp_path / "faces", ["a", "b"], half())
    with pytest.raises(ZeroDivisionError):
        save_array(tmp_path / "faces.npy", (2, SIDE, SIDE, 3), half())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_bundle_that_ships_makes_faces(tmp_path: Path) -> None:
    shipped = ROOT / "gpu_worker" / "bundles" / "demo"
    side = Bundle.open(shipped).resolution
    images = made(shipped, tmp_path / "images.npy", "--seed", "0-9", "--truncation", 0.7)
    assert images.shape == (10, side, side, 3)
    assert np.isfinite(images).all()
    assert len({image.tobytes() for image in images}) == 10
