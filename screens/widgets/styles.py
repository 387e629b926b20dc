"""The styles of the screens' parts, by meaning.

The colors are the terminal's own sixteen, so that they fit dark and light backgrounds. A mark or a word always
accompanies a color.

Red and magenta text uses the bright variants: with the usual palettes, dark and light, their contrast is never under 3,
while that of the plain variants can be as low as 2. Text on red is white, whatever the background is.
"""

from __future__ import annotations

from rich.style import Style

PLAIN = Style()
FAINT = Style(dim=True)
STRONG = Style(bold=True)
CURSOR = Style(reverse=True)
CURSOR_ASIDE = Style(bold=True)
"""The current row of a list without focus. This row is not a second cursor: the list's keys apply to it."""
HEADING = Style(bold=True)
FRAME = Style(dim=True)
FRAME_HERE = Style(color="cyan")
"""The frame of the pane that has the focus; its lines are also heavier."""
TITLE_HERE = Style(color="cyan", bold=True)
KEY = Style(bold=True, color="cyan")
CHANGES = Style(bold=True, color="bright_red")
GOOD = Style(color="green")
BAD = Style(color="bright_red", bold=True)
WARN = Style(color="bright_magenta", bold=True)
_ON_RED = Style(reverse=True, color="red", bgcolor="bright_white")
WRITE = _ON_RED + STRONG
PRODUCTION = _ON_RED
"""The account, if the configuration marks it as production."""
JUMP = Style(reverse=True, bold=True, color="cyan")
"""The letter of a target in jump mode."""
TAB_HERE = Style(bold=True, underline=True)
"""The name of the current main screen, in the list of the screens' names."""
LINE_NUMBER = Style(dim=True)
LIT = Style(bold=True)
MASKED = Style(reverse=True, bold=True)
"""The mask that is shown instead of an ID, a password or a name."""
FOUND = Style(reverse=True, color="cyan")
AT_FAULT = _ON_RED + STRONG
ALSO_AT_FAULT = Style(underline=True, bold=True, color="bright_red")
"""The style of an element that blocks the request in a statement other than the nearest one."""

# Parts of a policy document.
NAME = Style(color="cyan")
STRING = Style(color="green")
LITERAL = Style(color="bright_magenta")
