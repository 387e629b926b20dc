"""A plan before, during and after it is carried out: every call with its parameters, its undo and its state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

from iam.account import Role
from iam.changes.apply import CallStatus, WayBack, keep, leave
from iam.changes.entity_name import EntityName, entities_of
from iam.changes.export.cli import written
from iam.changes.journal import CallProgress, End, JournalError, JournalRecord, read_journal
from iam.changes.plan import Call, Plan, PlanError
from iam.changes.undo_plan import HALF_UNDONE, undone_sentence
from iam.gate.passed import Passed
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from iam.words import plural
from screens.commands import Command, CommandSituation, Permission, always, bindings, every, writing
from screens.copy.menu import copy_menu
from screens.export.menu import export_menu
from screens.frame.base import PANES, BaseScreen
from screens.messages import AccountRenewed, DiagnoseConflict, DiagnoseText
from screens.plan.call_detail import CallDetail, ShownChange, change_of
from screens.plan.calls import PlanCalls, PlannedCall, Summary
from screens.plan.confirm import TypeName, dangerous
from screens.plan.forms import FORMS, plan_copies, plan_export, refused_form
from screens.plan.run import CallHappened, Judged, Order, RunOver, carry_out, judge
from screens.plan.state import PlanState
from screens.plan.timed import CHOICES, OTHER_PROFILE, TIMES, TimedOver, TimedWatch, shows_now
from screens.plan.words import asked, head_of, summary_texts, undo_in_force
from screens.session import Session
from screens.widgets.confirm import ANSWER_KEYS, YES, Confirm, question
from screens.widgets.headline import Headline
from screens.widgets.modal import Menu, MenuChoice, TextLines
from screens.widgets.pane import Pane
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import FAINT, STRONG, WARN
from screens.worker_failures import Answer, run_in_thread


def read_whole(situation: CommandSituation) -> str:
    """Return a sentence that says that the account must first be read completely; "" if it has been.

    Data that arrives later could hide the change on the screen.
    """
    return "The account is still being read: try again when the reading is done." if situation.session.loading else ""


CHANGING = every(writing, read_whole)


def _command(
    name: str, keys: str, title: str, help: str, *, footer: bool = True, allowed: Permission = always
) -> Command:
    return Command(
        f"plan.{name}",
        keys,
        title,
        help,
        "This screen",
        footer,
        allowed,
        changes=allowed is CHANGING and name != "undo",
    )


HERE = (
    _command("apply", "ctrl+r", "apply", "Carry out the plan, after one confirmation.", allowed=CHANGING),
    _command(
        "timed",
        "@",
        "for a time",
        "Carry out the plan for a limited time: the change is then undone unless you keep it.",
        footer=False,
        allowed=CHANGING,
    ),
    _command(
        "resume", "ctrl+r", "resume", "Resume a change that was stopped, after one confirmation.", allowed=CHANGING
    ),
    _command("diagnose", "d", "why", "Diagnose the failed call."),
    _command(
        "roll-back",
        "u",
        "roll back",
        "Undo what was done, the last call first, after one confirmation.",
        allowed=CHANGING,
    ),
    _command(
        "leave",
        "=",
        "leave as is",
        "Leave a stopped change as it is, or keep a change made for a limited time.",
    ),
    _command("undo", "u", "undo", "Show the plan that undoes this change.", allowed=CHANGING),
    _command("cli", "6", "CLI", "Show the plan as AWS CLI commands; press again for the calls."),
    _command("terraform", "7", "Terraform", "Show the plan as Terraform; press again for the calls."),
    _command(
        "cloudformation",
        "8",
        "CloudFormation",
        "Show the plan as a CloudFormation template; press again for the calls.",
    ),
    _command("json", "9", "JSON", "Show the plan as JSON; press again for the calls."),
    _command("copy", "y", "copy", "Copy a call, a document, or the plan in any form."),
    _command("export", "e", "export", "Save the plan: Markdown, commands, Terraform, CloudFormation, JSON."),
    Command("plan.back", "escape", "back", "Stop what is running, or go back.", palette=False, show_in_footer=True),
)

WORDS = (
    "A plan lists every call that will be made, in order, each with the call that undoes it. No call is made "
    "before you confirm. While the plan runs, each call is written to a journal before it is made. If the terminal "
    "is lost while the plan runs, the next start offers to resume the plan or to roll it back. At the end, "
    "rolescope reads everything back from AWS."
)

MOST_CALLS, LEAST_DETAIL = 12, 9
"""The maximum height of the list of calls and the minimum height of the details, in lines."""


@dataclass(eq=False, repr=False)
class UndoPlanned(Answer):
    """The plan that undoes the change was made, or it could not be, for the reason in ``trouble``."""

    plan: Plan | None
    trouble: str = ""


class PlanScreen(BaseScreen):
    """The screen that shows ``plan``, and carries it out when the operator confirms.

    ``record`` is the journal of a plan that was already started, by this run or another one: the screen then offers to
    continue or to roll back. ``opener`` receives `Ended` and `Closed`; push the screen onto the current mode.
    ``leads_on``: the opener has more to show, so the screen closes by itself after the plan was carried out without
    problems.
    """

    AUTO_FOCUS = "#calls"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    PlanScreen #plan { height: auto; }
    PlanScreen #form { display: none; }
    PlanScreen.-form #form { display: block; }
    PlanScreen.-form #calls, PlanScreen.-form #detail { display: none; }
    """

    @dataclass(eq=False, repr=False)
    class Ended(Message):
        """The plan was carried out and verified, was rolled back, or stopped before its end."""

        plan: Plan
        end: End

    @dataclass(eq=False, repr=False)
    class Closed(Message):
        """The screen was closed.

        ``end`` is None if the plan was not carried out or is unfinished. ``read_back`` says what AWS returned
        afterwards.
        """

        plan: Plan
        end: End | None
        read_back: str

    def __init__(
        self,
        session: Session,
        plan: Plan,
        *,
        opener: MessagePump | None = None,
        record: JournalRecord | None = None,
        leads_on: bool = False,
    ) -> None:
        super().__init__(session)
        self.plan = plan
        # why the plan cannot be shown in these formats, cached because every key press needs it
        self._refusals: tuple[Plan, dict[str, str]] = (plan, {})
        self.state = PlanState.of(plan, record)
        self._opener, self._leads_on = opener, leads_on
        self._form: str | None = None
        self._verdict: Judged | None = None
        self._judging: tuple[Order, str] | None = None
        """The check in progress: the operation, and the profile that would undo the operation."""
        self._asking: Order | None = None
        self._answer_ahead = ""
        """The key of an answer that was typed while its question was still being prepared."""
        self._within: str | None = None
        self._undo_profile = ""
        self.read_at = session.writes.present
        self.state = replace(self.state, watched=plan.id in session.timed)

    @property
    def mode(self) -> str:
        return self.app.current_mode

    @property
    def shown_plan(self) -> str:
        return self.plan.id

    def rests_on(self) -> Iterable[EntityName]:
        return entities_of(self.plan) if self.state.end is None else ()

    @property
    def at_work(self) -> bool:
        return self.state.running

    def give_up(self) -> None:
        self.state.stop.set()

    def assumptions_changed(self) -> None:
        """Check the plan again, because a permission may depend on an assumption."""
        if self.state.record is None and not self.state.running:
            self._verdict = None
            self._judge(Order.APPLY)
            self._show()

    def role_in_attention(self) -> Role | None:
        name = next((name for call in self.plan.calls if (name := call.text("RoleName"))), "")
        return self.session.role(name) if name else None

    def on_key(self, event: events.Key) -> None:
        """Store an answer that was typed before its question was shown; its key would otherwise run a command."""
        if self._asking is not None and event.key in ANSWER_KEYS:
            self._answer_ahead = event.key
            self.say(
                "Checking what the change would do. Keys that you press now answer the question when it appears ..."
            )
            event.stop()
            event.prevent_default()

    def why_not(self, command: Command) -> str:
        return self.state.objection(command.action) or self._refused(command.action) or super().why_not(command)

    def _refused(self, action: str) -> str:
        """Return why the plan may not be carried out or undone; "" if it may."""
        undo = undo_in_force(self.state, self.session)
        if action == "undo" and undo is not None:
            return (
                HALF_UNDONE if undo.half_done else f"This change was {undone_sentence(undo, self.session.shown_time)}."
            )
        if action in FORMS:
            if self._refusals[0] is not self.plan:
                self._refusals = (self.plan, {})
            known = self._refusals[1]
            if action not in known:
                known[action] = refused_form(self.plan, action)
            return known[action]
        verdict = self._verdict.verdict if self._verdict is not None else None
        if action not in ("apply", "timed") or verdict is None or not verdict.refused:
            return ""
        return f"No calls are made: {verdict.refused[0].text}"

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="plan"):
            yield Headline(id="plan-head")
            yield PlanCalls(id="calls")
        with Pane(id="chosen"):
            yield CallDetail(id="detail")
            yield TextLines(id="form")

    def on_mount(self) -> None:
        self.calls.set_rows([self._summary(), *self.state.calls], self._first_row())
        self._note_half_done()
        if self.state.record is None:
            self._judge(Order.APPLY)
        self._show()
        self.set_interval(1, self._tick)

    def _tick(self) -> None:
        """Update the remaining time of a timed change."""
        record = self.state.record
        if self.state.watched and self.state.for_a_time and record is not None and shows_now(record):
            self._show_head()

    def on_unmount(self) -> None:
        """Make no further call after the screen is closed; the journal records the state."""
        self.give_up()

    # What is in sight

    @property
    def calls(self) -> PlanCalls:
        return self.query_one(PlanCalls)

    @property
    def detail(self) -> CallDetail:
        return self.query_one(CallDetail)

    @property
    def current(self) -> PlannedCall | None:
        row = self.calls.current
        return row if isinstance(row, PlannedCall) else None

    def words(self) -> str:
        return WORDS

    def _first_row(self) -> int:
        """Return the row where the cursor starts: the summary, or the current call of a started plan."""
        if self.state.record is None or self.state.record.end is not None:
            return 0
        open_ones = (CallProgress.FAILED, CallProgress.STARTED, CallProgress.UNDO_FAILED, CallProgress.UNDO_STARTED)
        return next((row.index + 1 for row in self.state.calls if row.state.progress in open_ones), 0)

    def _summary(self) -> Summary:
        count = len(self.plan.opens) + len(self.plan.in_use) + len(self.plan.warnings)
        first = "" if self.state.record is not None else " first"
        words = f"{plural(count, 'thing')} to know{first}" if count else ""
        return Summary(f"Plan: {self.plan.title}", words, trouble=bool(count))

    def _show(self) -> None:
        """Update everything that depends on the state."""
        self._show_head()
        self.calls.replace_row(0, self._summary())
        for row in self.state.calls:
            self.calls.replace_row(row.index + 1, row)
        self._show_detail()
        self._fit()
        self.refresh_bindings()

    def _show_head(self) -> None:
        head, sentence, trouble = head_of(self.state, self.session)
        self.query_one("#plan", Pane).name_it(f"{head[:1].upper()}{head[1:]}")
        self.query_one(Headline).set(("", FAINT), (sentence, WARN if trouble else STRONG), ())

    def _show_detail(self) -> None:
        name = self.query_one("#chosen", Pane)
        if self._form is not None:
            form = FORMS[self._form]
            name.name_it(f"the plan as {form.title}  ({form.key}: back to the calls, y copies, e saves)")
            return
        row = self.current
        if row is None:
            name.name_it("What the plan does")
            first, last = summary_texts(self.state, self.session)
            self.detail.show_texts(first, self._changes(), last)
            return
        name.name_it(f"Call {row.index + 1} of {len(self.state.calls)}: {plain(row.call.operation)}")
        failed = self.state.failed
        if self.state.half_done and failed is not None and failed.index == row.index:
            row = replace(row, sentence="")  # the heading already says it
        self.detail.show_call(row, self._change_of(row.call))

    def _change_of(self, call: Call) -> ShownChange | None:
        arn = call.text("PolicyArn")
        policy = self.session.policy(arn) if arn else None
        return change_of(call, self.plan, {} if policy is None else {arn: policy})

    def _changes(self) -> list[ShownChange]:
        """Return the document changes of existing entities, each once.

        Creations and deletions are shown call by call.
        """
        if self.plan.kind not in ("change", "undo"):
            return []
        found = (self._change_of(call) for call in self.plan.calls)
        return list(dict.fromkeys(each for each in found if each is not None and each.after))

    def _fit(self) -> None:
        chrome = sum(pane.chrome for pane in self.query(Pane))
        height = self.size.height - 2 - chrome - len(self.query_one(Headline).text.split("\n"))
        room = max(4, min(MOST_CALLS, height - LEAST_DETAIL))
        self.calls.styles.height = min(len(self.state.calls) + 1, room)

    def on_resize(self) -> None:
        self._fit()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self.call_later(self._lead_on)
        self.call_later(self._ask_if_judged)

    def session_changed(self) -> None:
        if self.is_mounted:
            self._show()

    @on(Rows.Highlighted)
    def _highlighted(self, message: Rows.Highlighted) -> None:
        message.stop()
        self._show_detail()

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        """Do what comes next when ``enter`` is pressed: apply, resume, or close a plan that has ended."""
        message.stop()
        if self.state.end in (End.APPLIED, End.LEFT):
            self.action_back()
            return
        name = "resume" if self.state.half_done else "apply"
        command = self.command_for(name)
        objection = self.why_not(command) if command is not None else ""
        if objection:
            self.say(objection, trouble=True)
        elif name == "resume":
            self.action_resume()
        else:
            self.action_apply()

    # Carrying out

    def action_apply(self) -> None:
        # A plan that was rolled back continues with its own journal.
        self._ask(Order.APPLY if self.state.record is None else Order.GO_ON)

    def action_timed(self) -> None:
        if self._undo_profile:
            self._undo_profile, self._verdict = "", None
        self._within = None
        self._ask(Order.TIMED)

    def action_resume(self) -> None:
        self._ask(Order.GO_ON)

    def action_roll_back(self) -> None:
        watch, record = self.session.timed.get(self.plan.id), self.state.record
        if isinstance(watch, TimedWatch) and record is not None and record.undo_profile:
            watch.take_back()
            self.say(f"Undoing the change with profile {record.undo_profile} ...")
            return
        self._ask(Order.ROLL_BACK)

    def _judge(self, order: Order) -> None:
        """Check the plan before this operation."""
        account, reader, record, plan = self.session.account, self.session.reader, self.state.record, self.plan
        if account is None or reader is None:
            return
        self._judging, self.state = (order, self._undo_profile), replace(self.state, checking=True)
        opened = OpenedAccount(account, reader, assumed=self.session.assumed_context)
        open_profile, profile = self.session.open_profile, self._undo_profile
        open_undoer = partial(open_profile, profile) if open_profile is not None and profile else None
        run_in_thread(self, lambda: judge(order, plan, record, opened, self.post_message, open_undoer), "gate")

    def on_judged(self, message: Judged) -> None:
        message.stop()
        self._verdict, self._judging = message, None
        self.state = replace(self.state, checking=False)
        if message.verdict is not None and message.order is not Order.ROLL_BACK:
            self.plan = message.verdict.plan
            self.state = replace(self.state, plan=self.plan)
        self._show()
        self._ask_if_judged()

    def _ask_if_judged(self) -> None:
        """Ask the question that waited for the check, but not while a window is open over the plan."""
        order = self._asking
        if order is not None and self._verdict is not None and self._verdict.order is order and self.app.screen is self:
            self.say("")
            self._ask(order)

    def _ask(self, order: Order) -> None:
        judged = self._verdict
        if judged is None or judged.order is not order:
            self._asking = order
            self.say("Checking what the change would do ...")
            if self._judging != (order, self._undo_profile):
                self._judge(order)
            return
        self._asking = None
        ahead, self._answer_ahead = self._answer_ahead, ""
        verdict = judged.verdict
        if verdict is None or verdict.refused:
            refused = verdict.refused[0].text if verdict is not None else judged.trouble
            self.say(f"No calls were made: {refused}", trouble=True)
            return
        other = bool(judged.profiles) and not self._undo_profile
        if order is Order.TIMED and judged.no_way_back:
            self.say(f"An undo cannot be guaranteed. {judged.no_way_back}", trouble=True)
            if other:
                self._ask_profile()
            return
        if order is Order.TIMED and self._within is None:
            more = [OTHER_PROFILE] if other else []
            self.app.push_screen(Menu("Carry it out for a limited time", [*CHOICES, *more]), self._time_chosen)
            return
        within = next((words for id, words, _ in TIMES if order is Order.TIMED and id == self._within), "")
        title, text, yes = asked(self.state, self.session, order, verdict.plan, within, self._undo_profile)
        name = verdict.plan.type_name
        if name is not None:
            self.app.push_screen(TypeName(title, text, name), lambda typed: self._answered(order, bool(typed)))
            return
        choices = [*question(yes)]
        if order is Order.APPLY:
            choices.append(MenuChoice("timed", "carry out for a limited time", "", "@"))
        made = (call.undo if order is Order.ROLL_BACK else call for call in verdict.plan.calls)
        careful = dangerous(verdict.plan, made)
        confirm = Confirm(title, text, choices, careful=careful, ahead=ahead)
        self.app.push_screen(confirm, lambda answer: self._confirmed(order, answer))

    def _confirmed(self, order: Order, answer: str | None) -> None:
        if answer == "timed":
            self.action_timed()
        else:
            self._answered(order, answer == YES)

    def _time_chosen(self, chosen: str | None) -> None:
        if chosen == OTHER_PROFILE.id:
            self._ask_profile()
        elif chosen is not None:
            self._within = chosen
            self._ask(Order.TIMED)

    def _ask_profile(self) -> None:
        found = self._verdict.profiles if self._verdict is not None else ()
        choices = [MenuChoice(each.name, each.name, str(each.method)) for each in found]
        self.app.push_screen(Menu("Which profile undoes the change?", choices), self._profile_chosen)

    def _profile_chosen(self, chosen: str | None) -> None:
        """Evaluate whether the chosen profile could undo the change, before it is offered for the undo."""
        if chosen is not None:
            self._undo_profile, self._verdict = chosen, None
            self._ask(Order.TIMED)

    def _answered(self, order: Order, yes: bool) -> None:
        judged, self._verdict = self._verdict, None
        if not yes or self.state.running or judged is None or judged.verdict is None:
            self._verdict = judged
            return
        self._begin(order, judged.verdict.passed(judged.verdict.plan.type_name), judged.undoer)

    def _begin(self, order: Order, passed: Passed, undoer: AccountReader | None) -> None:
        reader = self.session.reader
        if reader is None:
            return
        self.state = self.state.begun(order)
        stop, writable, app = self.state.stop, self.session.writable, self.app
        within = next((time for id, _, time in TIMES if order is Order.TIMED and id == self._within), None)
        if within is not None:
            watch = TimedWatch(
                passed,
                reader,
                undoer or reader,
                WayBack(within, self._undo_profile),
                writable,
                stop,
                self.post_message,
                lambda over: app.post_message(TimedOver(over)),
            )
            self.session.timed[passed.plan.id], self._within = watch, None
            watch.start()
        else:
            run_in_thread(
                self,
                lambda: carry_out(order, passed, reader, writable=writable, stop=stop, tell=self.post_message),
                "plan",
                exclusive=False,
            )
        self._note_half_done()
        self._turn_form(None)
        self._show()

    def on_call_happened(self, message: CallHappened) -> None:
        message.stop()
        self.state = self.state.after(message.outcome)
        if message.outcome.status is CallStatus.DONE:
            self.session.writes.add(self.plan, self.session.now)
        index = message.outcome.index
        if index < len(self.state.calls) and not self.state.stop.is_set() and self.calls.has_focus:
            self.calls.point_at(index + 1)
        self._show()

    def on_run_over(self, message: RunOver) -> None:
        message.stop()
        before = self.state.record.states if self.state.record is not None else ()
        if message.record is not None and message.record.touched and message.record.states != before:
            self.session.writes.add(self.plan, self.session.now)
        self.state = self.state.over(message)
        self.state = replace(self.state, watched=self.state.for_a_time and self.plan.id in self.session.timed)
        if message.changed is not None:
            self.session.renew(message.changed, self.plan.id)
            self.app.post_message(AccountRenewed())
        if message.trouble:
            self.session.note(f"carrying out {self.plan.title}", message.trouble)
        failed = self.state.failed
        # Go to where the plan ended: the call that failed or, if all went well, the summary.
        if failed is not None and self.state.half_done:
            self.calls.point_at(failed.index + 1)
        elif self.state.end is not None:
            self.calls.point_at(0)
        self._note_half_done()
        self._show()
        self._tell_end()

    def _tell_end(self) -> None:
        if self._opener is not None and self.state.end is not None:
            self._opener.post_message(self.Ended(self.plan, self.state.end))
        self._lead_on()

    def _lead_on(self) -> None:
        """Close the screen if the opener has more to show and the plan was applied.

        It stays while a window is open over it.
        """
        done = self.state.end is End.APPLIED and not self.state.trouble
        if self._leads_on and done and self.app.screen is self:
            self._close()

    def _close(self) -> None:
        if self._opener is not None:
            self._opener.post_message(self.Closed(self.plan, self.state.end, self.state.verification))
        self.dismiss()

    def _note_half_done(self) -> None:
        """Store the sentence to show if the operator quits while the change is unfinished."""
        self.session.under_way.discard(self.plan.id)
        if self.state.watched and self.state.for_a_time:
            self.session.under_way.add(self.plan.id)
            self.session.half_done[self.plan.id] = (
                f"“{self.plan.title}” was made for a limited time: leaving undoes it, unless you keep it first (=)."
            )
        elif self.state.running and self.plan.id in self.session.timed:
            self.session.under_way.add(self.plan.id)
            words = "is being made for a limited time: leaving undoes it."
            self.session.half_done[self.plan.id] = f"“{self.plan.title}” {words}"
        elif self.state.running:
            self.session.under_way.add(self.plan.id)
            self.session.half_done[self.plan.id] = f"“{self.plan.title}” is being carried out."
        elif self.state.record is not None and self.state.record.half_done:
            self.session.half_done[self.plan.id] = (
                f"“{self.plan.title}”: {self.state.record.sentence_at(self.session.shown_time)}."
            )
        else:
            self.session.half_done.pop(self.plan.id, None)

    # Other commands

    def action_leave(self) -> None:
        if self.state.record is None:
            return
        try:
            (keep if self.state.for_a_time else leave)(self.state.record.path)
            self.state = replace(self.state, record=read_journal(self.state.record.path))
        except JournalError as error:
            self.say(str(error), trouble=True)
            return
        self._note_half_done()
        self.app.post_message(AccountRenewed())
        self._show()
        self._tell_end()

    def action_undo(self) -> None:
        from diagnostics.plans.role_change import undone

        record, account, reader = self.state.record, self.session.account, self.session.reader
        if record is None or account is None or reader is None:
            return
        opened = OpenedAccount(account, reader)
        self.say("Checking who uses it, for the plan ...")

        def work() -> None:
            try:
                self.post_message(UndoPlanned(undone(record, opened)))
            except (PlanError, SourceError) as error:
                self.post_message(UndoPlanned(None, str(error)))

        run_in_thread(self, work, "undo")

    def on_undo_planned(self, message: UndoPlanned) -> None:
        message.stop()
        self.say(message.trouble, trouble=True)
        if message.plan is not None and self.in_view:
            self.app.push_screen(PlanScreen(self.session, message.plan, opener=self._opener))

    def action_diagnose(self) -> None:
        conflict = self.state.conflict
        self.app.post_message(DiagnoseText(self.state.error_text) if conflict is None else DiagnoseConflict(conflict))

    def action_cli(self) -> None:
        self._turn_form("cli")

    def action_terraform(self) -> None:
        self._turn_form("terraform")

    def action_cloudformation(self) -> None:
        self._turn_form("cloudformation")

    def action_json(self) -> None:
        self._turn_form("json")

    def _turn_form(self, form: str | None) -> None:
        """Show the plan in this format; if it is already shown, show the calls again."""
        form = None if form == self._form else form
        if form is not None:
            self.query_one("#form", TextLines).show(written(self.plan, form))
        self._form = form
        self.set_class(form is not None, "-form")
        (self.query_one("#form") if form is not None else self.calls).focus()
        self._show_detail()

    def action_copy(self) -> None:
        row = self.current
        answers = self.state.record.answers if self.state.record is not None else {}
        copy_menu(self, plan_copies(self.plan, row.call if row is not None else None, answers, self.state.error_text))

    def action_export(self) -> None:
        export_menu(self, plan_export(self.plan))

    def title_of(self, command: Command) -> str:
        after = getattr(self._opener, "AFTER_PLAN", "")
        return after if command.action == "back" and after and self.state.end is End.APPLIED else command.title

    def action_back(self) -> None:
        if self.state.running:
            self.give_up()
            self._show()
        elif self._form is not None:
            self._turn_form(None)
        elif self.focused is not None and self.focused is not self.calls:
            self.calls.focus()
        else:
            self._close()
