"""An output held against its JSON Schema, more strictly than the schema says: what it does not name is an error."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from tui.json_schemas import schema


def faults(name: str, output: Any) -> list[str]:
    """What is wrong, in words; nothing where the output is as its schema says and has no field besides."""
    validator = Draft202012Validator(_strict(schema(name)))
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(output)]


def _strict(value: Any) -> Any:
    if isinstance(value, list):
        return [_strict(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _strict(each) for key, each in value.items()}
    if isinstance(found.get("properties"), dict) and found.get("type") == "object":
        found["additionalProperties"] = False
    return found
