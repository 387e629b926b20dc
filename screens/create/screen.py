"""Create a role step by step. Everything is checked before the first call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from iam.account import Role
from iam.changes.entity_name import EntityName, entities_of
from iam.changes.journal import JournalRecord
from iam.changes.plan import PlanError
from iam.changes.undo_plan import undone_by
from iam.creation.after.next_steps import next_steps
from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import RoleDraft
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import RecipeError
from iam.creation.spec import RoleSpec
from iam.sources.reader.opened import OpenedAccount
from screens import messages
from screens.commands import Command, bindings
from screens.copy.menu import Copy, copy_menu
from screens.create.background import DraftsKept
from screens.create.check import Check
from screens.create.choice_list import ChoiceList
from screens.create.conflict import draft_of
from screens.create.forms import Forms
from screens.create.result import Result
from screens.create.state import CreationState
from screens.create.steps import FORMS, PLACES, CreateStep, StepsLine, step_of
from screens.create.summary import Side, permissions_of
from screens.frame.base import MAIN_SCREENS, PANES
from screens.messages import UseRole
from screens.plan.planning import PlansChanges
from screens.session import Session
from screens.widgets.form.choice_window import INSTANCE_HINT, ChoiceWindow
from screens.widgets.form.document import DocumentBox
from screens.widgets.form.form import Form

if TYPE_CHECKING:  # it imports the code that carries out plans, which the form does not need
    from screens.plan.screen import PlanScreen


def _command(name: str, keys: str, title: str, help: str, *, footer: bool = True, palette: bool = True) -> Command:
    return Command(f"create.{name}", keys, title, help, "This screen", footer, palette=palette)


HERE = (
    _command(
        "next", "ctrl+r,pagedown,right_square_bracket", "go on", "Go to the next step, or to the plan.", palette=False
    ),
    _command(
        "previous",
        "pageup,left_square_bracket",
        "step back",
        "Go to the previous step; nothing is lost.",
        palette=False,
    ),
    _command("edit", "i", "edit", "Move the cursor to the form."),
    _command("look", "ctrl+o", "document/levels", "Switch between the policy and the access that all policies grant."),
    _command(
        "taken",
        "ctrl+g",
        "who has the name",
        "Show which entity already has this name, and how to resolve the conflict.",
    ),
    _command(
        "needed",
        "ctrl+t",
        "add what it needs",
        "Attach the policies that AWS attaches for the service, or add the statement that one of your actions "
        "also needs.",
    ),
    _command("trusted", "", "step 1: who", "Step 1: who may assume the role.", footer=False),
    _command("permissions", "", "step 2: may", "Step 2: what the role may do.", footer=False),
    _command("details", "", "step 3: name", "Step 3: name, path, boundary, tags, description, session.", footer=False),
    _command("check", "", "step 4: check", "Step 4: check for errors before creating anything.", footer=False),
    _command("use", "a", "use", "Show each way to assume the new role, and whether it works for you."),
    _command("attach", "m", "attach to an instance", "Attach the new role to an EC2 instance; you see a plan first."),
    _command("open", "O", "open the role", "Show the new role with its trust and permissions."),
    _command("undo", "u", "undo", "Show the plan that undoes the creation."),
    _command("copy", "y", "copy", "Copy the next steps."),
    _command("another", "n", "another role", "Start another role.", palette=False),
    _command("new", "f2", "start again", "Start again; an unfinished draft is set aside.", footer=False),
    _command("restore", "f3", "the other draft", "Restore the unfinished draft.", footer=False),
    _command("back", "escape", "back", "Leave the form; press again for the previous step.", palette=False),
)

WORDS = (
    "Steps: who may assume the role, what it may do, its name and limits, a check, the plan, and a test of the "
    "result. The test assumes the role once if its trust policy names you. No call that changes anything is made "
    "before the plan is applied. enter goes to the next field, ctrl+r to the next step. escape leaves the form; "
    "letters are then commands again. A recipe asks for the resource, and limits the role to that resource. "
    "Statements are autocompleted with AWS's actions, resources and condition keys, and with names from the "
    "account."
)

WIDE_FROM = 100
"""The minimum terminal width for the summary beside the form."""


ASIDE = "The draft was set aside; f3 restores it."


def _called(draft: RoleDraft, *, begin: bool = False) -> str:
    """Return the draft's name as words for a sentence. ``begin``: the words begin the sentence."""
    return f"{'The' if begin else 'the'} role {draft.name or 'without a name'}"


