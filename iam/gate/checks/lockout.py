"""Check whether a change locks out its caller.

It checks whether the caller can still continue, undo the change and assume its own role, and whether anyone else can.

The account is followed call by call, and the caller's remaining actions are evaluated in each state
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). The root user of the
account can change IAM unless an SCP denies it; no check counts the root user.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from iam.account import Account, Role, User
from iam.arn import Arn, name_of
from iam.changes.account_after import accounts_during, with_named_only
from iam.changes.builders.roles import DISABLE_POLICY
from iam.changes.call import Call
from iam.changes.gained import changed_holders
from iam.changes.operations.permissions import Need, needs_in, undo_calls
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Plan
from iam.foreign_text import shortened
from iam.gate.checks.sent_keys import presence_in_calls
from iam.gate.finding import GateFinding
from iam.gate.planned_change import PlannedChange
from iam.layers import gather
from iam.policy.decision import Outcome
from iam.policy.document import Document, PolicyError
from iam.policy.principal import Kind, caller
from iam.policy.request import Request
from iam.policy.statements import Statement
from iam.policy.unknown_keys import Certainty, possible
from iam.sources.reader.account_reader import AccountReader
from iam.words import joined, listing

_MOST_NAMED = 3
_PROBE = "rolescope-probe"
_OLDER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _State:
    """The account at one moment, used to evaluate what a principal may do then.

    ``deleted`` are the ARNs of the roles and users that the plan has deleted by then.
    """

    account: Account
    reader: AccountReader
    deleted: frozenset[str] = frozenset()

    def may(self, arn: str, needs: Iterable[Need]) -> bool | None:
        """Whether the principal has all of the permissions; None if unknown."""
        answers = [self._may(arn, need) for need in needs]
        if False in answers:
            return False
        return None if None in answers else True

    def denied(self, arn: str, needs: Iterable[Need]) -> tuple[Need, ...]:
        """Return the permissions that the principal certainly lacks."""
        return tuple(need for need in needs if self._may(arn, need) is False)

    def _may(self, arn: str, need: Need) -> bool | None:
        who = caller(arn)
        roles = [name_of(each) for each in self.deleted if ":role/" in each]
        if arn in self.deleted or (who.kind is Kind.SESSION and who.name in roles):
            return False
        context = dict(need.context)
        if who.kind is Kind.SESSION:  # the credentials of its session are older than the effects of the plan
            context["aws:TokenIssueTime"] = (f"{self.account.now - _OLDER:%Y-%m-%dT%H:%M:%SZ}",)
        request = Request(arn, need.action, need.resource, self.account.id, context)
        try:
            gathered = gather(request, self.account, self.reader)
            found = possible(gathered.request, gathered.policies, presence_in_calls(gathered, need, self.account))
        except PolicyError:
            return None
        if found.certainty is not Certainty.NEVER:
            return True if found.certain else None
        decision = found.decision
        unread, by = gathered.policies.unread, decision.decided_by
        sure = decision.outcome is Outcome.EXPLICIT_DENY or not unread or (by is not None and by not in unread)
        return False if sure else None


def lockout_findings(change: PlannedChange) -> Iterator[GateFinding]:
    """Yield findings about what the caller can no longer do after each call, and whether anyone else could.

    May block.
    """
    who = change.reader.caller().value
    now = change.reader.clock()
    first, last = _states([replace(each, now=now) for each in (change.before, change.after)], change.reader)
    changed = _changed(first.account, last.account)
    if who is not None:
        steps = _Steps.of(change, who.arn)
        yield from _calls(steps, last)
        yield from _undo(steps, last)
        yield from _way_in(who.arn, change.plan, first, last, changed)
    if changed:
        needs = [need for each in _Steps.of(change, "").undo for need in each]
        yield from _nobody(needs, first, last, changed)


def why_no_way_back(change: PlannedChange, arn: str) -> str:
    """Return one sentence that says why a principal may be unable to undo the change, or "" if it certainly can.

    May block.
    """
    for call in change.plan.calls:
        if call.undo is None:
            return f"This cannot be undone: {call.why} {call.undo_note}".rstrip()
    steps = _Steps.of(change, arn)
    for index, needs in enumerate(steps.undo):
        for need in needs:
            allowed = steps.states[index + 1].may(arn, [need])
            if not allowed:
                how = "is denied" if allowed is False else "may be denied"
                return f"After the change, {need.action} {how} to {_caller_name(arn)}, and the undo needs this action."
    return ""


def _states(accounts: Sequence[Account], reader: AccountReader) -> tuple[_State, ...]:
    """Return the states of the account at several moments; the first state is the one before the plan."""
    first = _arns(accounts[0])
    return tuple(_State(each, reader, first - _arns(each)) for each in accounts)


def _arns(account: Account) -> frozenset[str]:
    return frozenset(account.role_arns).union(each.arn for each in account.users or ())


@dataclass(frozen=True, slots=True)
class _Steps:
    """A plan followed call by call.

    ``states`` are before the first call and after each call, with only the principals that the plan and ``caller``
    need. ``needs`` are the permissions of each call, ``undo`` those of its undo after the call, ``undo_before`` those
    of the same undo before the call. ``changes_caller``: the caller's own permissions may be different after the plan.
    """

    caller: str
    plan: Plan
    states: tuple[_State, ...]
    needs: tuple[tuple[Need, ...], ...]
    undo: tuple[tuple[Need, ...], ...]
    undo_before: tuple[tuple[Need, ...], ...]
    changes_caller: bool

    @classmethod
    def of(cls, change: PlannedChange, arn: str) -> _Steps:
        plan, undo = change.plan, undo_calls(change.plan)
        first = with_named_only(plan, replace(change.before, now=change.reader.clock()), caller(arn).name or "")
        accounts = [first, *accounts_during(plan, first)]
        states = _states(accounts, change.reader)
        before = needs_in(accounts, undo)
        mine = _entity_arn(arn, first)
        changed = any(was.arn == mine for was, _ in _changed(first, accounts[-1]))
        return cls(arn, plan, states, needs_in(accounts, plan.calls), needs_in(accounts[1:], undo), before, changed)


_Changed = list[tuple[Role | User, Role | User | None]]
"""The principals whose permissions or trust may change, before and after; None for deleted ones."""


def _changed(before: Account, after: Account) -> _Changed:
    were: dict[str, Role | User] = {each.arn: each for each in before.roles}
    were |= {each.arn: each for each in before.users or ()}
    found: dict[str, Role | User | None] = {each.arn: each for each in changed_holders(before, after)}
    there = {each.arn for each in after.roles} | {each.arn for each in after.users or ()}
    found |= dict.fromkeys(arn for arn in were if arn not in there)
    return [(were[arn], now) for arn, now in found.items()]


# The caller.


def _calls(steps: _Steps, last: _State) -> Iterator[GateFinding]:
    """Yield a finding if a call removes the caller's permission for a later call."""
    arn, states, calls = steps.caller, steps.states, steps.plan.calls
    for index, wanted in enumerate(steps.needs):
        denied = states[index].denied(arn, wanted) if index else ()
        lost = [need for need in denied if states[0].may(arn, [need]) is not False]
        if not lost:
            continue
        by = next((place for place in range(index) if states[place + 1].denied(arn, lost)), index - 1)
        text = (
            f"The plan would stop in the middle: after call {by + 1} ({calls[by].operation}), you are not allowed "
            f"to make call {index + 1} ({calls[index].operation})."
        )
        # IAM deletes only an entity to which nothing is attached any longer
        if calls[index].operation.startswith("Delete"):
            others = _who_can([need for each in steps.needs for need in each], last)
            way = (
                f"Make the change as {listing(others, 'or', limit=_MOST_NAMED)}, who could make every call."
                if others
                else ""
            )
        else:
            alone = not any(states[place].denied(arn, steps.needs[place]) for place in range(1, by + 1))
            way = f"Make call {by + 1} last, in a separate plan." if alone else ""
        yield GateFinding("lockout.call", text, way, call=by)
        return


