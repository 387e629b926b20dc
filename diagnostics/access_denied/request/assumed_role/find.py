"""Find the role to be assumed and the principal that was to assume it, if the text does not name both.

"Not authorized to perform sts:AssumeRoleWithWebIdentity" names neither role nor token; "The role … cannot be assumed by
Lambda" often names no role. Other sources are role names in the surrounding text, the role that the operator views,
CloudTrail's record of the failed call, and finally the account's own trust policies, which yield candidates.
"""

from __future__ import annotations

from dataclasses import replace

from diagnostics.access_denied.request.assumed_role.fitting_roles import agreeing_targets, fitting_roles
from diagnostics.access_denied.request.assumed_role.named_role import named_target
from diagnostics.access_denied.request.assumed_role.recorded_calls import (
    newest_of_each_role,
    possible_calls,
    recorded_targets,
    same_subject,
)
from diagnostics.access_denied.request.assumed_role.target import TITLE, Target, TargetsFound, step_of
from diagnostics.access_denied.request.subject import Subject
from diagnostics.access_denied.token.roles import roles_trusting
from diagnostics.diagnosis import Status, Step
from diagnostics.text.tokens.token import Token
from iam.account import Account
from iam.claims import Source, Sourced
from iam.lazy_pattern import regex
from iam.sources.reader.opened import OpenedAccount


def find_targets(subject: Subject, opened: OpenedAccount, hint: str | None) -> TargetsFound:
    """Return the roles that may be the one to be assumed. If enough is known, return only one."""
    low = (subject.action or "").lower()
    if _names_another_role(subject, opened.account):
        said = f"the text names {subject.resource}, which is not a role of account {opened.account.id}"
        return TargetsFound((), Step("role", TITLE, Status.UNKNOWN, said))
    named = named_target(subject, opened, hint)
    seen, other_runs = possible_calls(subject, list(recorded_targets(subject, opened, low)), named, opened.account.now)
    if named is not None:
        event = next((target for target in newest_of_each_role(seen) if target.role.name == named.role.name), None)
        if event is not None:
            named = replace(named, who=_surer(named.who, event.who), keys=event.keys, event=event.event)
        return TargetsFound((named,), step_of((named,), ""), other_runs)
    if (elsewhere := _other_account(subject.denial.pasted or subject.denial.text, opened.account.id)) is not None:
        said = f"the text names no role, and is about account {elsewhere}, not {opened.account.id}"
        return TargetsFound((), Step("role", TITLE, Status.UNKNOWN, said))
    if token := next((token for token in subject.denial.tokens if not token.broken), None):
        # The token is available: CloudTrail helps only if it contains a call with this same token.
        seen = [target for target in seen if same_subject(target.context, token)]
        if not seen:
            return TargetsFound(*_trusting(token, opened.account))
    if newest := tuple(newest_of_each_role(agreeing_targets(subject, seen, opened.account))):
        return TargetsFound(newest, step_of(newest, ""), other_runs)
    candidates = tuple(fitting_roles(subject, opened.account, low))
    return TargetsFound(
        candidates, step_of(candidates, "CloudTrail has no such call, or cannot be read from here"), other_runs
    )


_OF_IAM = regex(r"\barn:[\w-]+:(?:iam|sts)::(?P<account>\d{12}):")


def _other_account(text: str, account: str) -> str | None:
    """Return the account of the roles, users and providers in the text, if the open account has none of them."""
    named = [found["account"] for found in _OF_IAM.finditer(text)]
    return named[0] if named and account not in named else None


def _names_another_role(subject: Subject, account: Account) -> bool:
    """Return whether the text contains the ARN of a role that this account does not have.

    If so, no other role can be meant.
    """
    on = subject.on
    if on is None or on.source not in _OWN_WORDS:
        return False
    return on.satisfies(lambda arn: arn.startswith("arn:") and ":role/" in arn and account.role(arn) is None)


_OWN_WORDS = (Source.TEXT, Source.COMMAND, Source.TEMPLATE, Source.CLOUDTRAIL, Source.AWS_RECORD, Source.OPERATOR)


def _surer(one: Sourced[str] | None, other: Sourced[str] | None) -> Sourced[str] | None:
    """Return the more certain of two values: a known value rather than a guess."""
    return other if one is None or (other is not None and other.known and not one.known) else one


def targets_of(
    token: Token, subject: Subject, opened: OpenedAccount, hint: str | None
) -> tuple[tuple[Target, ...], Step]:
    """Return the roles that a token without a denial may be for.

    That is the role that the text names, or else all that trust its issuer.
    """
    if named := named_target(subject, opened, hint):
        return (named,), step_of((named,), "")
    return _trusting(token, opened.account)


def _trusting(token: Token, account: Account) -> tuple[tuple[Target, ...], Step]:
    found = tuple(
        Target(
            role,
            Source.GUESS,
            "its trust policy names the token's issuer",
            Sourced(provider, Source.TEXT, token.issuer),
        )
        for role, provider in roles_trusting(token, account)
    )
    return found, step_of(found, "no trust policy names the token's issuer")
