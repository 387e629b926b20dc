"""The fixes of a diagnosis, one on each line: the change, who can make it, and whether it was evaluated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

from diagnostics.fix import Fix
from diagnostics.who import Who
from iam.claims import nothing_else
from iam.questions.change.effects import GAINS, LOSSES
from screens.diagnose.evidence import informs, proof_mark, proof_words
from screens.diagnose.steps import Lane
from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import FAINT, KEY, PLAIN

WHO = {
    Who.YOU: "you",
    Who.ACCOUNT_ADMIN: "account admin",
    Who.ORG_ADMIN: "org admin",
    Who.RESOURCE_OWNER: "resource owner",
    Who.CALLER: "caller",
}

_ARN_HEAD = re.compile(r"\barn:[\w-]*:[\w-]*:[\w-]*:(?:\d{12}|aws)?:(?=\S)")

WHO_IN_SHORT = {**WHO, Who.ACCOUNT_ADMIN: "admin", Who.ORG_ADMIN: "org", Who.RESOURCE_OWNER: "owner"}
"""Short forms of who can make the change, used if the title would be truncated. Who can make the change is always
shown."""

WORDS_FROM = 100
"""The minimum width at which a long title is truncated to leave room for the result of the fix's evaluation."""


class Fixes(Rows[Fix]):
    DEFAULT_CSS = """
    Fixes { height: 1; max-height: 4; }
    """

    lanes: tuple[Lane, ...] = ()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._proofs: dict[int, tuple[Fix, str, str]] = {}

    def set_rows(self, rows: Sequence[Fix], cursor: int = 0) -> None:
        self._proofs = {id(fix): self._proofs[id(fix)] for fix in rows if id(fix) in self._proofs}
        super().set_rows(rows, cursor)

    def _proof(self, fix: Fix) -> tuple[str, str]:
        """Return what was checked, as a long and a short text. Cached, because a fix may have thousands of effects."""
        if id(fix) not in self._proofs:
            self._proofs[id(fix)] = (fix, plain(proof_words(fix)), proof_in_short(fix))
        _, long, short = self._proofs[id(fix)]
        return long, short

    def _where(self, fix: Fix) -> str:
        """Return the fix's account, such as `` in prod-data``, if the request is across accounts; otherwise ""."""
        if not self.lanes or fix.account is None:
            return ""
        name = next((lane.name for lane in self.lanes if lane.account == fix.account and lane.name), fix.account)
        return f" in {plain(name)}"

    def pieces_of(self, row: Fix, index: int, width: int) -> Sequence[Piece]:
        """Return, for example, ``FIX 1  add s3:PutObject on … to …     account admin  ✓ evaluated: allowed``."""
        mark, look = proof_mark(row)
        title = plain(row.title)
        where = self._where(row)
        who, who_short = f"  {WHO[row.who]}{where}", f"  {WHO_IN_SHORT[row.who]}{where}"
        long, short = (f" {words}" for words in self._proof(row))
        # Use the longest forms that leave enough room for the full title. If none does, the title itself is truncated.
        room = width - 8 - 3 - cell_len(mark)
        choices = [(who, long), (who_short, long), (who, short), (who_short, short)]
        if width < WORDS_FROM:
            choices += [(who, ""), (who_short, "")]
        for who, words in choices:
            if cell_len(title) + cell_len(who) + cell_len(words) <= room:
                break
        room -= cell_len(who) + cell_len(words)
        if cell_len(title) > room:
            # the end of an ARN identifies the resource; enter shows the full title
            title = _ARN_HEAD.sub(marks().ellipsis, title)
        head = (" NEXT   " if informs(row) else f" FIX {index + 1}  ", KEY)
        return [head, (fit(title, room), PLAIN), (f"{who}  ", FAINT), (mark + words, look)]


def proof_in_short(fix: Fix) -> str:
    if fix.together is not None:
        return f"one of {fix.together.count} needed"
    if informs(fix):
        return ""
    if fix.hangs_on:
        return "evaluated, if"
    if fix.verified is None:
        return "not evaluated"
    if not fix.verified:
        return "still denied"
    counts = (("+", fix.effect_count(*GAINS)), ("-", fix.effect_count(*LOSSES)))
    counted = [f"{sign}{count:,}" for sign, count in counts if count]
    if fix.effects and not counted:
        return "evaluated, maybe more"
    effects = "effect" if sum(count for _, count in counts) == 1 else "effects"
    return (
        f"evaluated, {' '.join(counted)} {effects}"
        if counted
        else f"evaluated, {nothing_else('', complete=not fix.effects)}"
    )
