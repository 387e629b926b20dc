"""What is copied or saved masked is shown before, as it would leave; names are masked on request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.copy import menu
from screens.copy.clipboard import Sent
from tests.support.driving.seeing import running, seen, type_text

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

ACCOUNT = "111122223333"


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    texts: list[str] = []

    def send(text: str, *_: object) -> Sent:
        texts.append(text)
        return Sent(True, "Sent.")

    monkeypatch.setattr(menu, "send", send)
    return texts


@pytest.mark.parametrize("names", [False, True])
async def test_what_is_copied_is_shown_masked_first(demo_reader: AwsReader, copied: list[str], names: bool) -> None:
    async with running(demo_reader) as pilot:
        await type_text(pilot, "/orders-api")
        await pilot.press("enter", "y")
        await seen(pilot, "masked")
        await pilot.press("down", "M")
        await seen(pilot, "Masked: 1 account ID")
        assert copied == []
        if names:
            await pilot.press("m")
            await seen(pilot, "names.")
        await pilot.press("enter")
        await seen(pilot, "Sent.")
    (text,) = copied
    assert text.startswith("arn:aws:iam::ACCOUNT-1:role/")
    assert text.endswith("orders-api-lambda") is not names


async def test_escape_copies_nothing(demo_reader: AwsReader, copied: list[str]) -> None:
    async with running(demo_reader) as pilot:
        await pilot.press("y")
        await seen(pilot, "masked")
        await pilot.press("M")
        await seen(pilot, "as it would be sent")
        await pilot.press("escape")
        await seen(pilot, "sorted by")
    assert copied == []


async def test_any_file_can_be_masked_before_it_is_saved(demo_reader: AwsReader, tmp_path: Path) -> None:
    file = tmp_path / "roles.md"
    async with running(demo_reader) as pilot:
        await pilot.press("e")
        await seen(pilot, "Markdown")
        await pilot.press("m")
        await seen(pilot, "Save as")
        await pilot.press("ctrl+t")
        await seen(pilot, "Masked: ")
        await pilot.press("m")
        await seen(pilot, "names.")
        await pilot.press("enter")
        await seen(pilot, "The file will be saved masked.")
        await pilot.press("ctrl+u")
        await type_text(pilot, str(file))
        await pilot.press("enter")
        await seen(pilot, "Saved")
    text = file.read_text()
    assert "NAME-1" in text and "orders-api-lambda" not in text and ACCOUNT not in text
