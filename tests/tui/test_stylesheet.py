"""Styles that are remembered are those that Textual works out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.support.driving.diagnosing import until
from tests.support.driving.seeing import running
from tui.app import RolescopeApp
from tui.stylesheet import RememberingStylesheet
from tui.themes import TERMINAL

KEYS = (
    "j",
    "slash",
    "x",
    "escape",
    "enter",
    "tab",
    "i",
    "tab",
    "escape",
    "2",
    "tab",
    "3",
    "tab",
    "down",
    "4",
    "5",
    "colon",
)


def styles(node: DOMNode) -> Iterator[str]:
    """Every style of a node and of the parts that it draws, and what else Textual works out from the rules."""
    yield from sorted(f"{name}: {value}" for name, value in node.styles.base._rules.items())
    for part, its in sorted(node._component_styles.items()):
        yield from sorted(f"{part} {name}: {value}" for name, value in its.base._rules.items())
    yield f"{node._has_hover_style} {node._has_focus_within} {node._has_order_style} {node._has_odd_or_even}"


def compared(app: RolescopeApp) -> int:
    """How many nodes of the screen have the styles that Textual's own stylesheet gives them."""
    plain = Stylesheet(variables=app.stylesheet._variables)
    plain.source = app.stylesheet.source.copy()
    plain.parse()
    nodes = list(app.screen.walk_children(with_self=True))
    for node in nodes:
        had = list(styles(node))
        plain.apply(node)
        assert list(styles(node)) == had, f"{node} on {app.screen}"
    return len(nodes)


async def settled_and_compared(pilot: Pilot[None]) -> int:
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    assert isinstance(app.stylesheet, RememberingStylesheet)
    await until(pilot, lambda: app.screen.is_mounted, "the screen")
    return compared(app)


@pytest.mark.parametrize("theme", [TERMINAL.name, "textual-light"])
async def test_every_screen_has_the_styles_that_textual_would_give_it(theme: str) -> None:
    async with running() as pilot:
        pilot.app.theme = theme
        total = 0
        for number, key in enumerate(KEYS):
            await pilot.press(key)
            if number % 4 == 3:
                await pilot.resize_terminal(*((80, 24) if pilot.app.size.width > 80 else (120, 40)))
            total += await settled_and_compared(pilot)
        assert total > 500


async def test_a_class_a_focus_and_a_parent_that_change_are_seen() -> None:
    async with running() as pilot:
        await pilot.press("2")
        box = pilot.app.screen.query_one(TextArea)
        for change in (
            lambda: box.set_class(True, "-textual-compact"),
            lambda: box.set_class(False, "-textual-compact"),
            lambda: setattr(box, "disabled", True),
            lambda: setattr(box, "disabled", False),
            lambda: setattr(box.screen, "disabled", True),
            lambda: setattr(box.screen, "disabled", False),
            lambda: box.screen.set_focus(None),
            lambda: box.focus(),
        ):
            change()
            await settled_and_compared(pilot)


async def test_rules_that_are_read_later_count_for_widgets_and_for_their_parts() -> None:
    async with running() as pilot:
        app = pilot.app
        later = "Header { margin-top: 1; } Screen.later .input--cursor { color: red; }"
        app.stylesheet.add_source(later, read_from=("later", ""), is_default_css=False)
        app.stylesheet.reparse()
        app.stylesheet.update(app.screen)
        await settled_and_compared(pilot)
        assert app.screen.query_one("Header").styles.margin.top == 1
        app.screen.add_class("later")  # no rule for a widget looks at it
        await settled_and_compared(pilot)
        assert app.screen.query_one(Input).get_component_styles("input--cursor").color.rgb == (255, 0, 0)
