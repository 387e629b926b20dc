"""What `make data` says of AWS's data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.papers import data


def test_what_came_and_went_is_listed() -> None:
    before = {"Regions": ["eu-west-1", "old-1"], "services": ["s3"]}
    after = {"Regions": ["eu-west-1", *(f"new-{number}" for number in range(15))], "services": ["s3"]}
    assert data.changes(before, after) == [
        "Regions: 16",
        "  + 15: new-0, new-1, new-10, new-11, new-12, new-13, new-14, new-2, new-3, new-4, new-5, new-6 and 3 more",
        "  - 1: old-1",
        "services: 1, unchanged",
    ]


def test_what_is_saved_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "data.json"
    assert data.main(["save", str(file)]) == 0
    saved = json.loads(file.read_text())
    assert "s3:GetObject" in saved["actions"] and "sqs" in saved["services with RCPs"]
    assert "eu-west-1" in saved["Regions"] and len(saved["managed policies"]) > 1_000
    assert data.main(["compare", str(file)]) == 0
    assert all(line.endswith("unchanged") for line in capsys.readouterr().out.splitlines())
    assert data.main([]) == 2
