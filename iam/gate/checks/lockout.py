"""Whether a change locks its caller out: can it still go on, undo it and come in, and is anybody left who can?

The account is followed call by call, and what the caller has still to do is evaluated in each state
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html). The root user of the
account can change IAM unless an SCP denies it; it is counted nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from iam.account import Account, Role, User
from iam.arn import Arn, name_of
from iam.changes.account_after import accounts_during
from iam.changes.call import Call
from iam.changes.gained import changed_holders
from iam.changes.operations.permissions import Need, needs_of
from iam.changes.plan import AnswerValue, Plan
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
from iam.sources.reader import AccountReader
from iam.words import joined, listing

_MOST_NAMED = 3
_PROBE = "rolescope-probe"
_OLDER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _State:
    """The account at one moment, and what a principal may do in it."""

    account: Account
    reader: AccountReader

    def may(self, arn: str, needs: Iterable[Need]) -> bool | None:
        """Whether the principal has all of the permissions; None where that is not known."""
        answers = [self._may(arn, need) for need in needs]
        if False in answers:
            return False
        return None if None in answers else True

    def denied(self, arn: str, needs: Iterable[Need]) -> tuple[Need, ...]:
        """Those of the permissions that the principal certainly lacks."""
        return tuple(need for need in needs if self._may(arn, need) is False)

    def _may(self, arn: str, need: Need) -> bool | None:
        if _is_gone(arn, self.account):
            return False
        who = caller(arn)
        context = dict(need.context)
        if who.kind is Kind.SESSION:  # its credentials are older than what the plan does
            context["aws:TokenIssueTime"] = (f"{self.account.now - _OLDER:%Y-%m-%dT%H:%M:%SZ}",)
        request = Request(arn, need.action, need.resource, self.account.id, context)
        try:
            gathered = gather(request, self.account, self.reader)
            found = possible(gathered.request, gathered.policies, presence_in_calls(gathered, self.account))
        except PolicyError:
            return None
        if found.certainty is not Certainty.NEVER:
            return True if found.certain else None
        decision = found.decision
        unread, by = gathered.policies.unread, decision.decided_by
        sure = decision.outcome is Outcome.EXPLICIT_DENY or not unread or (by is not None and by not in unread)
        return False if sure else None


def lockout_findings(change: PlannedChange) -> Iterator[GateFinding]:
    """What the caller cannot do any longer once each call is made, and whether somebody else could. May block."""
    who = change.reader.caller().value
    account = replace(change.before, now=change.reader.clock())
    states = [_State(each, change.reader) for each in (account, *accounts_during(change.plan, account))]
    changed = _changed(account, states[-1].account)
    if not changed:
        return
    undo = undo_needs(change.plan, states)
    if who is not None and _concerns(who.arn, account, states[-1].account, changed):
        yield from _calls(who.arn, change.plan, states)
        yield from _undo(who.arn, change.plan, undo, states)
        yield from _way_in(who.arn, change, states)
    yield from _nobody(undo, states, changed)


def why_no_way_back(change: PlannedChange, arn: str) -> str:
    """Why it is not certain that this principal can undo the change once it is made, in one sentence; "" if it can.
    May block."""
    for call in change.plan.calls:
        if call.undo is None:
            return f"Nothing takes this back: {call.why} {call.undo_note}".rstrip()
    account = replace(change.before, now=change.reader.clock())
    states = [_State(each, change.reader) for each in (account, *accounts_during(change.plan, account))]
    for index, needs in enumerate(undo_needs(change.plan, states)):
        for need in needs:
            allowed = states[index + 1].may(arn, [need])
            if not allowed:
                how = "is denied" if allowed is False else "may be denied, as not every policy could be read,"
                return f"After the change, {need.action} {how} to {_caller_name(arn)}, and the undo needs it."
    return ""


def undo_needs(plan: Plan, states: Sequence[_State]) -> tuple[tuple[Need, ...], ...]:
    """For each call the permissions that its undo needs, which is made in the account as that call leaves it."""
    found: list[tuple[Need, ...]] = []
    for index, call in enumerate(plan.calls):
        if call.undo is None:
            found.append(())
            continue
        resolved = replace(call.undo, parameters=_known(call.undo, call.target), target=call.undo.target or call.target)
        found.append(needs_of(replace(plan, calls=(resolved,)), states[index + 1].account))
    return tuple(found)


def _known(call: Call, target: str) -> dict[str, object]:
    """The parameters without what only an answer will tell: no permission depends on it but by the ARN."""
    return {
        name: (target if name.endswith("Arn") else "v1") if isinstance(value, AnswerValue) else value
        for name, value in call.parameters.items()
    }


_Changed = list[tuple[Role | User, Role | User | None]]
"""Principals whose rights or whose trust may change, before and after; None for those that are deleted."""


def _changed(before: Account, after: Account) -> _Changed:
    were: dict[str, Role | User] = {each.arn: each for each in before.roles}
    were |= {each.arn: each for each in before.users or ()}
    found: dict[str, Role | User | None] = {each.arn: each for each in changed_holders(before, after)}
    there = {each.arn for each in after.roles} | {each.arn for each in after.users or ()}
    found |= dict.fromkeys(arn for arn in were if arn not in there)
    return [(were[arn], now) for arn, now in found.items()]


def _concerns(arn: str, before: Account, after: Account, changed: _Changed) -> bool:
    """Whether what the caller is may do something else afterwards."""
    who = caller(arn)
    entity = before.role(who.name) if who.kind in (Kind.ROLE, Kind.SESSION) and who.name else None
    mine = entity.arn if entity is not None else arn
    return any(was.arn == mine for was, _ in changed) or before.organization != after.organization


# The caller.


def _calls(arn: str, plan: Plan, states: Sequence[_State]) -> Iterator[GateFinding]:
    """Later calls that an earlier one takes from the caller."""
    needs: dict[int, list[Need]] = {}
    for need in needs_of(plan, states[0].account):
        needs.setdefault(need.call, []).append(need)
    for index, wanted in sorted(needs.items()):
        denied = states[index].denied(arn, wanted) if index else ()
        lost = [need for need in denied if states[0].may(arn, [need]) is not False]
        if not lost:
            continue
        by = next(place for place in range(index) if states[place + 1].denied(arn, lost))
        text = (
            f"After call {by + 1} ({plan.calls[by].operation}) you may not make call {index + 1} "
            f"({plan.calls[index].operation}): it would stop in the middle."
        )
        last = not any(states[place].denied(arn, needs.get(place, ())) for place in range(1, by + 1))
        way = f"Make call {by + 1} last, in a plan of its own." if last else ""
        yield GateFinding("lockout.call", text, way, call=by)
        return


def _undo(arn: str, plan: Plan, undo: Sequence[tuple[Need, ...]], states: Sequence[_State]) -> Iterator[GateFinding]:
    """Undo calls that the plan itself takes from the caller, and who else could make them."""
    for index, needs in enumerate(undo):
        lost = [need for need in states[index + 1].denied(arn, needs) if states[0].may(arn, [need]) is not False]
        if not lost:
            continue
        actions = listing(sorted({need.action for need in lost}), limit=_MOST_NAMED)
        text = f"You could not undo this change: it takes {actions} from {_caller_name(arn)}, which you call as."
        others = _who_can(undo, states[-1])
        way = f"Make the change as {listing(others, 'or', limit=_MOST_NAMED)}, who could undo it. " if others else ""
        way += _safer(plan.calls[index], _entity_arn(arn, states[0].account))
        yield GateFinding("lockout.undo", text, way, call=index)
        return


def _safer(call: Call, arn: str) -> str:
    """The form of the change that leaves the caller out."""
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


def _way_in(arn: str, change: PlannedChange, states: Sequence[_State]) -> Iterator[GateFinding]:
    """Whether the caller's own role can still be assumed as before."""
    who = caller(arn)
    if who.kind is not Kind.SESSION or who.name is None:
        return
    was, now = states[0].account.role(who.name), states[-1].account.role(who.name)
    if was is None:
        return
    name = shortened(was.name)
    if now is None:
        yield GateFinding("lockout.way-in", f"This change deletes {name}, which you call as.", _OTHER)
        return
    gone = [each for each in _ways_in(was.trust) if each not in _ways_in(now.trust)]
    session = Arn.parse_principal(arn)
    on_instance = session is not None and (session.session_name or "").startswith("i-")
    if on_instance and was.instance_profiles and not now.instance_profiles:
        gone.append("EC2, through its instance profile")
    if _said(now.trust, "Deny") - _said(was.trust, "Deny"):
        gone.append("whom the new Deny names")
    if not gone:
        return
    left = len(_ways_in(now.trust))
    text = f"This change closes a way into {name}, which you call as: {listing(gone, limit=_MOST_NAMED)}."
    if not left:
        text = f"After this change nobody can assume {name}, which you call as."
    way = "If you came that way, you cannot come back: keep it, or call as somebody else."
    yield GateFinding("lockout.way-in", text, way)


