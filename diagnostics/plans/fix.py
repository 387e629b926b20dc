"""A fix as a plan: the same change as calls that are shown, journaled, verified and undone.

Not every fix is one: notes, reads, calls of other services and what is somebody else's to do raise `PlanError`, whose
sentence says so.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.already_exists.wanted.cli import commands_in
from diagnostics.diagnosis import Fix, FixKind
from diagnostics.plans.commands import READS, found, plan_of_commands, unchanged
from iam.account import Account, Group, Role, User
from iam.arn import Arn
from iam.changes.builders.policies import new_version, put_inline
from iam.changes.builders.roles import update_trust
from iam.changes.operations.table import from_cli_name
from iam.changes.plan import Plan, PlanError
from iam.policy.document import Document
from iam.sources.reader import AccountReader, Reading

_POLICY = re.compile(r"arn:[^:]+:iam::\d{12}:policy/.+")


def plan_for_fix(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    """The plan that carries a fix out. What it changes is read now, so that its undo is right and nothing that changed
    since the diagnosis is overwritten. Raises `PlanError`. May block: call it in a worker."""
    sentence = why_no_plan(fix)
    if sentence:
        raise PlanError(sentence)
    match fix.kind:
        case FixKind.TRUST_POLICY:
            plan = _trust_plan(fix, account, reader)
        case FixKind.COMMAND:
            plan = plan_of_commands(fix, account, reader)
        case _:
            plan = _policy_plan(fix, account, reader)
    return replace(plan, title=_short(fix.title))


def why_no_plan(fix: Fix) -> str:
    """One sentence on why a fix cannot be made a plan and what to do, as far as that shows without a look at the
    account; else ""."""
    if fix.no_plan:
        return fix.no_plan
    match fix.kind:
        case FixKind.NOTE:
            word = fix.title.split(maxsplit=1)[0].rstrip(":;,") if fix.title else ""
            return _OF_NOTES.get(word, _NOTE)
        case FixKind.POLICY_STATEMENT:
            if fix.inline is not None or _POLICY.fullmatch(fix.target):
                return "" if fix.after is not None else _UNREAD
            target = fix.target[:120]
            return f"{target} is not changed by IAM's calls: hand the statement to whoever keeps it (y copies it)."
        case FixKind.TRUST_POLICY:
            return "" if fix.after is not None else _UNREAD
    operations = [operation for operation, _ in commands_in(fix.change)]
    if any(from_cli_name(operation) for operation in operations):
        return ""
    for operation in operations:
        if not operation.startswith(READS):
            return f"No plan can hold aws iam {operation}: run the command as it is shown (y copies it)."
    return "This fix is a command for you to run, and changes nothing in IAM: y copies it."


# What the first word of a note about a name conflict tells.
_OF_NOTES = {
    "leave": "There is nothing to carry out: to leave it alone is the advice.",
    "adopt": "There is nothing to carry out: use what is there.",
    "reuse": "There is nothing to carry out: use what is there.",
    "rename": "The other name goes into your own command, template or configuration: y copies the names.",
    "wait": "There is nothing to do but to wait a little: r reads the account again.",
    "new-version": "It is changed where it is kept, and not from here.",
}
_NOTE = "This fix is a note for whoever can act on it, and no change that can be made from here: y copies it."
_UNREAD = "The document that this would change could not be read, so it is not replaced unseen: y copies the change."


def _short(title: str) -> str:
    return title if len(title) <= 160 else f"{title[:159]}…"


def _after(fix: Fix) -> Document:
    assert fix.after is not None  # else `why_no_plan` has said so
    return fix.after


def _holder(arn: str, account: Account, reader: AccountReader) -> Role | User | Group:
    named = Arn.parse_entity(arn, "role", "user", "group")
    if named is None or named.account != account.id:
        raise PlanError(f"{arn[:120]} is not a role, user or group of this account.")
    kind, name = named.type, named.name
    reading: Reading[Role] | Reading[User] | Reading[Group] = reader.role(name)
    if kind != "role":
        reading = reader.user(name) if kind == "user" else reader.group(name)
    return found(reading, f"The {kind} {name}")


# Policies.


def _policy_plan(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    place = fix.inline
    if place is not None:
        holder = _holder(place.holder.arn, account, reader)
        held = next((each.document for each in holder.inline or () if each.name == place.name), None)
        if place.new and held is not None:
            raise PlanError(f"{holder.name} has an inline policy {place.name} by now: diagnose again.")
        unchanged(fix.before, held, f"The inline policy {place.name} of {holder.name}")
        return put_inline(holder, place.name, _after(fix).text, account)
    reading = reader.managed_policy(fix.target)
    if reading.value is None:
        raise PlanError(reading.why or f"The policy {fix.target} is not there any more: diagnose again.")
    unchanged(fix.before, reading.value.document, f"The policy {reading.value.name}")
    return new_version(reading.value, _after(fix).text, account)


def _trust_plan(fix: Fix, account: Account, reader: AccountReader) -> Plan:
    role = _holder(fix.target, account, reader)
    if not isinstance(role, Role):
        raise PlanError(f"{fix.target[:120]} has no trust policy: only roles have one.")
    unchanged(fix.before, role.trust, f"The trust policy of {role.name}")
    return update_trust(role, _after(fix).text, account)
