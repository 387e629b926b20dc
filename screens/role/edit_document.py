"""Edits a policy document here or in the operator's own editor. Its problems are listed below, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from iam.account import Account, Role
from iam.changes.entity_name import EntityName, role_entities
from iam.changes.journal import End
from iam.changes.plan import NothingToDo, PlanError
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from screens.commands import Command, bindings
from screens.frame.base import PANES
from screens.messages import Said
from screens.plan.call_detail import readable
from screens.plan.planning import PlansChanges
from screens.role.editor import EditorError, edit
from screens.role.outdated import changed_since, is_outdated, reversed_changes
from screens.session import Session
from screens.text import marks, plural, visible
from screens.widgets.difference import compare, difference_lines
from screens.widgets.form.document import DocumentBox
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.modal import PieceLines, Window
from screens.widgets.pane import Pane
from screens.widgets.strips import wrap
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, STRONG, WARN
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:  # they import code that the first view of the roles does not need
    from diagnostics.plans.changes import DocumentChange
    from diagnostics.policy_completion import PolicyNames
    from iam.changes.plan import Plan
    from iam.gate.finding import GateFinding
    from iam.policy.lint import LintFinding
    from iam.policy.lint.saved import Refusal
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.opened import OpenedAccount
    from screens.plan.screen import PlanScreen

MOST_FINDINGS = 5
SETTLED = 0.3
"""The seconds to wait after the last key press before the text is checked."""
REST = 1.0
"""The further seconds before Access Analyzer's ValidatePolicy also checks the text, if the caller is allowed to call
it."""

HERE = (
    Command(
        "document.plan",
        "ctrl+r",
        "plan",
        "Show the plan, and who gains and who loses access.",
        show_in_footer=True,
        priority=True,
        changes=True,
    ),
    Command(
        "document.next-fault",
        "f8",
        "next error",
        "Go to the next line with an error.",
        show_in_footer=True,
        priority=True,
    ),
    Command(
        "document.editor",
        "ctrl+o",
        "in $EDITOR",
        "Edit the text in your own editor ($VISUAL, $EDITOR, vi).",
        show_in_footer=True,
        priority=True,
    ),
    Command(
        "document.again",
        "f2",
        "start again",
        "Show the text without your changes. Your text is kept until you type something else; press the key again "
        "to discard your text.",
        show_in_footer=True,
        priority=True,
    ),
    Command(
        "document.differences",
        "f6",
        "differences",
        "Show your changes, and what has changed in the account since you began.",
        priority=True,
    ),
    Command(
        "document.back",
        "escape",
        "back",
        "Go back. Nothing is changed in AWS, and your text is kept.",
        palette=False,
        show_in_footer=True,
        priority=True,
    ),
)


class EditChecked(Message):
    """The text was checked.

    ``fault`` is the error that AWS would return, "" if there is none; ``refusals`` are IAM's messages, by finding.
    ``gate`` contains the findings about the change itself, None until the change was checked. ``aws`` is the outcome of
    AWS's own check, "" before that check ran. ``whole``: AWS's own check was requested too.
    """

    def __init__(
        self,
        text: str,
        fault: str,
        findings: Sequence[LintFinding],
        refusals: Mapping[LintFinding, str],
        *,
        from_editor: bool = False,
        aws: str = "",
        gate: tuple[GateFinding, ...] | None = None,
        whole: bool = False,
    ) -> None:
        super().__init__()
        self.text, self.fault, self.findings, self.from_editor = text, fault, tuple(findings), from_editor
        self.refusals, self.aws, self.gate, self.whole = refusals, aws, gate, whole


@dataclass(eq=False, repr=False)
class NamesFound(Message):
    """The completions for the text were found."""

    names: PolicyNames


def _words(refusal: Refusal) -> str:
    return f"IAM rejects this policy: {refusal.message}" if refusal.message else "IAM rejects this policy."


class Findings(LinesView):
    """The list of the check's findings, most severe first."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self._shown: EditChecked | None = None
        self._since = ""

    def show(self, checked: EditChecked, since: str) -> None:
        """Show the findings.

        ``since`` says how the account's document has changed since the user began to edit it; "" if it has not changed.
        """
        self._shown, self._since = checked, since
        self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        if self._shown is None:
            return []
        notes = [] if not self._shown.fault else [(marks().failed, BAD, self._shown.fault)]
        for one in (self._shown.gate or ())[:MOST_FINDINGS]:
            bad = one.outcome in ("refused", "unusable")
            look = BAD if bad else WARN
            notes.append(
                (marks().failed if bad else "!", look, f"{one.outcome.words}: {one.text} {one.way_out}".strip())
            )
        for each in self._shown.findings[:MOST_FINDINGS]:
            sign, look = ("!", WARN) if each.severity != "SUGGESTION" else ("-", FAINT)
            who = "AWS, line" if each.source == "aws" else "line"
            said = f"{who} {each.line}: {each.message} ({each.code})"
            if (refusal := self._shown.refusals.get(each)) is not None:
                sign, look, said = marks().failed, BAD, f"{said} {refusal}"
            notes.append((sign, look, said))
        if more := len(self._shown.findings) - MOST_FINDINGS:
            notes += [("", FAINT, f"and {plural(more, 'more finding')}")] if more > 0 else []
        if not notes:
            checked = ", and no check found a problem" if self._shown.gate is not None else ""
            notes = [(marks().passed, GOOD, f"IAM accepts this policy{checked}: ctrl+r makes a plan.")]
        if self._since:
            notes.insert(0, ("!", WARN, self._since))
        if self._shown.aws:
            notes.append(("", FAINT, self._shown.aws))
        lines: list[Sequence[Piece]] = []
        for sign, look, text in notes:
            for count, part in enumerate(wrap(visible(text), max(8, width - 4))):
                lines.append([(f" {sign if count == 0 else ' ':<2}", look), (part, look if look is BAD else PLAIN)])
        return lines


