"""The theme that uses the terminal's own colors: it suits dark and light backgrounds, and needs only 16 colors."""

from __future__ import annotations

from rich.terminal_theme import TerminalTheme
from textual.theme import Theme

TERMINAL = Theme(
    name="terminal",
    ansi=True,
    dark=True,
    primary="ansi_cyan",
    secondary="ansi_cyan",
    warning="ansi_bright_magenta",
    error="ansi_bright_red",
    success="ansi_green",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": "ansi_default",
        "border-blurred": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        "block-cursor-background": "ansi_default",
        "block-cursor-text-style": "reverse",
        "block-hover-background": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_bright_black",
        "scrollbar-active": "ansi_cyan",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
    },
)

_LIGHT_ENOUGH = [
    (0, 0, 0),
    (205, 49, 49),
    (13, 188, 121),
    (229, 229, 16),
    (59, 142, 234),
    (188, 63, 188),
    (17, 168, 205),
]
_LIGHTER = [
    (102, 102, 102),
    (241, 76, 76),
    (35, 209, 139),
    (245, 245, 67),
    (59, 142, 234),
    (214, 112, 214),
    (41, 184, 219),
]
ON_DARK = TerminalTheme((26, 26, 26), (229, 229, 229), [*_LIGHT_ENOUGH, (229, 229, 229)], [*_LIGHTER, (255, 255, 255)])
"""The sixteen ANSI colors for Textual's dark themes.

Textual's own palette uses the same color for red and magenta, which makes warnings look like errors.
"""

_DARK_ENOUGH = [(0, 0, 0), (170, 55, 49), (68, 140, 39), (203, 144, 0), (50, 92, 192), (122, 62, 157), (0, 131, 178)]
ON_LIGHT = TerminalTheme((247, 247, 247), (0, 0, 0), [*_DARK_ENOUGH, (247, 247, 247)], [*_DARK_ENOUGH, (255, 255, 255)])
"""The sixteen ANSI colors for Textual's light themes.

The bright red and magenta of Textual's own palette are illegible on its gray.
"""
