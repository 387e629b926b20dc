"""Failed calls in CloudTrail that may be the call in the text, and their roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from diagnostics.access_denied.evidence.history import TrailCall, calls
from diagnostics.access_denied.request.assumed_role.named_role import may_be_asked, with_trust
from diagnostics.access_denied.request.assumed_role.principal import principal_to_assume
from diagnostics.access_denied.request.assumed_role.recorded_identity import identity_in
from diagnostics.access_denied.request.assumed_role.target import MOST_CANDIDATES, Target
from diagnostics.access_denied.request.own_claims import OwnClaims, own_claims
from diagnostics.access_denied.request.same_call import contradiction, other_run, same_request
from diagnostics.access_denied.request.subject import SAML, WEB_IDENTITY, Context, Subject
from diagnostics.diagnosis import Question
from diagnostics.text.tokens.token import Token
from iam.account import Account, Role
from iam.ages import short_age
from iam.arn import name_of
from iam.claims import Source, Sourced, degraded, sourced
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount

# CloudTrail's name of the role parameter in calls that pass a role to a service.
_ROLE_PARAMETERS = regex(r"role(arn)?$", re.IGNORECASE)


def possible_calls(
    subject: Subject, seen: list[Target], named: Target | None, now: datetime
) -> tuple[list[Target], tuple[Question, ...]]:
    """Return the recorded calls that may be the call in the text.

    The second value is a question about the newest call that the text contradicts, if that call's role may be the meant
    one.
    """
    if mine := [target for target in seen if target.event and same_request(target.event, subject.denial.text)]:
        return mine, ()
    claims = own_claims(subject.denial.text)
    possible: list[Target] = []
    questions: list[Question] = []
    for target in seen:
        if target.event is None or not contradiction(target.event, subject, token_subjects(target)):
            possible.append(target)
        elif not questions and _comparable(target, named, claims):
            said = other_run(target.event, target.role.name, token_subjects(target), now)
            questions.append(Question("run", token_subjects(target) or (target.role.name,), said))
    return possible, tuple(questions)


def _comparable(target: Target, named: Target | None, claims: OwnClaims) -> bool:
    """Return whether a recorded call may come from another run of the program in the text."""
    if named is not None:
        return named.role.name == target.role.name
    heads = {each.partition(":")[0] for each in claims.subjects}
    heads |= {"repo"} if claims.repository or claims.end else set()
    return any(subject.partition(":")[0] in heads for subject in token_subjects(target))


def token_subjects(target: Target) -> tuple[str, ...]:
    """Return the subjects in the token of a recorded call."""
    return tuple(value for key, values in target.context.items() if key.lower().endswith(":sub") for value in values)


def recorded_targets(subject: Subject, opened: OpenedAccount, low: str) -> Iterator[Target]:
    """Yield the failed calls of this kind in CloudTrail, newest first."""
    names = [subject.denial.operation] if subject.denial.operation else []
    if low in (WEB_IDENTITY, SAML, "sts:assumerole") and not subject.denial.claims_trust:
        names = [(subject.action or "").partition(":")[2]]
    for name in names:
        for call in calls(opened.reader, event_name=name):
            if not call.error:
                continue
            role = _role_in(call, opened.account)
            if role is None or not may_be_asked(role.name, subject):
                continue
            age = short_age(opened.account.now - call.event.time)
            principal, context = identity_in(call)
            record = f"{call.event.name} {call.event.time:%Y-%m-%dT%H:%M:%SZ}"
            who = Sourced(principal, Source.CLOUDTRAIL, record) if principal else None
            if who is None or subject.denial.claims_trust:
                who = principal_to_assume(subject, role, opened.account)
            yield Target(
                with_trust(role, opened.reader),
                Source.CLOUDTRAIL,
                f"CloudTrail has a failed {name} with it, {age} ago",
                who,
                sourced(context, Source.CLOUDTRAIL, record),
                call,
            )


def _role_in(call: TrailCall, account: Account) -> Role | None:
    for value in _role_values(call.parameters):
        role = account.role(value) or account.role(name_of(value))
        if role is not None:
            return role
    for name in call.event.resources:
        role = account.role(name) or account.role(name_of(name))
        if role is not None:
            return role
    return None


def _role_values(value: Any) -> Iterator[str]:
    """Yield the values of parameters named ``role``, ``roleArn``, ``executionRoleArn`` …, at any depth of nesting."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and _ROLE_PARAMETERS.search(key):
                yield inner
            else:
                yield from _role_values(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _role_values(inner)


def same_subject(recorded: Context, token: Token) -> bool:
    key = f"{token.prefix}:sub".lower()
    return any(name.lower() == key and values == token.claim("sub") for name, values in recorded.items())


def newest_of_each_role(targets: list[Target]) -> list[Target]:
    """Return one target for each role, the newest first and at most `MOST_CANDIDATES`.

    Values that differ between recorded calls for one role are guesses, because it is unknown which of the calls is
    meant.
    """
    of_role: dict[str, list[Target]] = {}
    for target in targets:
        of_role.setdefault(target.role.arn, []).append(target)
    return [_as_far_as_agreed(each) for each in of_role.values()][:MOST_CANDIDATES]


def _as_far_as_agreed(calls: list[Target]) -> Target:
    newest = calls[0]
    keys = dict(newest.keys)
    for key, had in newest.keys.items():
        values = dict.fromkeys(each.context[key] for each in calls[1:] if key in each.context)
        others = tuple(value for value in values if not had.satisfies(value.__eq__))
        if others:
            keys[key] = degraded(had, Source.GUESS, others)
    return replace(newest, keys=keys)
