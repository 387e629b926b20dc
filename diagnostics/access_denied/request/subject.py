"""Determine the request's principal, action and resource from the text, the operator and the account.

Every guess is reported: each part that the text does not contain comes with a sentence that says where it was found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from diagnostics.access_denied.request.resources import arn_of, is_cut_off, no_region, secret_arn
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.failure import Denial
from iam.arn import service_of
from iam.claims import AskedValues, Keys, Source, Sourced, sourced

if TYPE_CHECKING:
    from iam.account import Account
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.opened import OpenedAccount

Context = Mapping[str, tuple[str, ...]]
WEB_IDENTITY = "sts:assumerolewithwebidentity"
SAML = "sts:assumerolewithsaml"


@dataclass(frozen=True, slots=True)
class Subject(AskedValues):
    """The request as far as it is known, each value with its source.

    ``who`` is the principal, ``what`` the action, ``on`` the resource, and ``keys`` are the condition keys; None means
    unknown. ``found`` are sentences that say where values that are not in the text come from.
    """

    denial: Denial
    who: Sourced[str] | None
    what: Sourced[str] | None
    on: Sourced[str] | None
    keys: Keys
    found: tuple[str, ...] = field(default=())

    def noting(self, sentence: str) -> Subject:
        """Return a copy with another sentence that says where a value that is not in the text comes from."""
        return replace(self, found=(*self.found, sentence))

    def with_keys(self, keys: Keys) -> Subject:
        """Return a copy with these condition keys added, except those that it already has."""
        return replace(self, keys=with_known(self.keys, keys))


def needs_target(subject: Subject) -> bool:
    """Return whether the request is to assume a role and lacks the role or the principal."""
    low = (subject.action or "").lower()
    if low in (WEB_IDENTITY, SAML) or subject.denial.claims_trust:
        return True
    return low == "sts:assumerole" and subject.resource is None


def with_known(known: Keys, further: Keys) -> Keys:
    """Return the known condition keys, and those in ``further`` that are not known yet. Letter case is ignored."""
    have = {key.lower() for key in known}
    return {**{key: had for key, had in further.items() if key.lower() not in have}, **known}


def given_role(keys: Keys) -> str | None:
    """Return the role that the operator gave as an answer, or None."""
    answer = _answer(keys, "role")
    return answer.words if answer is not None else None


def _answer(keys: Keys, question: str) -> Sourced[str] | None:
    """Return the operator's answer to a question, or the value that was read for it; None if there is neither."""
    for key, had in keys.items():
        if key.lower() == question and had.satisfies(bool):
            return had.into(lambda values: values[0].strip())
    return None


def stated_value(value: str | None, denial: Denial) -> Sourced[str] | None:
    """Return a value of the denial with its source: the text or, if there is no text, the operator's form."""
    if value is None:
        return None
    return Sourced(value, Source.TEXT if denial.text.strip() else Source.OPERATOR, value)


def read_subject(denial: Denial, opened: OpenedAccount, keys: Keys, around: Keys) -> Subject:
    """Return the subject of a denial, before any role is looked up.

    ``around`` are the condition keys in the commands and templates beside it; a name is looked up in the Region there.
    """
    if denial.policy_arn and ":iam:" in denial.policy_arn:
        denial = replace(denial, policy_arn=arn_of(denial.policy_arn, None, opened.account))
    subject = Subject(
        denial,
        None if denial.claims_trust else stated_value(denial.principal, denial),  # then the service is the caller
        stated_value(denial.missing_action or denial.action, denial),
        stated_value(denial.resource, denial),
        dict(keys),
    )
    called = _answer(keys, "aws:requestedregion") or _answer(around, "aws:requestedregion")
    region = called.words if called is not None else None
    if subject.resource is not None:
        arn = arn_of(subject.resource, subject.action, opened.account, subject.principal, region)
        if not is_cut_off(arn):
            arn = secret_arn(arn, subject.action, opened, subject.principal, region)
        if arn != subject.resource:
            subject = subject.noting(f"the resource is {arn}")
            subject = replace(subject, on=Sourced(arn, Source.ACCOUNT, subject.resource or arn))
        if is_cut_off(arn) or no_region(arn):
            # The rest of the ARN names something else, or nothing.
            subject = replace(subject, on=None)
    missing = denial.missing_action
    arn = subject.resource or ""
    if missing and arn.startswith("arn:") and service_of(missing) != service_of(arn):
        # The ARN belongs to the performed action; the missing action works on a different resource.
        subject = replace(subject, on=None)
    # Answers under these names are not condition keys, so policies must not see them.
    subject = replace(
        subject, keys={key: had for key, had in subject.keys.items() if key.lower() not in ("resource", "role")}
    )
    resource = _answer(keys, "resource")
    if resource and subject.on is None:
        action, caller = subject.action, subject.principal
        on = resource.into(lambda value: arn_of(value, action, opened.account, caller, region))
        subject = subject.noting(f"the resource is the one that {_GIVEN_BY.get(resource.source, 'was given')}")
        subject = replace(subject, on=on)
    principal = _answer(keys, "aws:principalarn")
    if subject.who is None and principal:
        subject = subject.noting("the principal is the value of aws:PrincipalArn")
        subject = replace(subject, who=principal)
    return subject


