"""A prompt for the current code of an MFA device. The code is not displayed or stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Input

from iam.credentials.assume_request import is_mfa_code
from screens.text import visible
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.modal import TextLines, Window


class MfaCodeWindow(Window[str]):
    """The window of the prompt.

    ``answered`` is called once with the code, or with "" if the window is closed without one.
    """

    AUTO_FOCUS = "AnswerInput"

    def __init__(self, serial: str, answered: Callable[[str], None]) -> None:
        super().__init__("MFA code")
        self.serial = serial
        self._answered = answered
        self._code = ""

    def compose_inside(self) -> Iterable[Widget]:
        yield TextLines(f"The six digits that {visible(self.serial)} shows now:")
        field = AnswerInput()
        field.password = True
        yield field

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        code = message.value.strip()
        if not is_mfa_code(code):
            self.say("The MFA code must be six digits.", trouble=True)
            return
        self._code = code
        self.dismiss(None)

    def on_unmount(self) -> None:
        self._answered(self._code)
