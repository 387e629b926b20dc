"""Messages collected in the field and from the documentation."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "diagnostics" / "messages" / "conformance"


def load(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


DENIALS = load("access_denied_messages.jsonl")


CONFLICTS = load("entity_already_exists_messages.jsonl")
