"""The verdict's sentence, with the cause code and the confidence. While there is no verdict: the work in progress."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.diagnosis import Confidence, Verdict
from screens.text import marks
from screens.widgets.headline import Headline
from screens.widgets.line import Piece
from screens.widgets.strips import plain
from screens.widgets.styles import BAD, FAINT, GOOD, STRONG, WARN

GOOD_NEWS = frozenset(("allowed.now", "name.free", "name.other-namespace", "profile.same-role"))
"""Causes for a request that no policy denies, or that no policy denies now."""


class VerdictView(Headline):
    """Shows the verdict's sentence. The frame around it shows the cause code and the confidence (`head`).

    `say` shows another sentence while there is no verdict.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._going_on = ""

    def _rows(self, width: int) -> list[list[Piece]]:
        return [*self._text_rows(width), *([[(f"   {self._going_on}", FAINT)]] if self._going_on else [])]

    def say(self, head: str, sentence: str = "", *, trouble: bool = False) -> None:
        self._going_on = ""
        super().say(head, sentence, trouble=trouble)

    def show(self, verdict: Verdict, notes: Sequence[str] = (), going_on: str = "") -> None:
        """Show the verdict. ``going_on`` is the work still in progress."""
        if going_on != self._going_on:
            self._going_on = going_on
            self._fit()
            self.refresh()
        signs = marks()
        mark = (signs.unknown, WARN) if verdict.confidence is Confidence.UNKNOWN else (signs.failed, BAD)
        if verdict.cause in GOOD_NEWS:
            mark = (signs.passed, GOOD)
        head = f"{plain(verdict.cause)} {signs.dot} {verdict.confidence.value}"
        self.set((head, FAINT), (verdict.summary, STRONG), notes, mark)
