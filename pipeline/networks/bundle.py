"""A bundle: one folder with every model that a worker needs, and ``bundle.json`` that says what they are.

``bundle.json`` names each file with its SHA-256 and the sizes of its network, so that a face can be traced
to the exact weights it was made with. Weights are safetensors: plain arrays, nothing that could run.

A bundle that only makes faces, such as an imported generator, has no encoder, no neighbours and perhaps no
discriminator; it can be synthesised from, but no worker can draft a lineup with it. Attribute models
("celeba", "fairface") may be in any bundle; without them no attributes are predicted. A bundle without a
band chooses neighbours by similarity alone, one without directions moves no attribute.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from pipeline.attributes.reliability import Reliability
from pipeline.fillers import Band, Directions, Subspace
from pipeline.identity.frame import HEAD_FACE, Frame, face_frame
from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig, FairFaceConfig
from pipeline.networks.encoder.config import EncoderConfig
from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.whole_files import replacing, write_whole

if TYPE_CHECKING:
    import keras

    from pipeline.networks.attributes import CombinedAttributes
    from pipeline.networks.stylegan2 import Discriminator, Generator

FORMAT: Final = 1
MANIFEST: Final = "bundle.json"
Arrays = dict[str, np.ndarray]


class BundleError(Exception):
    """A bundle that cannot be used; ``str()`` says what is wrong with which file."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrays_of(model: Any) -> Arrays:
    """Every weight of a model by its path, as it is."""
    return {variable.path: np.asarray(variable.value) for variable in model.weights}


def assign_arrays(model: Any, arrays: Arrays, what: str) -> None:
    """Give a model its weights; BundleError unless names and shapes are exactly the model's."""
    variables = {variable.path: variable for variable in model.weights}
    if variables.keys() != arrays.keys():
        odd = sorted(variables.keys() ^ arrays.keys())
        raise BundleError(f"the {what}'s weights do not fit its sizes: {', '.join(odd[:3])} …")
    for name, variable in variables.items():
        if tuple(variable.shape) != arrays[name].shape:
            raise BundleError(f"the {what}'s {name} is {arrays[name].shape}, not {tuple(variable.shape)}")
        variable.assign(arrays[name].astype(np.float32))


