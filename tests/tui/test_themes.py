"""Errors, warnings and what is well are told apart in every theme."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from screens.widgets.styles import BAD, CHANGES, GOOD, KEY, WARN
from tui.themes import ON_DARK, ON_LIGHT


@pytest.mark.parametrize("theme", [ON_DARK, ON_LIGHT], ids=["dark", "light"])
def test_the_looks_that_mean_something_have_colours_of_their_own(theme: TerminalTheme) -> None:
    def seen(look: Style) -> tuple[int, ...]:
        assert isinstance(look.color, Color)
        return tuple(look.color.get_truecolor(theme))

    assert seen(BAD) == seen(CHANGES)
    for one, other in combinations((BAD, WARN, GOOD, KEY), 2):
        assert sum(abs(a - b) for a, b in zip(seen(one), seen(other), strict=True)) > 100, (one, other)
