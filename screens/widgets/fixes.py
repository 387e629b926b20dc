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


class Fixes(Rows[Fix]):
    DEFAULT_CSS = """
    Fixes { height: 1; max-height: 4; }
    """

    def pieces_of(self, row: Fix, index: int, width: int) -> Sequence[Piece]:
        """``FIX 1  add s3:PutObject on … to …          account admin  ✓ evaluated: allowed, nothing else …``"""
        mark, look = proof_mark(row)
        title = plain(row.title)
        who, words = f"  {WHO[row.who]}", f" {plain(proof_words(row))}"
        # The title comes first; then whether it was evaluated, in words; then for whom it is, which the preview tells.
        room = width - 8 - 3 - cell_len(mark)
        for asides in ((who, words), ("", words), (who, ""), ("", "")):
            if cell_len(title) + sum(map(cell_len, asides)) <= room:
                break
        who, words = asides
        room -= cell_len(who) + cell_len(words)
        return [(f" FIX {index + 1}  ", KEY), (fit(title, room), PLAIN), (f"{who}  ", FAINT), (mark + words, look)]
