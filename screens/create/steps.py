"""The steps of creating a role, their names, and the questions that each step asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from rich.cells import cell_len
from textual import events
from textual.message import Message

from iam.creation.draft.places import Place, What
from screens.text import marks
from screens.widgets.line import Line, Piece
from screens.widgets.styles import CURSOR, FAINT, GOOD, PLAIN


class CreateStep(IntEnum):
    WHO = 0
    MAY = 1
    DETAILS = 2
    CHECK = 3
    PLAN = 4
    RESULT = 5


FORMS = (CreateStep.WHO, CreateStep.MAY, CreateStep.DETAILS)
TITLES = ("who may assume it", "what it may do", "name and limits", "check", "plan", "result")
SHORT_TITLES = ("who", "may", "name", "check", "plan", "result")

PLACES = {
    "trust": (CreateStep.WHO, What.TRUST_KIND),
    "name": (CreateStep.DETAILS, What.NAME),
    "path": (CreateStep.DETAILS, What.PATH),
    "description": (CreateStep.DETAILS, What.DESCRIPTION),
    "tags": (CreateStep.DETAILS, What.TAG),
    "max_session_seconds": (CreateStep.DETAILS, What.SESSION),
    "boundary": (CreateStep.DETAILS, What.BOUNDARY),
    "instance_profile": (CreateStep.DETAILS, What.PROFILE),
    "inline": (CreateStep.MAY, What.POLICY),
    "attached": (CreateStep.MAY, What.ATTACHED),
    "policies": (CreateStep.MAY, What.ATTACHED),
}
"""For each part of the specification, the step and the field that ask for this part."""

_OF_WHO = frozenset({What.TRUST_KIND, What.TRUST_ANSWER, What.TRUST_POLICY})
_OF_DETAILS = frozenset({What.NAME, What.PATH, What.DESCRIPTION, What.SESSION, What.BOUNDARY, What.TAG, What.PROFILE})


def step_of(place: Place) -> CreateStep:
    """Return the step whose form contains a place."""
    if place.what in _OF_WHO:
        return CreateStep.WHO
    return CreateStep.DETAILS if place.what in _OF_DETAILS else CreateStep.MAY


class StepsLine(Line):
    """A line with all steps, which can be clicked."""

    @dataclass(eq=False, repr=False)
    class Clicked(Message):
        step: CreateStep

    def show_step(self, here: CreateStep, *, wide: bool, empty: Collection[CreateStep] = ()) -> None:
        """Highlight the current step and tick the earlier ones, except those in ``empty``, where nothing was chosen."""
        pieces: list[Piece] = [(" ", PLAIN)]
        for step in CreateStep:
            done = step < here and step not in empty
            passed = step < here and not done
            sign = f"{marks().passed} " if done else f"{marks().none} " if passed else f"{step + 1} "
            look = CURSOR if step is here else GOOD if done else FAINT
            pieces += [(f" {sign}{(TITLES if wide else SHORT_TITLES)[step]} ", look), (" ", PLAIN)]
        self.show(*pieces)

    def on_click(self, event: events.Click) -> None:
        at = 0
        for number, (text, _) in enumerate(self.pieces(self.size.width)):
            at += cell_len(text)
            if event.x < at:
                if number % 2:  # otherwise the click was between two steps
                    self.post_message(self.Clicked(CreateStep(number // 2)))
                return
