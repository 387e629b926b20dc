"""Show the code or commands that another tool needs to adopt a role, to read and copy."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual.binding import BindingType

from iam.account import Account, Role
from screens.commands import Command, bindings
from screens.copy.menu import Copy, copy_now
from screens.frame.base import BaseScreen
from screens.widgets.modal import CLOSE, TextWindow

COPY = Command("adoption.copy", "y", "copy", "Copy this text.", "This window", True)


class AdoptionWindow(TextWindow):
    DECLARED = (COPY, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((COPY,))

    def __init__(self, copy: Copy) -> None:
        super().__init__(copy.label, copy.text)
        self.copy_of_text = copy

    def action_copy(self) -> None:
        copy_now(self, self.copy_of_text, again="If nothing reaches your clipboard, select the text here.")


def show_adoption(screen: BaseScreen, role: Role, account: Account, tool: str = "terraform", logical: str = "") -> None:
    """Show the output of ``rolescope adopt``; nothing is changed. ``tool`` is a form of `iam.creation.adoption`.

    ``logical`` is the tool's own name for the role, "" if it is unknown.
    """
    from iam.changes.plan import PlanError
    from iam.creation.adoption import AdoptionForm, adopted
    from iam.own_command import own_command

    form: AdoptionForm = next((each for each in get_args(AdoptionForm) if each == tool), "terraform")
    try:
        text = adopted(role, account, form, logical)
    except PlanError as error:
        screen.say(str(error), trouble=True)
        return
    command = own_command("adopt", role.name, "--as", form, *(("--logical-id", logical) if logical else ()))
    title = f"Adopt {role.name} with {form}"
    screen.app.push_screen(AdoptionWindow(Copy("y", title, f"{text.rstrip()}\n\n# {command}\n")))
