"""Texts for the first look without an account."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Failure
from tests.support.texts.json_lines import json_lines

SAMPLES = Path(__file__).parents[2] / "diagnostics" / "text" / "read"


TEXTS = [
    row["text"]
    for folder in ("texts", "conformance")
    for file in sorted((SAMPLES / folder).glob("*.jsonl"))
    for row in json_lines(file)
    if "text" in row
]


@cache
def answered(text: str) -> tuple[tuple[Failure, Diagnosis], ...]:
    """Return the failures of a text, each with its diagnosis without an account.

    Several tests look at the same thousand texts.
    """
    return tuple((failure, collect_offline(failure)) for failure in read_text(text))
