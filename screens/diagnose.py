"""Diagnose: paste what a program printed, or fill in who wanted what, and see step by step why it failed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.diagnosis import Fix, Verdict
from diagnostics.failure import Failure
from iam.account import Account, Role
from screens import messages
from screens.base import PANES, BaseScreen
from screens.commands import Command, bindings
from screens.copying import copy_menu
from screens.diagnose_ask import Ask
from screens.diagnose_box import PasteBox
from screens.diagnose_commands import HERE, WORDS
from screens.diagnose_detail import DetailScreen
from screens.diagnose_export import copies_of, export_diagnosis
from screens.diagnose_form import Form
from screens.diagnose_lists import FailureList, HistoryList, short
from screens.diagnose_names import NamesFound, collect_names
from screens.diagnose_plan import PlansFixes
from screens.diagnose_questions import Questions
from screens.diagnose_results import Results
from screens.diagnose_run import (
    Context,
    FailuresRead,
    Job,
    PartFound,
    Run,
    RunEnded,
    empty_or_binary,
    explain,
    read_failures,
)
from screens.session import Session
from screens.text import plural
from screens.widgets.line import Line
from screens.widgets.look import KEY, PLAIN
from screens.widgets.steps_rows import Rows
from screens.widgets.verdict import VerdictView

NOTHING_TOLD: Context = {}


class View(StrEnum):
    """What is below the box, or below the line that it is folded into."""

    NOTHING = "nothing"
    ANSWER = "answer"
    CHOICE = "choice"
    HISTORY = "history"


class DiagnoseScreen(PlansFixes, BaseScreen):
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
        self._asking = True
        self._number = 0
        self._run: Run | None = None
        self._runs: list[Run] = []
        self._failures: tuple[Failure, ...] = ()
        self._waiting = False
        self._role: str | None = None
        self._ran_with_role = False
        self._names_of: Account | None = None

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

    @property
    def ask(self) -> Ask:
        return self.query_one(Ask)

    @property
    def results(self) -> Results:
        return self.query_one(Results)

    @property
    def notice(self) -> VerdictView:
        return self.query_one("#notice", VerdictView)

    def words(self) -> str:
        return WORDS

    def role_in_attention(self) -> Role | None:
        return self.session.role(self._role) if self._role else None

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        run = self._run
        match command.action:
            case "fixes" if run is None or not run.fixes:
                return "There is no fix to go to."
            case "plan":
                return self.why_no_plan()
            case "answer" if not self.results.questions.asked:
                return "No condition key is unknown."
            case "failures" if len(self._failures) < 2:
                return "The text holds one failure only." if self._failures else "No text was explained yet."
            case "export" | "copy" if run is None:
                return "Nothing was diagnosed yet."
            case "history" if not self._runs:
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
        asked.show((" i ", KEY), (self._asked(), PLAIN))
        self.notice.display = self._view is not View.ANSWER and bool(self.notice.head)
        self.query_one(FailureList).display = self._view is View.CHOICE
        self.query_one(HistoryList).display = self._view is View.HISTORY
        self.results.display = self._view is View.ANSWER
        self.refresh_bindings()

    def _asked(self) -> str:
        """What was asked, in one line."""
        run = self._run
        if self._view is View.CHOICE or run is None:
            return self.ask.box.size_in_words
        text = short(run.failure)
        if len(self._failures) > 1 and run.failure in self._failures:
            return f"{self._failures.index(run.failure) + 1} of {len(self._failures)}   {text}"
        return text

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _open(self, *, form: bool | None = None) -> None:
        """Open the box or the form, with the cursor in it."""
        if form is not None:
            self.ask.turn(to_form=form)
        self._arrange(asking=True)
        self._find_names()
        self.ask.put_cursor()

    def _show_answer(self) -> None:
        self._arrange(View.ANSWER, asking=False)
        self.results.steps.focus()

    def _complain(self, sentence: str) -> None:
        """Say on the screen, and not only for a moment, why nothing was explained."""
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
        if not self.ask.in_form and not self.ask.box.held:
            # As in a browser's address line: what comes now takes the place of what was explained before.
            self.ask.box.select_all()

    def on_diagnose_role(self, message: messages.DiagnoseRole) -> None:
        """``d`` on a role: it is the principal now, of the form and of texts that name nobody."""
        message.stop()
        self._set_role(message.arn)
        self.ask.form.field("principal").value = message.arn
        self._open(form=False)

    def on_diagnose_text(self, message: messages.DiagnoseText) -> None:
        """Another screen's failure, such as that of a plan's call: explain it."""
        message.stop()
        self._set_role(None)
        self._open(form=False)
        self.ask.box.take(message.text)
        self.action_run()

    def _set_role(self, arn: str | None) -> None:
        self._role, self._ran_with_role = arn, False
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
        if self._ran_with_role:
            self._set_role(None)

    @on(PasteBox.Refused)
    def _refused(self) -> None:
        self.say("This text is shown, not edited: paste another in its place, or empty the box with ctrl+l.")

    # Running

    @on(Form.Submitted)
    def action_run(self) -> None:
        if self.ask.in_form:
            entered = self.ask.form.entered()
            if entered.denial is None:
                self._complain(entered.objection)
            else:
                self._failures = ()
                self._start(entered.denial, entered.context)
            return
        text = self.ask.box.whole
        objection = empty_or_binary(text)
        if objection:
            self._complain(objection)
            return
        self._number += 1
        number = self._number
        self.notice.say("reading the text")
        self._arrange(View.NOTHING)
        self.run_worker(
            lambda: read_failures(number, text, self.post_message),
            thread=True,
            exclusive=True,
            group="diagnose",
            exit_on_error=False,
        )

    def on_failures_read(self, message: FailuresRead) -> None:
        message.stop()
        if message.number != self._number:
            return
        self._failures = message.failures
        if len(message.failures) == 1:
            self._start(message.failures[0], NOTHING_TOLD)
        else:
            self.action_failures()

    def _start(self, failure: Failure, context: Context, before: Verdict | None = None, again: int = 0) -> None:
        """Explain one failure; whatever ran before is told to stop. ``before`` is the verdict before a change."""
        self._number += 1
        session, results = self.session, self.results
        same = self._run is not None and self._run.failure is failure
        answering = same and results.questions.has_focus_within
        started = datetime.now(UTC).astimezone()
        run = self._run = Run(self._number, failure, context, started, before=before, again=again)
        self._ran_with_role = self._role is not None
        self._waiting = session.loading
        results.begin(run, again=same)
        self._arrange(View.ANSWER, asking=False)
        if not answering:
            results.steps.focus()
        if self._waiting:
            self.workers.cancel_group(self, "diagnose")
            self._show_waiting(run)
            return
        run.offline = session.account is None or session.reader is None
        job = Job(run.number, failure, session.account, session.reader, context, self._role)

        def work() -> None:
            worker = get_current_worker()
            explain(job, self.post_message, lambda: worker.is_cancelled)

        self.run_worker(work, thread=True, exclusive=True, group="diagnose", exit_on_error=False)

    def session_changed(self) -> None:
        run = self._run
        if self._waiting and run is not None:
            if self.session.loading:
                self._show_waiting(run)
            else:
                self._start(run.failure, run.context, run.before, run.again)
        self._find_names()

    def _show_waiting(self, run: Run) -> None:
        account = self.session.account
        progress = account.progress if account and account.progress else "it is being opened"
        self.results.show_progress(run, f"The failure is explained as soon as the account is read: {progress}.")

    def on_part_found(self, message: PartFound) -> None:
        message.stop()
        run = self._run
        if run is not None and message.number == run.number and not run.ended:
            run.take(message.part)
            self.results.add(run, message.part)
            self.refresh_bindings()

    def on_run_ended(self, message: RunEnded) -> None:
        message.stop()
        run = self._run
        if message.number != self._number:
            return
        if run is None or run.number != message.number:
            # The reading of the text broke, before there was anything to explain.
            self._complain(message.trouble)
            return
        run.trouble = message.trouble
        if message.trouble:
            self.session.note("explaining a failure", message.trouble)
        self._finish(run)

    def _finish(self, run: Run) -> None:
        """Nothing more comes. A run that asked the same again, with other answers, takes its forerunner's place."""
        run.ended = True
        self._waiting = False
        if self._runs and self._runs[0].failure is run.failure and (run.before is None or self._runs[0].before):
            self._runs.pop(0)
        self._runs.insert(0, run)
        self.results.finish(run)
        self.look_again(run)
        self.refresh_bindings()

    @on(Questions.Answered)
    def _answered(self, message: Questions.Answered) -> None:
        message.stop()
        if self._run is not None:
            self._start(self._run.failure, message.answers)

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
        """The failures of the text, to choose one."""
        failures = self.query_one(FailureList)
        chosen = self._run.failure if self._run else None
        failures.set_rows(self._failures, self._failures.index(chosen) if chosen in self._failures else 0)
        number, total = len(self._failures), sum(failure.count for failure in self._failures)
        folded = f" ({total:,} with the equal ones)" if total != number else ""
        self.notice.say(f"{plural(number, 'failure')} in this text{folded}", "enter explains the chosen one")
        self._arrange(View.CHOICE, asking=False)
        failures.focus()

    def action_history(self) -> None:
        history = self.query_one(HistoryList)
        history.set_rows(self._runs, self._runs.index(self._run) if self._run in self._runs else 0)
        self.notice.say(f"{plural(len(self._runs), 'diagnosis', 'diagnoses')} of this run", "enter shows one again")
        self._arrange(View.HISTORY, asking=False)
        history.focus()

    def action_recent(self) -> None:
        from screens.recent_denials import RecentDenialsScreen

        self.app.push_screen(RecentDenialsScreen(self.session))

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if isinstance(message.rows, FailureList):
            self._start(self._failures[message.index], NOTHING_TOLD)
        elif isinstance(message.rows, HistoryList):
            run = self._run = self._runs[message.index]
            self._number += 1
            if run.failure not in self._failures:
                self._failures = ()
            self.results.show(run)
            self._show_answer()

    def on_results_opened(self, message: Results.Opened) -> None:
        message.stop()
        if self._run is not None:
            self.app.push_screen(DetailScreen(self.session, self._run.diagnosis, message.subjects, message.index, self))

    def on_detail_screen_left(self, message: DetailScreen.Left) -> None:
        message.stop()
        self.results.go_to(message.subjects, message.index)

    def action_export(self) -> None:
        if self._run is not None:
            export_diagnosis(self, self._run.diagnosis, datetime.now().astimezone())

    def action_copy(self) -> None:
        if self._run is not None:
            copy_menu(self, copies_of(self._run.diagnosis, self.results.subject))

    def action_back(self) -> None:
        run = self._run
        if run is not None and not run.ended:
            self._stop(run)
        elif self._view is View.HISTORY or (self._asking and run is not None):
            self._show_answer()
        elif self._asking and self.focused is not None:
            self.set_focus(None)
        elif self._view is View.CHOICE:
            self._open()
        elif self._view is View.ANSWER and self.focused not in (None, self.results.steps):
            self.results.steps.focus()
        elif self._view is View.ANSWER and len(self._failures) > 1:
            self.action_failures()
        else:
            self.post_message(messages.ShowScreen("roles"))

    def _stop(self, run: Run) -> None:
        self.workers.cancel_group(self, "diagnose")
        run.stopped = True
        self._finish(run)

    # Fixes made plans

    @property
    def run_shown(self) -> Run | None:
        return self._run

    @property
    def fix_chosen(self) -> Fix | None:
        """The fix in sight, else the one under the cursor of their list."""
        subject = self.results.subject
        return subject if isinstance(subject, Fix) else self.results.fixes.current

    def evaluate_again(self, run: Run, before: Verdict, again: int) -> None:
        self._start(run.failure, run.context, before, again)

    # Names for the form

    def _find_names(self) -> None:
        """Let a worker collect what the form can suggest: once an account, and only when the form is in use."""
        account = self.session.account
        if not self.ask.in_form or self._names_of is account or account is None or account.progress is not None:
            return
        self._names_of = account
        self.run_worker(
            lambda: self.post_message(NamesFound(account, collect_names(account))),
            thread=True,
            exclusive=True,
            group="names",
            exit_on_error=False,
        )

    def on_names_found(self, message: NamesFound) -> None:
        message.stop()
        if message.account is self.session.account:
            self.ask.form.offer(message.names)
