"""A picture of the screen: masked on request, its columns where they were, no request for a font."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from diagnostics.masking.masks import Masks
from screens.export.picture import as_long_as_before
from tests.support.driving.seeing import running, seen, type_text

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

ACCOUNT = "111122223333"


@pytest.mark.parametrize("text", [f"│ arn:aws:iam::{ACCOUNT}:role/a │ x", "AKIAIOSFODNN7EXAMPLE │", "nothing"])
def test_a_mask_takes_the_room_of_what_it_stands_for(text: str) -> None:
    masked = as_long_as_before(text, Masks().text(text))
    assert len(masked) == len(text)
    assert ACCOUNT not in masked and "AKIAIOSFODNN7EXAMPLE" not in masked
    assert [place for place, sign in enumerate(text) if sign == "│"] == [
        place for place, sign in enumerate(masked) if sign == "│"
    ]


@pytest.mark.parametrize(("key", "kept"), [("m", False), ("w", True)])
async def test_the_screen_is_saved_as_it_is_or_masked(
    demo_reader: AwsReader, tmp_path: Path, key: str, kept: bool
) -> None:
    file = tmp_path / "picture.svg"
    async with running(demo_reader) as pilot:
        await pilot.press("ctrl+s")
        await seen(pilot, "as it is")
        await pilot.press(key)
        await seen(pilot, "Save as")
        await pilot.press("ctrl+u")
        await type_text(pilot, str(file))
        await pilot.press("enter")
        await seen(pilot, "Saved")
    picture = unescape(file.read_text()).replace("\xa0", " ")
    assert "harbor-prod" in picture and "as it is" not in picture
    assert (ACCOUNT in picture) is kept and ("ACCOUNT-1" in picture) is not kept
    assert "https://" not in picture.replace("https://www.w3.org", "").replace("https://www.textualize.io", "")
