"""The palette finds every screen and command from every screen, by the words that a newcomer would type."""

from __future__ import annotations

from textual.widgets import Input

import tui.app  # noqa: F401  # its commands are of every screen
from screens.commands import Command, Commanded
from screens.palette.screen import Palette
from screens.palette.table import ALSO, ELSEWHERE
from tests.support.driving.seeing import running, seen, until
from tests.support.papers.picture import demo
from tui.keys import command_ids, declaring

WORDS = {
    "help": "app.keys",
    "keyboard shortcuts": "app.keys",
    "undo": "app.undo plan.undo",
    "revert": "app.undo",
    "theme": "app.theme",
    "dark mode": "app.theme",
    "colors": "app.theme",
    "what if": "app.what-if",
    "simulate": "app.what-if",
    "right-size": "right-size",
    "rightsize": "right-size",
    "unused permissions": "last-accessed",
    "last used": "last-accessed",
    "who can": "app.who-can who-can",
    "who can s3:PutObject": "app.who-can",
    "who has access": "app.who-can",
    "resume": "app.resume plan.resume",
    "unfinished": "app.resume",
    "bars": "overview",
    "chart": "overview",
    "quit": "app.quit",
    "exit": "app.quit",
    "refresh": "app.read-again",
    "reload": "app.read-again",
    "region": "app.switch-account",
    "profile": "app.switch-account",
    "login": "app.switch-account",
    "switch account": "app.switch-account",
    "sso": "app.switch-account",
    "errors": "app.troubles",
    "warnings": "app.troubles",
    "export": "export export-shown",
    "save": "export export-shown",
    "csv": "export export-shown",
    "clipboard": "copy copy-shown",
    "screenshot": "app.picture",
    "glossary": "app.glossary",
    "history": "app.history history",
    "audit log": "app.history",
    "who changed": "app.history",
    "findings": "app.review",
    "security": "app.review",
    "review": "app.review",
    "access denied": "app.diagnose",
    "why": "app.diagnose plan.diagnose",
    "paste error": "app.diagnose",
    "new role": "app.create",
    "create a role": "app.create",
    "delete role": "delete",
    "remove role": "delete",
    "delete orders-api-lambda": "delete",
    "assume role": "use",
    "console": "use",
    "trust policy": "open",
    "edit trust policy": "change",
    "attach policy": "change",
    "boundary": "change",
    "rename": "change",
    "tags": "edit",
    "session duration": "edit",
    "edit policy": "edit-document",
    "policy versions": "versions",
    "compare": "app.compare compare",
    "compare roles": "compare",
    "snapshot": "app.compare",
    "filter": "filter",
    "search": "filter",
    "saved filters": "filters",
    "bookmarks": "filters",
    "start": "app.start",
    "dashboard": "app.start",
    "home": "app.start",
    "sort": "sort",
    "mfa": "app.assumptions",
    "source ip": "app.assumptions",
    "api calls": "app.activity",
    "log": "app.activity",
    "activity": "app.activity",
    "roles": "app.roles",
    "clone role": "like",
    "attack paths": "app.who-can",
    "what changed yesterday": "app.history",
    "tag role": "edit",
    "least privilege": "right-size",
    "accept risk": "accept",
    "unfinished change": "app.resume",
    "who can delete objects": "app.who-can who-can",
    "role details": "facts",
    "temporary access": "plan.timed",
    "apply plan": "plan.apply",
    "jwt token": "app.diagnose",
    "throttled calls in the log": "activity failures",
    "recent denials": "recent",
    "terraform": "plan.terraform",
    "cloudformation": "plan.cloudformation",
    "cli": "plan.cli",
    "apply": "plan.apply",
    "revoke sessions": "users.revoke",
    "suppress": "accept",
    "access analyzer": "beside",
    "json": "words plan.json",
    "details": "facts",
    "orders-api-lambda": "role/orders-api-lambda",
    "web-frontend": "role/web-frontend-ec2",
}
"""What is typed, and the ids, or their last parts, that may stand in the first line."""

WALK = (
    ((), "RolesScreen"),
    (("a",), "UseScreen"),
    (("2",), "DiagnoseScreen"),
    (("escape", "5"), "ActivityScreen"),
)


def _first(palette: Palette, words: str) -> str:
    hits, _ = palette.hits_of(words)
    return hits[0].id if hits else ""


def _is_one(id: str, words: str) -> bool:
    return bool({id, id.rpartition(".")[2]} & set(WORDS[words].split()))


async def test_the_first_line_is_what_was_meant_from_every_screen() -> None:
    assert len(WORDS) > 60
    missed = []
    async with running(demo()) as pilot:
        app = pilot.app
        for keys, screen in WALK:
            await pilot.press(*keys)
            await until(pilot, lambda screen=screen: type(app.screen).__name__ == screen, screen)  # type: ignore[misc]
            await pilot.press("ctrl+p")
            await seen(pilot, "Command or role")
            palette = app.screen
            assert isinstance(palette, Palette)
            missed += [(screen, words, id) for words in WORDS if not _is_one(id := _first(palette, words), words)]
            await pilot.press("escape")
            await until(pilot, lambda screen=screen: type(app.screen).__name__ == screen, screen)  # type: ignore[misc]
        assert missed == []
        # A command of another screen leads there, and says what must be chosen; one with a role's name runs.
        await pilot.press("2")
        for typed, said in (
            ("clone", "new like this needs a role: choose one on Roles, then n."),
            ("failed", "failures only"),
            ("versions ci-pipeline-builder", "X compare versions"),
            ("who can sqs:SendMessage", "w what it can reach"),
            ("light", "solarized-light"),
        ):
            await pilot.press("ctrl+p")
            await until(pilot, lambda: isinstance(app.screen, Palette) and bool(app.screen.query(Input)))
            app.screen.query_one(Input).value = typed
            await pilot.press("enter")
            await seen(pilot, said)


def test_the_palette_knows_every_command_by_its_title() -> None:
    command_ids()
    declared: dict[str, Command] = {}
    for owner in declaring(Commanded):
        for command in owner.DECLARED:
            if command.palette and command.group not in ("This window", "Forms"):
                declared.setdefault(command.id, command)
    rows = {row.id: row for row in ELSEWHERE}
    assert len(rows) == len(ELSEWHERE)
    assert {id: row.title for id, row in rows.items()} == {id: declared[id].title for id in rows}
    here = ("copy", "export", "plan", "filter", "sort", "read-again", "ask", "close", "open")
    missing = {
        id
        for id in declared
        if id not in rows
        and not id.startswith(("app.", "detail."))
        and f"roles.{id.removeprefix('role.')}" not in rows
        and id.rpartition(".")[2] not in here
    }
    assert missing == {
        "history.account",
        "versions.history",
        "accessed.right-size",
        "document.again",
        "document.differences",
        "document.editor",
        "document.next-fault",
        "plans.apply",
        "plans.undo",
        "edit.again",
    }
    assert set(ALSO) - set(declared) == set()
