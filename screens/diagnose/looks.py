"""The common causes of such a failure, one on each line, next to the steps.

Causes that the steps rule out are marked.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.style import Style

from diagnostics.diagnosis import FirstLook, LookState
from iam.claims import RULED_OUT
from screens.diagnose.fixes import WHO_IN_SHORT
from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import BAD, FAINT, KEY, PLAIN, WARN


class Looks(Rows[FirstLook]):
    DEFAULT_CSS = """
    Looks { height: 1; max-height: 3; display: none; }
    """

    def pieces_of(self, row: FirstLook, index: int, width: int) -> Sequence[Piece]:
        """Return, for example, ``? usual 1  The caller's permissions boundary does not allow …   account admin``."""
        aside = f"  {RULED_OUT if row.state is LookState.RULED_OUT else WHO_IN_SHORT[row.who]} "
        room = width - 12 - cell_len(aside)
        ruled_out = row.state is LookState.RULED_OUT
        return [
            (f" {mark_of_look(row)} ", look_of(row)),
            (f"usual {index + 1}  ", FAINT if ruled_out else KEY),
            (fit(plain(row.cause), room), FAINT if ruled_out else PLAIN),
            (aside, FAINT),
        ]


def mark_of_look(look: FirstLook) -> str:
    signs = marks()
    return {
        LookState.OPEN: signs.unknown,
        LookState.READ: signs.unknown,
        LookState.FOUND: signs.failed,
        LookState.RULED_OUT: signs.none,
    }[look.state]


def look_of(look: FirstLook) -> Style:
    return {LookState.OPEN: WARN, LookState.READ: WARN, LookState.FOUND: BAD, LookState.RULED_OUT: FAINT}[look.state]
