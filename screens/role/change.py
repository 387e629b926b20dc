"""On a role, ``m`` opens a menu of changes, and ``o`` opens a document in the editor. Each leads to a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from screens.commands import Command, every, unprotected, with_account, with_role
from screens.messages import RoleRead
from screens.plan.planning import PlansChanges
from screens.role.loading import LoadsRoles
from screens.worker_failures import Answer, run_in_thread

if TYPE_CHECKING:  # they import code that the first view of the roles does not need
    from diagnostics.check.several import AccountPlan
    from diagnostics.plans.changes import Change
    from diagnostics.plans.role_change import RoleChange
    from iam.account import ManagedPolicy, Role
    from iam.sources.reader.reading import Reading

NEW_INLINE = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [],
      "Resource": []
    }
  ]
}
"""


def change_command(screen: str) -> Command:
    return Command(
        f"{screen}.change",
        "m",
        "change",
        "Change trust policy, policies, boundary or instance profiles, disable the role, or revoke its sessions; you "
        "see a plan first.",
        allowed=every(with_account, with_role, unprotected),
        show_in_footer=True,
        changes=True,
    )


@dataclass(eq=False, repr=False)
class RoleReadForChange(Answer):
    """The role was read again in order to change it.

    ``role`` is None if it could not be read, for the reason in ``trouble``. ``edit`` is the part to edit at once:
    `TRUST`, the name of an inline policy, or the ARN of a managed one; "" shows the menu. ``in_editor``: edit that part
    in the operator's own editor.
    """

    role: Role | None
    trouble: str = ""
    edit: str = ""
    in_editor: bool = False


@dataclass(eq=False, repr=False)
class PolicyReadForEdit(Answer):
    role: Role
    reading: Reading[ManagedPolicy]
    in_editor: bool


@dataclass(eq=False, repr=False)
class PlannedInAccounts(Answer):
    """The plans for one change in several accounts were made."""

    plans: Sequence[AccountPlan]


TRUST = "trust policy"
"""The ID for the trust policy. It cannot be an inline policy's name, because IAM allows no space in one."""

_EDITS = {"trust": "Trust policy", "inline": "Inline policy", "policy": "New version of"}
"""The beginnings of the titles of edited documents, by the menu's change that edits the document."""


def form_place(name: str) -> str:
    """Return the place under which the text typed into a role's form is stored."""
    return f"the form of {name}"


def edited_at(place: str, role: str, policies: Iterable[str]) -> str:
    """Return which part of the role the draft at this place edits, as in `RoleReadForChange.edit`; "" if it is unknown.

    ``policies`` are the ARNs of the policies that the draft may edit.
    """
    from iam.arn import name_of

    title = place.removesuffix(f" of {role}")
    if title == _EDITS["trust"]:
        return TRUST
    if title.startswith(inline := f"{_EDITS['inline']} "):
        return title.removeprefix(inline)
    policy = title.removeprefix(f"{_EDITS['policy']} ")
    return next((arn for arn in policies if name_of(arn) == policy), "") if policy != title else ""