def _undo(steps: _Steps, last: _State) -> Iterator[GateFinding]:
    """Yield a finding for the first undo call that the caller may not make, whether or not the plan causes this."""
    arn, name = steps.caller, _caller_name(steps.caller)
    never: GateFinding | None = None
    for index, (call, needs) in enumerate(zip(steps.plan.calls, steps.undo, strict=True)):
        denied = steps.states[index + 1].denied(arn, needs)
        if not denied:
            continue
        actions = listing(sorted({need.action for need in denied}), limit=_MOST_NAMED)
        others = _who_can([need for each in steps.undo for need in each], last)
        who = f"{listing(others, 'or', limit=_MOST_NAMED)}, who could undo it." if others else ""
        before = [need for need in steps.undo_before[index] if need.action in {each.action for each in denied}]
        takes = steps.changes_caller and any(steps.states[0].may(arn, [need]) is not False for need in denied)
        if takes:
            text = f"You would not be able to undo this change: it removes {actions} from {name}, which you are using."
            way = _safer(call, _entity_arn(arn, steps.states[0].account))
        elif not _creates(call) and any(steps.states[index].may(arn, [need]) is not False for need in before):
            what = shortened(name_of(denied[0].resource))
            after = f"you are not allowed to perform {actions} on {what} (as {name})"
            text = f"You would not be able to undo this change: after it, {after}."
            way = ""
        else:
            if steps.states[index].denied(arn, steps.needs[index]):
                continue  # the call itself is denied, so there is nothing to undo
            text = f"You are not allowed to undo this: {actions} is denied to {name}, which you use."
            never = never or GateFinding("undo.denied", text, f"Ask {who}" if who else "", call=index)
            continue
        made_by = f"Make the change as {who}" if who else ""
        yield GateFinding("lockout.undo", text, f"{made_by} {way}".strip(), call=index)
        return
    if never is not None:
        yield never