_OTHER = "Call as somebody else."


def _allows(trust: Document | None) -> Iterator[Statement]:
    return (each for each in (trust.readable_statements if trust is not None else ()) if each.effect == "Allow")


def _ways_in(trust: Document | None) -> list[str]:
    """Who is trusted, with the conditions, a text each."""
    return [f"{shortened(value, 120)}{_if(each)}" for each in _allows(trust) for _, value in each.principal or ()]


def _if(each: Statement) -> str:
    said = joined([f"{block.key} {block.operator} {joined(block.values, 'or')}" for block in each.conditions])
    return f" if {shortened(said, 160)}" if said else ""


def _said(trust: Document | None, effect: str) -> set[object]:
    listed = trust.readable_statements if trust is not None else ()
    return {(each.principal, each.action, each.conditions) for each in listed if each.effect == effect}


# Somebody else.


def _can_be_used(one: Role | User, account: Account) -> bool:
    """Whether a person can act as it: a user, or a role that somebody other than a service may assume."""
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


def _who_can(undo: Sequence[tuple[Need, ...]], state: _State, *, perhaps: bool = False) -> list[str]:
    """The first few of those who could make every undo call after the change; ``perhaps``: or for whom that is not
    known."""
    needs = [need for each in undo for need in each]
    answers = (True, None) if perhaps else (True,)
    found: list[str] = []
    principals: list[Role | User] = [*(state.account.users or ()), *state.account.roles]
    for one in principals:
        if len(found) > _MOST_NAMED:
            break
        if _can_be_used(one, state.account) and state.may(one.arn, needs) in answers:
            found.append(one.name)
    return found


def _nobody(undo: Sequence[tuple[Need, ...]], states: Sequence[_State], changed: _Changed) -> Iterator[GateFinding]:
    """Whether the plan takes from the last one who could change the role, or administer the account."""
    first, last = states[0], states[-1]
    if first.account.users is None or first.account.incomplete & {"roles", "users"}:
        return  # somebody who could not be read may be left
    needs = [need for each in undo for need in each]
    if needs and _loses(needs, states, changed) and not _who_can(undo, last, perhaps=True):
        text = "Only the root user of the account is left who could undo this change."
        yield GateFinding("lockout.role", text, "Keep one role or user that can.")
    probes = _administration(first.account)
    if _loses(probes, states, changed) and not _who_can((tuple(probes),), last, perhaps=True):
        text = "Only the root user of the account is left who can give anybody permissions."
        yield GateFinding("lockout.account", text, "Keep an administrator that does not depend on this change.")


def _loses(needs: Sequence[Need], states: Sequence[_State], changed: _Changed) -> bool:
    """Whether one of the principals that the plan changes could do it before, and cannot after."""
    first, last = states[0], states[-1]
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