class ChangesRoles(PlansChanges, LoadsRoles):
    def action_change(self) -> None:
        """Read the role again, so that the menu offers changes that fit its current state."""
        several = self.roles_to_change()
        if len(several) > 1:
            self._menu(several, None)
        else:
            self.read_for_change()

    def roles_to_change(self) -> Sequence[str]:
        """Return the names of the roles to change: the marked ones, or else the current one."""
        role = self.role_in_attention()
        return [] if role is None else [role.name]

    def open_draft(self, place: str) -> None:
        """Open the document or the form of the role with the text that was typed.

        ``place`` is where that text is stored.
        """
        role = self.role_in_attention()
        if role is None:
            return
        if place == form_place(role.name):
            self.action_edit()
        elif what := edited_at(place, role.name, self._policy_arns(role)):
            self.read_for_change(what, in_editor=False)
        else:
            self.say(f"Your text is restored when you open {place} again.")

    def _policy_arns(self, role: Role) -> Iterable[str]:
        account = self.session.account
        listed = account.policies if account is not None else None
        return [*(each.arn for each in role.attached or ()), *(each.arn for each in listed or ())]

    def action_edit(self) -> None:
        """Open the role's form."""

    def read_for_change(self, edit: str = "", *, in_editor: bool = True) -> None:
        reader, names = self.session.reader, self.roles_to_change()
        if reader is None or not names:
            return
        name, into = names[0], self.session.roles_read
        self.say("Reading the role ...")

        def work() -> None:
            reading = reader.role(name)
            self.app.post_message(RoleRead(name, reading, into))
            trouble = reading.why or ("" if reading.found else f"The role {name} no longer exists.")
            self.post_message(RoleReadForChange(reading.value, trouble, edit, in_editor))

        run_in_thread(self, work, "change")

    def on_role_read_for_change(self, message: RoleReadForChange) -> None:
        message.stop()
        role = message.role
        if not self.in_view:
            return
        if role is None:
            self.say(message.trouble, trouble=True)
            return
        self.say("")
        if message.edit:
            self._edit(role, message.edit, in_editor=message.in_editor)
        else:
            self._menu([role.name], role)

    def _menu(self, names: Sequence[str], role: Role | None) -> None:
        """Show the menu of changes. ``role`` is the role to change, None if there are several."""
        from diagnostics.plans.role_change import ROLE_CHANGES
        from iam.words import plural
        from screens.text import some_of
        from screens.widgets.modal import Menu, MenuChoice

        choices = [
            MenuChoice(each.id, each.title, each.says + self._typed_for(names, each.id), each.key)
            for each in ROLE_CHANGES.values()
            if (each.several if role is None else each.applies(role))
        ]
        if role is not None:  # for a disabled role, enabling comes first
            choices.sort(key=lambda each: each.id != "enable")

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._begin(names, role, ROLE_CHANGES[answer])

        title = names[0] if role is not None else f"{plural(len(names), 'marked role')}: {some_of(names)}"
        self.app.push_screen(Menu(f"Change {title}", choices), answered)

    def _typed_for(self, names: Sequence[str], change: str) -> str:
        """Return the names of the role's documents that have edits without a plan, in words; "" if there are none."""
        begins = _EDITS.get(change)
        if begins is None or len(names) != 1:
            return ""
        of_role = f" of {names[0]}"
        typed = [
            place.removesuffix(of_role).removeprefix(begins).strip()
            for place in self.session.typed.drafts
            if place.startswith(begins) and place.endswith(of_role)
        ]
        return f"; typed but not used yet: {', '.join(filter(None, typed)) or 'a draft'}" if typed else ""

    def begin_change(self, names: Sequence[str], change: str) -> None:
        """Start a change, given by its ID, of these roles."""
        from diagnostics.plans.role_change import ROLE_CHANGES

        self._begin(names, None, ROLE_CHANGES[change])

    def _begin(self, names: Sequence[str], role: Role | None, change: RoleChange) -> None:
        """Ask for the values that the change needs, and make a plan."""
        from diagnostics.plans.role_change import Asks

        if change.asks in (Asks.TAGS, Asks.TAG_KEYS):
            self._ask_for_tags(names, change)
        elif change.asks is Asks.NAME:
            self._ask_for_name(names, change)
        elif role is not None and change.asks is Asks.TRUST:
            self._edit(role, TRUST)
        elif change.make is None or change.asks is not Asks.NOTHING:
            self._ask(names, role, change)
        else:
            self._plan(names, change.make(""))

    def _ask(self, names: Sequence[str], role: Role | None, change: RoleChange) -> None:
        from diagnostics.plans.role_change import Asks, likely_texts, read_texts
        from iam.field_rules import name_fault
        from iam.sources.reader.opened import OpenedAccount
        from iam.words import plural
        from screens.widgets.form.choice_window import INSTANCE_HINT, ChoiceWindow, is_policy_arn

        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            return
        make = change.make

        def answered(typed_text: str | None) -> None:
            if typed_text is None:
                return
            if make is None and role is not None:
                self._edit(role, typed_text)
            elif make is not None and change.asks is Asks.PROVIDER:
                self._ask_for_audience(names, typed_text, change)
            elif make is not None:
                self._plan(names, make(typed_text))

        roles = [role] if role is not None else [each for each in account.roles if each.name in names]
        if not roles and self.roles_by_account() and (near := self.role_in_attention()) is not None:
            roles = [near]
        if not roles:
            self.say("The marked roles no longer exist in the account.", trouble=True)
            return
        likely = tuple(dict.fromkeys(text for each in roles for text in likely_texts(change, each, account)))
        title = f"{role.name if role is not None else plural(len(names), 'role')}: {change.title}"
        read = partial(read_texts, change, roles[0], OpenedAccount(account, reader))
        if change.asks is Asks.POLICY:
            window = ChoiceWindow(title, likely, read)
        elif change.asks is Asks.INSTANCE:
            window = ChoiceWindow(title, likely, read, takes=lambda _: False, hint=INSTANCE_HINT)
        elif change.asks in (Asks.INLINE, Asks.PROFILE):
            hint = "an existing name, or a new one"
            window = ChoiceWindow(title, likely, takes=lambda typed: name_fault(typed, "policy") is None, hint=hint)
        else:
            window = ChoiceWindow(
                title, likely, takes=is_policy_arn if change.asks is Asks.MANAGED else lambda _: False
            )
        self.app.push_screen(window, answered)

    def _ask_for_audience(self, names: Sequence[str], provider: str, change: RoleChange) -> None:
        from screens.widgets.modal import Prompt

        make = change.make

        def answered(audience: str | None) -> None:
            if make is not None and audience and audience.strip():
                self._plan(names, make(f"{provider} {audience.strip()}"))

        note = "the audience (aud) of the tokens to accept"
        self.app.push_screen(Prompt(change.title, "sts.amazonaws.com", note, typed=self.session.typed), answered)

    def _ask_for_name(self, names: Sequence[str], change: RoleChange) -> None:
        from screens.widgets.modal import Prompt

        make = change.make

        def answered(name: str | None) -> None:
            if make is not None and name and name.strip() not in ("", names[0]):
                self._plan(names, make(name.strip()))

        title, note = f"{names[0]}: {change.title}", "the new role's name"
        self.app.push_screen(Prompt(title, names[0], note, typed=self.session.typed), answered)

    def _ask_for_tags(self, names: Sequence[str], change: RoleChange) -> None:
        from diagnostics.plans.role_change import Asks
        from iam.changes.plan import PlanError
        from iam.words import plural
        from screens.text import some_of
        from screens.widgets.modal import Prompt

        make = change.make

        def answered(typed_text: str | None) -> None:
            if make is None or not typed_text or not typed_text.strip():
                return
            try:
                self._plan(names, make(typed_text))
            except PlanError as error:
                self.say(str(error), trouble=True)

        note = "key=value, key=value; other tags are kept" if change.asks is Asks.TAGS else "key, key"
        if len(names) > 1:
            note += f". The roles: {some_of(names)}."
        title = names[0] if len(names) == 1 else plural(len(names), "role")
        self.app.push_screen(Prompt(f"{title}: {change.title}", "", note, typed=self.session.typed), answered)

    def roles_by_account(self) -> Mapping[str, Sequence[str]]:
        """Return the marked roles by account if they are in several accounts; otherwise return nothing."""
        return {}

    def _plan(self, names: Sequence[str], change: Change) -> None:
        from diagnostics.plans.role_change import change_plan

        if by_account := self.roles_by_account():
            self._plan_in_accounts(by_account, change)
            return
        self.plan_change(lambda opened: change_plan(names, change, opened))

    def _plan_in_accounts(self, by_account: Mapping[str, Sequence[str]], change: Change) -> None:
        accounts = self.session.accounts
        if accounts is None:
            return
        self.say(f"Planning the change in {len(by_account)} accounts ...")

        def work() -> None:
            from diagnostics.check.several import plans_by_account

            self.post_message(PlannedInAccounts(list(plans_by_account(by_account, change, accounts))))

        run_in_thread(self, work, "plan")

    def on_planned_in_accounts(self, message: PlannedInAccounts) -> None:
        from screens.plan.several import SeveralPlansScreen

        message.stop()
        self.say("")
        if self.in_view:
            self.app.push_screen(SeveralPlansScreen(self.session, message.plans))

    # Documents

    def _edit(self, role: Role, what: str, *, in_editor: bool = False) -> None:
        """Open the editor for a part of the role. ``what`` is as in `RoleReadForChange.edit`."""
        from diagnostics.plans.changes import EditTrust, PutInline
        from screens.role.edit_document import EditDocument

        if what.startswith("arn:"):
            self._read_policy(role, what, in_editor)
            return
        if what == TRUST and role.trust is None:
            self.say("The trust policy could not be read, so it cannot be replaced here.", trouble=True)
            return
        if what == TRUST and role.trust is not None:
            title, before = f"Trust policy of {role.name}", role.trust
            make = partial(EditTrust, opened_as=before)
            screen = EditDocument(self.session, role, title, before.text, make, in_editor=in_editor)
        else:
            held = next((each.document for each in role.inline or () if each.name == what), None)
            text = NEW_INLINE if held is None else held.text
            title = f"Inline policy {what} of {role.name}"
            inline = partial(PutInline, what, opened_as=held)
            screen = EditDocument(self.session, role, title, text, inline, in_editor=in_editor)
        self.app.push_screen(screen)

    def _read_policy(self, role: Role, arn: str, in_editor: bool) -> None:
        reader = self.session.reader
        if reader is None:
            return
        self.say("Reading the policy ...")
        run_in_thread(
            self, lambda: self.post_message(PolicyReadForEdit(role, reader.managed_policy(arn), in_editor)), "change"
        )

    def on_policy_read_for_edit(self, message: PolicyReadForEdit) -> None:
        from diagnostics.plans.changes import EditPolicy
        from screens.role.edit_document import EditDocument

        message.stop()
        policy = message.reading.value
        if not self.in_view:
            return
        if policy is None or policy.document is None:
            self.say(message.reading.why or "The policy's document could not be read.", trouble=True)
            return
        self.say("")
        make = partial(EditPolicy, policy.arn, opened_as=policy.document)
        title = f"New version of {policy.name}"
        text = policy.document.text
        self.app.push_screen(EditDocument(self.session, message.role, title, text, make, in_editor=message.in_editor))
