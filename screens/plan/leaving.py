"""The question before leaving while a change is half done."""

from __future__ import annotations

from screens.plan.confirm import Confirm
from screens.session import Session
from screens.widgets.modal import MenuChoice


class Leaving(Confirm):
    """``leave``, or None to stay."""

    def __init__(self, session: Session) -> None:
        lines = list(session.half_done.values())
        if session.under_way:
            lines.append("Leaving lets the call that is being made come to its end, and begins no other.")
        if session.kind == "demo":
            lines.append("The demo account ends with this process, and so does the change.")
        else:
            lines.append("The journal keeps where it stands: the next start offers to go on, or to roll back.")
        choices = [MenuChoice("stay", "stay here", "", "s"), MenuChoice("leave", "leave it half done", "", "l")]
        super().__init__("A change is half done", "\n".join(lines), choices)
