"""The gate for every write: check the effects of a plan before it is carried out, with the rules of the review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from diagnostics.check.reach import reach_findings
from diagnostics.check.reviewed import escalation_findings
from diagnostics.check.useful import abilities, use_findings
from diagnostics.check.ways_in import way_findings
from diagnostics.plans.effects import with_group, with_policy, with_role, with_user
from diagnostics.review.limits import Limits
from diagnostics.review.reach import ours
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account, Role
from iam.changes.call import Call
from iam.changes.journal import CallProgress, JournalRecord
from iam.changes.operations.effects import State, look
from iam.changes.plan import Plan, resolve
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.gate import verdict
from iam.gate.checks import lockout
from iam.gate.checks.risks import permission_risks, trust_risks
from iam.gate.checks.run import CHECKS, lint_check, spec_findings
from iam.gate.finding import GateFinding, about
from iam.gate.planned_change import PlannedChange
from iam.gate.verdict import Check, Verdict
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount


def judged(plan: Plan, opened: OpenedAccount) -> Verdict:
    """Return the gate's findings for a plan. The current state of what it changes is read first.

    May block: call it in a worker.
    """
    return _judge(plan, opened, plan)


def _judge(plan: Plan, opened: OpenedAccount, rest: Plan) -> Verdict:
    plan = replace(plan, opens=())
    found = as_found(rest, opened)
    return verdict.judge(plan, found, opened.reader, ALL_CHECKS, rest=rest, assumed=opened.assumed)


def beside_lint(plan: Plan, opened: OpenedAccount) -> tuple[GateFinding, ...]:
    """Return the gate's findings for a plan except those of lint and AWS's ValidatePolicy, most severe first.

    An editor shows those two separately. May block.
    """
    change = PlannedChange.of(plan, as_found(plan, opened), opened.reader, opened.assumed)
    found = (one for each in ALL_CHECKS if each is not lint_check for one in each(change))
    return tuple(sorted((one for one in found if one.outcome.found), key=lambda one: one.outcome.rank))


def why_no_way_back(plan: Plan, opened: OpenedAccount, undoer: AccountReader) -> str:
    """Return one sentence that says why the credentials of ``undoer`` may be unable to undo the change; "" if they can.

    May block.
    """
    who = undoer.caller()
    if who.value is None:
        return f"It is unknown which identity would undo the change: {who.why}"
    if who.value.account != opened.account.id:
        return f"These credentials belong to account {who.value.account}, but the change is in {opened.account.id}."
    change = PlannedChange.of(plan, as_found(plan, opened), opened.reader)
    return lockout.why_no_way_back(change, who.value.arn)


def judged_resume(record: JournalRecord, opened: OpenedAccount) -> Verdict:
    """Return the gate's findings for the remaining calls of an interrupted plan. May block.

    A call whose outcome is unknown is included, unless its effect is visible.
    """
    places = {index: index for index in range(len(record.plan.calls))}

    def remains(call: Call, progress: CallProgress) -> bool:
        if progress is CallProgress.STARTED:
            return look(call, opened.reader).state is not State.DONE
        return progress not in (CallProgress.DONE, CallProgress.ALREADY)

    calls = (resolve(call, record.answers, places) for call in record.plan.calls)
    rest = tuple(call for call, state in zip(calls, record.states, strict=True) if remains(call, state.progress))
    return _judge(record.plan, opened, replace(record.plan, calls=rest))


def judged_roll_back(record: JournalRecord, opened: OpenedAccount) -> Verdict:
    """Return the gate's findings for undoing the calls that a plan made, the last one first. May block."""
    places = {index: index for index in range(len(record.plan.calls))}
    done = (CallProgress.DONE, CallProgress.STARTED, CallProgress.UNDO_STARTED, CallProgress.UNDO_FAILED)
    calls = tuple(
        replace(resolve(call.undo, record.answers, places), undo=replace(call, undo=None))
        for call, state in reversed(tuple(zip(record.plan.calls, record.states, strict=True)))
        if state.progress in done and call.undo is not None
    )
    undo = replace(record.plan, calls=calls, kind="undo")
    return _judge(replace(record.plan, type_name=None), opened, undo)


