"""Amazon's published models, to hold answers against: strictly, so that a field they do not name is an error too."""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

FILES = (
    *("sellers", "ordersV0", "orders_2026-01-01", "reports_2021-06-30", "feeds_2021-06-30"),
    *("listingsItems_2021-08-01", "finances_2024-06-19", "fbaInventory", "tokens_2021-03-01"),
)


def operations(folder: Path) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """Every operation of the models by method and path: its file and what the model says of it."""
    return {
        (method.upper(), path): (name, operation)
        for name in FILES
        for path, methods in load(folder, name)["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    }


@cache
def load(folder: Path, name: str) -> dict[str, Any]:
    """A model with its objects closed against unnamed members."""
    model = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    definitions = model["definitions"]
    # The parts of an `allOf` describe one object together: closing each against the others' members would be wrong.
    parts = {
        part.get("$ref", "").rpartition("/")[2] for value in definitions.values() for part in value.get("allOf", ())
    }
    model["definitions"] = {
        key: value if key in parts or "allOf" in value else _closed(value) for key, value in definitions.items()
    }
    return model


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in deepcopy(schema).items()}
    if "properties" in closed and "additionalProperties" not in closed and "discriminator" not in closed:
        closed["additionalProperties"] = False
    return closed


def faults_of(folder: Path, method: str, path: str, status: int, body: Any) -> list[str]:
    """What is wrong with an answer: a status the model does not know, or a body that does not fit."""
    name, operation = operations(folder)[method, path]
    response = operation["responses"].get(str(status))
    if response is None:
        return [f"{method} {path} has no answer {status}"]
    schema = response.get("schema")
    if schema is None:
        return []
    # The models are Swagger 2.0: one file, all references into its own definitions.
    validator = Draft4Validator({"definitions": load(folder, name)["definitions"], "allOf": [schema]})
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"[:300] for error in validator.iter_errors(body)
    ]
