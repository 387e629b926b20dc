"""Messages collected in the field and from the documentation."""

from __future__ import annotations

from pathlib import Path

from tests.support.texts.json_lines import json_lines

FOLDER = Path(__file__).parents[2] / "diagnostics" / "text" / "read" / "conformance"


def load(name: str) -> list[dict[str, object]]:
    return json_lines(FOLDER / name)


DENIALS = load("access_denied_messages.jsonl")


CONFLICTS = load("entity_already_exists_messages.jsonl")
