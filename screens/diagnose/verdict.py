"""The verdict: the sentence, with the cause's code and how sure it is beside it. While a run goes on, what goes on."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.diagnosis import Confidence, Verdict
from screens.text import marks
from screens.widgets.headline import Headline
from screens.widgets.strips import plain
from screens.widgets.styles import BAD, FAINT, GOOD, STRONG, WARN

GOOD_NEWS = frozenset(("allowed.now", "name.free", "name.other-namespace", "profile.same-role"))
"""Causes that say that nothing is in the way (any more)."""


class VerdictView(Headline):
    """The sentence is what is read first; code and confidence stand small in the rule. `say` is for no verdict."""

    def show(self, verdict: Verdict, notes: Sequence[str] = ()) -> None:
        signs = marks()
        mark = (signs.unknown, WARN) if verdict.confidence is Confidence.UNKNOWN else (signs.failed, BAD)
        if verdict.cause in GOOD_NEWS:
            mark = (signs.passed, GOOD)
        head = f"{plain(verdict.cause)} {signs.dot} {verdict.confidence.value}"
        self.set((head, FAINT), (verdict.summary, STRONG), notes, mark)
