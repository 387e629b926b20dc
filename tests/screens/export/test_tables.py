"""Lists saved as Markdown and CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from screens.export.tables import table_texts
from screens.widgets.table import Column, Row
from tests.support.driving.seeing import running, seen, type_text

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from iam.sources.aws.reader import AwsReader


def test_foreign_cells_are_text_in_either_form() -> None:
    texts = table_texts((Column("", 1), Column("NAME", 4)), (Row("1", ("✓", 'a|b, "c" <i>')),))
    assert texts["md"].splitlines()[-1] == r'| ✓ | a\|b, "c" \<i\> |'
    assert list(csv.reader(texts["csv"].splitlines())) == [["", "Name"], ["✓", 'a|b, "c" <i>']]


async def _saved(pilot: Pilot[None], key: str, file: Path) -> str:
    await pilot.press("e")
    await seen(pilot, "CSV")
    await pilot.press(key)
    await seen(pilot, "Save as")
    await pilot.press("ctrl+u")
    await type_text(pilot, str(file))
    await pilot.press("enter")
    await seen(pilot, "Saved")
    return file.read_text()


async def test_lists_are_saved(demo_reader: AwsReader, tmp_path: Path) -> None:
    async with running(demo_reader, wait_for="32 roles") as pilot:
        rows = list(csv.reader((await _saved(pilot, "s", tmp_path / "roles.csv")).splitlines()))
        assert rows[0][:2] == ["ARN", "Name"] and rows[1][0].startswith("arn:aws:iam::")
        await pilot.press("5")
        await seen(pilot, "AWS calls")
        assert "iam:ListRoles" in await _saved(pilot, "s", tmp_path / "calls.csv")
        await pilot.press("1", "/")
        await type_text(pilot, "platform-op")
        await pilot.press("enter", "a")
        await seen(pilot, "longest session")
        assert json.loads(await _saved(pilot, "o", tmp_path / "use.json"))["ways"]
        assert "| Method |" in await _saved(pilot, "m", tmp_path / "use.md")
