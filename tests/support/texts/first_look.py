"""Texts for the first look without an account."""

from __future__ import annotations

from pathlib import Path

from tests.support.texts.json_lines import json_lines

SAMPLES = Path(__file__).parents[2] / "diagnostics" / "text" / "read"


TEXTS = [
    row["text"]
    for folder in ("texts", "conformance")
    for file in sorted((SAMPLES / folder).glob("*.jsonl"))
    for row in json_lines(file)
    if "text" in row
]