@dataclass(frozen=True)
class Bundle:
    """An opened bundle: checked, not yet built into networks.

    Attributes:
        folder: where it lies.
        manifest: ``bundle.json``.
        digest: SHA-256 of ``bundle.json``, which holds the digests of all files: the bundle's identity.
    """

    folder: Path
    manifest: dict[str, Any]
    digest: str

    @classmethod
    def open(cls, folder: Path) -> "Bundle":
        """Read ``bundle.json`` and compare every file with its digest.

        Raises:
            BundleError: no bundle there, another format, a file missing or altered.
        """
        path = folder / MANIFEST
        try:
            manifest = json.loads(path.read_bytes())
        except FileNotFoundError:
            raise BundleError(f"there is no {MANIFEST} in {folder}") from None
        except ValueError as error:
            raise BundleError(f"{path} is not JSON: {error}") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise BundleError(f"{path} is not of format {FORMAT}; this version of LiGAN reads no other")
        for name, expected in manifest["files"].items():
            file = folder / name
            if not file.is_file():
                raise BundleError(f"{file} is missing")
            if sha256_of(file) != expected:
                raise BundleError(f"{file} is not the file that {MANIFEST} names: its SHA-256 differs")
        return cls(folder, manifest, sha256_of(path))

    @property
    def resolution(self) -> int:
        """Side of the faces in pixels."""
        return int(self.manifest["resolution"])

    @property
    def face(self) -> Frame:
        """Where the face lies in its pictures."""
        framing = self.manifest.get("framing")
        return face_frame(**framing) if framing else HEAD_FACE

    def has(self, part: str) -> bool:
        """Whether the bundle holds a part.

        Parts are "generator", "discriminator", "encoder", "neighbours", "band", "directions", "celeba"
        and "fairface".
        """
        return f"{part}.safetensors" in self.manifest["files"]

    @property
    def generator_config(self) -> StyleGAN2Config:
        """The generator's sizes."""
        return StyleGAN2Config.from_dict(self.manifest["generator"])

    @property
    def discriminator_config(self) -> StyleGAN2Config:
        """The discriminator's: other people's may have sizes of its own, ours share the generator's."""
        return StyleGAN2Config.from_dict(self.manifest.get("discriminator", self.manifest["generator"]))

    @property
    def encoder_config(self) -> EncoderConfig:
        """The encoder's. The bundle has the weights of its backbone too: nothing is downloaded."""
        return EncoderConfig.from_dict({**self.manifest["encoder"], "backbone_weights": None})

    @property
    def attribute_configs(self) -> dict[str, AttributeConfig]:
        """Those of the attribute models that there are, "celeba" first. Nothing is downloaded here either."""
        configs: dict[str, type[AttributeConfig]] = {"celeba": CelebAConfig, "fairface": FairFaceConfig}
        found = {kind: dict(self.manifest["attributes"][kind]) for kind in configs if self.has(kind)}
        return {
            kind: configs[kind].from_dict({**sizes, "backbone": {**sizes["backbone"], "weights": None}})
            for kind, sizes in found.items()
        }

    def generator(self) -> "Generator":
        """The generator with its weights, for Keras, as are the networks below."""
        from pipeline.networks.stylegan2 import Generator

        model = Generator(self.generator_config)
        assign_arrays(model, self.part("generator"), "generator")
        return model

    def discriminator(self) -> "Discriminator":
        """The discriminator with its weights: for realism, and to train on."""
        from pipeline.networks.stylegan2 import Discriminator

        weights = self.part("discriminator")
        model = Discriminator(self.discriminator_config)
        assign_arrays(model, weights, "discriminator")
        return model

    def encoder(self) -> "keras.Model":
        """The encoder with its weights."""
        from pipeline.networks.encoder import build_encoder

        weights = self.part("encoder")
        model = build_encoder(self.encoder_config)
        assign_arrays(model, weights, "encoder")
        return model

    def subspace(self) -> Subspace:
        """The subspace of w+ in which similar faces are drawn."""
        arrays = self.part("neighbours")
        names = ("mean", "components", "deviations")  # bundles of before have another, of no use now
        values: dict[str, Any] = {name: arrays[name].astype(np.float32) for name in names}
        return Subspace(**values, **self.manifest["neighbours"])

    def band(self) -> Band | None:
        """Who may stand beside a suspect; None if that was not measured."""
        return Band.of(self.manifest["band"], self.part("band")) if self.has("band") else None

    def directions(self) -> Directions | None:
        """Ways through w+ along which one attribute changes; None if there are none."""
        return Directions.of(self.part("directions")) if self.has("directions") else None

    def attributes(self) -> "CombinedAttributes | None":
        """The attribute models with their weights, as one; None if the bundle has neither."""
        from pipeline.networks.attributes import AttributeModel, CombinedAttributes

        models = {kind: AttributeModel(config) for kind, config in self.attribute_configs.items()}
        for kind, model in models.items():
            assign_arrays(model.network, self.part(kind), f"{kind} model")
        return CombinedAttributes(models.get("celeba"), models.get("fairface")) if models else None

    def reliability(self) -> dict[str, Reliability]:
        """How often the attribute models are right, by key of a description; empty where it is not known."""
        found = self.manifest.get("attributes", {}).get("reliability", {})
        return {key: Reliability.from_dict(values) for key, values in found.items()}

    def require(self, part: str) -> None:
        """BundleError if the bundle has no such part."""
        if not self.has(part):
            raise BundleError(
                f"it only makes faces: it has no {part}. Train what is missing and make a bundle of it"
            )

    def part(self, part: str) -> Arrays:
        """Arrays of one of the bundle's parts; BundleError if it has no such part."""
        self.require(part)
        path = self.folder / f"{part}.safetensors"
        try:
            return dict(load_file(path))
        except SafetensorError as error:
            raise BundleError(f"{path} cannot be read: {error}") from error


