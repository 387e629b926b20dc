"""Diagnose: paste what a program printed, or fill in who wanted what, and see step by step why it failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.diagnosis import Status, Step, Verdict
from diagnostics.failure import Failure
from iam.account import Role
from screens import messages
from screens.base import PANES, BaseScreen
from screens.commands import Command, bindings
from screens.diagnose_box import PasteBox
from screens.diagnose_commands import HERE, WORDS
from screens.diagnose_form import Form
from screens.diagnose_lists import FailureList, HistoryList, short
from screens.diagnose_names import NamesFound, collect_names
from screens.diagnose_questions import Questions
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
from screens.text import plural, visible
from screens.widgets.fixes import Fixes
from screens.widgets.line import Line
from screens.widgets.look import FAINT, KEY, PLAIN, STRONG
from screens.widgets.steps import Steps
from screens.widgets.steps_evidence import EvidencePane
from screens.widgets.steps_rows import Rows
from screens.widgets.verdict import VerdictView

NOTHING: Context = {}


class DiagnoseScreen(BaseScreen):
    """The box or the form on top; below it the verdict, the fixes, the steps, and the evidence of the chosen one."""

    MODE = "diagnose"
    AUTO_FOCUS = "#box"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    DiagnoseScreen #ask { height: 1fr; }
    DiagnoseScreen.answered #ask { height: 9; }
    DiagnoseScreen.answered.short #ask { height: 6; }
    DiagnoseScreen #tabs, DiagnoseScreen #asked, DiagnoseScreen #subject { height: 1; }
    DiagnoseScreen #steps { height: 1; max-height: 45%; }
    DiagnoseScreen #evidence { height: 1fr; }
    DiagnoseScreen #failures { height: 1fr; }
    DiagnoseScreen #history { height: 1; max-height: 8; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._number = 0
        self._asking = True
        self._choosing = False
        self._in_form = False
        self._run: Run | None = None
        self._runs: list[Run] = []
        self._failures: tuple[Failure, ...] = ()
        self._waiting: tuple[Failure, Context] | None = None
        self._role: str | None = None
        self._ran_with_role = False
        self._moved = False
        self._names_of: object = None

    def compose_body(self) -> Iterable[Widget]:
        with Vertical(id="ask"):
            yield Line(id="tabs")
            yield PasteBox(id="box")
            yield Form(id="form")
        yield Line(id="asked")
        yield VerdictView(id="verdict")
        yield FailureList(id="failures")
        yield Questions(id="questions")
        yield Fixes(id="fixes")
        yield Steps(id="steps")
        yield Line(id="subject")
        yield EvidencePane(id="evidence")
        yield HistoryList(id="history")

    def on_mount(self) -> None:
        self.app.mode_change_signal.subscribe(self, self._mode_changed)
        self._arrange()

    # The parts

    @property
    def box(self) -> PasteBox:
        return self.query_one(PasteBox)

    @property
    def form(self) -> Form:
        return self.query_one(Form)

    @property
    def verdict(self) -> VerdictView:
        return self.query_one(VerdictView)

    @property
    def steps(self) -> Steps:
        return self.query_one(Steps)

    @property
    def fixes(self) -> Fixes:
        return self.query_one(Fixes)

    @property
    def running(self) -> bool:
        return self._waiting is not None or (self._run is not None and not self._run.ended)

    def words(self) -> str:
        return WORDS

    def role_in_attention(self) -> Role | None:
        return self.session.role(self._role) if self._role else None

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection:
            return objection
        run = self._run
        match command.action:
            case "fixes" if run is None or not run.fixes:
                return "There is no fix to go to."
            case "answer" if not self.query_one(Questions).asked:
                return "No condition key is unknown."
            case "failures" if len(self._failures) < 2:
                return "The text holds one failure only." if self._failures else "No text was explained yet."
            case "history" if not self._runs:
                return "Nothing was diagnosed in this run yet."
        return ""

    # What is in sight

    def _arrange(self) -> None:
        """Show the parts that belong to the present state."""
        answered = self._run is not None and not self._choosing
        self.set_class(answered or self._choosing, "answered")
        self.set_class(self.size.height < 32, "short")
        run = self._run
        asking = self._asking or not (answered or self._choosing)
        self.query_one("#ask").display = asking
        self.query_one("#asked").display = not asking
        self.box.display = not self._in_form
        self.form.display = self._in_form
        self.query_one("#failures").display = self._choosing
        self.query_one("#questions").display = answered and self.query_one(Questions).asked
        self.fixes.display = answered and run is not None and bool(run.fixes)
        for name in ("steps", "subject", "evidence"):
            self.query_one(f"#{name}").display = answered
        self.query_one("#history").display = not answered and not self._choosing and bool(self._runs)
        self._show_tabs()
        self._show_asked()
        self.refresh_bindings()

    def _show_tabs(self) -> None:
        here, aside = STRONG, FAINT
        size = self.box.size_in_words
        about = f"   {size}" if size and not self._in_form else ""
        role = self.role_in_attention()
        if role is not None:
            about += f"   for {visible(role.name)}, where the text names nobody"
        self.query_one("#tabs", Line).show(
            (" Text ", aside if self._in_form else here),
            ("ctrl+t", KEY),
            (" Form ", here if self._in_form else aside),
            (about, FAINT),
        )

    def _show_asked(self) -> None:
        text = short(self._run.failure) if self._run else ""
        if self._choosing:
            text = self.box.size_in_words
        elif len(self._failures) > 1 and self._run and self._run.failure in self._failures:
            place = self._failures.index(self._run.failure) + 1
            text = f"{place} of {len(self._failures)} failures   {text}"
        self.query_one("#asked", Line).show((" i ", KEY), (text, PLAIN))

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _ask(self, *, form: bool | None = None) -> None:
        """Open the box or the form, with the cursor in it."""
        self._asking = True
        if form is not None:
            self._in_form = form
        self._arrange()
        if self._in_form:
            self._find_names()
            self.form.focus_first_empty()
        else:
            self.box.focus()

    def _show_answer(self) -> None:
        self._asking = False
        self._arrange()
        self.steps.focus()

    def _complain(self, sentence: str) -> None:
        """Say on the screen, and not only for a moment, why nothing was explained."""
        self.verdict.say("nothing explained" if self._run is None else "", sentence, trouble=True)
        self.say(sentence, trouble=True)

    # Opening the screen, pasting

    def _mode_changed(self, mode: str) -> None:
        if mode == self.MODE:
            self._ask(form=False if not self._in_form else None)
            if not self._in_form and not self.box.held:
                self.box.select_all()

    def on_diagnose_role(self, message: messages.DiagnoseRole) -> None:
        """``d`` on a role: it is the principal now, of the form and of texts that name nobody."""
        message.stop()
        self._role = message.arn
        self._ran_with_role = False
        self.form.field("principal").value = message.arn
        self._ask(form=False)

    def on_paste(self, event: events.Paste) -> None:
        """A paste that no line took: it lands in the box, in place of what was explained there before."""
        event.stop()
        if not self._asking or self._in_form or not self.box.has_focus:
            self._ask(form=False)
            self.box.take(event.text)
            self._pasted()

    @on(PasteBox.Pasted)
    def _pasted(self) -> None:
        if self._ran_with_role:
            self._role, self._ran_with_role = None, False
        self._show_tabs()

    @on(PasteBox.Changed)
    def _typed(self) -> None:
        self._show_tabs()

    @on(PasteBox.Refused)
    def _refused(self) -> None:
        self.say("This text is shown, not edited: paste another in its place, or empty the box with ctrl+l.")

    # Running

    @on(Form.Submitted)
    def action_run(self) -> None:
        if self._in_form:
            entered = self.form.entered()
            if entered.denial is None:
                self._complain(entered.objection)
                return
            self._failures = ()
            self._start(entered.denial, entered.context)
            return
        text = self.box.whole
        objection = empty_or_binary(text)
        if objection:
            self._complain(objection)
            return
        self._number += 1
        number = self._number
        self.verdict.say("reading the text")
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
            self._start(message.failures[0], NOTHING)
        else:
            self._choose()

    def _choose(self) -> None:
        self._choosing, self._asking = True, False
        failures = self.query_one(FailureList)
        chosen = self._run.failure if self._run else None
        failures.set_rows(self._failures, self._failures.index(chosen) if chosen in self._failures else 0)
        number, total = len(self._failures), sum(failure.count for failure in self._failures)
        folded = f" ({total:,} with the equal ones)" if total != number else ""
        self.verdict.say(f"{plural(number, 'failure')} in this text{folded}", "enter explains the chosen one")
        self._arrange()
        failures.focus()

    @on(FailureList.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        if isinstance(message.rows, FailureList):
            message.stop()
            self._start(self._failures[message.index], NOTHING)

    def _start(self, failure: Failure, context: Context) -> None:
        self._number += 1
        session = self.session
        again = self._run is not None and self._run.failure is failure
        self._run = Run(self._number, failure, context, datetime.now(UTC).astimezone(), offline=session.account is None)
        self._choosing = False
        self._moved = False
        self._ran_with_role = self._role is not None
        self.steps.set_rows(())
        self.fixes.set_rows(())
        self._size_lists()
        self._show_subject(None)
        if not again:
            self._asking = False
            self.call_later(self.query_one(Questions).ask, (), NOTHING)
        self._arrange()
        if not again or not self.query_one(Questions).has_focus_within:
            self.steps.focus()
        if session.loading:
            self._waiting = (failure, context)
            self._show_progress()
            return
        self._waiting = None
        self._show_progress()
        job = Job(self._number, failure, session.account, session.reader, context, self._role)

        def work() -> None:
            worker = get_current_worker()
            explain(job, self.post_message, lambda: worker.is_cancelled)

        self.run_worker(work, thread=True, exclusive=True, group="diagnose", exit_on_error=False)

    def session_changed(self) -> None:
        if self._waiting is not None:
            if self.session.loading:
                self._show_progress()
            else:
                failure, context = self._waiting
                self._start(failure, context)
        self._find_names()

    def _show_progress(self) -> None:
        run = self._run
        if run is None or run.ended or run.verdict is not None:
            return
        if self._waiting is not None:
            account = self.session.account
            progress = account.progress if account and account.progress else "opening it"
            self.verdict.say("waiting for the account", f"It is explained as soon as the account is read: {progress}.")
        else:
            so_far = f", {plural(len(run.steps), 'step')} so far" if run.steps else ""
            self.verdict.say(f"looking for the cause{so_far} (esc stops)")

    def on_part_found(self, message: PartFound) -> None:
        message.stop()
        run = self._run
        if run is None or message.number != run.number or run.ended:
            return
        part = message.part
        run.take(part)
        if isinstance(part, Step):
            self.steps.add_row(part)
            self._size_lists()
            if len(run.steps) == 1:
                self._show_subject(part)
            self._show_progress()
        elif isinstance(part, Verdict):
            self._show_verdict(run)
        else:
            self.fixes.add_row(part)
            self._size_lists()
            self._arrange()

    def on_run_ended(self, message: RunEnded) -> None:
        message.stop()
        run = self._run
        if message.number != self._number:
            return
        if run is None or run.number != message.number:
            # The reading of the text broke, before there was anything to explain.
            self._complain(message.trouble)
            return
        run.ended = True
        run.trouble = message.trouble
        if message.trouble:
            self.session.note("explaining a failure", message.trouble)
        self._show_verdict(run)
        self._remember(run)
        self._arrange()

    def _show_verdict(self, run: Run) -> None:
        notes: list[str] = []
        if run.trouble:
            notes.append(run.trouble)
        if run.offline:
            notes.append("Only the text was read: there is no account to look into. " + self.session.failure)
        if run.stopped:
            notes.append("Stopped: what was found until then stands below.")
        if run.verdict is None:
            sentence = " ".join(notes) or "The diagnosis ended without a verdict: the steps say what was found."
            self.verdict.say("no verdict", sentence, trouble=True)
            return
        self.verdict.show(run.verdict, notes)
        self.call_later(self._ask_questions, run)
        if not self._moved:
            self._go_to_cause(run)

    async def _ask_questions(self, run: Run) -> None:
        if run is self._run and run.verdict is not None:
            await self.query_one(Questions).ask(run.verdict.questions, run.context)
            self._arrange()

    def _go_to_cause(self, run: Run) -> None:
        """The cursor onto the step that decided, so that its evidence is in sight at once."""
        index = deciding_step(run.steps, run.verdict)
        if index is not None:
            self.steps.point_at(index)
            self._show_subject(run.steps[index])

    def _remember(self, run: Run) -> None:
        """Keep the run; one that asked the same again, with more context, takes the place of the one before."""
        if self._runs and self._runs[0].failure is run.failure:
            self._runs.pop(0)
        self._runs.insert(0, run)
        self.query_one(HistoryList).set_rows(self._runs)
        self.query_one(HistoryList).styles.height = len(self._runs)

    def _size_lists(self) -> None:
        self.steps.styles.height = max(len(self.steps.rows), 1)
        self.fixes.styles.height = max(len(self.fixes.rows), 1)

    @on(Questions.Answered)
    def _answered(self, message: Questions.Answered) -> None:
        message.stop()
        if self._run is not None:
            self._start(self._run.failure, message.answers)

    # Moving about

    @on(Rows.Highlighted)
    def _highlighted(self, message: Rows.Highlighted) -> None:
        message.stop()
        if message.rows is self.steps:
            self._moved = True
        if message.rows in (self.steps, self.fixes):
            self._show_subject(message.rows.current)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget in (self.steps, self.fixes):
            assert isinstance(event.widget, (Steps, Fixes))
            self._show_subject(event.widget.current)

    def _show_subject(self, subject: object) -> None:
        evidence = self.query_one("#evidence", EvidencePane)
        title = self.query_one("#subject", Line)
        rule = "──"
        if isinstance(subject, Step):
            evidence.show(subject)
            title.show((f" {rule} ", FAINT), (f"{visible(subject.title)} ", STRONG), (rule, FAINT))
        elif subject is None:
            evidence.show(None)
            title.show("")
        else:
            fix = self.fixes.current
            evidence.show(fix)
            title.show((f" {rule} ", FAINT), (f"Fix {self.fixes.cursor + 1} ", STRONG), (rule, FAINT))

    def action_edit(self) -> None:
        self._ask()

    def action_form(self) -> None:
        self._ask(form=not self._in_form)

    def action_fixes(self) -> None:
        self.fixes.focus()

    def action_answer(self) -> None:
        self.query_one(Questions).focus_first()

    def action_failures(self) -> None:
        self._choose()

    def action_clear(self) -> None:
        self.box.take("")
        self._role = None
        self.form.clear()
        self._ask()

    def action_history(self) -> None:
        self.app.bell()

    def action_back(self) -> None:
        run = self._run
        if run is not None and not run.ended:
            self._stop(run)
        elif self._asking and run is not None:
            self._show_answer()
        elif self._asking and self.focused is not None:
            self.set_focus(None)
        elif self.focused not in (None, self.steps) and not self._asking and not self._choosing:
            self.steps.focus()
        elif self._choosing:
            self._choosing = False
            self._ask()
        elif len(self._failures) > 1 and not self._asking:
            self._choose()
        else:
            self.post_message(messages.ShowScreen("roles"))

    def _stop(self, run: Run) -> None:
        self.workers.cancel_group(self, "diagnose")
        self._waiting = None
        run.ended = run.stopped = True
        self._show_verdict(run)
        self._remember(run)
        self._arrange()

    # Names for the form

    def _find_names(self) -> None:
        """Let a worker collect what the form can suggest, once an account, and only if the form is in use."""
        account = self.session.account
        if not self._in_form or self._names_of is account:
            return
        if account is None or account.progress is not None:
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
            self.form.offer(message.names)


def deciding_step(steps: Sequence[Step], verdict: Verdict | None) -> int | None:
    """The step that made the verdict: the failed one that speaks of the cause's layer, else the last failed one, else
    the first that could not be told."""
    layer = verdict.cause.partition(".")[0] if verdict else ""
    failed = [index for index, step in enumerate(steps) if step.status is Status.FAIL]
    unknown = [index for index, step in enumerate(steps) if step.status is Status.UNKNOWN]
    for index in failed:
        if layer and (layer in steps[index].id or any(each.layer == layer for each in steps[index].evidence)):
            return index
    return failed[-1] if failed else unknown[0] if unknown else None
