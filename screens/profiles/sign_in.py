"""Signs in to IAM Identity Center: shows the link and the code, and waits for the browser."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from iam.credentials.sso import SignInError, begin
from screens.text import visible
from screens.widgets.modal import TextLines, Window
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from iam.credentials.sso import DeviceSignIn, SsoSettings


@dataclass(eq=False, repr=False)
class CodeGiven(Message):
    device: DeviceSignIn


@dataclass(eq=False, repr=False)
class SignInEnded(Message):
    """The sign-in ended. ``why`` is "" if it succeeded."""

    why: str


class SignInWindow(Window[bool]):
    """The window shown during the sign-in. The result is True if the operator signed in."""

    def __init__(self, profile: str, settings: SsoSettings) -> None:
        super().__init__(f"Sign in for {profile}")
        self.settings = settings
        self._left = threading.Event()

    def compose_inside(self) -> Iterable[Widget]:
        yield TextLines(f"Asking {self.settings.start_url} for a code ...")

    def on_mount(self) -> None:
        run_in_thread(self, self._sign_in, exclusive=False)

    def on_unmount(self) -> None:
        self._left.set()

    def _sign_in(self) -> None:
        try:
            device = begin(self.settings)
            self.post_message(CodeGiven(device))
            if device.wait(self._left.wait):
                self.post_message(SignInEnded(""))
        except SignInError as error:
            self.post_message(SignInEnded(str(error)))

    def on_code_given(self, message: CodeGiven) -> None:
        message.stop()
        device = message.device
        self.query_one(TextLines).show(
            f"Open this on any device:\n\n{visible(device.link)}\n\n"
            f"and confirm this code there:  {visible(device.code)}\n\n"
            f"Waiting until {device.ends.astimezone():%H:%M}. Do not confirm a different code. The sign-in is "
            "cached in ~/.aws/sso/cache, as by `aws sso login`."
        )

    def on_sign_in_ended(self, message: SignInEnded) -> None:
        message.stop()
        if message.why:
            self.query_one(TextLines).show(message.why)
        else:
            self.dismiss(True)