def check(
    spec: RoleSpec,
    account: Account,
    reader: AccountReader,
    assumed: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[GateFinding]:
    """Yield the gate's findings for a plan that creates a role, as they are found. May block between findings.

    ``assumed`` are values of condition keys that the operator assumes for the calls.
    """
    yield from spec_findings(spec, account, reader)
    if any(True for _ in spec.field_faults()):
        return
    change = PlannedChange.of(create_role(spec, account, reader), account, reader, assumed)
    for each in ALL_CHECKS:
        yield from each(change)


def as_found(plan: Plan, opened: OpenedAccount) -> Account:
    """Return the account with the current state of what the plan changes.

    Parts that cannot be read now keep the state of the last read.
    """
    account, reader = opened.account, opened.reader
    for name in dict.fromkeys(call.text("RoleName") for call in plan.calls):
        role = reader.role(name).value if name else None
        account = account if role is None else with_role(account, role)
    for name in dict.fromkeys(call.text("UserName") for call in plan.calls):
        user = reader.user(name).value if name else None
        account = account if user is None else with_user(account, user)
    for name in dict.fromkeys(call.text("GroupName") for call in plan.calls):
        group = reader.group(name).value if name else None
        account = account if group is None else with_group(account, group)
    for arn in dict.fromkeys(call.text("PolicyArn") for call in plan.calls if "Version" in call.operation):
        policy = reader.managed_policy(arn).value if arn else None
        account = account if policy is None else with_policy(account, policy)
    return account


_OF_NEW_ROLES = frozenset({"permission.none", "permission.nothing"})
"""Codes of findings that are reported only for new roles. For other roles, the effects of the plan show the same
problems."""


MOST_ROLES = 25
"""The maximum number of roles reviewed for one plan, because thousands of roles may have the same policy."""


def role_findings(change: PlannedChange) -> Iterator[GateFinding]:
    """Yield the new findings about the changed roles.

    They come from the review, and from the check whether a role can be used for its purpose.
    """
    before = {role.name: role for role in change.before.roles}
    for role in islice(change.roles, MOST_ROLES):
        was = before.get(role.name)
        found = list(_of_role(change, role, was))
        if was is not None and found:
            earlier = list(_of_role(replace(change, after=change.before), was, None))
            known = {(each.code, each.text) for each in earlier}
            # The review reports no path for an administrator, although it has all rights.
            codes = _OF_NEW_ROLES | ({"escalation.path"} if "permissions.admin" in {e.code for e in earlier} else set())
            found = [each for each in found if (each.code, each.text) not in known and each.code not in codes]
        yield from about(role.name, found)


def _of_role(change: PlannedChange, role: Role, was: Role | None) -> Iterator[GateFinding]:
    """Yield the findings about a role.

    ``was`` is the role before the change; if it is None, the entire role is checked.
    """
    spec = change.spec_of(role)
    if spec is None or role.service_owned:
        return
    trust = was is None or was.trust != role.trust or was.instance_profiles != role.instance_profiles
    own = [(each.inline, each.attached, each.boundary_arn) for each in (role, was) if each is not None]
    # If the role itself is unchanged, one of its managed policies has a new document.
    rights = was is None or was is role or own[0] != own[1]
    # A plan does not wait for thirty lists: only the bindings are read from AWS.
    live, accounts = change.reader.kind == "aws", change.reader.neighbours
    limits = Limits(own_accounts=tuple(sorted(ours(accounts, change.after.id)))) if accounts is not None else Limits()
    reviewed = ReviewedAccount(
        change.after, change.reader, limits=limits, whole=False, skip_workloads=live, only=role.arn
    )
    if trust:
        yield from way_findings(spec, role, reviewed)
    if not (trust or rights):
        return
    able = abilities(role, reviewed)
    if rights:
        yield from use_findings(spec, role, able, reviewed)
        yield from reach_findings(spec, reviewed)
    yield from trust_risks(spec, role, reviewed)
    if isinstance(able, str) or able.writes != 0:  # the role may change something, and so perhaps extend its own rights
        yield from escalation_findings(spec, role, reviewed)
    yield from permission_risks(spec, role, reviewed)


ALL_CHECKS: tuple[Check, ...] = (*CHECKS, role_findings)
