"""The pages on the screens: each with its picture, taken on the demo account, and its keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from screens.export.picture import as_svg, screen_lines
from screens.help.screen import GROUPS, commands_of, keys_by_command
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.driving.seeing import running, seen, type_text
from tests.support.papers.manual.page import Page

SIZE = (120, 36)
Walk = Callable[[Pilot[None]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ScreenShown:
    name: str
    title: str
    words: str
    walk: Walk


def _keys(*steps: str, wait: str) -> Walk:
    """Press keys (text that is longer than a key's name is typed when it begins with ``text:``)."""

    async def walk(pilot: Pilot[None]) -> None:
        for step in steps:
            if step.startswith("text:"):
                await type_text(pilot, step.removeprefix("text:"))
            elif step.startswith("see:"):
                await seen(pilot, step.removeprefix("see:"))
            else:
                await pilot.press(step)
        await seen(pilot, wait)

    return walk


def _diagnosed(text: str) -> Walk:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("2")
        pilot.app.screen.query_one("TextArea").focus()
        await type_text(pilot, text.replace("\n", " "))
        await pilot.press("ctrl+r")
        await seen(pilot, "FIX 1")

    return walk


_DENIED = next(each.text for each in FAILURES if each.id == "F03")
_ROLE = ("/", "text:orders-api", "enter", "enter", "see:dynamodb:Query")

SHOWN = (
    ScreenShown(
        "roles",
        "Roles",
        "Every role of the account: filter, sort, mark, compare. The role under the cursor stands beside the list.",
        _keys(wait="PERMISSIONS"),
    ),
    ScreenShown(
        "role", "A role", "Who may assume it on the left, what it may do on the right.", _keys(*_ROLE, wait="Query")
    ),
    ScreenShown(
        "diagnose",
        "A denial",
        "The verdict first, then the fixes, each evaluated; the steps, and the statement at fault.",
        _diagnosed(_DENIED),
    ),
    ScreenShown(
        "conflict",
        "A name that is taken",
        "What has the name, who owns it, whether it is used, and what to do.",
        _diagnosed(CONFLICTS[0].text),
    ),
    ScreenShown("create", "Create", "A role by recipe; checked while it is typed.", _keys("3", wait="Choices")),
    ScreenShown("review", "Review", "What is wider than it needs to be, with proof.", _keys("4", wait="SEVERITY")),
    ScreenShown("activity", "Activity", "Every AWS call of this run, and the changes.", _keys("5", wait="iam:")),
    ScreenShown(
        "use",
        "Use a role",
        "Every way to assume the role, evaluated before it is tried.",
        _keys("/", "text:platform-op", "enter", "a", wait="AssumeRole"),
    ),
    ScreenShown("change", "Change a role", "What can be changed, as a plan.", _keys(*_ROLE, "m", wait="disable")),
    ScreenShown("palette", "The palette", "Every command, every role by name.", _keys("ctrl+p", wait="diagnose")),
    ScreenShown(
        "glossary",
        "Words",
        "What the words on the screen mean; the last line is about this account.",
        _keys("K", wait="role"),
    ),
)


async def pages(folder: Path) -> list[Page]:
    """The pages; their pictures go to the folder."""
    found = [Page("screens", "\n".join(_index()))]
    for shown in SHOWN:
        async with running(_demo(), size=SIZE) as pilot:
            await shown.walk(pilot)
            await pilot.pause(0.5)
            (folder / f"screen-{shown.name}.svg").write_text(
                as_svg(screen_lines(pilot.app), "rolescope --demo"), encoding="utf-8"
            )
            found.append(Page(f"screen-{shown.name}", "\n".join(_page(shown, pilot))))
    return found


def _demo() -> Any:
    from iam.demo.open import open_demo

    return open_demo(as_user=None, region=None)


def _index() -> list[str]:
    lines = ["# Screens", "", "Numbers lead to the screens, `?` tells the keys that work now, `escape` goes back.", ""]
    return lines + [f"- [{each.title}](screen-{each.name}.md): {each.words}" for each in SHOWN]


def _page(shown: ScreenShown, pilot: Pilot[None]) -> list[str]:
    lines = [f"# {shown.title}", "", shown.words, "", f"![{shown.title}](screen-{shown.name}.svg)", "", "## Keys"]
    screen = pilot.app.screen
    commands = [command for _, command in commands_of(screen)]
    reaching = keys_by_command(screen)
    for group in GROUPS:
        rows = [
            (command, keys) for command in commands if command.group == group and (keys := reaching.get(command.id))
        ]
        if rows:
            lines += ["", f"### {group}", "", "| key | does | in the keymap |", "| --- | --- | --- |"]
        for command, keys in rows:
            words = " ".join(f"`{key}`" for key in keys)
            lines.append(
                f"| {words} | {(command.help or command.title).replace('|', chr(92) + '|')} | `{command.id}` |"
            )
    return lines
