"""What the workbench expects of the API is what the API's document promises."""

import re
from pathlib import Path
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

TYPES = Path(__file__).resolve().parents[2] / "lineups" / "workbench" / "src" / "types.ts"
SHARED = {
    "Person", "Unit", "Me", "Job", "Face", "Photo", "Member", "PageBrief", "Page", "Export", "Lineup",
    "LineupDetail", "Predicted", "Attributes", "Refining", "Lock", "Capabilities", "Abilities",
    "Fitness", "Stated", "Aspect", "Appearance", "Preparation",
}  # fmt: skip
NAMED_OTHERWISE = {"Readiness": "Status"}


def interfaces() -> dict[str, dict[str, str]]:
    """The interfaces of the workbench: name to its fields and their types, those of its base included."""
    found: dict[str, dict[str, str]] = {}
    pattern = re.compile(r"export interface (\w+)(?: extends (\w+))? \{\n(.*?)\n\}", re.DOTALL)
    for name, base, body in pattern.findall(TYPES.read_text()):
        own = dict(re.findall(r"^  (\w+): (.+);$", body, re.MULTILINE))
        found[name] = {**found.get(base, {}), **own}
    return found


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """The nouns of the OpenAPI document."""
    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = document["components"]["schemas"]
    return found


@pytest.mark.parametrize("name", sorted(SHARED | set(NAMED_OTHERWISE)))
def test_the_workbench_reads_fields_that_the_api_promises(name: str, schemas: dict[str, Any]) -> None:
    promised = schemas[NAMED_OTHERWISE.get(name, name)]["properties"]
    expected = interfaces()[name]
    assert expected
    assert set(expected) <= set(promised)
    may_be_null = {field for field, kind in expected.items() if kind.endswith("| null")}
    assert may_be_null == {field for field in expected if promised[field].get("nullable", False)}
