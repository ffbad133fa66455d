"""What ``report.json`` promises to those who read it by program."""

from typing import Any, Final

NUMBER: Final = {"type": "number"}
COUNT: Final = {"type": "integer", "minimum": 0}
SHARE: Final = {"type": "number", "minimum": 0, "maximum": 1}
DIGEST: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
LENGTH: Final = {
    "type": "object",
    "required": ["mean", "error", "samples"],
    "properties": {"mean": NUMBER, "error": NUMBER, "samples": COUNT},
}


def figures(**properties: Any) -> dict[str, Any]:
    """An object that has exactly these properties."""
    return {
        "type": "object",
        "required": sorted(properties),
        "properties": properties,
        "additionalProperties": False,
    }


COUNTS: Final = {"samples": COUNT, "training_faces": COUNT}
SCHEMA: Final = {
    "type": "object",
    "required": ["format", "model", "data", "features", "settings", "figures", "seconds", "software"],
    "additionalProperties": False,
    "properties": {
        "format": {"const": 1},
        "model": figures(
            kind={"enum": ["bundle", "checkpoint"]},
            name={"type": "string"},
            path={"type": "string"},
            digest=DIGEST,
            images_seen={"type": ["integer", "null"]},
            trained_mirrored={"type": ["boolean", "null"]},
            resolution=COUNT,
            parameters=COUNT,
        ),
        "data": figures(
            folder={"type": "string"},
            pictures=COUNT,
            digest=DIGEST,
            side=COUNT,
            original_side=COUNT,
            mirrored={"type": "boolean"},
        ),
        "features": figures(
            name={"type": "string"}, description={"type": "string"}, size=COUNT, digest=DIGEST
        ),
        "settings": {"type": "object", "required": ["samples", "truncation", "seed", "metrics", "noise"]},
        "figures": figures(
            fid=figures(value=NUMBER, **COUNTS),
            baseline=figures(
                halves=NUMBER,
                halves_precision=SHARE,
                halves_recall=SHARE,
                untrained=NUMBER,
                untrained_samples=COUNT,
                bound=NUMBER,
            ),
            kid=figures(mean=NUMBER, deviation=NUMBER, subsets=COUNT, subset_size=COUNT, **COUNTS),
            precision_recall=figures(
                precision=SHARE, recall=SHARE, density=NUMBER, coverage=SHARE, samples=COUNT
            ),
            path_length=figures(
                distance={"type": "string"},
                epsilon=NUMBER,
                **dict.fromkeys(("z_full", "z_end", "w_full", "w_end"), LENGTH),
            ),
            scores={"type": "object", "required": ["edges", "real", "generated", "told_apart", "batch"]},
            nearest={"type": "object", "required": ["median", "highest", "threshold", "nearer", *COUNTS]},
            attributes={"type": "object"},
            detected=figures(share=SHARE, median_confidence={"type": ["number", "null"]}, samples=COUNT),
        ),
        "seconds": {"type": "object", "additionalProperties": NUMBER},
        "software": figures(keras={"type": "string"}, backend={"type": "string"}, python={"type": "string"}),
    },
}