def _creates(call: Call) -> bool:
    """Whether the call or its undo creates something.

    Before that, the caller could not change the created entity, because it did not exist.
    """
    return any(OPERATIONS[each.operation].creates for each in (call, call.undo) if each is not None)


def _safer(call: Call, arn: str) -> str:
    """Return a sentence about a safer form of the change, in which the caller keeps its permissions; "" if none."""
    if call.text("PolicyName") == DISABLE_POLICY:
        return ""
    if '"Deny"' in call.text("PolicyDocument"):
        return f"Safer: exclude yourself from the Deny, with ArnNotEquals on aws:PrincipalArn {arn}."
    return "Safer: first give yourself the same permissions in another policy."


def _caller_name(arn: str) -> str:
    who = caller(arn)
    return shortened(who.name or name_of(arn))


def _entity_arn(arn: str, account: Account) -> str:
    who = caller(arn)
    role = account.role(who.name) if who.name and who.kind in (Kind.ROLE, Kind.SESSION) else None
    return role.arn if role is not None else arn


def _way_in(arn: str, plan: Plan, first: _State, last: _State, changed: _Changed) -> Iterator[GateFinding]:
    """Check whether the caller can still assume its role, or sign in as its user, in the same ways."""
    who = caller(arn)
    if who.kind is Kind.USER:
        yield from _sign_in(arn, plan)
    if who.kind is not Kind.SESSION or who.name is None:
        return
    was, now = first.account.role(who.name), last.account.role(who.name)
    if was is None:
        return
    name = shortened(was.name)
    if now is None:
        yield GateFinding("lockout.way-in", f"This change deletes {name}, which you use.", _OTHER)
        return
    gone = [each for each in _ways_in(was.trust) if each not in _ways_in(now.trust)]
    session = Arn.parse_principal(arn)
    on_instance = session is not None and (session.session_name or "").startswith("i-")
    if on_instance and was.instance_profiles and not now.instance_profiles:
        gone.append("EC2, through its instance profile")
    if _said(now.trust, "Deny") - _said(was.trust, "Deny"):
        gone.append("the principals that the new Deny names")
    gone += [shortened(each.name) for each in _cannot_assume(was, first, last, changed)]
    if not gone:
        return
    text = f"This change removes a way to assume {name}, which you use: {listing(gone, limit=_MOST_NAMED)}."
    if not _ways_in(now.trust):
        text = f"After this change, nobody can assume {name}, which you use."
    way = (
        "If you assumed the role in the removed way, you cannot assume it again: keep that way, or use other "
        "credentials."
    )
    yield GateFinding("lockout.way-in", text, way)


def _cannot_assume(role: Role, first: _State, last: _State, changed: _Changed) -> Iterator[Role | User]:
    """Yield the principals named in the role's trust policy that could assume it before the change, but not after."""
    named = {value for each in _allows(role.trust) for _, value in each.principal or ()}
    assume = [Need(0, "sts:AssumeRole", role.arn)]
    for was, _ in changed:
        if was.arn in named and first.may(was.arn, assume) and last.may(was.arn, assume) is False:
            yield was


_SIGN_IN = frozenset({"DeleteAccessKey", "UpdateAccessKey", "DeleteLoginProfile", "DeactivateMFADevice", "DeleteUser"})


