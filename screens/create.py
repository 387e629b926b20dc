"""Create: a role step by step, with everything checked before anything is called."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from enum import IntEnum
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.worker import get_current_worker

from iam.account import Account, Role
from iam.changes.next_steps import next_steps
from iam.changes.plan import PlanError
from iam.changes.recipe import Facts, RecipeError
from iam.changes.roles import create_role
from iam.changes.spec import RoleSpec
from iam.policy.document import Document
from screens import messages
from screens.base import PANES, BaseScreen
from screens.commands import Command, bindings
from screens.create_caller import BoundaryDemanded, demanded_boundary
from screens.create_check import Check, FindingFound, FindingRows, run_check
from screens.create_commands import HERE, WORDS
from screens.create_draft import CUSTOM, Draft, Fault
from screens.create_fields import Names, detail_fields, permission_fields, trust_fields
from screens.create_names import CreateNamesFound, create_names
from screens.create_notes import detail_notes, trust_notes
from screens.create_result import Result
from screens.create_side import Side, summary_of
from screens.create_try import TryFound, run_tries
from screens.create_understand import Granted, Understood, understand
from screens.session import Session
from screens.text import marks
from screens.widgets.form import Field, Form
from screens.widgets.form_document import DocumentBox
from screens.widgets.form_sentence import Tone
from screens.widgets.line import Line, Piece
from screens.widgets.look import CURSOR, FAINT, GOOD, PLAIN
from screens.widgets.rules import Divider
from screens.widgets.steps_rows import Rows

if TYPE_CHECKING:  # it loads what carries plans out, which the form does not need
    from screens.plan import PlanScreen

WIDE_FROM = 100
"""The terminal's width from which the summary stands beside the form."""


class Step(IntEnum):
    WHO = 0
    MAY = 1
    DETAILS = 2
    CHECK = 3
    PLAN = 4
    RESULT = 5


TITLES = ("who may assume it", "what it may do", "name and limits", "check", "plan", "result")
SHORT_TITLES = ("who", "may", "name", "check", "plan", "result")
# Which step a field of the spec is asked in, and by which field.
_PLACES = {
    "trust": (Step.WHO, ""),
    "name": (Step.DETAILS, "name"),
    "path": (Step.DETAILS, "path"),
    "description": (Step.DETAILS, "description"),
    "tags": (Step.DETAILS, "tags"),
    "max_session_seconds": (Step.DETAILS, "session"),
    "boundary": (Step.DETAILS, "boundary"),
    "instance_profile": (Step.DETAILS, "profile"),
    "inline": (Step.MAY, "perm.json"),
    "attached": (Step.MAY, "perm.managed"),
    "policies": (Step.MAY, "perm.managed"),
}


