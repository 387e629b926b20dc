"""The confirmation before the program ends while a change is unfinished or a typed text would be lost."""

from __future__ import annotations

from screens.session import Session
from screens.widgets.confirm import Confirm
from screens.widgets.modal import MenuChoice


class Leaving(Confirm):
    """The confirmation window. The result is ``leave``, or None to stay."""

    def __init__(self, session: Session) -> None:
        lost = session.typed.lost()
        if not session.half_done:
            choices = [MenuChoice("stay", "stay here", "", "s"), MenuChoice("leave", "leave and lose it", "", "l")]
            super().__init__("What you typed will be lost", "\n".join(lost), choices)
            return
        lines = [*session.half_done.values(), *lost]
        timed = set(session.half_done) <= set(session.timed)
        if session.under_way - set(session.timed):
            lines.append("If you leave, the current call is finished, and no further call is started.")
        if timed:
            lines.append("If the undo fails, rolescope reports this first at its next start.")
        elif session.kind == "demo":
            lines.append("The demo account ends with this process, so the change ends too.")
        else:
            lines.append(
                "The journal records how far the change got. The next start offers to resume the change or roll it "
                "back."
            )
        choices = [MenuChoice("stay", "stay here", "", "s"), MenuChoice("leave", "leave it unfinished", "", "l")]
        if timed:
            choices[1] = MenuChoice("leave", "undo it and leave", "", "l")
        title = "A change was made for a limited time" if timed else "A change is unfinished"
        super().__init__(title, "\n".join(lines), choices)
