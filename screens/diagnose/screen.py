"""Diagnose: paste an error, or describe the denied request, and see step by step why it failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea
from textual.worker import get_current_worker

from diagnostics.diagnosis import Verdict
from diagnostics.failure import Conflict, Failure
from diagnostics.fix import Fix, RoleCreation, Wait
from diagnostics.past_changes import OwnChange
from iam.account import Role
from iam.changes.entity_name import EntityName
from iam.changes.journal import End
from iam.sources.reader.account_reader import AccountReader
from screens import messages
from screens.commands import Command, bindings
from screens.copy.menu import copy_menu
from screens.diagnose.box import PasteBox
from screens.diagnose.deletion_watch import Watched, statuses
from screens.diagnose.detail import DetailScreen, no_form_of, question_of
from screens.diagnose.earlier_runs import NO_ANSWERS, Runs
from screens.diagnose.export import copies_of, export_diagnosis
from screens.diagnose.failure_input import FailureInput
from screens.diagnose.fix_plan import PlanFix, adopted_arn, needed_with, objection_to, plan_key_of, planner_of
from screens.diagnose.form import DenialForm
from screens.diagnose.lists import FailureList, HistoryList
from screens.diagnose.questions import Questions
from screens.diagnose.results import Results
from screens.diagnose.run import (
    AGAIN_AFTER,
    FailuresRead,
    Job,
    LooksFound,
    PartFound,
    Run,
    RunEnded,
    empty_or_binary,
    explain,
    read_failures,
)
from screens.frame.base import PANES
from screens.plan.planning import PlansChanges
from screens.session import Session
from screens.text import plural
from screens.typed import earlier
from screens.widgets.headline import Headline
from screens.widgets.line import Line
from screens.widgets.rows import Rows
from screens.widgets.styles import FAINT, KEY, PLAIN, WARN
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:  # it imports the code that carries out plans, which diagnosing does not need
    from diagnostics.assumptions import Assumption
    from diagnostics.drafts import Draft
    from iam.changes.plan import Plan
    from screens.plan.screen import PlanScreen


def _command(
    name: str, keys: str, title: str, help: str, *, footer: bool = True, palette: bool = True, changes: bool = False
) -> Command:
    return Command(f"diagnose.{name}", keys, title, help, "This screen", footer, palette=palette, changes=changes)


HERE = (
    _command("run", "ctrl+r,ctrl+enter", "explain", "Explain the text in the box, or the form."),
    _command("edit", "o", "edit", "Move the cursor to the box or the form."),
    _command("fixes", "f", "fixes", "Go to the fixes; enter previews a fix."),
    _command(
        "plan",
        "p",
        "plan",
        "Turn the chosen fix into a plan: you see the plan first, confirm it, and can undo it afterwards.",
        changes=True,
    ),
    _command("wider", "plus", "wider", "Make the chosen fix cover more: this object, this prefix, this bucket."),
    _command("narrower", "minus", "narrower", "Narrow the chosen fix by one step."),
    _command("answer", "i", "answer", "Enter values for the unknown condition keys."),
    _command("who-can", "w", "who can", "Show who may perform the denied action on the same resource.", footer=False),
    _command("export", "e", "export", "Save or copy the diagnosis as Markdown or JSON, with or without masked IDs."),
    _command("copy", "y", "copy", "Copy what has the focus: the fix, the evidence or the sentence."),
    _command("failures", "E", "list", "List the failures in the pasted text, to choose another."),
    _command(
        "history",
        "H",
        "history",
        "List the diagnoses of this run. Only unexplained text is saved, as a draft.",
    ),
    _command(
        "recent", "R,ctrl+n", "recent", "List the account's latest denials from CloudTrail, to explain one of them."
    ),
    _command("form", "ctrl+t", "text/form", "Switch between the box and the form."),
    _command(
        "clear",
        "f2",
        "clear",
        "Empty the box and the form, or put back the text that a paste replaced.",
        footer=False,
    ),
    _command("back", "escape", "back", "Stop what is running, close the box, or go back.", palette=False),
)

WORDS = (
    "Paste whatever the failing program printed. The steps follow the order in which AWS evaluates policies. An "
    "explicit deny in any policy denies the request. Otherwise each guardrail must allow the request, and a policy "
    "must grant access. Three sources are compared: the message, AWS's policy simulator, and the local policy "
    "engine. The verdict says how certain it is. Before a fix is offered, the request is evaluated with the fix's "
    "change made."
)


OF_ANSWER = frozenset(("fixes", "plan", "wider", "narrower", "answer", "who_can", "export", "copy"))
"""The actions for the answer that is shown."""

KEEP_AFTER = 0.4
"""Seconds after the last key press until typed text is saved."""

SHORT = 32
"""A screen with fewer lines is short."""
INPUT_ABOVE, INPUT_IN_SHORT = 9, 6
"""The height of the input above an answer or a list, also on a short screen."""


class View(StrEnum):
    """What is shown below the box (which may be collapsed to one line)."""

    NOTHING = "nothing"
    ANSWER = "answer"
    CHOICE = "choice"
    HISTORY = "history"


class DiagnoseScreen(PlansChanges):
    """The box or the form at the top; below it the results, or a list to choose from."""

    MODE = "diagnose"
    AUTO_FOCUS = "#box"
    AFTER_PLAN = "ask again"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    DiagnoseScreen #asked, DiagnoseScreen #unexplained { height: 1; }
    DiagnoseScreen FailureList, DiagnoseScreen HistoryList { height: 1fr; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.runs = Runs()
        self.waiting = False
        """Whether a run waits for the account to be read."""
        self.handed_on: Conflict | None = None
        """The conflict that another screen passed on. The box shows its text, which lacks some of its data."""
        self.role: str | None = None
        """The ARN of the role that is assumed to be the principal of texts that name none."""
        self.ran_with_role = False
        self._keeping: Timer | None = None
        self._restored = False
        self._explained = ""
        """The text of the box that was explained last."""
        self._explained_form: Mapping[str, str] = {}
        """The form's texts that were explained last, or that another screen filled in."""
        self._planned: Run | None = None
        """The run whose fix is being planned."""
        self._creation_begun: tuple[Run, frozenset[str]] | None = None
        """The run from which a creation was started, and the roles that existed then, by ARN."""
        self._view = View.NOTHING
        self._from_list, self._from_screen = False, "roles"
        self._input_open = True

    def compose_body(self) -> Iterable[Widget]:
        yield FailureInput(id="input")
        yield Line(id="asked")
        yield Line(id="unexplained")
        yield Headline(id="notice")
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
        if self._view in (View.CHOICE, View.HISTORY) and command.action in OF_ANSWER:
            return "No answer is shown yet: enter shows the answer for the chosen line."
        match command.action:
            case "fixes" if run is None or not run.fixes:
                working = run is not None and not run.ended
                return "The fixes are still being evaluated." if working else "There is no fix to go to."
            case "plan":
                return self.why_no_plan()
            case "wider" | "narrower":
                return no_form_of(self.fix_chosen, 1 if command.action == "wider" else -1)
            case "who_can" if not self._denied:
                return "It is unknown which action was denied."
            case "answer" if not self.results.questions.asked:
                return "No condition key is unknown."
            case "failures" if len(failures) < 2:
                return "The text contains only one failure." if failures else "No text has been explained yet."
            case "export" | "copy" if run is None:
                return "Nothing has been diagnosed yet."
            case "history" if not self.runs.all:
                return "Nothing has been diagnosed in this run yet."
        return ""

    def title_of(self, command: Command) -> str:
        return plan_key_of(self._fix_in_sight).title if command.action == "plan" else super().title_of(command)

    def leads_to_change(self, command: Command) -> bool:
        of_fix = command.action == "plan"
        return plan_key_of(self._fix_in_sight).changes if of_fix else super().leads_to_change(command)

    # Parts

    @property
    def _fix_in_sight(self) -> Fix | None:
        return self.fix_chosen if self.is_mounted else None

    @property
    def input(self) -> FailureInput:
        return self.query_one(FailureInput)

    @property
    def results(self) -> Results:
        return self.query_one(Results)

    @property
    def notice(self) -> Headline:
        return self.query_one("#notice", Headline)

    @property
    def run_shown(self) -> Run | None:
        return self.runs.current

    @property
    def fix_chosen(self) -> Fix | None:
        """The fix that is shown, or else the one under the cursor in the list of fixes."""
        subject = self.results.subject
        return subject if isinstance(subject, Fix) else self.results.fixes.current

    # What is in sight

    def _arrange(self, view: View | None = None, *, input_open: bool | None = None) -> None:
        """Show the widgets that the current state needs."""
        if view is not None:
            self._view = view
        self.read_at = min((run.read_at for run in self._runs_in_sight), default=None)
        self.show_age()
        if input_open is not None:
            self._input_open = input_open
        # Not by CSS classes: each change of a class would restyle everything in the input.
        above = INPUT_IN_SHORT if self.size.height < SHORT else INPUT_ABOVE
        self.input.styles.height = "1fr" if self._view is View.NOTHING else above
        self.input.display = self._input_open
        asked = self.query_one("#asked", Line)
        asked.display = not self._input_open
        title = "" if self._view is View.CHOICE else self.runs.title()
        asked.show((" o ", KEY), (title or self.input.box.size_in_words, PLAIN))
        self.notice.display = self._view is not View.ANSWER and bool(self.notice.head)
        self.query_one(FailureList).display = self._view is View.CHOICE
        self.query_one(HistoryList).display = self._view is View.HISTORY
        self.results.display = self._view is View.ANSWER
        self._mark_unexplained()
        self.refresh_bindings()

    def _mark_unexplained(self) -> None:
        """Show a note if the box or the form now contains something other than what the answer is about."""
        run, given = self.run_shown, self.input.given
        of_another = run is not None and self._view is View.ANSWER and bool(given.strip()) and given != run.asked
        line = self.query_one("#unexplained", Line)
        if line.display != of_another:
            line.display = of_another
            self.results.name_answer(of_another=of_another)
        if of_another:
            what = "form" if self.input.in_form else "text"
            opens = [] if self._input_open else [(" o ", KEY), ("shows it,", FAINT)]
            words = f" ! This answer is not about the newer {what}:"
            line.show((words, WARN), *opens, (" ctrl+r ", KEY), ("explains it", FAINT))

    @property
    def _runs_in_sight(self) -> list[Run]:
        """The runs whose results the screen shows."""
        shown = [self.run_shown] if self._view is View.ANSWER else self.runs.all if self._view is View.HISTORY else []
        return [run for run in shown if run is not None and not run.offline]

    # What was typed and not explained yet

    @on(TextArea.Changed)
    @on(Input.Changed)
    @on(DenialForm.Edited)
    def _typed(self) -> None:
        if self.is_mounted:
            self._mark_unexplained()
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, self._keep_typed)

    def note_typed(self) -> None:
        with suppress(NoMatches):  # a signal may come while the screen is being built
            self._note_typed()

    def _note_typed(self) -> bool:
        if not self.is_mounted:
            return False
        text, form = self.input.box.whole, self.input.form.texts()
        typed = "" if text == self._explained else text
        form = {} if form == self._explained_form else form
        return self.session.typed.put("Diagnose", {**form, "text": typed} if typed or form else {})

    def _keep_typed(self) -> None:
        if self._note_typed():
            run_in_thread(self, self.session.typed.save, "drafts")

    def _restore_typed(self) -> None:
        """Restore, once, the text typed in an earlier run. If the box already has text, f2 restores it instead."""
        typed = self.session.typed
        if self._restored or not typed.label:
            return
        self._restored = True
        if not self.input.box.whole and not self.input.form.texts():
            self._bring_back(typed.drafts.get("Diagnose") or typed.drafts.pop(earlier("Diagnose"), None))
            return
        draft = typed.drafts.get("Diagnose")
        if draft is not None and draft.values.get("text", "") not in self.input.box.whole:
            typed.set_aside("Diagnose")
        if earlier("Diagnose") in typed.drafts:
            self.say("Your text from an earlier run is kept: f2 restores it in place of this text.")

    def _bring_back(self, draft: Draft | None) -> None:
        if draft is not None:
            self.input.box.take(draft.values.get("text", ""))
            self.input.form.fill(draft.values)
            self.say("Your earlier text is restored; f2 clears it.")

    def _keep_replaced(self, text: str) -> None:
        """Store an unexplained text that a paste has replaced, together with any text stored earlier."""
        from diagnostics.drafts import Draft

        place, drafts = earlier("Diagnose"), self.session.typed.drafts
        before = drafts[place].values.get("text", "") if place in drafts else ""
        texts = [each for each in (text, before) if each]
        drafts[place] = Draft(place, {"text": "\n\n".join(dict.fromkeys(texts))}, datetime.now(UTC))
        self.say("The paste replaced your text. Your text is kept: f2 restores it in place of the paste.")

    def rests_on(self) -> Iterable[EntityName] | None:
        return None if self._runs_in_sight else ()

    @property
    def answer_text(self) -> str | None:
        from diagnostics.report import to_json

        shown = self.run_shown if self._view is View.ANSWER else None
        if shown is None or shown.verdict is None:
            return None
        # The step about recent changes also lists changes to other entities.
        steps = tuple(step for step in shown.steps if step.id != "changes")
        return f"{shown.failure.text}\n{to_json(replace(shown.diagnosis, steps=steps))}"

    def ask_again(self) -> None:
        run = self.run_shown
        if run is not None and self._view is View.ANSWER:
            self.start(run.failure, run.context, change=run.change)

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()

    def _open(self, *, form: bool | None = None) -> None:
        """Open the box or the form and focus it."""
        if form is not None:
            self.input.turn(to_form=form)
        self._arrange(input_open=True)
        self.input.find_names(self.session.account)
        self.input.put_cursor()

    def _show_answer(self) -> None:
        self._arrange(View.ANSWER, input_open=False)
        self.results.steps.focus()

    def show_reading(self) -> None:
        self.notice.say("reading the text")
        self._arrange(View.NOTHING)

    def show_results(self) -> None:
        self._arrange(View.ANSWER, input_open=False)

    def complain(self, sentence: str) -> None:
        self.notice.say("nothing explained", sentence, trouble=True)
        self._arrange(View.NOTHING, input_open=True)

    # Opening the screen, pasting

    def _mode_changed(self, mode: str) -> None:
        if mode != self.MODE:
            return
        if isinstance(self.app.screen, DetailScreen):
            self.app.screen.dismiss()
        if self.app.screen is not self:
            return  # a plan of this diagnosis covers it
        if self._input_open:
            self._open()
        else:
            self._focus_shown()
        self.input.box.expect_paste()

    def _focus_shown(self) -> None:
        """Focus the answer or the list below the collapsed box, so that its keys work. A paste still opens the box."""
        if self._view is View.CHOICE:
            self.query_one(FailureList).focus()
        elif self._view is View.HISTORY:
            self.query_one(HistoryList).focus()
        elif not self.results.has_focus_within:
            self.results.steps.focus()

    def on_diagnose_role(self, message: messages.DiagnoseRole) -> None:
        """Start a new diagnosis with this role as the principal, both in the form and for texts that name no principal.

        It is called for the key ``d`` on a role.
        """
        message.stop()
        self._begin_anew()
        self._set_role(message.arn)
        self.input.form.field("principal").value = message.arn
        self._explained_form = self.input.form.texts()
        self._open(form=False)
        self.input.box.expect_paste()

    def _begin_anew(self) -> None:
        """Stop the current run and clear the answer (H lists it). Text that was not explained yet stays in the box."""
        self.workers.cancel_group(self, "diagnose")
        self.runs.put_away()
        self.waiting, self.handed_on = False, None
        if self.input.box.whole == self._explained:
            self.input.box.take("")
        self.notice.say("")
        self._arrange(View.NOTHING)

    def on_diagnose_text(self, message: messages.DiagnoseText) -> None:
        """Explain a failure from another screen, such as that of a plan's call."""
        message.stop()
        self._set_role(None)
        self._from_list, self._from_screen = message.from_list, message.from_screen
        self._open(form=False)
        self.input.box.take(message.text)
        self.action_run()

    def on_diagnose_conflict(self, message: messages.DiagnoseConflict) -> None:
        """Explain the name conflict of a new role or of a plan's call, with the entity that was to be created."""
        message.stop()
        self._set_role(None)
        self._from_screen = message.from_screen
        self._open(form=False)
        self.handed_on = message.conflict
        self.input.box.take(message.conflict.text)
        self.action_run()

    def _set_role(self, arn: str | None) -> None:
        self.role, self.ran_with_role, self._from_list, self._from_screen = arn, False, False, "roles"
        role = self.role_in_attention()
        self.input.name_role(role.name if role else arn or "")

    def on_paste(self, event: events.Paste) -> None:
        """Put a paste that no input accepted into the box, in place of the text that was last explained."""
        event.stop()
        self._open(form=False)
        replaced = self.input.box.whole
        self.input.box.take(event.text)
        self._pasted(PasteBox.Pasted(replaced))

    @on(PasteBox.Pasted)
    def _pasted(self, message: PasteBox.Pasted) -> None:
        message.stop()
        if message.replaced.strip() and message.replaced not in (self._explained, self.input.box.whole):
            self._keep_replaced(message.replaced)
        self._from_list = False
        if self.ran_with_role:
            self._set_role(None)

    @on(PasteBox.Refused)
    def _refused(self) -> None:
        self.say("This text cannot be edited here: paste another text in its place, or empty the box with f2.")

    # Explaining

    @on(DenialForm.Submitted)
    def action_run(self) -> None:
        if self.input.in_form:
            entered = self.input.form.entered()
            if entered.denial is None:
                self.complain(entered.objection)
            else:
                self.runs.read((), self.input.given)
                self._explained_form = self.input.form.texts()
                self._keep_typed()
                self.start(entered.denial, entered.context)
            return
        text = self._explained = self.input.box.whole
        self._keep_typed()
        objection = empty_or_binary(text)
        if objection:
            self.complain(objection)
            return
        if self.handed_on is not None and self.handed_on.text == text:
            self.runs.read((self.handed_on,), text)
            self.start(self.handed_on)
            return
        number = self.runs.next_number()
        earlier = self.runs.current.failure.text if self.runs.current is not None else ""
        self.show_reading()
        run_in_thread(self, lambda: read_failures(number, text, self.post_message, earlier), "diagnose")

    def on_failures_read(self, message: FailuresRead) -> None:
        message.stop()
        if message.number != self.runs.number:
            return
        earlier = self.run_shown
        if message.kept != message.text and self.input.box.whole == message.text:
            # The token is not needed any longer: its decoded contents replace it, and lead to the same answer.
            self.input.box.take(message.kept)
            self._explained = self.input.box.whole
            self._keep_typed()
        self.runs.read(message.failures, self._explained)
        if len(message.failures) == 1:
            again = earlier is not None and earlier.failure == message.failures[0]
            self.start(message.failures[0], change=earlier.change if earlier is not None and again else None)
        else:
            self.action_failures()

    def start(
        self,
        failure: Failure,
        answers: Mapping[str, tuple[str, ...]] = NO_ANSWERS,
        before: Verdict | None = None,
        again: int = 0,
        made: str = "",
        change: OwnChange | None = None,
    ) -> None:
        """Explain a failure. An earlier run is stopped.

        ``before`` is the verdict before a ``change``, ``made`` the role that was created in the meantime.
        """
        session, results = self.session, self.results
        same = self.run_shown is not None and self.run_shown.failure is failure
        answering = same and results.questions.has_focus_within
        run = self.runs.begin(failure, answers, self.session.shown_time(datetime.now(UTC)))
        run.before, run.again, run.made, run.change = before, again, made, change
        self.ran_with_role = self.role is not None
        self.waiting = session.loading
        if (accounts := session.accounts) is not None:
            results.name_of = accounts.name_of
        run.offline = not self.waiting and (session.account is None or session.reader is None)
        run.read_at = session.writes.present
        results.begin(run, again=same)
        self.show_results()
        if not answering:
            results.steps.focus()
        if self.waiting:
            self.workers.cancel_group(self, "diagnose")
            self._show_waiting(run)
            return
        job = Job(run.number, failure, session.account, session.reader, run.context, self.role, change)

        def work() -> None:
            worker = get_current_worker()
            explain(job, self.post_message, lambda: worker.is_cancelled)

        run_in_thread(self, work, "diagnose")

    def session_changed(self) -> None:
        run = self.run_shown
        if self.waiting and run is not None:
            if self.session.loading:
                self._show_waiting(run)
            else:
                self.start(run.failure, run.context, run.before, run.again, run.made, run.change)
        self._restore_typed()
        self.look_for_created()
        self.input.find_names(self.session.account)

    def _show_waiting(self, run: Run) -> None:
        account = self.session.account
        progress = account.progress if account and account.progress else "the account is being opened"
        self.results.show_progress(run, f"The failure will be explained as soon as the account is read: {progress}.")

    def on_part_found(self, message: PartFound) -> None:
        message.stop()
        run = self.run_shown
        if run is not None and message.number == run.number and not run.ended:
            run.take(message.part)
            self.results.add(run, message.part)
            self.refresh_bindings()

    def on_looks_found(self, message: LooksFound) -> None:
        message.stop()
        run = self.run_shown
        if run is not None and message.number == run.number and not run.ended:
            run.looks = message.looks
            self.results.show_looks(run)

    def on_run_ended(self, message: RunEnded) -> None:
        message.stop()
        run = self.run_shown
        if message.number != self.runs.number:
            return
        if run is None or run.number != message.number:
            # Reading the text failed before there was anything to explain.
            self.complain(message.trouble)
            return
        run.trouble = message.trouble
        if message.trouble:
            self.session.note("explaining a failure", message.trouble)
        self._finish(run)
        if not run.trouble and not run.context and (assumed := self._assumed(run)):
            self.start(run.failure, assumed)

    def _assumed(self, run: Run) -> dict[str, tuple[str, ...]]:
        """Return the operator's assumptions about the keys whose values the verdict asks for."""
        given = {key.lower(): value for key, value in self.session.assumed.items()}
        asked = run.verdict.questions if run.verdict is not None else ()
        return {each.key: (given[each.key.lower()],) for each in asked if each.key.lower() in given}

    @property
    def assumptions_used(self) -> Sequence[Assumption]:
        from diagnostics.assumptions import Assumption

        context = self.run_shown.context if self.run_shown is not None else {}
        known = {key.lower(): values for key, values in context.items()}
        return [
            Assumption(key, value, given=True)
            for key, value in self.session.assumed.items()
            if known.get(key.lower()) == (value,)
        ]

    def assumptions_changed(self) -> None:
        """Explain the failure again, because values that it depends on may have changed."""
        if self.run_shown is not None:
            self.start(self.run_shown.failure)

    def stop_run(self, run: Run) -> None:
        self.workers.cancel_group(self, "diagnose")
        run.stopped = True
        self._finish(run)

    def _finish(self, run: Run) -> None:
        """End the run."""
        run.ended = True
        self.waiting = False
        self.runs.add(run)
        self.results.finish(run)
        self.look_again(run)
        self.show_age()
        self.refresh_bindings()

    @on(Questions.Answered)
    def _answered(self, message: Questions.Answered) -> None:
        message.stop()
        if self.run_shown is not None:
            self.start(self.run_shown.failure, message.answers)

    # Plans of fixes

    def _show_adoption(self, role: Role, text: str) -> None:
        from diagnostics.tools import Tool, logical_name, tool_in
        from screens.copy.adoption import show_adoption

        tool = tool_in(text) or Tool.TERRAFORM
        if self.session.account is not None:
            show_adoption(self, role, self.session.account, tool.form, logical_name(text, tool) or "")

    def why_no_plan(self) -> str:
        run = self.run_shown
        if run is None or not run.fixes or not run.ended:
            return "There is no fix to plan."
        fix = self.fix_chosen
        return objection_to(fix, needed_with(fix, run.fixes) if fix else ())

    def action_wider(self) -> None:
        self._form(1)

    def action_narrower(self) -> None:
        self._form(-1)

    def _form(self, by: int) -> None:
        fix = self.fix_chosen
        form = fix and fix.in_form(by)
        if fix is not None and form is not None:
            self._take_form(fix, form)

    @on(DetailScreen.Formed)
    def _formed(self, message: DetailScreen.Formed) -> None:
        message.stop()
        self._take_form(message.fix, message.form)

    def _take_form(self, fix: Fix, form: Fix) -> None:
        """Replace the fix with another form of it; plan, copy and export then use that form."""
        run = self.run_shown
        if run is not None and fix in run.fixes:
            run.fixes[run.fixes.index(fix)] = form
            self.results.replace_fix(fix, form)
            self.refresh_bindings()

    def action_plan(self) -> None:
        if self.fix_chosen is not None:
            self.plan_fix(self.fix_chosen)

    def on_plan_fix(self, message: PlanFix) -> None:
        message.stop()
        self.plan_fix(message.fix)

    def plan_fix(self, fix: Fix) -> None:
        run, account, reader = self.run_shown, self.session.account, self.session.reader
        if run is None or account is None or reader is None:
            return
        if (role := self.session.role(adopted_arn(fix))) is not None:
            self._show_adoption(role, run.failure.text)
            return
        match fix.change:
            case RoleCreation(role=new) if account.role_ignoring_case(new.name) is None:
                self._creation_begun = (run, frozenset(role.arn for role in account.roles))
                self.app.post_message(messages.CreateNewRole(new))
                return
            case Wait() as waiting:
                self.wait_for(run, waiting, reader)
                return
        self._planned = run
        self.plan_change(
            planner_of(fix, needed_with(fix, run.fixes)), "Reading what this change affects, for the plan ..."
        )

    def look_for_created(self) -> None:
        """Explain the failure again if Create was opened from it and has created a role since."""
        account = self.session.account
        if self._creation_begun is None or account is None or account.progress is not None:
            return
        run, there = self._creation_begun
        made = next((role.name for role in account.roles if role.arn not in there), None)
        if made is None:
            return
        self._creation_begun = None
        if self.run_shown is not None and self.run_shown.failure is run.failure:
            self.start(run.failure, run.context, made=made)

    def show_plan(self, plan: Plan) -> None:
        if self.run_shown is self._planned:
            super().show_plan(plan)

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        """Explain the failure again after the fix was made or undone."""
        message.stop()
        run, shown = self._planned, self.run_shown
        if run is None or run.verdict is None or shown is None or message.end is End.LEFT:
            return
        # For a second change, the earlier verdict is the one that is shown now.
        before = shown.verdict if shown.failure is run.failure and shown.verdict is not None else run.verdict
        reader = self.session.reader
        change = None
        if message.end is End.APPLIED and reader is not None:
            from diagnostics.plans.fix import written_policies  # it imports the code that makes plans

            change = OwnChange(message.plan.title, reader.clock(), written_policies(message.plan))
        self.evaluate_again(run, before, 0, change)

    def evaluate_again(self, run: Run, before: Verdict, again: int, change: OwnChange | None = None) -> None:
        """Explain the failure of ``run`` again after a change. ``again`` is the number of earlier attempts.

        ``change`` is the change if this program made it, else None.
        """
        self.start(run.failure, run.context, before, again, change=change)

    def wait_for(self, run: Run, watch: Wait, reader: AccountReader) -> None:
        """Poll the status of a deletion, and explain the failure again when it ends."""

        def work() -> None:
            worker = get_current_worker()
            for status in statuses(watch, reader, lambda: worker.is_cancelled or self.run_shown is not run):
                self.post_message(Watched(run.number, status))

        run_in_thread(self, work, "plan-of-fix")

    def on_watched(self, message: Watched) -> None:
        message.stop()
        run = self.run_shown
        if run is None or run.number != message.number or run.verdict is None:
            return
        self.say(message.status.sentence, trouble=message.status.trouble)
        if message.status.over:
            self.evaluate_again(run, run.verdict, len(AGAIN_AFTER))

    def look_again(self, run: Run) -> None:
        """Schedule another evaluation after a change, as long as the result is the same as before the change."""
        before, seconds = run.before, run.again_in
        if before is None or seconds is None:
            return

        def again() -> None:
            if self.run_shown is run and self.query_one("#results").display:
                self.evaluate_again(run, before, run.again + 1, run.change)

        self.set_timer(seconds, again)

    # Commands

    def action_edit(self) -> None:
        self._open()
        if self.input.box.whole == self._explained:
            self.input.box.expect_paste()  # a key press edits the text; a paste replaces it

    def action_form(self) -> None:
        self._open(form=not self.input.in_form)

    def action_fixes(self) -> None:
        self._show_answer()
        self.results.fixes.focus()

    def action_answer(self) -> None:
        self._show_answer()
        self.results.questions.focus_first()

    def action_clear(self) -> None:
        self.input.box.take("")
        self.input.form.clear()
        self._set_role(None)
        self._open()
        self._bring_back(self.session.typed.drafts.pop(earlier("Diagnose"), None))

    @property
    def _denied(self) -> str:
        """The who-can question for the denied request; "" if its action is unknown."""
        run = self.run_shown
        return question_of(run.failure) if run is not None and self.session.account is not None else ""

    def action_who_can(self) -> None:
        from screens.who_can.screen import WhoCanScreen

        self.app.push_screen(WhoCanScreen(self.session, self._denied, mode=self.MODE, ask=True))

    def action_failures(self) -> None:
        failures = self.query_one(FailureList)
        found = self.runs.failures
        failures.set_rows(found, self.runs.place())
        number, total = len(found), sum(failure.count for failure in found)
        folded = f" ({total:,} with repeats)" if total != number else ""
        self.notice.say(f"{plural(number, 'failure')} in this text{folded}", "enter explains the chosen failure")
        self._arrange(View.CHOICE, input_open=False)
        failures.focus()

    def action_history(self) -> None:
        history, runs = self.query_one(HistoryList), self.runs.all
        history.set_rows(runs, runs.index(self.run_shown) if self.run_shown in runs else 0)
        self.notice.say(f"{plural(len(runs), 'diagnosis', 'diagnoses')} of this run", "enter shows a diagnosis again")
        self._arrange(View.HISTORY, input_open=False)
        history.focus()

    def action_recent(self) -> None:
        from screens.diagnose.recent.screen import RecentDenialsScreen

        self.app.push_screen(RecentDenialsScreen(self.session))

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        message.stop()
        if not message.stands:
            return
        if isinstance(message.rows, FailureList):
            self.start(self.runs.failures[message.index])
        elif isinstance(message.rows, HistoryList):
            self.results.show(self.runs.show(message.index))
            self._show_answer()

    def on_results_opened(self, message: Results.Opened) -> None:
        message.stop()
        if self.run_shown is not None:
            diagnosis = self.run_shown.diagnosis
            detail = DetailScreen(self.session, diagnosis, message.subjects, message.index, self)
            detail.read_at = self.read_at
            self.app.push_screen(detail)

    def on_detail_screen_left(self, message: DetailScreen.Left) -> None:
        message.stop()
        self.results.go_to(message.subjects, message.index)

    def action_export(self) -> None:
        if self.run_shown is not None:
            export_diagnosis(self, self.run_shown.diagnosis, self.session.shown_time(datetime.now(UTC)))

    def action_copy(self) -> None:
        if self.run_shown is not None:
            copy_menu(self, copies_of(self.run_shown.diagnosis, self.results.subject, self.results.name_of))

    def action_back(self) -> None:
        if self.stop_planning():
            return
        run = self.run_shown
        if run is not None and not run.ended:
            self.stop_run(run)
        elif self._view is View.HISTORY or (self._input_open and run is not None):
            self._show_answer()
        elif self._input_open and self.focused is not None:
            self.set_focus(None)
        elif self._view is View.CHOICE:
            self._open()
        elif self._view is View.ANSWER and self.focused not in (None, self.results.steps):
            self.results.steps.focus()
        elif self._view is View.ANSWER and len(self.runs.failures) > 1:
            self.action_failures()
        elif self._from_list:
            self._from_list = False  # the next escape, on the list, leads elsewhere
            self.action_recent()
        else:
            self.post_message(messages.ShowScreen(self._from_screen))
