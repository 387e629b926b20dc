"""What was asked: principal, action and resource, from the text, from what the operator told, and from the account.

A guess is never silent: each thing that the text does not carry comes with a sentence that says where it was found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from diagnostics.access_denied.request.resources import arn_of, is_cut_off, secret_arn
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.failure import Denial
from diagnostics.messages.forms.decoded import read_decoded
from iam.account import Account
from iam.arn import service_of
from iam.frozen import field, frozen, replace
from iam.sources.reader import AccountReader, OpenedAccount

Context = Mapping[str, tuple[str, ...]]


@frozen
class Subject:
    """The request as far as it is known. ``found`` holds sentences on what did not stand in the text."""

    denial: Denial
    principal: str | None
    action: str | None
    resource: str | None
    context: Context
    found: tuple[str, ...] = field(default=())

    def with_found(self, sentence: str, **changes: Any) -> Subject:
        return replace(self, found=(*self.found, sentence), **changes)


def told_role(context: Context) -> str | None:
    """The role that the operator named when asked which one it was."""
    return _answer(context, "role")


def _answer(context: Context, question: str) -> str | None:
    return next((values[0].strip() for key, values in context.items() if key.lower() == question and values), None)


def read_subject(denial: Denial, opened: OpenedAccount, context: Context, role: str | None) -> Subject:
    """The subject of a denial, before any role is looked for."""
    if denial.policy_arn and ":iam:" in denial.policy_arn:
        denial = replace(denial, policy_arn=arn_of(denial.policy_arn, None, opened.account))
    subject = Subject(
        denial,
        None if denial.claims_trust else denial.principal,  # there it is the service that calls
        denial.missing_action or denial.action,
        denial.resource,
        dict(context),
    )
    if subject.resource is not None:
        arn = arn_of(subject.resource, subject.action, opened.account)
        arn = secret_arn(arn, subject.action, opened)
        if arn != subject.resource:
            subject = subject.with_found(f"the resource is {arn}", resource=arn)
        if is_cut_off(arn):
            # What is left of it names something else, or nothing.
            subject = replace(subject, resource=None)
    missing = denial.missing_action
    arn = subject.resource or ""
    if missing and arn.startswith("arn:") and service_of(missing) != service_of(arn):
        # The ARN is that of the action performed; the one that lacks works on something else.
        subject = replace(subject, resource=None)
    # What was asked for by these names is no condition key: policies must not see it.
    subject = replace(
        subject, context={key: had for key, had in subject.context.items() if key.lower() not in ("resource", "role")}
    )
    resource = _answer(context, "resource")
    if resource and subject.resource is None:
        subject = subject.with_found("the resource is the one that was told")
        subject = replace(subject, resource=arn_of(resource, subject.action, opened.account))
    principal = _answer(context, "aws:principalarn")
    if subject.principal is None and principal:
        subject = subject.with_found("the principal is the one that was told (aws:PrincipalArn)", principal=principal)
    return subject


def decoded(subject: Subject, reader: AccountReader) -> tuple[Subject, Step]:
    """EC2's encoded message, decoded if the caller may: it tells principal, action, resource and context."""
    blob = subject.denial.encoded_message or ""
    reading = reader.decode_authorization_message(blob)
    title = "The encoded message"
    if reading.value is None:
        why = reading.why or "AWS could not read it"
        return subject, Step("decode", title, Status.UNKNOWN, f"cannot be decoded from here: {why}")
    try:
        message = json.loads(reading.value)
    except (ValueError, RecursionError):
        return subject, Step("decode", title, Status.UNKNOWN, "what AWS answered is no JSON")
    told = read_decoded(message if isinstance(message, dict) else {}, reading.value)
    explicit = told.decoded is not None and told.decoded.explicit
    denial = subject.denial
    subject = replace(
        subject,
        denial=replace(denial, stated_reason=denial.stated_reason or told.stated_reason),
        principal=subject.principal or told.principal,
        action=subject.action or told.action,
        resource=subject.resource or told.resource,
        context={**dict(told.decoded.context if told.decoded else ()), **subject.context},
    )
    summary = f"{subject.action} on {subject.resource} by {subject.principal}" + (
        ", an explicit deny" if explicit else ""
    )
    evidence = (Evidence(text=reading.value[:4000], layer="message", call=reading.call),)
    return subject, Step("decode", title, Status.PASS, summary, evidence)


def roles_spoken_of(text: str, account: Account) -> tuple[str, ...]:
    """The names of the account's roles that stand in the text as whole words, in the text's order."""
    words = dict.fromkeys(re.findall(r"[\w+=,.@-]{3,64}", text[:200_000]))
    found = []
    for word in words:
        name = word.strip(".,=")
        if account.role(name) is not None:
            found.append(name)
    return tuple(dict.fromkeys(found))


def with_named_role(subject: Subject, account: Account, hint: str | None) -> Subject:
    """A principal for a text that names none: a role whose name stands in it, else the one that is looked at."""
    spoken = [name for name in roles_spoken_of(subject.denial.text, account) if name not in (subject.resource or "")]
    name = spoken[0] if len(spoken) == 1 else hint
    role = account.role(name) if name else None
    if role is None:
        return subject
    session = f"arn:{account.partition}:sts::{account.id}:assumed-role/{role.name}/session"
    how = "its name stands in the text" if spoken else "it is the role that you are looking at"
    return subject.with_found(f"{role.name} is taken for the caller: {how}", principal=session)


def request_step(subject: Subject) -> Step:
    """What was found besides the text."""
    return Step(
        "request",
        "What else is known",
        Status.PASS,
        "; ".join(subject.found),
        tuple(Evidence(text=sentence) for sentence in subject.found),
    )
