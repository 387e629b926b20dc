"""What a stranger typed behind ``:``, before having seen the palette, and the commands that were meant.

`python -m tests.support.driving.phrases` prints what is not found in the palette's first line, from each main screen.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from os import environ

from textual.pilot import Pilot

from screens.palette.screen import Palette
from tests.support.driving.seeing import running, seen
from tests.support.papers.picture import demo
from tui.app import RolescopeApp

PHRASES: Mapping[str, str] = {
    "why denied": "diagnose",
    "paste error": "diagnose diagnose.edit",
    "not authorized to perform": "diagnose diagnose.edit",
    "role already exists": "diagnose adopt create.taken",
    "decode authorization message": "diagnose diagnose.edit",
    "new role": "create",
    "lambda execution role": "create",
    "github oidc role": "create",
    "cross account role": "create",
    "list roles": "roles",
    "find role": "filter",
    "hide service-linked roles": "filter",
    "trust policy": "open",
    "show permissions": "open",
    "inline policies": "open",
    "raw json": "words",
    "explain policy": "words",
    "assume role": "use",
    "switch role": "use switch-account",
    "export credentials": "use",
    "whoami": "switch-account",
    "attach policy": "change",
    "detach policy": "change",
    "edit trust": "change edit-document",
    "add permission": "change",
    "delete role": "delete",
    "permission boundary": "change",
    "tag role": "edit",
    "max session duration": "edit",
    "back to old version": "versions versions.set-back",
    "undo": "undo",
    "pending changes": "resume activity",
    "apply plan": "apply",
    "dry run": "what-if",
    "security audit": "review",
    "admin roles": "review",
    "privilege escalation": "review",
    "wildcards": "review",
    "external access": "review beside",
    "ignore finding": "accept",
    "unused roles": "review filter",
    "last accessed": "last-accessed",
    "least privilege": "right-size",
    "diff roles": "roles.compare",
    "who has access": "who-can",
    "who can assume": "who",
    "blast radius": "who-can who",
    "can it read s3": "who-can form diagnose-role",
    "test scp": "what-if",
    "change profile": "switch-account",
    "all accounts": "organization accounts",
    "what changed": "history",
    "cloudtrail": "history recent",
    "terraform": "terraform adopt",
    "copy arn": "copy copy-shown",
    "lint policy": "edit-document check review",
    "dark mode": "theme",
    "shortcuts": "keys",
    "reload": "read-again",
}
"""The ids, without the screen where several have the command.

Left out: "save snapshot", which only the command line does.
"""

SCREENS: Mapping[str, Sequence[str]] = {
    "Roles": (),
    "Role": ("enter",),
    "Diagnose": ("2", "escape"),
    "Create": ("3", "escape"),
    "Review": ("4",),
    "Activity": ("5",),
    "Start": ("0",),
}


def meant(id: str, wanted: str) -> bool:
    """Whether a command's id is one of those that were meant."""
    return any(each in (id, id.rpartition(".")[2]) for each in wanted.split())


@asynccontextmanager
async def palette_over(keys: Sequence[str]) -> AsyncIterator[Palette]:
    """The palette over the screen that these keys of the list of roles lead to."""
    async with running(demo()) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.press("colon")
        await seen(pilot, "Command or role")
        yield _palette(pilot)


def _palette(pilot: Pilot[None]) -> Palette:
    assert isinstance(pilot.app, RolescopeApp) and isinstance(pilot.app.screen, Palette)
    return pilot.app.screen


def missed(palette: Palette) -> list[tuple[str, str]]:
    """The phrases whose first line is another command, with that line's id."""
    firsts = ((phrase, next((hit.id for hit in palette.hits_of(phrase)[0]), "")) for phrase in PHRASES)
    return [(phrase, first) for phrase, first in firsts if not meant(first, PHRASES[phrase])]


async def _main() -> None:
    found = 0
    for screen, keys in SCREENS.items():
        async with palette_over(keys) as palette:
            wrong = missed(palette)
        found += len(PHRASES) - len(wrong)
        for phrase, first in wrong:
            print(f"{screen}: {phrase} -> {first or 'nothing'}")
    print(f"{found} of {len(PHRASES) * len(SCREENS)} found in the first line")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        environ.update(HOME=home, XDG_STATE_HOME=home, XDG_CONFIG_HOME=home)
        asyncio.run(_main())
