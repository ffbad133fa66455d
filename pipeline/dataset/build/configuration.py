"""What a build does: the thesis' steps by default, or what a TOML file says.

::

    format = "tfrecord"        # or "folder"
    shard_size = 10000

    [[steps]]
    filter = "size_filter"
    min_size = 256

    [[steps]]
    filter_window = "remove_too_similar"
    window_size = 2
    similarity_threshold = 0.9

    [slurm]                    # for --workers slurm:N, as dask_jobqueue.SLURMCluster takes it
    queue = "long"
"""

import inspect
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pipeline.command_line import BadInput
from pipeline.dataset.build.folder_output import FolderOutput
from pipeline.dataset.build.outputs import Output
from pipeline.dataset.build.tfrecord_output import SHARD_SIZE, TFRecordOutput
from pipeline.dataset.extract import extract_face
from pipeline.dataset.filters import color_filter, quality_filter, size_filter
from pipeline.dataset.similar import remove_too_similar, remove_too_similar_to_any
from pipeline.dataset.steps import BatchFunction, Kind, SetFunction, Step, WindowFunction
from pipeline.faces import convert_to_rgb, named_detector

KINDS: Final[dict[str, Kind]] = {
    "filter": "filter",
    "apply": "apply",
    "filter_window": "window",
    "filter_set": "set",
}
"""Method of ``FacesDataset`` -> kind of step."""

FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {
    "size_filter": ("filter", size_filter),
    "color_filter": ("filter", color_filter),
    "quality_filter": ("filter", quality_filter),
    "extract_face": ("apply", extract_face),
    "convert_to_rgb": ("apply", convert_to_rgb),
    "remove_too_similar": ("filter_window", remove_too_similar),
    "remove_too_similar_to_any": ("filter_set", remove_too_similar_to_any),
}
"""Name -> method and function. Add others here."""

LISTING_2: Final[tuple[Step, ...]] = (
    Step("filter", size_filter, {"min_size": 256}),
    Step("filter", color_filter),
    Step(
        "apply",
        extract_face,
        {
            "min_face_width": 128,
            "min_face_height": 128,
            "confidence_threshold": 0.9,
            "output_face_width": 256,
            "output_face_height": 256,
        },
    ),
    Step(
        "filter",
        quality_filter,
        {
            "white_threshold": 240,
            "black_threshold": 15,
            "white_ratio_threshold": 0.55,
            "black_ratio_threshold": 0.2,
        },
    ),
    Step("window", remove_too_similar, {"similarity_threshold": 0.9}, window_size=2),
    Step("apply", convert_to_rgb),
)
FORMATS: Final = ("tfrecord", "folder")
# Photographs a task: enough that starting one costs nothing, few enough that all workers have some left.
CHUNK_SIZE: Final = 128


@dataclass(frozen=True)
class Configuration:
    """What is done to the photographs, and how the faces are written down.

    Attributes:
        steps: what is done.
        format: one of ``FORMATS``.
        shard_size: faces a TFRecord shard.
        chunk_size: photographs that a worker takes at a time.
        slurm: options of ``dask_jobqueue.SLURMCluster``.
    """

    steps: tuple[Step, ...] = LISTING_2
    format: str = "tfrecord"
    shard_size: int = SHARD_SIZE
    chunk_size: int = CHUNK_SIZE
    slurm: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise BadInput(f"there is no format {self.format!r}; there are {' and '.join(FORMATS)}.")
        for name in ("shard_size", "chunk_size"):
            if (number := getattr(self, name)) < 1:
                raise BadInput(f"{name} must be at least 1, not {number}.")

    @property
    def output(self) -> Output:
        """The format, ready for use."""
        return TFRecordOutput(self.shard_size) if self.format == "tfrecord" else FolderOutput()


def read_configuration(path: Path | None) -> Configuration:
    """Read a TOML file; without one, the thesis' steps.

    Raises:
        BadInput: what is wrong with the file, in one line.
    """
    if path is None:
        return Configuration()
    try:
        fields = tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error
    types = {"format": str, "shard_size": int, "chunk_size": int, "slurm": dict, "steps": list}
    if unknown := sorted(set(fields) - set(types)):
        raise BadInput(f"{path}: {', '.join(unknown)} is not known; there are {', '.join(types)}.")
    for name, value in fields.items():
        if not isinstance(value, types[name]) or isinstance(value, bool):
            raise BadInput(f"{path}: {name} must be of another type than {value!r}.")
    try:
        if "steps" in fields:
            fields["steps"] = tuple(map(read_step, fields["steps"]))
        return replace(Configuration(), **fields)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error


def read_step(fields: Any) -> Step:
    """A step from a table of the file: a method with a function's name, and arguments.

    Raises:
        BadInput: no such function, or one for another method, or an argument that it does not take.
    """
    methods = [name for name in KINDS if name in fields] if isinstance(fields, dict) else []
    if len(methods) != 1:
        raise BadInput(f"a step has one of {', '.join(KINDS)}; this one does not: {fields!r}.")
    (method,) = methods
    arguments = {name: value for name, value in fields.items() if name != method}
    name = fields[method]
    if not isinstance(name, str) or name not in FUNCTIONS:
        raise BadInput(f"there is no {name!r}; there are {', '.join(FUNCTIONS)}.")
    right_method, function = FUNCTIONS[name]
    if method != right_method:
        raise BadInput(f"{name} is for {right_method}, not for {method}.")
    window_size = arguments.pop("window_size", 2) if method == "filter_window" else 0
    if method == "filter_window" and (not isinstance(window_size, int) or window_size < 2):
        raise BadInput(f"a window holds at least two photos, not {window_size!r}.")
    _check(name, function, arguments)
    return Step(KINDS[method], function, arguments, window_size)


def _check(name: str, function: Any, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that the function does not take, before hours of work."""
    parameters = {
        parameter.name: parameter
        for parameter in inspect.signature(_with_arguments(function)).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    for argument, value in arguments.items():
        if argument not in parameters:
            raise BadInput(f"{name} takes no {argument}; it takes {', '.join(parameters) or 'nothing'}.")
        usual = parameters[argument].default
        number = isinstance(usual, int | float) and isinstance(value, int | float)
        if isinstance(value, bool) or not (number or isinstance(value, type(usual))):
            raise BadInput(f"{name}: {argument} is something like {usual!r}, not {value!r}.")
    if isinstance(detector := arguments.get("detector"), str):
        named_detector(detector)


def _with_arguments(function: Any) -> Any:
    """The part of a function that takes the step's arguments."""
    match function:
        case BatchFunction():
            return function.run_batch
        case WindowFunction():
            return function.decide
        case SetFunction():
            return function.judge
    return function