def _sign_in(arn: str, plan: Plan) -> Iterator[GateFinding]:
    """Yield the calls that remove a credential from the caller's user."""
    name = name_of(arn)
    taken = [call for call in plan.calls if call.operation in _SIGN_IN and call.text("UserName") == name]
    if taken:
        text = f"This change removes credentials of {shortened(name)}, whose credentials you are using: {taken[0].why}"
        yield GateFinding("lockout.way-in", text, _OTHER, call=plan.calls.index(taken[0]))


_OTHER = "Use other credentials."


def _allows(trust: Document | None) -> Iterator[Statement]:
    return (each for each in (trust.readable_statements if trust is not None else ()) if each.effect == "Allow")


def _ways_in(trust: Document | None) -> list[str]:
    """Return one text for each trusted principal, with its conditions."""
    return [f"{shortened(value, 120)}{_if(each)}" for each in _allows(trust) for _, value in each.principal or ()]


def _if(each: Statement) -> str:
    said = joined([f"{block.key} {block.operator} {joined(block.values, 'or')}" for block in each.conditions])
    return f" if {shortened(said, 160)}" if said else ""


def _said(trust: Document | None, effect: str) -> set[object]:
    listed = trust.readable_statements if trust is not None else ()
    return {(each.principal, each.action, each.conditions) for each in listed if each.effect == effect}


# Somebody else.


def _can_be_used(one: Role | User, account: Account) -> bool:
    """Whether a person can use the entity: a user, or a role that someone other than a service may assume."""
    if isinstance(one, User):
        return True
    if one.service_linked:
        return False
    for each in _allows(one.trust):
        for kind, value in each.principal or ():
            if kind in ("AWS", "Federated", "*") and not _is_gone(value, account):
                return not any(
                    other.effect == "Deny" and not other.conditions and ("*", "*") in (other.principal or ())
                    for other in (one.trust.readable_statements if one.trust is not None else ())
                )
    return one.trust is None


def _is_gone(value: str, account: Account) -> bool:
    """Whether a principal is a role or user of this account that does not exist."""
    arn = Arn.parse_principal(value)
    if arn is None or arn.account != account.id:
        return False
    if arn.type == "role":
        return "roles" not in account.incomplete and account.role(arn.name) is None
    return arn.type == "user" and account.users is not None and account.user(arn.name) is None


def _who_can(needs: Sequence[Need], state: _State, *, perhaps: bool = False) -> list[str]:
    """Return the first few principals with all of the permissions.

    ``perhaps``: include those for which it is unknown.
    """
    answers = (True, None) if perhaps else (True,)
    found: list[str] = []
    principals: list[Role | User] = [*(state.account.users or ()), *state.account.roles]
    for one in principals:
        if len(found) > _MOST_NAMED:
            break
        if _can_be_used(one, state.account) and state.may(one.arn, needs) in answers:
            found.append(one.name)
    return found


def _nobody(undo: Sequence[Need], first: _State, last: _State, changed: _Changed) -> Iterator[GateFinding]:
    """Check whether the plan leaves nobody who could change the role, or administer the account."""
    if first.account.users is None or first.account.incomplete & {"roles", "users"}:
        return  # a principal that was not read may still be able to
    if undo and _loses(undo, first, last, changed) and not _who_can(undo, last, perhaps=True):
        text = "Only the account's root user could undo this change afterwards."
        yield GateFinding("lockout.role", text, "Keep one role or user that can undo the change.")
    probes = _administration(first.account)
    if _loses(probes, first, last, changed) and not _who_can(probes, last, perhaps=True):
        text = "Only the account's root user could give anybody permissions afterwards."
        yield GateFinding("lockout.account", text, "Keep an administrator that does not depend on this change.")


def _loses(needs: Sequence[Need], first: _State, last: _State, changed: _Changed) -> bool:
    """Whether one of the changed principals had the permissions before, and does not have them after."""
    return any(
        _can_be_used(was, first.account)
        and first.may(was.arn, needs)
        and not (now is not None and _can_be_used(now, last.account) and last.may(now.arn, needs))
        for was, now in changed
    )


def _administration(account: Account) -> list[Need]:
    head = f"arn:{account.partition}:iam::{account.id}"
    return [
        Need(0, "iam:AttachRolePolicy", f"{head}:role/{_PROBE}"),
        Need(0, "iam:AttachUserPolicy", f"{head}:user/{_PROBE}"),
    ]
