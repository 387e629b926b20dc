"""The question before leaving while a change is unfinished."""

from __future__ import annotations

from screens.plan.confirm import Confirm
from screens.session import Session
from screens.widgets.modal import MenuChoice


class Leaving(Confirm):
    """``leave``, or None to stay."""

    def __init__(self, session: Session) -> None:
        lost = session.typed.lost()
        if not session.half_done:
            choices = [MenuChoice("stay", "stay here", "", "s"), MenuChoice("leave", "leave without it", "", "l")]
            super().__init__("What was typed is lost", "\n".join(lost), choices)
            return
        lines = [*session.half_done.values(), *lost]
        timed = set(session.half_done) <= set(session.timed)
        if session.under_way - set(session.timed):
            lines.append("Leaving lets the call that is being made come to its end, and begins no other.")
        if timed:
            lines.append("If it cannot be taken back, the next start shows it first.")
        elif session.kind == "demo":
            lines.append("The demo account ends with this process, and so does the change.")
        else:
            lines.append("The journal keeps where it stands: the next start offers to go on, or to roll back.")
        choices = [MenuChoice("stay", "stay here", "", "s"), MenuChoice("leave", "leave it half done", "", "l")]
        if timed:
            choices[1] = MenuChoice("leave", "take it back and leave", "", "l")
        title = "A change was made for a time" if timed else "A change is half done"
        super().__init__(title, "\n".join(lines), choices)
