"""The base of all main screens.

It has the header, the footer, the movement between panes, notices, and the reason why a key does not work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from screens.commands import Command, Commanded, CommandSituation, bindings, objection
from screens.frame.header import Header
from screens.leaving import LeavesOnce
from screens.messages import SessionChanged, TroubleNoted
from screens.run_writes import RunWrite
from screens.session import Session
from screens.terminal_sized import TerminalSized
from screens.text import ago, marks, visible
from screens.widgets.cursor import FIND, CursorView
from screens.widgets.footer import Footer
from screens.widgets.line import Line, Piece
from screens.widgets.pane import HEIGHTS, WIDTHS, Pane
from screens.widgets.styles import FAINT, KEY, PLAIN, WARN
from screens.worker_failures import ReportsFailures

if TYPE_CHECKING:
    from diagnostics.assumptions import Assumption
    from iam.account import Role
    from iam.changes.entity_name import EntityName

AGE_REFRESH = 10.0
"""Seconds between updates of the displayed ages."""

# The main screens, in the order of their keys: key, name of the mode, title.
MAIN_SCREENS: tuple[tuple[str, str, str], ...] = (
    ("1", "roles", "Roles"),
    ("2", "diagnose", "Diagnose"),
    ("3", "create", "Create"),
    ("4", "review", "Review"),
    ("5", "activity", "Activity"),
)

PANES = (
    Command("screen.next-pane", "tab", "next pane", "Move to the next pane.", "Moving", palette=False),
    Command(
        "screen.previous-pane", "shift+tab", "previous pane", "Move to the previous pane.", "Moving", palette=False
    ),
    FIND,
)


class BaseScreen(LeavesOnce, TerminalSized, ReportsFailures, Commanded, Screen[None]):
    """A screen that shows data of a session.

    Subclasses define `compose_body` and ``DECLARED`` (their commands, then ``PANES``), and override `session_changed`,
    `role_in_attention` and `words` if needed.
    """

    MODE: ClassVar[str] = ""
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = "*"
    DECLARED: ClassVar[Sequence[Command]] = PANES
    BINDINGS: ClassVar[list[BindingType]] = bindings(PANES)
    DEFAULT_CSS = """
    BaseScreen { layout: vertical; background: $background; }
    BaseScreen.-wide.-tall Pane { padding: 1; }
    BaseScreen TextLines { padding-left: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.read_at: int | None = None
        """The number of this run's latest write when the contents were read.

        It is None if the contents are drawn from the account in memory.
        """
        self._age_line = Line(id="changed-since")
        self._age_line.display = False
        self._left_without_focus = False
        self._styled_for: frozenset[str] = frozenset()
        """The app's classes for which the widgets have styles."""

    @property
    def mode(self) -> str:
        """The main screen that this screen belongs to."""
        return self.MODE

    @property
    def at_work(self) -> bool:
        """Whether the screen does work that must not be interrupted."""
        return False

    def is_up(self) -> None:
        """Called after the first frame is drawn: load what that frame did not need."""

    def give_up(self) -> None:
        """Called when the application is about to end: start no further work. A signal handler may call this method."""

    def to_the_top(self) -> None:
        """Called when the key of this main screen is pressed while it is shown: return to its initial state."""

    def stop_planning(self) -> bool:
        """Stop making a plan. Return whether one was being made."""
        return False

    def note_typed(self) -> None:
        """Store text that was typed but not used yet.

        This is called when the application is about to end, or asks whether it may end.
        """

    def compose(self) -> ComposeResult:
        # Set the classes before there are widgets. Textual would set them when it learns the size, and restyle every
        # widget.
        width, height = self.app.size
        self.add_class(*self._get_breakpoint_classes(width, WIDTHS), *self._get_breakpoint_classes(height, HEIGHTS))
        yield Header(self.session, [(key, title, mode == self.mode) for key, mode, title in MAIN_SCREENS])
        yield self._age_line
        yield from self.compose_body()
        yield Footer()

    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets between header and footer."""
        return ()

    def session_changed(self) -> None:
        """Called when the account, the reader or the failure changed: show the new state."""

    # What is shown, and what this run changed since it was read

    def rests_on(self) -> Iterable[EntityName] | None:
        """Return the entities that the screen describes; None for the entire account, empty for none."""
        return None

    def just_read(self) -> None:
        """Record that the screen's contents were read or computed just now."""
        self.read_at = self.session.writes.present
        self.show_age()

    def ask_again(self) -> None:
        """Read or compute the contents again. Screens that cannot do this do not override the method."""

    @property
    def can_ask_again(self) -> bool:
        return type(self).ask_again is not BaseScreen.ask_again

    @property
    def answer_text(self) -> str | None:
        """The screen's answer as text, which decides whether a change makes the answer stale.

        A change does that if the text names the changed entity. None means that every change does.
        """
        return None

    def _named(self, write: RunWrite) -> bool:
        """Return whether the screen's contents may name an entity that the change touched."""
        from iam.arn import name_of  # not needed for the first frame

        text = self.answer_text
        return text is None or any(name_of(each.name) in text for each in write.entities)

    @property
    def shown_plan(self) -> str:
        """The ID of the plan that the screen shows. The plan's own calls do not make the screen stale."""
        return ""

    @property
    def changed_since(self) -> RunWrite | None:
        """The latest change of this run that makes the contents stale, or None."""
        writes = self.session.writes
        since = writes.present if self.read_at is None else self.read_at
        return writes.after(since, self.rests_on(), but=self.shown_plan)

    def show_age(self) -> None:
        """Show a note on the screen if the contents are stale."""
        write = self.changed_since
        if self._age_line.display or write is not None:
            self._age_line.display = write is not None
        if write is None:
            return
        dot = f" {marks().dot} "
        again: list[Piece] = [(dot, FAINT), ("r", KEY), (" reads again", PLAIN)]
        if not self.can_ask_again:
            again = [(f"{dot}open it again", PLAIN)]
        title = f"{dot}your change: {visible(write.title)}", FAINT
        if not self._named(write):
            self._age_line.show((" Read before your change elsewhere", FAINT), *again, title)
            return
        now, seconds = self.session.now, int(monotonic() - write.made)
        # rounded, because this is not a clock
        passed = timedelta(seconds=seconds - seconds % 10 if seconds > 10 else seconds)
        words = f" changed {f'{ago(now - passed, now)} ago' if seconds else 'just now'} by you"
        self._age_line.show((words, WARN), *again, title)

    @property
    def stale_note(self) -> str:
        """The sentence at the top of a copy or an export if the contents are stale; "" if they are not."""
        write = self.changed_since
        if write is None:
            return ""
        more = ": ask again." if self._named(write) else ", which does not affect anything named here."
        return f"Read before your change “{visible(write.title)}”{more}"

    @property
    def in_view(self) -> bool:
        """Whether the operator sees this screen, perhaps below a window.

        Textual's `is_current` is also true for a screen that another screen covers.
        """
        stack = self.app.screen_stack if self.app.is_running else ()
        return next((each for each in reversed(stack) if not isinstance(each, ModalScreen)), None) is self

    def _renew_ages(self) -> None:
        if not self.in_view:
            return
        if self._age_line.display:
            self.show_age()
        self.renew_ages()

    def renew_ages(self) -> None:
        """Called every few seconds while the screen is shown: update the displayed ages that have changed."""

    def role_in_attention(self) -> Role | None:
        """Return the role to which commands such as copy and diagnose apply."""
        return None

    @property
    def assumptions_used(self) -> Sequence[Assumption]:
        """The assumptions that the answer on the screen depends on."""
        return ()

    def assumptions_changed(self) -> None:
        """Called when the operator changed an assumption: compute the answer again."""

    def words(self) -> str:
        """Return a few sentences about the concepts of this screen, for the help screen."""
        return ""

    def situation(self) -> CommandSituation:
        return CommandSituation(self.session, self.role_in_attention())

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show one sentence in the footer until the next key press.

        If ``sentence`` is "", the footer shows the keys.
        """
        self.query_one(Footer).say(sentence, trouble=trouble)

    def on_session_changed(self, message: SessionChanged) -> None:
        message.stop()
        self.query_one(Header).show_session()
        self.session_changed()
        self.show_age()
        self.refresh_bindings()

    def on_trouble_noted(self, message: TroubleNoted) -> None:
        # Not `session_changed`, which may start the work that failed again.
        message.stop()
        self.query_one(Header).show_session()
        self.refresh_bindings()

    def _on_mount(self, event: events.Mount) -> None:
        # Textual calls this method of each class.
        self.set_interval(AGE_REFRESH, self._renew_ages)

    def on_screen_suspend(self) -> None:
        self._left_without_focus = self.focused is None
        self._styled_for = self._classes_of_app
        self._show_focus()

    def _update_auto_focus(self) -> None:
        """Focus nothing if nothing had the focus before, so that letters remain commands.

        Overrides Textual's method.
        """
        if not self._left_without_focus:
            super()._update_auto_focus()

    def _show_focus(self) -> None:
        """Show which pane and row have the focus; if a window covers the screen, the window has the focus."""
        for pane in self.query(Pane):
            pane.show_focus(here=pane.has_focus_within and self.app.screen is self)
        if self.focused is not None:
            self.focused.refresh()

    @property
    def _classes_of_app(self) -> frozenset[str]:
        """The classes and pseudo-classes of the app, which the styles of all widgets may depend on."""
        return self.app.classes | self.app.pseudo_classes

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        classes = self._classes_of_app
        if not self.stack_updates or classes == self._styled_for:
            event.refresh_styles = False  # all widgets have their styles; a changed theme is a different event
        self._styled_for = classes
        self._show_focus()
        self.query_one(Header).refresh()
        self.session_changed()
        self.show_age()

    def action_find(self) -> None:
        from screens.widgets.find import open_find

        open_find(self)

    def on_cursor_view_found(self, message: CursorView.Found) -> None:
        from screens.widgets.find import show_found

        message.stop()
        show_found(self, message)

    def action_next_pane(self) -> None:
        self.focus_next()

    def action_previous_pane(self) -> None:
        self.focus_previous()

    def on_key(self, event: events.Key) -> None:
        """Handle a key that no widget took: if a command has it, say why it does not work now."""
        if sentence := objection(self, event.key):
            self.say(sentence, trouble=True)
            event.stop()
