"""Changes the AWS configuration for a profile: the difference is shown first, then written, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from iam.credentials.profile_file import ProfileFileError
from iam.words import joined
from screens.commands import Command, bindings
from screens.frame.base import BaseScreen
from screens.messages import ConfigurationChanged
from screens.text import visible
from screens.widgets.difference import DifferenceView
from screens.widgets.line import Line
from screens.widgets.modal import CLOSE, Window
from screens.widgets.styles import FAINT, WARN
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from iam.credentials.profile_file import ProfileChange, WrittenProfile

WRITE = Command("profile.write", "enter", "write it", "Write the file as shown.", "This window", True)
_SECRET = re.compile(r"(?m)^(\s*aws_(?:secret_access_key|session_token|security_token)\s*=\s*).*")


class ProfileWindow(Window[bool]):
    """The window that shows the difference. The result is True if the operator agrees to write it."""

    DECLARED: ClassVar[Sequence[Command]] = (WRITE, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((WRITE,))
    AUTO_FOCUS = "DifferenceView"

    def __init__(self, change: ProfileChange) -> None:
        taken = "Remove profile" if change.undoes is not None else "Profile"
        super().__init__(f"{taken} {change.name} in {change.path}")
        self.change = change

    def compose_inside(self) -> Iterable[Widget]:
        warning = _warning(self.change)
        yield Line([(visible(warning) or "Nothing else in the file changes.", WARN if warning else FAINT)])
        yield DifferenceView()

    def on_mount(self) -> None:
        before, after = (_SECRET.sub(r"\1...", text or "") for text in (self.change.before, self.change.after))
        self.query_one(DifferenceView).show(before, after, context=0)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._fit_difference, event.size.height)

    def _fit_difference(self, height: int) -> None:
        """Set the height of the difference to its number of lines, limited by the height of the terminal."""
        for view in self.query(DifferenceView):
            width = view.scrollable_content_region.width
            view.styles.height = max(1, min(len(view.lines_for(width)) if width else 1, height * 6 // 10))

    def action_write(self) -> None:
        self.dismiss(True)


def _warning(change: ProfileChange) -> str:
    puts = change.puts
    if puts is None or not puts.replaced:
        return ""
    if puts.unkept:
        what = joined(puts.unkept)
        return (
            f"This replaces a profile. The profile's {what} is not saved, because it may be secret. u can undo the "
            "replacement only in this run."
        )
    return f"The profile {change.name} already exists; it will be replaced."


@dataclass(eq=False, repr=False)
class ProfileReady(Message):
    """A change of the AWS configuration for a profile is ready to be shown."""

    change: ProfileChange


@dataclass(eq=False, repr=False)
class ProfileChanged(Message):
    """A file was changed. ``sentence`` describes the outcome.

    ``written`` can undo the change; it is None if the change was itself an undo.
    """

    sentence: str
    written: WrittenProfile | None


@dataclass(eq=False, repr=False)
class ProfileTrouble(Message):
    """A file was not changed, for the reason in ``sentence``."""

    sentence: str


class ChangesProfiles(BaseScreen):
    """A screen that changes the AWS configuration. Each change is shown first, and made by a worker."""

    def change_profile(self, change: Callable[[], ProfileChange]) -> None:
        """Show the change that ``change`` returns, and write it if the operator agrees.

        ``change`` may raise `ProfileFileError`.
        """

        def work() -> None:
            try:
                self.post_message(ProfileReady(change()))
            except ProfileFileError as error:
                self.post_message(ProfileTrouble(str(error)))

        run_in_thread(self, work, "profile", exclusive=False)

    def on_profile_ready(self, message: ProfileReady) -> None:
        message.stop()
        change = message.change
        self.app.push_screen(ProfileWindow(change), lambda yes: self._make(change) if yes else None)

    def _make(self, change: ProfileChange) -> None:
        def work() -> None:
            try:
                written = change.write()
            except ProfileFileError as error:
                self.post_message(ProfileTrouble(str(error)))
                return
            said = f"Profile {change.name} was written (u undoes this): {change.path}"
            if change.undoes is not None:
                said = f"Profile {change.name} was restored: {change.path}"
            self.post_message(ProfileChanged(said, written))

        run_in_thread(self, work, "profile", exclusive=False)

    def on_profile_changed(self, message: ProfileChanged) -> None:
        message.stop()
        self.say(message.sentence)
        self.app.post_message(ConfigurationChanged())

    def on_profile_trouble(self, message: ProfileTrouble) -> None:
        message.stop()
        self.say(message.sentence, trouble=True)
