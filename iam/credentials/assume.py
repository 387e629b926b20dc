"""Test whether a role can be assumed, by assuming it once. The credentials that STS returns are not stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from iam.account import Account, Role
from iam.claims import only
from iam.credentials.assume_request import ACTION, TAG_KEY, AssumeRequest, wanted_value
from iam.credentials.role_session import RoleSession, assume
from iam.layers import gather
from iam.policy.evaluate import evaluate
from iam.policy.match import names_action
from iam.policy.operators import operator
from iam.policy.principal import Kind, Named, PrincipalElement, RequestCaller
from iam.policy.principal import caller as who_is
from iam.policy.request import Request
from iam.policy.statements import Statement
from iam.sources.aws import errors as aws_errors
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.caller_identity import CallerIdentity
from iam.words import joined

SESSION_NAME = "rolescope-try"
SECONDS = 900
"""The duration of the session in seconds, the shortest that STS allows."""
DELAYS = (1, 2, 4, 8, 8)
"""The delays in seconds between attempts, while STS does not yet know about a change that was just made in IAM."""

Pause = Callable[[float, str], bool]
"""A function that waits for the given number of seconds and shows the reason. It returns True to cancel the test."""


class Assumed(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class AssumeTry:
    """The result of the test, and a sentence that describes it.

    ``named``: the trust policy names the caller itself, not only its account. ``error`` is the denial as the AWS CLI
    prints it, which can be diagnosed.
    """

    outcome: Assumed
    sentence: str
    named: bool = False
    error: str = ""


def assume_once(
    role: Role,
    account: Account,
    reader: AccountReader,
    pause: Pause,
    then: Callable[[RoleSession], object] = lambda _: None,
) -> AssumeTry:
    """Call sts:AssumeRole as the identity that reads the account, if the role's trust policy allows it.

    ``then`` is called with the session, which is not used otherwise. May block.
    """
    connection = getattr(reader, "aws", None)
    reading = reader.caller()
    if connection is None or reading.value is None:
        return AssumeTry(
            Assumed.NOT_TRIED, reading.why or ("This account is open read-only: nobody can assume the role from here.")
        )
    who = who_is(reading.value.arn)
    allows = list(_allows(role))
    meant = [(statement, how) for statement in allows if (how := _named(statement, who)) is not Named.NOT]
    if not meant:
        return AssumeTry(Assumed.NOT_TRIED, _not_for(reading.value, allows))
    open_ones = [each for each in meant if not _lacks_mfa(each[0], who, reading.value)]
    if not open_ones:
        text = "The role requires MFA, which these credentials lack: assume the role with a code from an MFA device."
        return AssumeTry(Assumed.NOT_TRIED, text)
    statement, how = open_ones[0]
    client, named = connection.client("sts"), how is not Named.ACCOUNT
    tried, session = _call(role, _asked(statement, who), named, client, account, reader, pause)
    if session is not None:
        then(session)
    return tried


def _allows(role: Role) -> Iterator[Statement]:
    """Yield the statements of the trust policy that allow assuming the role."""
    return (each for each in role.trust_statements if each.effect == "Allow" and each.principal)


def _named(statement: Statement, who: RequestCaller) -> Named:
    if not names_action(statement.action, ACTION):
        return Named.NOT
    return PrincipalElement(statement.principal or (), negated=False).names(who, lambda key: None)


def _not_for(me: CallerIdentity, allows: Sequence[Statement]) -> str:
    """Return a sentence that says who may assume the role, and that the caller may not."""
    pairs = dict.fromkeys(pair for statement in allows for pair in statement.principal or ())
    names = [_principal_words(kind, value, me) for kind, value in pairs]
    if not names:
        return "The trust policy allows nobody to assume the role."
    return f"The role cannot be tested from here: {only(joined(names), complete=True)} may assume it."


def _principal_words(kind: str, value: str, me: CallerIdentity) -> str:
    if kind == "Service":
        return f"the service {value}"
    if kind == "Federated":
        return f"who signs in through {value.partition('-provider/')[2] or value}"
    match = re.fullmatch(r"(?:arn:[^:]+:iam::)?(\d{12})(?::root)?", value)
    if match:
        return f"account {match[1]} (this one is {me.account})" if match[1] != me.account else f"account {match[1]}"
    return value


def _lacks_mfa(statement: Statement, who: RequestCaller, me: CallerIdentity) -> bool:
    """Whether the statement requires MFA and the caller cannot have it.

    Long-term keys and role sessions carry no MFA information (IAM User Guide, "Secure API access with MFA").
    """
    wanted = False
    for block in statement.conditions:
        what = operator(block.operator)
        if what is None or what.if_exists or what.negated:
            continue
        key = block.key.lower()
        wanted = wanted or key == "aws:multifactorauthage"
        wanted = wanted or (key == "aws:multifactorauthpresent" and "true" in (v.lower() for v in block.values))
    return wanted and (who.kind is Kind.SESSION or me.key_kind == "long-term")


def _asked(statement: Statement, who: RequestCaller) -> AssumeRequest:
    """Return the parameters that the statement's conditions require for the call."""
    name, external_id, source, tags = SESSION_NAME, "", "", []
    for block in statement.conditions:
        value = wanted_value(block, who)
        key = block.key.lower()
        if not value:
            continue
        if key == "sts:externalid":
            external_id = value
        elif key == "sts:rolesessionname":
            name = value
        elif key == "sts:sourceidentity":
            source = value
        elif key.startswith(TAG_KEY):
            tags.append((block.key.partition("/")[2], value))
    return AssumeRequest(name, external_id, source, tuple(tags), SECONDS)


def _call(
    role: Role, asked: AssumeRequest, named: bool, client: Any, account: Account, reader: AccountReader, pause: Pause
) -> tuple[AssumeTry, RoleSession | None]:
    from iam.sources.aws.session import FAILURES

    delays = iter(DELAYS)
    while True:
        try:
            session = assume(client, role.arn, asked)
        except FAILURES as error:
            if not aws_errors.is_denied(error):
                return AssumeTry(Assumed.NOT_TRIED, aws_errors.why(ACTION, error), named), None
            delay = next(delays, None)
            if delay is not None and _should_be_allowed(role, asked, account, reader):
                if pause(delay, f"STS does not know the new role's trust policy yet: trying again in {delay} s."):
                    return AssumeTry(
                        Assumed.NOT_TRIED, "The test did not wait for the trust policy to reach STS.", named
                    ), None
                continue
            message = aws_errors.message_of(error)
            text = f"An error occurred ({aws_errors.code_of(error)}) when calling the AssumeRole operation: {message}"
            return AssumeTry(Assumed.NO, f"AWS denied AssumeRole{asked.words}: {message}", named, text), None
        said = f"Assumed{asked.words}; the credentials are discarded after the tests."
        return AssumeTry(Assumed.YES, said, named), session


def _should_be_allowed(role: Role, asked: AssumeRequest, account: Account, reader: AccountReader) -> bool:
    """Whether the policies allow the call. Then a denial right after the role was created may only be temporary."""
    caller = reader.caller().value
    if caller is None:
        return False
    for action in asked.actions:
        gathered = gather(Request(caller.arn, action, role.arn, account.id, context=asked.context), account, reader)
        if gathered.policies.unread or not evaluate(gathered.request, gathered.policies).allowed:
            return False
    return True
