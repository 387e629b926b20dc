"""The main screens look as they did: where a change is meant, `make pictures` draws them anew."""

from __future__ import annotations

import pytest

from iam.demo.aws.world import World
from iam.demo.open import reader
from tests.support.driving.text_pictures import SIZES, file_of, pictures


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_main_screens_look_as_they_did(demo_world: World, size: tuple[int, int]) -> None:
    changed = []
    async for name, text in pictures(reader(demo_world), size):
        if text != file_of(name, size).read_text(encoding="utf-8"):
            changed.append(f"{file_of(name, size).name}:\n{text}")
    assert not changed, "\n".join(changed)