@dataclass(frozen=True, slots=True)
class _Came:
    """The main screen that opened Create for a new role, and the step that Create showed first."""

    mode: str
    step: CreateStep


class CreateScreen(PlansChanges):
    """The form of the current step, with a summary of the role beside it."""

    MODE = "create"
    AUTO_FOCUS = "Form Choice"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    CreateScreen #create-steps { height: 1; }
    CreateScreen #create-body { height: 1fr; }
    CreateScreen #create-left { width: 3fr; height: 1fr; }
    CreateScreen Side { width: 2fr; }
    CreateScreen.-narrow #create-body { layout: vertical; }
    CreateScreen.-narrow #create-left { width: 1fr; height: 3fr; }
    CreateScreen.-narrow Side { width: 1fr; height: 2fr; }
    CreateScreen.-narrow DocumentBox { height: 6; }
    CreateScreen.-narrow.-result Side { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.creation = CreationState(session)
        self.step = CreateStep.WHO
        self.side = Side(id="side")
        self.choices = ChoiceList()
        self.forms = Forms(self.creation, self.side, self.choices)
        self.form = self.forms.form
        self.check = Check(id="check")
        self.result = Result(id="result")
        self._name_was_taken = False
        self._came: _Came | None = None
        self._left_at: Place | None = None
        """The cursor's position in a draft of an earlier run, until the operator enters the form again."""
        self._plan_id, self._made = "", tuple[EntityName, ...]()
        """The ID of the plan that created the role, and the names of the entities in that plan."""

    def compose_body(self) -> Iterable[Widget]:
        yield StepsLine(id="create-steps")
        with Horizontal(id="create-body"):
            with Vertical(id="create-left"):
                yield self.forms
                yield self.check
                yield self.result
            yield self.side
        yield self.choices

    async def on_mount(self) -> None:
        self.check.display = self.result.display = False
        await self.forms.show(CreateStep.WHO)
        self.forms.account_changed()

    def note_typed(self) -> None:
        if self.is_mounted:
            self.forms.note_typed()

    def words(self) -> str:
        return WORDS

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        match command.action:
            case "next" if self.step is CreateStep.RESULT:
                return "This is the last step: f2 starts another role."
            case "previous" if self.step is CreateStep.WHO:
                return "This is the first step."
            case "back" if not self._leads_back:
                return "This is the first step. 1 to 5 open the other screens; your entries are kept."
            case "edit" if self.step > CreateStep.DETAILS:
                return "This step has no form: [ goes back a step."
            case "look" if self.step is not CreateStep.MAY:
                return "Documents and levels are shown in step 2."
            case "needed" if self.step is not CreateStep.MAY or not (
                self.creation.needed or self.creation.usual_missing
            ):
                return (
                    "Nothing is missing: no action needs another statement, and the service's usual policies are "
                    "attached."
                )
            case "taken" if not (self.creation.name_taken and self.step < CreateStep.PLAN):
                return "The name is not taken."
            case "restore" if not self.creation.aside:
                return "There is no other draft."
            case "use" | "open" if self.role_in_attention() is None:
                return self._why_no_role()
            case "another" if self.step is not CreateStep.RESULT:
                return "Finish this role first, or press f2 to start again."
            case "undo" if self._record is None:
                return "No role was created here."
            case "undo" if self._record is not None and undone_by(self._record, self.session.changes) is not None:
                return "The creation was undone."
            case "attach" if self.role_in_attention() is None or not self.creation.draft.for_ec2:
                return "Only an existing role for EC2 can be attached to an instance."
            case "copy" if self.step is not CreateStep.RESULT:
                return "There is nothing to copy until the role exists."
        return ""

    @property
    def _in_form(self) -> bool:
        return self.forms.display and self.form.has_focus_within

    @property
    def _leads_back(self) -> bool:
        """Whether escape does something: leave the form, stop a plan, or go back to a step or another screen."""
        return self._in_form or self.making_plan or self.step is not CreateStep.WHO or self._came is not None

    def title_of(self, command: Command) -> str:
        if command.action != "back" or not self.is_mounted or self._came is None or self._came.step is not self.step:
            return super().title_of(command)
        titles = {mode: title for _, mode, title in MAIN_SCREENS}
        return super().title_of(command) if self._in_form else f"back to {titles[self._came.mode]}"

    def _why_no_role(self) -> str:
        """Return why there is no role that can be used or opened."""
        planned = self.creation.planned
        if self.step is not CreateStep.RESULT or planned is None:
            return "The role has not been created yet."
        if self._record is not None and undone_by(self._record, self.session.changes) is not None:
            return f"The creation of {planned.name} was undone: f2 starts another role."
        return f"{planned.name} was not in the account when rolescope last read the account: r reads again."

    def role_in_attention(self) -> Role | None:
        planned = self.creation.planned
        return self.session.role(planned.name) if planned and self.step is CreateStep.RESULT else None

    # What is in sight

    def on_resize(self, event: events.Resize) -> None:
        narrow = event.size.width < WIDE_FROM
        self.set_class(narrow, "-narrow")
        self.side.summary.most_lines = 2 if narrow else 12
        self._show_steps()

    def _show_steps(self) -> None:
        empty = () if permissions_of(self.creation.draft) else (CreateStep.MAY,)
        self.query_one(StepsLine).show_step(self.step, wide=self.size.width >= WIDE_FROM + 10, empty=empty)

    @on(StepsLine.Clicked)
    async def _step_clicked(self, message: StepsLine.Clicked) -> None:
        message.stop()
        if message.step <= CreateStep.CHECK:
            await self._leap(message.step)
        elif message.step is CreateStep.PLAN and self.step is CreateStep.CHECK:
            await self.action_next()

    @on(Forms.NameChanged)
    def _name_changed(self, message: Forms.NameChanged) -> None:
        message.stop()
        taken = self.creation.name_taken
        if taken != self._name_was_taken:  # whether the footer shows a certain key depends on this
            self._name_was_taken = taken
            self.refresh_bindings()

    @on(ChoiceList.Taken)
    def _choice_taken(self, message: ChoiceList.Taken) -> None:
        message.stop()
        self.forms.take_choice(message.id)

    @on(Form.Submitted)
    async def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        # Not if another key press has already moved on: that would skip a step.
        if self.forms.display and self.form.row(message.field_id) is not None:
            await self.action_next()

    @on(DocumentBox.Refused)
    def _refused(self, message: DocumentBox.Refused) -> None:
        message.stop()
        self.say("Nothing was pasted: the text is too long to be a policy.", trouble=True)

    # Steps

    async def _go_to(self, step: CreateStep, focus: Place | None = None) -> None:
        if step is not CreateStep.RESULT:
            self.result.stop()
        self.step = step
        self.read_at = None
        self.set_class(step is CreateStep.RESULT, "-result")
        on_form = step in FORMS
        self.forms.display, self.check.display, self.result.display = (
            on_form,
            step is CreateStep.CHECK,
            step is CreateStep.RESULT,
        )
        self._show_steps()
        if not on_form:
            self.choices.show((), "")
            self.creation.draft.left_at = None
        if on_form:
            await self.forms.show(step, focus)
        elif step is CreateStep.CHECK:
            self.forms.show_side()
            self._start_check()
            self.check.rows.focus()
        self.refresh_bindings()
        self.forms.keep()

    async def action_next(self) -> None:
        match self.step:
            case CreateStep.CHECK:
                self._show_plan()
            case CreateStep.RESULT | CreateStep.PLAN:
                return
            case _:
                self.creation.tried_to_leave.add(self.step)
                faults = self.creation.faults(self.step)
                if faults:
                    self.forms.show_notes()
                    self.forms.put_cursor(faults[0].place)
                    self.say(faults[0].sentence, trouble=True)
                    return
                await self._go_to(CreateStep(self.step + 1))

    async def action_previous(self) -> None:
        if self.step is CreateStep.RESULT:
            await self._go_to(CreateStep.CHECK)
        elif self.step > CreateStep.WHO:
            await self._go_to(CreateStep(self.step - 1))

    async def action_back(self) -> None:
        if self.stop_planning():
            return
        if self._in_form:
            self._leave_form()
            self.say("Letters are commands now: i returns to the form, [ and ] change steps.")
        elif self._came is not None and self.step in (self._came.step, CreateStep.WHO):
            came, self._came = self._came, None
            self.post_message(messages.ShowScreen(came.mode))
        else:
            await self.action_previous()

    async def _leap(self, step: CreateStep) -> None:
        """Go to a step by its key. If an earlier step has faults, go to the first step with a fault instead."""
        for before in FORMS:
            if before < step and (faults := self.creation.faults(before)):
                self.creation.tried_to_leave.add(before)
                await self._go_to(before, faults[0].place)
                self.say(faults[0].sentence, trouble=True)
                return
        await self._go_to(step)

    async def action_trusted(self) -> None:
        await self._leap(CreateStep.WHO)

    async def action_permissions(self) -> None:
        await self._leap(CreateStep.MAY)

    async def action_details(self) -> None:
        await self._leap(CreateStep.DETAILS)

    async def action_check(self) -> None:
        await self._leap(CreateStep.CHECK)

    def action_edit(self) -> None:
        left_at, self._left_at = self._left_at, None
        if self.forms.display:
            self.forms.put_cursor(left_at if left_at is not None and step_of(left_at) is self.step else None)

    def action_taken(self) -> None:
        """Explain the name conflict that AWS would report, beside the role in the draft."""
        self.app.post_message(messages.DiagnoseConflict(self.creation.conflict()))

    def action_look(self) -> None:
        self.forms.turn_side()

    async def action_needed(self) -> None:
        if self.creation.usual_missing and (self.forms.at_policies or not self.creation.needed):
            await self.forms.attach_usual()
            self.say("The policies are added to the list of managed policies.")
        elif await self.forms.add_needed():
            self.say("The statement is added below the others: fill in its empty fields.")
        else:
            self.say("There is no room for another statement.", trouble=True)

    async def action_new(self) -> None:
        words = ASIDE if self.creation.begin() else "Started again: who may assume the role?"
        await self._go_to(CreateStep.WHO)
        self.say(words)

    async def action_another(self) -> None:
        await self.action_new()

    async def action_restore(self) -> None:
        """Restore the draft that was set aside, and set the current one aside."""
        self.creation.bring_back()
        await self._show_restored("is restored")

    async def on_drafts_kept(self, message: DraftsKept) -> None:
        message.stop()
        self.forms.take_kept(message.drafts)
        if not message.drafts:
            return
        if self.creation.draft.begun or self.creation.made:
            self.say(f"{_called(message.drafts[-1], begin=True)} is unfinished: f3 restores it.")
        else:
            self.creation.bring_back()
            # The operator did not ask for the cursor: a key for another screen would be typed into the field.
            await self._show_restored("that you began in an earlier run is restored", " i returns to the form.")
            self._left_at = self.creation.draft.left_at
            self._leave_form()
        self.refresh_bindings()

    def _leave_form(self) -> None:
        """Move the cursor out of the form, to the summary, even if a move into a field is pending."""
        self.forms.form.let_cursor_go()
        self.side.put_cursor()

    async def _show_restored(self, words: str, then: str = "") -> None:
        """Show a restored draft at the place where it was left, or else at the first incomplete step.

        The footer then says how to leave the draft, followed by ``then``.
        """
        incomplete = (step for step in FORMS if self.creation.faults(step) or step is CreateStep.DETAILS)
        left_at = self.creation.draft.left_at
        await self._go_to(next(incomplete) if left_at is None else step_of(left_at), left_at)
        more = ", f3 shows another one" if self.creation.aside else ""
        self.say(f"{_called(self.creation.draft, begin=True)} {words}: f2 starts a new role{more}.{then}")

    # What is read for it

    def session_changed(self) -> None:
        self.forms.account_changed()
        if self.step is CreateStep.RESULT and not self.session.loading and self.role_in_attention() is None:
            self.result.show_gone()
            self.just_read()
        elif self.step is CreateStep.CHECK and not self.session.loading and self.changed_since is not None:
            self._start_check()

    def rests_on(self) -> Iterable[EntityName] | None:
        return self._made if self.step is CreateStep.RESULT else None if self.step is CreateStep.CHECK else ()

    def assumptions_changed(self) -> None:
        if self.step is CreateStep.CHECK:
            self._start_check()

    def ask_again(self) -> None:
        account, reader, spec = self.session.account, self.session.reader, self.creation.planned
        if self.step is CreateStep.CHECK:
            self._start_check()
        elif self.step is CreateStep.RESULT and account is not None and reader is not None and spec is not None:
            self.just_read()
            if account.role(spec.name) is None:
                self.result.show_gone()
                return
            facts = self.creation.facts
            self.result.start(spec, self.creation.draft.recipes, next_steps(spec, facts), facts, account, reader)

    async def on_create_like_role(self, message: messages.CreateLikeRole) -> None:
        """Start a new role with the properties of an existing role, apart from its name (``n`` on a role)."""
        message.stop()
        role = self.session.role(message.name)
        if role is None:
            return
        aside = f" {ASIDE}" if self.creation.begin(RoleDraft.like(role)) else ""
        self.forms.find_copied()
        await self._go_to(CreateStep.WHO)
        if not self.creation.faults(CreateStep.WHO) and not self.creation.faults(CreateStep.MAY):
            await self._go_to(CreateStep.DETAILS, Place(What.NAME))
        more = aside or " The earlier steps contain its trust and permissions."
        self.say(f"A copy of {role.name}: enter the new name.{more}")

    async def on_create_new_role(self, message: messages.CreateNewRole) -> None:
        """Start a role with the properties that a diagnosis has found for it.

        A creation that failed because of a name conflict continues under the new name.
        """
        message.stop()
        new, draft, aside = message.role, self.creation.draft, ""
        if new.instead_of and draft.name.lower() == new.instead_of.lower():
            self.creation.draft = replace(draft, name=new.name)
        else:
            aside = f" {ASIDE}" if self.creation.begin(draft_of(new)) else ""
        await self._leap(CreateStep.DETAILS)
        self._came = _Came(message.from_screen, self.step) if message.from_screen not in ("", self.MODE) else None
        self.refresh_bindings()
        if self.step is CreateStep.DETAILS:
            self.forms.put_cursor(Place(What.NAME))
            more = aside or " [ and ] go through the steps."
            self.say(f"{new.name} starts with what the diagnosis found.{more}")
        elif aside:  # missing values are reported at their fields
            self.say(ASIDE)

    # The check

    def _start_check(self) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            self.say("The account has not been read yet.", trouble=True)
            return
        try:
            spec = self.creation.spec = self.creation.draft.spec(self.creation.facts)
        except RecipeError as error:
            self.say(str(error), trouble=True)
            return
        self.check.start(spec, account, reader, self.session.assumed_context)
        self.just_read()

    async def on_check_put_right(self, message: Check.PutRight) -> None:
        message.stop()
        finding = message.finding
        if finding.code.startswith("name.taken"):
            self.action_taken()
            return
        if finding.field not in PLACES:
            self.say(finding.way_out or finding.text)
            return
        step, what = PLACES[finding.field]
        draft, place = self.creation.draft, Place(what)
        if finding.code == "boundary.demanded":
            draft.boundary = finding.value
        if step is CreateStep.WHO:
            place = draft.trust_place(finding.value)
        elif finding.field == "inline":
            place = draft.inline_place(finding.value, finding.line, self.creation.facts)
        elif finding.field == "attached":
            place = draft.attached_place(finding.value)
        await self._go_to(step, place)
        self.say(finding.text)

    # The plan, and what comes of it

    def _show_plan(self) -> None:
        from screens.plan.screen import PlanScreen

        account, spec = self.session.account, self.creation.spec
        if account is None or spec is None:
            return
        if self.check.running:
            self.say("The check is still running.")
            return
        try:
            warnings = [each.text for each in self.check.findings if each.level in ("warning", "error")]
            plan = create_role(spec, account, warnings=warnings)
        except PlanError as error:
            self.say(str(error), trouble=True)
            return
        self.creation.planned = spec
        self.app.push_screen(PlanScreen(self.session, plan, opener=self, leads_on=True))

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        message.stop()
        if message.end == "applied" and message.plan.kind == "create-role":
            self.creation.made = True
            self._plan_id, self._made = message.plan.id, entities_of(message.plan)
            self.forms.keep()

    async def on_plan_screen_closed(  # type: ignore[override]  # Textual awaits it
        self, message: PlanScreen.Closed
    ) -> None:
        message.stop()
        if message.end == "applied" and message.plan.kind == "create-role" and self.creation.planned is not None:
            await self._show_result(self.creation.planned, message.read_back)

    async def _show_result(self, spec: RoleSpec, read_back: str) -> None:
        account, reader = self.session.account, self.session.reader
        if self.step is CreateStep.RESULT or account is None or reader is None:
            return
        await self._go_to(CreateStep.RESULT)
        draft = self.creation.draft
        facts = self.creation.facts
        until = ", until you leave the demo" if self.session.kind == "demo" else ""
        done = f"{read_back or 'Every call succeeded.'} The change and its undo are in Activity (5){until}."
        steps = (done, *next_steps(spec, facts))
        self.result.start(spec, draft.recipes, steps, facts, account, reader)
        self.just_read()

    def action_use(self) -> None:
        role = self.role_in_attention()
        if role is not None:
            self.app.post_message(UseRole(role.name))

    def action_open(self) -> None:
        role = self.role_in_attention()
        if role is not None:
            self.app.post_message(messages.OpenRole(role.name, over=True))

    def action_attach(self) -> None:
        from diagnostics.plans.changes import AttachToInstance
        from diagnostics.plans.role_change import ROLE_CHANGES, change_plan, read_texts

        role, account, reader = self.role_in_attention(), self.session.account, self.session.reader
        if role is None or account is None or reader is None:
            return
        change = ROLE_CHANGES["instance"]
        read = partial(read_texts, change, role, OpenedAccount(account, reader))

        def answered(typed: str | None) -> None:
            if typed is not None:
                self.plan_change(lambda opened: change_plan([role.name], AttachToInstance(typed), opened))

        title = f"{role.name}: {change.title}"
        self.app.push_screen(ChoiceWindow(title, (), read, takes=lambda _: False, hint=INSTANCE_HINT), answered)

    @property
    def _record(self) -> JournalRecord | None:
        """The journal of the creation whose result is shown, or None."""
        changes = self.session.changes if self.step is CreateStep.RESULT else ()
        return next((each for each in changes if each.plan.id == self._plan_id), None)

    def action_undo(self) -> None:
        from diagnostics.plans.role_change import undone

        record = self._record
        if record is not None:
            self.plan_change(lambda opened: undone(record, opened))

    def action_copy(self) -> None:
        copy_menu(self, [Copy("n", "next steps", self.result.next.text, states=True)])
