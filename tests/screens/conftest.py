"""Every test here waits for what the application does, and not for the processor to be idle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual._context import visible_screen_stack
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from tests.support.driving.settling import wait_until_settled
from tui.terminal.compositor import ChangedLines


@pytest.fixture(scope="session", autouse=True)
def _at_hand(demo_at_hand: None) -> None:
    """Build the demo account once, so that no test has to build it."""


@pytest.fixture(scope="session", autouse=True)
def _styled_once() -> Iterator[None]:
    """Each test starts an application, and all have the same rules: the first parses them."""
    parsed: dict[object, list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, css: str, **source: Any) -> list[RuleSet]:
        key = (css, *source.values(), *sheet._variables, *sheet._variables.values())
        if key not in parsed:
            parsed[key] = parse(sheet, css, **source)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        patch.setattr(RuleSet, "__hash__", object.__hash__)  # as Textual's: by identity, and asked for each node
        yield


def _drawn_where_seen(compositor: ChangedLines, full: bool = False, screen_stack: Any = None, **more: bool) -> Any:
    """Render no update for the terminal: a Pilot has none. `screen_text` renders what a test looks at.

    The screens behind a dialog are rendered by its update alone.
    """
    if full or screen_stack:
        return _render_update(compositor, full, screen_stack, **more)
    visible_screen_stack.set([])
    compositor._dirty_regions.clear()
    return None


_render_update = ChangedLines.render_update


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test changes is recorded, and is no recent change to the tests after it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session", autouse=True)
def _settled() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        wait_until_settled(patch)
        patch.setattr(ChangedLines, "render_update", _drawn_where_seen)
        # Laid out and drawn when it has come to rest, and not sixty times a second on the way there.
        patch.setattr("textual.screen.UPDATE_PERIOD", 0.1)
        # The memory that an application has to itself: here a process has had many before, and frees after each module.
        patch.setattr("tui.app.gc", SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None))
        patch.setattr("tui.tidying.REST_SECONDS", 3600)  # and does not wait for an operator to rest
        yield