class CreateScreen(BaseScreen):
    """The form of the step on the left, what the role is so far beside it."""

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
    CreateScreen.-narrow Divider { display: none; }
    CreateScreen.-narrow #create-left { width: 1fr; height: 3fr; }
    CreateScreen.-narrow Side { width: 1fr; height: 2fr; }
    CreateScreen.-narrow DocumentBox { height: 6; }
    CreateScreen.-narrow #side-title { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.draft = Draft()
        self.step = Step.WHO
        self._names: Names = {}
        self._names_of: Account | None = None
        self._tried_to_leave: set[Step] = set()
        self._granted: dict[str, Granted] = {}
        self._understood: Understood | None = None
        self._wanted: tuple[object, ...] | None = None
        self._levels = True
        self._number = 0
        self._demanded: BoundaryDemanded | None = None
        self._demand_asked: tuple[str, ...] | None = None
        self._spec: RoleSpec | None = None
        self._planned: RoleSpec | None = None
        self._copying: str | None = None
        self._stop_trying = Event()
        self.form = Form(id="form")
        self.check = Check(id="check")
        self.result = Result(id="result")
        self.side = Side(id="side")

    def compose_body(self) -> Iterable[Widget]:
        yield Line(id="create-steps")
        with Horizontal(id="create-body"):
            with Vertical(id="create-left"):
                yield self.form
                yield self.check
                yield self.result
            yield Divider()
            yield self.side

    async def on_mount(self) -> None:
        self.check.display = self.result.display = False
        await self._show_form(focus="trust.kind")
        self._find_names()

    def words(self) -> str:
        return WORDS

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        match command.action:
            case "next" if self.step is Step.RESULT:
                return "This is the last step: ctrl+l begins another role."
            case "previous" if self.step is Step.WHO:
                return "This is the first step."
            case "edit" if self.step > Step.DETAILS:
                return "This step has no form: [ goes a step back."
            case "look" if self.step is not Step.MAY:
                return "Documents and levels are shown in step 2."
            case "taken" if not self._taken:
                return "The name is not taken."
            case "copy" if self.step is not Step.RESULT:
                return "There is nothing to copy before the role is there."
        return ""

    @property
    def _taken(self) -> bool:
        """Whether a role has the name that was typed, in any case of its letters."""
        account, name = self.session.account, self.draft.get("name")
        return bool(account is not None and name and account.role_ignoring_case(name) and self.step < Step.PLAN)

    @property
    def facts(self) -> Facts:
        account = self.session.account
        return Facts.of(account) if account else Facts("000000000000")

    def role_in_attention(self) -> Role | None:
        return self.session.role(self._planned.name) if self._planned and self.step is Step.RESULT else None

    # What is in sight

    def on_resize(self, event: events.Resize) -> None:
        narrow = event.size.width < WIDE_FROM
        self.set_class(narrow, "-narrow")
        self.side.summary.most_lines = 2 if narrow else 12
        self._show_steps()

    def _show_steps(self) -> None:
        wide = self.size.width >= WIDE_FROM + 10
        pieces: list[Piece] = [(" ", PLAIN)]
        for step in Step:
            title = (TITLES if wide else SHORT_TITLES)[step]
            done = step < self.step
            sign = f"{marks().passed} " if done else f"{step + 1} "
            look = CURSOR if step is self.step else GOOD if done else FAINT
            pieces += [(f" {sign}{title} ", look), (" ", PLAIN)]
        self.query_one("#create-steps", Line).show(*pieces)

    def _fields(self) -> list[Field]:
        match self.step:
            case Step.WHO:
                return trust_fields(self.draft, self._names)
            case Step.MAY:
                return permission_fields(self.draft, self._names)
        return detail_fields(self.draft, self._names, self.session.account)

    async def _show_form(self, focus: str | None = None) -> None:
        await self.form.show(self._fields(), self.draft.values, focus)
        self._offer()
        self._show_notes()
        self._show_side()

    def _offer(self) -> None:
        for spec in self._fields():
            names = spec.names
            if spec.id == "boundary" and self._demanded is not None and self._demanded.arn:
                # Whoever must set a boundary may often not list the policies.
                names = tuple(dict.fromkeys((self._demanded.arn, *names)))
            if names:
                self.form.offer(spec.id, names)

    def _faults(self, step: Step | None = None) -> list[Fault]:
        account = self.session.account
        match self.step if step is None else step:
            case Step.WHO:
                return list(self.draft.trust_faults(self.facts, account))
            case Step.MAY:
                found = list(self.draft.permission_faults(self.facts, account))
                absent = {arn for arn, each in self._granted.items() if each.tone is Tone.FAULT}
                for key, value in self.draft.values.items():
                    if key.startswith("perm.managed.") and value.strip() in absent:
                        found.append(Fault(key, self._granted[value.strip()].sentence))
                return found
            case Step.DETAILS:
                found = list(self.draft.detail_faults(account))
                demanded = self._demanded
                if demanded is not None and demanded.arn and self.draft.get("boundary") != demanded.arn:
                    found.append(Fault("boundary", demanded.sentence))
                return found
        return []

    def _show_notes(self) -> None:
        """Faults where something was typed (or everywhere, once it was tried to go on), else what helps."""
        said: dict[str, tuple[str, Tone]] = {}
        match self.step:
            case Step.WHO:
                said |= trust_notes(self.draft, self.session.account)
            case Step.MAY:
                for key, value in self.draft.values.items():
                    granted = self._granted.get(value.strip()) if key.startswith("perm.managed.") else None
                    if granted is not None:
                        said[key] = (granted.sentence, granted.tone)
            case Step.DETAILS:
                said |= detail_notes(self.draft, self.session.account)
        for fault in self._faults():
            typed = bool(self.draft.values.get(fault.field, "").strip())
            asked = fault.field == "boundary"
            # A policy that is being typed is wrong all the time: it is said, but not as long as it is empty.
            if typed or asked or self.step in self._tried_to_leave:
                said[fault.field] = (fault.sentence, Tone.FAULT)
        self.form.say(said)

    def _show_side(self) -> None:
        self.side.show_summary(summary_of(self.draft, self.facts, self.session.account))
        if self.step in (Step.CHECK, Step.DETAILS) or self.step is Step.WHO:
            document, why = self.draft.trust_so_far(self.facts)
            self.side.show_document("trust policy, as it will be", document, why)
            return
        if self.step is Step.MAY:
            self._show_permissions()

    def _show_permissions(self) -> None:
        cursor = self.form.cursor
        chosen = next((each for each in self.draft.recipes if cursor.startswith(f"perm.{each.slot}.")), None)
        if chosen is not None or not self._levels:
            title, document, why = self._policy_in_attention(cursor)
            self.side.show_document(title, document, why)
            return
        understood = self._understood
        self.side.show_levels(understood.access if understood else (), understood.notes if understood else ())

    def _policy_in_attention(self, cursor: str) -> tuple[str, Document | None, str]:
        """Title, document, or why there is none: of the recipe, managed policy or text that the cursor is in."""
        for each in self.draft.recipes:
            if cursor.startswith(f"perm.{each.slot}.") or cursor == f"perm.recipe.{each.slot}":
                try:
                    return each.recipe.title, each.recipe.document(each.answers, self.facts), ""
                except RecipeError as error:
                    return each.recipe.title, None, f"The policy shows here: {error}"
        if cursor.startswith("perm.managed."):
            arn = self.draft.get(cursor)
            policy = self.session.policy(arn) if arn else None
            name = arn.rpartition("/")[2] or "managed policy"
            return name, policy.document if policy else None, "The policy shows here once it was chosen and read."
        text = self.draft.values.get("perm.json", "")
        return "policy of your own", Document(text) if text.strip() else None, "Choose a recipe, or paste a policy."

    # The form

    async def on_form_changed(self, message: Form.Changed) -> None:
        message.stop()
        changed, value = message.field_id, message.values.get(message.field_id, "")
        if changed.startswith("perm.managed."):
            value = self._as_arn(value)
        self.draft.values[changed] = value
        if changed == "perm.copy":
            self._find_copied()
        await self._show_form()
        if self.step is Step.MAY:
            self._understand()
        elif changed in ("name", "path"):
            self._ask_for_boundary()
            self.refresh_bindings()

    def _as_arn(self, value: str) -> str:
        """The ARN of a policy that was told by its name."""
        name = value.strip()
        if not name or name.startswith("arn:"):
            return value
        found = [arn for arn in self._names.get("policy", ()) if arn.rpartition("/")[2] == name]
        return found[0] if len(found) == 1 else value

    async def on_form_entered(self, message: Form.Entered) -> None:
        message.stop()
        if self.step is Step.MAY:
            self._show_permissions()

    @on(Form.Submitted)
    async def _submitted(self, message: Form.Submitted) -> None:
        message.stop()
        await self.action_next()

    @on(DocumentBox.Refused)
    def _refused(self, message: DocumentBox.Refused) -> None:
        message.stop()
        self.say("This is too long to be a policy: nothing was pasted.", trouble=True)

    # Steps

    async def _go_to(self, step: Step, focus: str | None = None) -> None:
        if step is not Step.RESULT:
            self._stop_trying.set()
        self.step = step
        on_form = step <= Step.DETAILS
        self.form.display, self.check.display, self.result.display = on_form, step is Step.CHECK, step is Step.RESULT
        self._show_steps()
        if on_form:
            await self._show_form()
            fields = self._fields()
            self.form.put_cursor(focus or fields[0].id)
            self.form.scroll_home(animate=False) if focus is None else None
            if step is Step.MAY:
                self._understand()
            if step is Step.DETAILS:
                self._ask_for_boundary()
        elif step is Step.CHECK:
            self._show_side()
            self._start_check()
            self.check.rows.focus()
        self.refresh_bindings()

    async def action_next(self) -> None:
        match self.step:
            case Step.CHECK:
                self._show_plan()
            case Step.RESULT | Step.PLAN:
                return
            case _:
                self._tried_to_leave.add(self.step)
                faults = self._faults()
                if faults:
                    self._show_notes()
                    self.form.put_cursor(faults[0].field)
                    self.say(faults[0].sentence, trouble=True)
                    return
                await self._go_to(Step(self.step + 1))

    async def action_previous(self) -> None:
        if self.step is Step.RESULT:
            await self._go_to(Step.CHECK)
        elif self.step > Step.WHO:
            await self._go_to(Step(self.step - 1))

    async def action_back(self) -> None:
        if self.form.display and self.form.has_focus_within:
            self.side.put_cursor()
            self.say("Letters are commands now: i goes back into the form, [ a step back, ] a step on.")
        elif self.step is not Step.WHO:
            await self.action_previous()

    async def _leap(self, step: Step) -> None:
        """To a step by its own key: as far as the steps before are right."""
        for before in (Step.WHO, Step.MAY, Step.DETAILS):
            if before < step and (faults := self._faults(before)):
                self._tried_to_leave.add(before)
                await self._go_to(before, faults[0].field)
                self.say(faults[0].sentence, trouble=True)
                return
        await self._go_to(step)

    async def action_trusted(self) -> None:
        await self._leap(Step.WHO)

    async def action_permissions(self) -> None:
        await self._leap(Step.MAY)

    async def action_details(self) -> None:
        await self._leap(Step.DETAILS)

    async def action_check(self) -> None:
        await self._leap(Step.CHECK)

    def action_edit(self) -> None:
        if self.form.display:
            self.form.put_cursor()

    def action_taken(self) -> None:
        """The answer to the name conflict that AWS would report, with the role that is wanted beside it."""
        try:
            trust = self.draft.trust(self.facts).text
        except RecipeError:
            trust = ""
        text = conflict_text(self.draft.get("name"), self.draft.get("path", "/"), trust)
        self.app.post_message(messages.DiagnoseText(text))

    def action_look(self) -> None:
        self._levels = not self._levels
        self._show_permissions()

    async def action_new(self) -> None:
        self._forget()
        await self._go_to(Step.WHO)

    def _forget(self) -> None:
        self.draft = Draft()
        self._tried_to_leave.clear()
        self._granted.clear()
        self._understood = self._wanted = self._planned = self._spec = None

    # What is read for it

    def session_changed(self) -> None:
        self._find_names()
        self._find_copied()
        if self.step is Step.WHO and self.is_mounted:
            self._show_notes()
            self._show_side()

    def _find_names(self) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None or self.session.loading or account is self._names_of:
            return
        self._names_of = account
        self.run_worker(
            lambda: self.post_message(CreateNamesFound(account, create_names(account, reader))),
            thread=True,
            exclusive=True,
            group="names",
            exit_on_error=False,
        )

    def on_create_names_found(self, message: CreateNamesFound) -> None:
        message.stop()
        self._names = message.names
        if self.form.display:
            self._offer()
            self._show_notes()

    def _find_copied(self) -> None:
        """The role whose permissions are copied, in its fullest form; read where it is not there yet."""
        name = self.draft.get("perm.copy")
        role = self.session.role(name) if name else None
        self.draft.copied = role if role is not None and role.has_details else None
        reader = self.session.reader
        if role is None or role.has_details or reader is None or self._copying == name:
            return
        self._copying = name
        self.run_worker(
            lambda: self.app.post_message(messages.RoleRead(name, reader.role(name))),
            thread=True,
            exclusive=True,
            group="copy",
            exit_on_error=False,
        )

    async def on_create_like_role(self, message: messages.CreateLikeRole) -> None:
        """``n`` on a role: everything of it but its name."""
        message.stop()
        role = self.session.role(message.name)
        if role is None:
            return
        self._forget()
        self.draft.take(role)
        self._find_copied()
        await self._go_to(Step.WHO)
        faults = self._faults(Step.WHO) + self._faults(Step.MAY)
        if not faults:
            await self._go_to(Step.DETAILS, "name")
        self.say(f"Like {role.name}: tell the new name. The steps before hold its trust and permissions.")

    def _understand(self) -> None:
        """What the chosen permissions grant: worked out when they are others than last time."""
        reader, account = self.session.reader, self.session.account
        if reader is None or account is None:
            return
        wrong = {fault.field for fault in self.draft.permission_faults(self.facts, account)}
        arns = tuple(arn for arn in self.draft.attached if not any(self.draft.get(field) == arn for field in wrong))
        try:
            inline = self.draft.inline(self.facts)
        except RecipeError:
            inline = tuple(self.draft.copied.inline or ()) if self.draft.copied else ()
        wanted = (arns, inline)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        self._number += 1
        number, app = self._number, self.app
        known = {arn: policy.document for arn in arns if (policy := self.session.policy(arn)) and policy.document}

        def work() -> None:
            worker = get_current_worker()
            found = understand(
                number,
                arns,
                known,
                inline,
                reader,
                lambda arn, reading: app.post_message(messages.PolicyRead(arn, reading)),
                lambda: worker.is_cancelled,
            )
            if found is not None:
                self.post_message(found)

        self.run_worker(work, thread=True, exclusive=True, group="understand", exit_on_error=False)

    def on_understood(self, message: Understood) -> None:
        message.stop()
        if message.number != self._number:
            return
        self._granted |= message.granted
        self._understood = message
        if self.step is Step.MAY:
            self._show_notes()
            self._show_permissions()

    def _ask_for_boundary(self) -> None:
        """Whether the caller may create the role only with a boundary: asked before AWS would refuse."""
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None or self.session.loading:
            return
        name, path = self.draft.get("name", "new-role"), self.draft.get("path", "/")
        if not path.startswith("/") or self._demand_asked == (name, path):
            return
        self._demand_asked = (name, path)
        self.run_worker(
            lambda: self.post_message(demanded_boundary(name, path, account, reader)),
            thread=True,
            exclusive=True,
            group="boundary",
            exit_on_error=False,
        )

    async def on_boundary_demanded(self, message: BoundaryDemanded) -> None:
        message.stop()
        self._demanded = message
        if self.step is Step.DETAILS:
            self._offer()
            self._show_notes()

    # The check

    def _start_check(self) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            self.say("The account is not read yet.", trouble=True)
            return
        try:
            spec = self._spec = self.draft.spec(self.facts)
        except RecipeError as error:
            self.say(str(error), trouble=True)
            return
        self._number += 1
        number = self._number
        self.check.begin()

        def work() -> None:
            worker = get_current_worker()
            run_check(number, spec, account, reader, self.post_message, lambda: worker.is_cancelled)

        self.run_worker(work, thread=True, exclusive=True, group="check", exit_on_error=False)

    def on_finding_found(self, message: FindingFound) -> None:
        message.stop()
        if message.number != self._number:
            return
        if message.finding is None:
            self.check.end()
        else:
            self.check.add(message.finding)

    @on(Rows.Highlighted)
    async def _moved(self, message: Rows.Highlighted) -> None:
        message.stop()
        if isinstance(message, Rows.Chosen):
            if isinstance(message.rows, FindingRows):
                await self._way_out()
            return
        self.check.tell() if isinstance(message.rows, FindingRows) else self.result.tell()

    async def _way_out(self) -> None:
        """Where the finding in attention is put right."""
        finding = self.check.current
        if finding is None:
            return
        if finding.code.startswith("name.taken") and self._spec is not None:
            self.action_taken()
            return
        step, field = _PLACES.get(finding.field, (Step.CHECK, ""))
        if step is Step.CHECK:
            self.say(finding.way_out or finding.text)
            return
        if finding.code == "boundary.demanded":
            self.draft.values["boundary"] = finding.value
        if step is Step.WHO:
            field = "trust.custom" if self.draft.kind == CUSTOM else "trust.kind"
        await self._go_to(step, field)

    # The plan, and what comes of it

    def _show_plan(self) -> None:
        from screens.plan import PlanScreen

        account = self.session.account
        if account is None or self._spec is None:
            return
        if self.check.running:
            self.say("The check is still looking: a moment.")
            return
        try:
            warnings = [each.text for each in self.check.findings if each.level in ("warning", "error")]
            plan = create_role(self._spec, account, warnings=warnings)
        except PlanError as error:
            self.say(str(error), trouble=True)
            return
        self._planned = self._spec
        self.app.push_screen(PlanScreen(self.session, plan, opener=self))

    async def on_plan_screen_closed(self, message: PlanScreen.Closed) -> None:
        message.stop()
        if message.end == "applied" and self._planned is not None:
            await self._show_result(self._planned)

    async def _show_result(self, spec: RoleSpec) -> None:
        if self.step is Step.RESULT:
            return
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            return
        await self._go_to(Step.RESULT)
        facts, chosen = self.facts, self.draft.recipes
        self.result.begin(spec.name, next_steps(spec, self.draft.kind, self.draft.trust_answers, facts))
        self._number += 1
        number = self._number
        stop = self._stop_trying = Event()
        self.run_worker(
            lambda: run_tries(number, spec, chosen, facts, account, reader, self.post_message, stop.wait),
            thread=True,
            exclusive=True,
            group="try",
            exit_on_error=False,
        )
        self.result.rows.focus()

    def on_try_found(self, message: TryFound) -> None:
        message.stop()
        if message.number != self._number or self.step is not Step.RESULT:
            return
        if message.tried is not None:
            self.result.add(message.tried)
        elif message.waiting:
            self.result.say(message.waiting)
        else:
            self.result.end()

    def action_copy(self) -> None:
        from screens.copying import Copy, copy_menu

        copy_menu(self, [Copy("n", "what to do next", self.result.next.text)])

    def on_unmount(self) -> None:
        self._stop_trying.set()


def conflict_text(name: str, path: str, trust: str) -> str:
    """What AWS would say of a name that is taken, and the call that it would say it of, as diagnosing takes them."""
    words = ["aws", "iam", "create-role", "--role-name", name, "--path", path]
    words += ["--assume-role-policy-document", trust] if trust else []
    error = "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: "
    return f"{shlex.join(words)}\n{error}Role with name {name} already exists."
