"""Diagnose: paste what a program printed, or fill in who wanted what, and see step by step why it failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from diagnostics.fix import Fix
from iam.account import Role
from screens import messages
from screens.base import PANES
from screens.commands import Command, bindings
from screens.copy.menu import copy_menu
from screens.diagnose.ask import Ask
from screens.diagnose.box import PasteBox
from screens.diagnose.commands import HERE, WORDS
from screens.diagnose.detail import DetailScreen
from screens.diagnose.export import copies_of, export_diagnosis
from screens.diagnose.lists import FailureList, HistoryList
from screens.diagnose.results import Results
from screens.diagnose.running import RunsDiagnoses
from screens.diagnose.verdict import VerdictView
from screens.session import Session
from screens.text import plural
from screens.widgets.line import Line
from screens.widgets.rows import Rows
from screens.widgets.styles import KEY, PLAIN


class View(StrEnum):
    """What is below the box, or below the line that it is folded into."""

    NOTHING = "nothing"
    ANSWER = "answer"
    CHOICE = "choice"
    HISTORY = "history"


class DiagnoseScreen(RunsDiagnoses):
    """The box or the form on top; below it what was found, or a list to choose from."""

    MODE = "diagnose"
    AUTO_FOCUS = "#box"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    DiagnoseScreen.below Ask { height: 9; }
    DiagnoseScreen.below.short Ask { height: 6; }
    DiagnoseScreen #asked { height: 1; }
    DiagnoseScreen FailureList, DiagnoseScreen HistoryList { height: 1fr; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._view = View.NOTHING
        self._from_list, self._from_screen = False, "roles"
        self._asking = True

    def compose_body(self) -> Iterable[Widget]:
        yield Ask(id="ask")
        yield Line(id="asked")
        yield VerdictView(id="notice")
        yield FailureList(id="failures")
        yield HistoryList(id="history")
        yield Results(id="results")

    def on_mount(self) -> None:
        self.app.mode_change_signal.subscribe(self, self._mode_changed)
        self._arrange()

    def words(self) -> str:
        return WORDS

    def role_in_attention(self) -> Role | None:
        return self.session.role(self.role) if self.role else None

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        run, failures = self.run_shown, self.runs.failures
        match command.action:
            case "fixes" if run is None or not run.fixes:
                return "There is no fix to go to."
            case "plan":
                return self.why_no_plan()
            case "answer" if not self.results.questions.asked:
                return "No condition key is unknown."
            case "failures" if len(failures) < 2:
                return "The text holds one failure only." if failures else "No text was explained yet."
            case "export" | "copy" if run is None:
                return "Nothing was diagnosed yet."
            case "history" if not self.runs.all:
                return "Nothing was diagnosed in this run yet."
        return ""

    # What is in sight

    def _arrange(self, view: View | None = None, *, asking: bool | None = None) -> None:
        """Show the parts that belong to the state."""
        if view is not None:
            self._view = view
        if asking is not None:
            self._asking = asking
        self.set_class(self._view is not View.NOTHING, "below")
        self.set_class(self.size.height < 32, "short")
        self.ask.display = self._asking
        asked = self.query_one("#asked", Line)
        asked.display = not self._asking
        title = "" if self._view is View.CHOICE else self.runs.title()
        asked.show((" i ", KEY), (title or self.ask.box.size_in_words, PLAIN))
        self.notice.display = self._view is not View.ANSWER and bool(self.notice.head)
        self.query_one(FailureList).display = self._view is View.CHOICE
        self.query_one(HistoryList).display = self._view is View.HISTORY
        self.results.display = self._view is View.ANSWER
        self.refresh_bindings()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _open(self, *, form: bool | None = None) -> None:
        """Open the box or the form, with the cursor in it."""
        if form is not None:
            self.ask.turn(to_form=form)
        self._arrange(asking=True)
        self.ask.find_names(self.session.account)
        self.ask.put_cursor()

    def _show_answer(self) -> None:
        self._arrange(View.ANSWER, asking=False)
        self.results.steps.focus()

    def show_reading(self) -> None:
        self.notice.say("reading the text")
        self._arrange(View.NOTHING)

    def show_results(self) -> None:
        self._arrange(View.ANSWER, asking=False)

    def complain(self, sentence: str) -> None:
        self.notice.say("nothing explained", sentence, trouble=True)
        self._arrange(View.NOTHING, asking=True)

    # Opening the screen, pasting

    def _mode_changed(self, mode: str) -> None:
        if mode != self.MODE:
            return
        if isinstance(self.app.screen, DetailScreen):
            self.app.pop_screen()
        if self.app.screen is not self:
            return  # a plan of this diagnosis lies over it
        self._open()
        self._select_old_text()

    def _select_old_text(self) -> None:
        """As in a browser's address line: what comes now takes the place of what was explained before."""
        if not self.ask.in_form and not self.ask.box.held:
            self.ask.box.select_all()

    def on_diagnose_role(self, message: messages.DiagnoseRole) -> None:
        """``d`` on a role: it is the principal now, of the form and of texts that name nobody."""
        message.stop()
        self._set_role(message.arn)
        self.ask.form.field("principal").value = message.arn
        self._open(form=False)
        self._select_old_text()

    def on_diagnose_text(self, message: messages.DiagnoseText) -> None:
        """Another screen's failure, such as that of a plan's call: explain it."""
        message.stop()
        self._set_role(None)
        self._from_list, self._from_screen = message.from_list, message.from_screen
        self._open(form=False)
        self.ask.box.take(message.text)
        self.action_run()

    def on_diagnose_conflict(self, message: messages.DiagnoseConflict) -> None:
        """A name that a creation or a plan's call met: explain it, with what was wanted."""
        message.stop()
        self._set_role(None)
        self._from_screen = message.from_screen
        self._open(form=False)
        self.handed = message.conflict
        self.ask.box.take(message.conflict.text)
        self.action_run()

    def _set_role(self, arn: str | None) -> None:
        self.role, self.ran_with_role, self._from_list, self._from_screen = arn, False, False, "roles"
        role = self.role_in_attention()
        self.ask.name_role(role.name if role else arn or "")

    def on_paste(self, event: events.Paste) -> None:
        """A paste that no line took: it lands in the box, in place of what was explained there before."""
        event.stop()
        self._open(form=False)
        self.ask.box.take(event.text)
        self._pasted()

    @on(PasteBox.Pasted)
    def _pasted(self) -> None:
        self._from_list = False
        if self.ran_with_role:
            self._set_role(None)

    @on(PasteBox.Refused)
    def _refused(self) -> None:
        self.say("This text is shown, not edited: paste another in its place, or empty the box with f2.")

    # Commands

    def action_edit(self) -> None:
        self._open()

    def action_form(self) -> None:
        self._open(form=not self.ask.in_form)

    def action_fixes(self) -> None:
        self._show_answer()
        self.results.fixes.focus()

    def action_answer(self) -> None:
        self._show_answer()
        self.results.questions.focus_first()

    def action_clear(self) -> None:
        self.ask.box.take("")
        self.ask.form.clear()
        self._set_role(None)
        self._open()

    def action_failures(self) -> None:
        failures = self.query_one(FailureList)
        found = self.runs.failures
        failures.set_rows(found, self.runs.place())
        number, total = len(found), sum(failure.count for failure in found)
        folded = f" ({total:,} with the equal ones)" if total != number else ""
        self.notice.say(f"{plural(number, 'failure')} in this text{folded}", "enter explains the chosen one")
        self._arrange(View.CHOICE, asking=False)
        failures.focus()

    def action_history(self) -> None:
        history, runs = self.query_one(HistoryList), self.runs.all
        history.set_rows(runs, runs.index(self.run_shown) if self.run_shown in runs else 0)
        self.notice.say(f"{plural(len(runs), 'diagnosis', 'diagnoses')} of this run", "enter shows one again")
        self._arrange(View.HISTORY, asking=False)
        history.focus()

    def action_recent(self) -> None:
        from screens.diagnose.recent.screen import RecentDenialsScreen

        self.app.push_screen(RecentDenialsScreen(self.session))

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if isinstance(message.rows, FailureList):
            self.start(self.runs.failures[message.index])
        elif isinstance(message.rows, HistoryList):
            self.results.show(self.runs.show(message.index))
            self._show_answer()

    def on_results_opened(self, message: Results.Opened) -> None:
        message.stop()
        if self.run_shown is not None:
            diagnosis = self.run_shown.diagnosis
            self.app.push_screen(DetailScreen(self.session, diagnosis, message.subjects, message.index, self))

    def on_detail_screen_left(self, message: DetailScreen.Left) -> None:
        message.stop()
        self.results.go_to(message.subjects, message.index)

    def action_export(self) -> None:
        if self.run_shown is not None:
            export_diagnosis(self, self.run_shown.diagnosis, datetime.now().astimezone())

    def action_copy(self) -> None:
        if self.run_shown is not None:
            copy_menu(self, copies_of(self.run_shown.diagnosis, self.results.subject))

    def action_back(self) -> None:
        run = self.run_shown
        if run is not None and not run.ended:
            self.stop_run(run)
        elif self._view is View.HISTORY or (self._asking and run is not None):
            self._show_answer()
        elif self._asking and self.focused is not None:
            self.set_focus(None)
        elif self._view is View.CHOICE:
            self._open()
        elif self._view is View.ANSWER and self.focused not in (None, self.results.steps):
            self.results.steps.focus()
        elif self._view is View.ANSWER and len(self.runs.failures) > 1:
            self.action_failures()
        elif self._from_list:
            self._from_list = False  # from the list escape leads on
            self.action_recent()
        else:
            self.post_message(messages.ShowScreen(self._from_screen))

    @property
    def fix_chosen(self) -> Fix | None:
        """The fix in sight, else the one under the cursor of their list."""
        subject = self.results.subject
        return subject if isinstance(subject, Fix) else self.results.fixes.current