class DifferenceWindow(Window[None]):
    """A window with several differences, each a title, a text, and the text that replaced it."""

    def __init__(self, title: str, parts: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(title)
        self._parts = tuple((head, compare(before, after)) for head, before, after in parts)

    def compose_inside(self) -> Iterable[Widget]:
        yield PieceLines(self._lines)

    def _lines(self, width: int) -> Sequence[Sequence[Piece]]:
        lines: list[Sequence[Piece]] = []
        for head, pairs in self._parts:
            lines += [[("", PLAIN)]] if lines else []
            lines += [[(head, STRONG)], *difference_lines(pairs, width)]
        return lines


class EditDocument(PlansChanges):
    """The editor screen. ``text`` is the current document; ``make`` returns the change to another one.

    ``in_editor``: open the operator's own editor at once. When that editor is closed, the text is checked, and the plan
    is shown if there are no problems.
    """

    MODE = "roles"
    AUTO_FOCUS = "DocumentArea"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    EditDocument DocumentBox { height: 1fr; min-height: 4; padding-left: 1; }
    EditDocument #faults { height: auto; }
    EditDocument Findings { height: 7; }
    """

    def __init__(
        self,
        session: Session,
        role: Role,
        title: str,
        text: str,
        make: Callable[[Document], DocumentChange],
        *,
        in_editor: bool = False,
    ) -> None:
        super().__init__(session)
        self._role, self._title, self._make, self._in_editor = role, title, make, in_editor
        self.read_at = session.writes.present
        self._box = DocumentBox(readable(text))
        self._before = self._box.value
        self._began: str | None = self._before
        self._aside = ""
        self._findings = Findings()
        self._timer: Timer | None = None
        self._rest: Timer | None = None
        self._whole = False
        """Whether the findings shown for this text include those of AWS's own check."""
        self._applied = False

    def compose_body(self) -> Iterable[Widget]:
        yield Pane(self._box, title=visible(self._title))
        yield Pane(self._findings, title="Errors and findings", id="faults")

    @property
    def _place(self) -> str:
        of_role = f" of {self._role.name}"
        return self._title if self._title.endswith(of_role) else self._title + of_role

    def _keep_typed(self, text: str) -> None:
        if self.session.typed.put(self._place, {"text": text}, self._began):
            run_in_thread(self, self.session.typed.save, "drafts")

    def on_mount(self) -> None:
        draft = self.session.typed.drafts.get(self._place)
        if draft is not None:
            self._box.value = draft.values.get("text", "")
            self._began = draft.began
            if self.changed and is_outdated(self._began, self._before):
                self.say("Your earlier text is restored. The document has changed since you began; f6 shows how.")
            else:
                self.say("Your earlier text is restored; f2 shows the document without your changes.")
        self._check(from_editor=False)
        self._find_names()
        if self._in_editor:
            self.call_after_refresh(self.action_editor)

    def _find_names(self) -> None:
        """Collect the completions: AWS's actions and condition keys, and the account's ARNs."""
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            return

        def work() -> None:
            from diagnostics.policy_completion import PolicyNames
            from iam.creation.draft.suggestions import suggestions
            from iam.creation.statements.action_table import action_table

            self.post_message(NamesFound(PolicyNames(action_table(), suggestions(account, reader))))

        run_in_thread(self, work, "names")

    def on_names_found(self, message: NamesFound) -> None:
        message.stop()
        self._box.complete_with(message.names)

    def rests_on(self) -> Iterable[EntityName]:
        return role_entities(self._role)

    def role_in_attention(self) -> Role | None:
        return self._role

    def words(self) -> str:
        return (
            "Nothing is changed yet: ctrl+r makes a plan, which first says who gains and who loses which access. "
            "Your text is kept until the plan has been carried out. Inside quotes, tab accepts the suggestion "
            "(actions, condition keys, ARNs of the account), and ctrl+n shows another."
        )

    @property
    def changed(self) -> bool:
        return self._box.value.strip() != self._before.strip()

    def _since(self) -> str:
        """Return how the account's document has changed since the user began to edit it; "" if it has not changed."""
        return changed_since(self._began, self._before) if self.changed else ""

    def _keep_draft(self) -> None:
        """Store the changed text as the draft, or else the text that f2 set aside.

        If there is neither, store no draft.
        """
        if self.changed:
            if self._aside and self._box.value != self._aside:
                self._began = self._before  # a text that was started after f2
            self._aside = ""
        self._keep_typed(self._box.value if self.changed else self._aside)

    # The check

    @on(DocumentBox.Changed)
    def _typed(self, message: DocumentBox.Changed) -> None:
        message.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SETTLED, lambda: self._check(from_editor=False))

    @on(DocumentBox.Refused)
    def _refused(self, message: DocumentBox.Refused) -> None:
        message.stop()
        self.say("The text is too long for a policy.", trouble=True)

    def _check(self, *, from_editor: bool) -> None:
        account, text, role = self.session.account, self._box.value, self._role
        self._keep_draft()
        self._whole = False
        if account is None:
            return
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, lambda: self._ask_aws(text, role, account))
        run_in_thread(self, lambda: self._look(text, role, account, from_editor), "lint")

    def _ask_aws(self, text: str, role: Role, account: Account) -> None:
        if (reader := self.session.reader) is None or not text.strip():
            return
        run_in_thread(self, lambda: self._look(text, role, account, False, reader), "aws-check")

    def _look(
        self, text: str, role: Role, account: Account, from_editor: bool, reader: AccountReader | None = None
    ) -> None:
        """Check the text. The findings of AWS are read with ``reader``."""
        from iam.creation.draft.document_check import check_document
        from iam.policy.lint import LintSeverity
        from iam.policy.lint.saved import refusal_of

        document = Document(text)
        change = self._make(document)
        order = list(LintSeverity)
        checked = check_document(document, change.kind, reader)
        found = sorted(checked.findings, key=lambda each: (order.index(each.severity), each.line))
        aws = ""
        if checked.why:
            aws = f"AWS's own check could not be run: {checked.why}"
        elif checked.asked and not any(each.source == "aws" for each in found):
            aws = f"AWS's own check (ValidatePolicy) found no {'further ' if found else ''}problem."
        fault = change.fault(role, account)
        refusals = {each: _words(refusal) for each in found if (refusal := refusal_of(each, document, change.kind))}
        gate = None
        if reader is not None:
            fault, gate = self._gate(change, role, account, reader, fault)
        if any(each.message.rstrip(".") in fault for each in found):
            fault = ""  # lint reports the same fault at its position
        whole = reader is not None
        self.post_message(
            EditChecked(text, fault, found, refusals, from_editor=from_editor, aws=aws, gate=gate, whole=whole)
        )

    def _gate(
        self, change: DocumentChange, role: Role, account: Account, reader: AccountReader, fault: str
    ) -> tuple[str, tuple[GateFinding, ...] | None]:
        """Return the error that AWS would return, and the findings about the change.

        The findings are None if the change cannot be planned.
        """
        from diagnostics.check.run import beside_lint

        opened = OpenedAccount(account, reader, assumed=self.session.assumed_context)
        try:
            return fault, beside_lint(change.plan(reader.role(role.name).value or role, opened), opened)
        except (NothingToDo, SourceError):
            return fault, None
        except PlanError as error:
            return fault or str(error), None

    def on_edit_checked(self, message: EditChecked) -> None:
        message.stop()
        if message.text != self._box.value:
            return
        if message.whole or not self._whole:  # a shorter check of the same text may end later
            self._whole = message.whole
            self._findings.show(message, self._since())
            self._box.mark_faults(
                (each.line, each.message) for each in message.findings if each.severity != "SUGGESTION"
            )
        grave = bool(message.fault or message.gate or message.refusals) or any(
            each.severity != "SUGGESTION" for each in message.findings
        )
        if message.from_editor and grave:
            self.say(
                "Correct the text here, or in your editor (ctrl+o). ctrl+r makes a plan from the text as it is.",
                trouble=True,
            )
        elif message.from_editor:
            self.action_plan()

    # Commands

    def action_next_fault(self) -> None:
        if not self._box.go_to_next_fault():
            self.say("No line has an error.")

    def action_editor(self) -> None:
        """Suspend the screen and run the editor. Nothing else runs in the event loop until the editor is closed."""
        text = self._box.value
        try:
            with self.app.suspend():
                text = edit(text, self._title)
        except (EditorError, SuspendNotSupported) as error:
            self.say(str(error) or "This terminal cannot be suspended for an editor.", trouble=True)
            self.call_later(self.run_action, "app.redraw")
            return
        self.call_later(self.run_action, "app.redraw")
        self._box.value = text
        if self.changed:
            self._check(from_editor=True)
        elif self._in_editor:
            self.dismiss()
        else:
            self.say("Nothing was changed.")

    def action_plan(self) -> None:
        if not self.changed:
            self.say("Nothing was changed: there is nothing to plan.", trouble=True)
            return
        name, change = self._role.name, self._make(Document(self._box.value))

        warning = reversed_changes(self._began, self._before, self._box.value)

        def planner(opened: OpenedAccount) -> Plan:
            """Make the plan. Raise an error that AWS would return: the operator fixes it here, next to the text."""
            from diagnostics.check.run import judged
            from diagnostics.plans.role_change import change_plan

            plan = change_plan([name], change, opened)
            for finding in judged(plan, opened).refused:
                raise PlanError(f"{finding.text} {finding.way_out}".strip())
            return replace(plan, warnings=(warning, *plan.warnings)) if warning else plan

        self.plan_change(planner)

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        message.stop()
        self._applied = self._applied or message.end is End.APPLIED

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        if self._applied:
            self.call_later(self._leave)

    def _leave(self) -> None:
        self._keep_typed("")
        self.dismiss()

    def action_again(self) -> None:
        if self._aside and not self.changed:
            self._aside, self._began = "", self._before
            self._keep_draft()
            self.say("Your text is discarded; ctrl+z still restores it while this screen is open.")
            return
        self._aside = self._box.value if self.changed else self._aside
        if self._box.value != self._before:  # otherwise one more undo would be needed
            self._box.put(self._before)
            self._check(from_editor=False)
        kept = "Your text is kept: ctrl+z restores it, f2 discards it." if self._aside else "You have changed nothing."
        self.say(f"This is the text without your changes. {kept}")

    def action_differences(self) -> None:
        parts = []
        if self.changed and self._began is not None and is_outdated(self._began, self._before):
            parts.append(("The document has changed since you began", self._began, self._before))
        if self.changed:
            parts.append(("What your text changes", self._before, self._box.value))
        if not parts:
            self.say("You have changed nothing.")
            return
        self.app.push_screen(DifferenceWindow(self._title, parts))

    def action_back(self) -> None:
        if self.stop_planning():
            return
        self._keep_draft()
        self.dismiss()
        self.app.post_message(Said(self.session.typed.left(self._place, "opening this document again (m on the role)")))
