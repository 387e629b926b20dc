"""The steps of the creation, their names, and which of them asks what."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from iam.creation.places import What
from screens.text import marks
from screens.widgets.line import Piece
from screens.widgets.styles import CURSOR, FAINT, GOOD, PLAIN


class Step(IntEnum):
    WHO = 0
    MAY = 1
    DETAILS = 2
    CHECK = 3
    PLAN = 4
    RESULT = 5


FORMS = (Step.WHO, Step.MAY, Step.DETAILS)
TITLES = ("who may assume it", "what it may do", "name and limits", "check", "plan", "result")
SHORT_TITLES = ("who", "may", "name", "check", "plan", "result")

PLACES = {
    "trust": (Step.WHO, What.TRUST_KIND),
    "name": (Step.DETAILS, What.NAME),
    "path": (Step.DETAILS, What.PATH),
    "description": (Step.DETAILS, What.DESCRIPTION),
    "tags": (Step.DETAILS, What.TAG),
    "max_session_seconds": (Step.DETAILS, What.SESSION),
    "boundary": (Step.DETAILS, What.BOUNDARY),
    "instance_profile": (Step.DETAILS, What.PROFILE),
    "inline": (Step.MAY, What.POLICY),
    "attached": (Step.MAY, What.ATTACHED),
    "policies": (Step.MAY, What.ATTACHED),
}
"""By a part of the spec: the step that asks for it, and what is told there."""


def steps_line(here: Step, *, wide: bool) -> Sequence[Piece]:
    """All steps on one line: those behind ticked, the present one lit."""
    pieces: list[Piece] = [(" ", PLAIN)]
    for step in Step:
        done = step < here
        sign = f"{marks().passed} " if done else f"{step + 1} "
        look = CURSOR if step is here else GOOD if done else FAINT
        pieces += [(f" {sign}{(TITLES if wide else SHORT_TITLES)[step]} ", look), (" ", PLAIN)]
    return pieces