def write_bundle(
    folder: Path,
    *,
    generator: "Generator",
    discriminator: "Discriminator",
    encoder: "keras.Model",
    encoder_config: EncoderConfig,
    subspace: Subspace,
    facts: dict[str, Any],
    attributes: "CombinedAttributes | None" = None,
    reliability: Mapping[str, Reliability] = MappingProxyType({}),
    documents: tuple[str, ...] = (),
) -> Bundle:
    """Write a bundle: weights as float16, then ``bundle.json`` with the digest of every file.

    Args:
        folder: made if missing; files of an earlier bundle in it are replaced.
        attributes: the attribute models that go with it, if any.
        reliability: how often they are right, by key of a description.
        facts: what else ``bundle.json`` says: name, framing, licence, training, data.
        documents: other files in ``folder`` (the model card) that belong to the bundle.
    """
    contents = {
        "generator": arrays_of(generator),
        "discriminator": arrays_of(discriminator),
        "encoder": arrays_of(encoder),
        "neighbours": subspace.arrays(),
    }
    manifest = {**facts}
    if attributes is not None:
        contents |= {model.kind: arrays_of(model.network) for model in attributes.models}
        sizes = {model.kind: model.config.to_dict() for model in attributes.models}
        measured = {key: one.to_dict() for key, one in reliability.items()}
        manifest["attributes"] = {**sizes, "reliability": measured}
    return write_parts(
        folder,
        {name: {key: half(array, key) for key, array in arrays.items()} for name, arrays in contents.items()},
        {
            **manifest,
            "resolution": generator.config.resolution,
            "generator": generator.config.to_dict(),
            "encoder": encoder_config.to_dict(),
            "neighbours": subspace.settings(),
        },
        documents=documents,
    )


def write_parts(
    folder: Path, parts: dict[str, Arrays], manifest: dict[str, Any], *, documents: tuple[str, ...] = ()
) -> Bundle:
    """Write a bundle of whatever parts there are, each array as it is, then ``bundle.json``.

    Args:
        folder: made if missing; files of an earlier bundle in it are replaced.
        parts: arrays of "generator", and of others, by the paths of their weights.
        manifest: what ``bundle.json`` says besides its format and the digests of the files.
        documents: as for :func:`write_bundle`.
    """
    return _write(folder, parts, {"format": FORMAT, **manifest, "files": {}}, documents)


def amend(bundle: Bundle, parts: Mapping[str, Arrays], entries: Mapping[str, Any], folder: Path) -> Bundle:
    """Write ``bundle`` with further parts, or with others in place of those that it has.

    Its networks stay as they are, to the byte.

    Args:
        parts: arrays by part, each as it is to be kept.
        entries: what ``bundle.json`` says of them.
        folder: made if missing; may be the bundle's own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if folder.resolve() != bundle.folder.resolve():
        for name in bundle.manifest["files"]:
            shutil.copyfile(bundle.folder / name, folder / name)
    return _write(folder, parts, {**bundle.manifest, **entries}, ())


def _write(
    folder: Path, parts: Mapping[str, Arrays], manifest: dict[str, Any], documents: tuple[str, ...]
) -> Bundle:
    """Write parts, each file whole or not at all, then ``bundle.json`` with all digests."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{part}.safetensors" for part in parts]
    for name, arrays in zip(names, parts.values(), strict=True):
        with replacing(folder / name) as partial:
            save_file({key: np.array(array, order="C") for key, array in arrays.items()}, partial)
            partial.chmod(0o644)
    files = manifest["files"] | {name: sha256_of(folder / name) for name in (*names, *documents)}
    text = json.dumps({**manifest, "files": dict(sorted(files.items()))}, indent=2, ensure_ascii=False)
    write_whole(folder / MANIFEST, f"{text}\n".encode())
    return Bundle.open(folder)


def half(array: np.ndarray, name: str) -> np.ndarray:
    """The array as float16; BundleError if that would make a number infinite."""
    values = array.astype(np.float16)
    if not np.isfinite(values).all():
        raise BundleError(f"{name} has values beyond float16")
    return values
