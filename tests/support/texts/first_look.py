"""Texts for the first look without an account."""

from __future__ import annotations

import json
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "diagnostics" / "messages"


TEXTS = [
    json.loads(line)["text"]
    for folder in ("texts", "conformance")
    for file in sorted((SAMPLES / folder).glob("*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
    if line.strip() and "text" in json.loads(line)
]