_GIVEN_BY = {Source.OPERATOR: "you gave", Source.COMMAND: "the command names", Source.TEMPLATE: "the template names"}


def taken_from_around(keys: Keys, sources: Container[Source] = (Source.COMMAND, Source.TEMPLATE)) -> Iterator[str]:
    """Yield a sentence for each condition key that was read from a command, template or log in the text."""
    for key, had in keys.items():
        if had.source in sources and had.words:
            yield f"{key} is {had.words}, from “{had.read_from}”"


def decoded(subject: Subject, reader: AccountReader) -> tuple[Subject, Step]:
    """Return the subject completed from EC2's encoded message, and the step that reports it.

    The message contains the principal, action, resource and context. It is decoded if the caller may do so.
    """
    blob = subject.denial.encoded_message or ""
    reading = reader.decode_authorization_message(blob)
    title = "The encoded message"
    if reading.value is None:
        why = reading.why or "AWS could not read it"
        return subject, Step("decode", title, Status.UNKNOWN, f"cannot be decoded from here: {why}")
    try:
        message = json.loads(reading.value)
    except (ValueError, RecursionError):
        return subject, Step("decode", title, Status.UNKNOWN, "AWS's answer is not JSON")
    from diagnostics.text.read.forms.decoded_messages import read_decoded  # few messages are encoded

    contents = read_decoded(message if isinstance(message, dict) else {}, reading.value)
    explicit = contents.decoded is not None and contents.decoded.explicit
    denial = subject.denial

    def recorded(value: str | None) -> Sourced[str] | None:
        return Sourced(value, Source.AWS_RECORD, value) if value else None

    subject = replace(
        subject,
        denial=replace(denial, stated_reason=denial.stated_reason or contents.stated_reason),
        who=subject.who or recorded(contents.principal),
        what=subject.what or recorded(contents.action),
        on=subject.on or recorded(contents.resource),
    ).with_keys(sourced(dict(contents.decoded.context if contents.decoded else ()), Source.AWS_RECORD))
    summary = f"{subject.action} on {subject.resource} by {subject.principal}" + (
        ", an explicit deny" if explicit else ""
    )
    evidence = (Evidence(text=reading.value[:4000], layer="message", call=reading.call),)
    return subject, Step("decode", title, Status.PASS, summary, evidence)


def roles_spoken_of(text: str, account: Account) -> tuple[str, ...]:
    """Return the names of the account's roles that the text contains as complete words, in their order."""
    words = dict.fromkeys(re.findall(r"[\w+=,.@-]{3,64}", text[:200_000]))
    found = []
    for word in words:
        name = word.strip(".,=")
        if account.role(name) is not None:
            found.append(name)
    return tuple(dict.fromkeys(found))


def with_named_role(subject: Subject, account: Account, hint: str | None) -> Subject:
    """Return the subject with a principal if the text names none.

    It is the role whose name occurs in the text, or else ``hint``.
    """
    spoken = [name for name in roles_spoken_of(subject.denial.text, account) if name not in (subject.resource or "")]
    name = spoken[0] if len(spoken) == 1 else hint
    role = account.role(name) if name else None
    if role is None:
        return subject
    session = f"arn:{account.partition}:sts::{account.id}:assumed-role/{role.name}"
    how = "the text contains its name" if spoken else "it is the role that you are looking at"
    # A name in the text may or may not be the caller's; the role that the operator views was chosen deliberately.
    who = Sourced(session, Source.OPERATOR if name == hint else Source.GUESS, role.name)
    return replace(subject.noting(f"{role.name} is assumed to be the caller: {how}"), who=who)


def request_step(subject: Subject) -> Step:
    """Return the step that lists the values that are not in the text."""
    return Step(
        "request",
        "What else is known",
        Status.PASS,
        "; ".join(subject.found),
        tuple(Evidence(text=sentence) for sentence in subject.found),
    )
