"""The README's pictures, made by the program: ``python -m tests.support.papers.picture`` writes ``docs/*.svg``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from screens.export.picture import as_svg, screen_lines
from tests.support.demo.failures import FAILURES
from tests.support.driving.seeing import running, seen, type_text

DOCS = Path(__file__).parents[3] / "docs"
SIZE = (120, 34)


def demo() -> Any:
    from iam.demo.open import open_demo

    return open_demo(as_user=None, region=None)


def save(pilot: Pilot[None], name: str) -> None:
    (DOCS / name).write_text(as_svg(screen_lines(pilot.app), "rolescope --demo"), encoding="utf-8")


async def role() -> None:
    async with running(demo(), size=SIZE) as pilot:
        await type_text(pilot, "/orders-api")
        await pilot.press("enter", "enter")
        await seen(pilot, "dynamodb:Query")
        save(pilot, "role.svg")


async def diagnosis() -> None:
    text = next(failure.text for failure in FAILURES if failure.id == "F03")
    async with running(demo(), size=SIZE) as pilot:
        await pilot.press("2")
        pilot.app.screen.query_one("TextArea").focus()
        await type_text(pilot, text.replace("\n", " "))
        await pilot.press("ctrl+r")
        await seen(pilot, "FIX 1")
        await pilot.pause(0.5)
        save(pilot, "diagnosis.svg")


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    asyncio.run(role())
    asyncio.run(diagnosis())


if __name__ == "__main__":
    main()
