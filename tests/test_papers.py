"""CONTRIBUTING and the pages under docs name what is there, and the pictures show the tree as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iam.sources.reader.opened import OpenedAccount
from tests.support.driving.explained import diagnose_text
from tests.support.papers import architecture
from tests.support.papers.manual import keys

ROOT = Path(__file__).parents[1]
PAPERS = sorted([ROOT / "CONTRIBUTING.md", ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_the_places_that_a_page_names_are_there(paper: Path) -> None:
    named = re.findall(r"`((?:tui|screens|diagnostics|iam|tests|docs)/[\w./-]*)`", paper.read_text("utf-8"))
    assert [place for place in named if not (ROOT / place).exists() and not (ROOT / f"{place}.py").exists()] == []


@pytest.mark.parametrize(("name", "drawn"), [("rooms", architecture.rooms), ("data", architecture.data)])
def test_the_pictures_are_those_of_the_tree(name: str, drawn: Callable[[], str]) -> None:
    assert (ROOT / "docs" / f"{name}.svg").read_text("utf-8") == drawn(), (
        "run: python -m tests.support.papers.architecture"
    )


def test_the_first_thing_to_try_is_explained_as_the_readme_says(demo_reader: Any) -> None:
    text = re.search(r"```\n(\s*User: arn:.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert text is not None
    (found,) = diagnose_text(text[1], OpenedAccount(list(demo_reader.accounts())[-1], demo_reader))
    assert found.verdict.cause == "identity.no-action" and found.fixes[0].change is not None


def test_the_recording_can_be_played() -> None:
    header, *events = map(json.loads, (ROOT / "docs" / "demo.cast").read_text("utf-8").splitlines())
    assert header["version"] == 2 and header["width"] > 80
    times = [when for when, kind, _ in events if kind == "o"]
    assert times == sorted(times) and len(times) == len(events)
    assert "FIX" in "".join(text for _, _, text in events)


def test_the_guide_has_the_table_of_keys() -> None:
    assert keys.table() in keys.GUIDE.read_text("utf-8"), "run: python -m tests.support.papers.manual.keys"
