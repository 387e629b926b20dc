"""The fixes of a diagnosis, one line each: what to do, who can, and whether it was evaluated."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from diagnostics.diagnosis import Fix, Who
from screens.text import fit
from screens.widgets.line import Piece
from screens.widgets.look import FAINT, KEY, PLAIN
from screens.widgets.steps_evidence import proof_mark, proof_words
from screens.widgets.steps_rows import Rows
from screens.widgets.steps_text import plain

WHO = {
    Who.YOU: "you",
    Who.ACCOUNT_ADMIN: "account admin",
    Who.ORG_ADMIN: "org admin",
    Who.RESOURCE_OWNER: "resource owner",
    Who.CALLER: "caller",
}
PROOF_FROM = 100
"""The width from which the proof is told in words; below it its mark stands alone, and the words with the preview."""


class Fixes(Rows[Fix]):
    DEFAULT_CSS = """
    Fixes { height: 1; max-height: 4; }
    """

    def pieces_of(self, row: Fix, index: int, width: int) -> Sequence[Piece]:
        """``FIX 1  add s3:PutObject on … to …          account admin  ✓ evaluated: allowed, nothing else …``"""
        mark, look = proof_mark(row)
        words = f" {plain(proof_words(row))}" if width >= PROOF_FROM else ""
        if cell_len(words) > width // 2:
            words = fit(words, width // 2)
        who = f"  {WHO[row.who]}  "
        room = width - 8 - cell_len(who) - cell_len(mark) - cell_len(words) - 1
        return [(f" FIX {index + 1}  ", KEY), (fit(plain(row.title), room), PLAIN), (who, FAINT), (mark + words, look)]
