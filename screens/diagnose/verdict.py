"""The verdict: cause, how sure, and the sentence. While a run goes on, what is going on."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.diagnosis import Confidence, Verdict
from screens.text import marks
from screens.widgets.headline import Headline
from screens.widgets.strips import plain
from screens.widgets.styles import BAD, GOOD, STRONG, WARN

LOOKS = {Confidence.CERTAIN: BAD, Confidence.LIKELY: WARN, Confidence.UNKNOWN: WARN}
GOOD_NEWS = frozenset(("allowed.now", "name.free", "name.other-namespace", "profile.same-role"))
"""Causes that say that nothing is in the way (any more)."""


class VerdictView(Headline):
    """The rule names cause and confidence. `say` is for what is no verdict."""

    def show(self, verdict: Verdict, notes: Sequence[str] = ()) -> None:
        look = GOOD if verdict.cause in GOOD_NEWS else LOOKS[verdict.confidence]
        head = f"{plain(verdict.cause)} {marks().dot} {verdict.confidence.value}"
        self.set((head, look), (verdict.summary, STRONG), notes)
