"""MTCNN without TensorFlow finds what MTCNN with TensorFlow finds."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.command_line import BadInput
from pipeline.dataset.images import read_rgb
from pipeline.faces import cascade
from pipeline.faces.cascade import Cascade
from pipeline.faces.cascade_networks import BATCH, SIDES, WEIGHTS, CascadeNetworks, read_layers
from pipeline.faces.crops import cropped
from pipeline.faces.detector import Image

if TYPE_CHECKING:
    from tests.pipeline.faces.package_networks import PackageNetworks

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def networks() -> CascadeNetworks:
    return CascadeNetworks.load()


@pytest.fixture(scope="module")
def package() -> "PackageNetworks":
    """Loads TensorFlow."""
    from tests.pipeline.faces.package_networks import PackageNetworks

    return PackageNetworks()


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).uniform(-1, 1, shape).astype(np.float32)


def parts_of_fixtures() -> list[Image]:
    """Pieces of the fixtures' pictures at random, some enlarged or shrunk; and bare walls."""
    random, pictures = np.random.default_rng(7), []
    for path in sorted(FIXTURES.glob("*/*.jpg")):
        rgb = read_rgb(path)
        assert rgb is not None
        for _ in range(3):
            height, width = (int(random.integers(side // 3, side + 1)) for side in rgb.shape[:2])
            top, left = random.integers(rgb.shape[0] - height + 1), random.integers(rgb.shape[1] - width + 1)
            size = [max(1, int(side * random.uniform(0.3, 1.2))) for side in (width, height)]
            part = np.ascontiguousarray(rgb[top : top + height, left : left + width])
            pictures.append(np.asarray(cv2.resize(part, size), np.uint8))
    walls = [np.full((*shape, 3), 90, np.uint8) for shape in ((300, 200), (12, 12), (1, 1), (3, 900))]
    return [*pictures, *walls]


@pytest.mark.slow
def test_the_weights_are_the_packages_to_the_last_bit(package: "PackageNetworks") -> None:
    ours = read_layers()

    seen = 0
    for network, model in zip(("first", "second", "third"), package.models, strict=True):
        for layer in model.layers:
            for weight in layer.weights:
                name = layer.name.replace("-", "_")
                if weight.name == "alpha":  # of the layer whose number the PReLU has
                    kernels = {
                        f"{network}.{kind}{name.removeprefix('prelu')}.alpha" for kind in ("conv", "fc")
                    }
                    (key,) = kernels & ours.keys()
                else:
                    key = f"{network}.{name}.{weight.name}"
                np.testing.assert_array_equal(ours[key], weight.numpy().reshape(ours[key].shape))
                seen += 1
    assert seen == len(ours)


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(height=st.integers(12, 300), width=st.integers(12, 300))
def test_a_picture_of_any_size_is_looked_at_as_by_the_package(
    networks: CascadeNetworks, package: "PackageNetworks", height: int, width: int
) -> None:
    picture = noise(height, width, 3)

    for ours, theirs in zip(networks.look(picture), package.look(picture), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, BATCH, 2 * BATCH + 3])
def test_any_number_of_candidates_is_judged_and_placed_as_by_the_package(
    networks: CascadeNetworks, package: "PackageNetworks", count: int
) -> None:
    small, large = (noise(count, side, side, 3) for side in SIDES)

    for ours, theirs in (
        *zip(networks.sort_out(small), package.sort_out(small), strict=True),
        *zip(networks.place(large), package.place(large), strict=True),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


# In thousandths of a pixel: TensorFlow takes what is smaller than 1e-38 for zero, NumPy does not.
edges = st.integers(-60_000, 160_000).map(lambda thousandths: thousandths / 1000)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    side=st.sampled_from(SIDES),
    boxes=st.lists(st.tuples(edges, edges, edges, edges), max_size=6),
)
def test_boxes_are_cut_out_as_by_tensorflow(
    height: int, width: int, side: int, boxes: list[tuple[float, float, float, float]]
) -> None:
    from tests.pipeline.faces.package_networks import package_crops

    picture = np.random.default_rng(height * width).integers(0, 256, (height, width, 3)).astype(np.uint8)
    where = np.reshape(np.asarray(boxes, np.float64), (-1, 4))

    np.testing.assert_allclose(
        cropped(picture, where, side), package_crops(picture, where, side), rtol=0, atol=1e-4
    )


def test_what_lies_beyond_the_picture_is_grey() -> None:
    black = np.zeros((20, 20, 3), np.uint8)

    ((left, *_, right),) = cropped(black, np.array([[-10.0, 0.0, 20.0, 20.0]]), 24)[:, 12, :, 0]

    assert (left, right) == (127.5, 0.0)


@pytest.mark.slow
def test_the_same_faces_are_found_with_and_without_tensorflow(
    networks: CascadeNetworks, package: "PackageNetworks", monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.pipeline.faces.package_networks import package_crops

    pictures = parts_of_fixtures()
    anything = [1.0] * len(pictures)
    ours = Cascade(networks).detect(pictures, min_face=anything)

    monkeypatch.setattr(cascade, "cropped", package_crops)
    theirs = Cascade(package).detect(pictures, min_face=anything)

    assert sum(map(len, ours)) >= len(pictures) / 2
    for found, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(found.boxes, other.boxes, atol=1.0)
        np.testing.assert_allclose(found.landmarks, other.landmarks, atol=1.0)
        np.testing.assert_allclose(found.scores, other.scores, atol=1e-4)


def test_weights_that_are_missing_or_changed_are_refused_by_name(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(WEIGHTS.read_bytes()[:-1] + b"\x00")

    for path in (damaged, tmp_path / "missing.safetensors"):
        with pytest.raises(BadInput, match=path.name):
            CascadeNetworks.load(path)


def test_the_networks_are_compiled_once_for_a_process(networks: CascadeNetworks) -> None:
    assert CascadeNetworks.load() is networks


def test_finding_a_face_loads_neither_tensorflow_nor_keras_nor_the_package() -> None:
    portrait = next(iter(sorted(FIXTURES.glob("portraits/*.jpg"))))
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.dataset.images import read_rgb\n"
        "from pipeline.faces.detector import MTCNNDetector\n"
        "assert MTCNNDetector().detect(read_rgb(Path(sys.argv[1])))\n"
        "print(*({'tensorflow', 'keras', 'mtcnn'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(portrait)], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == ""
