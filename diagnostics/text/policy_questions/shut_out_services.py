"""Find the Deny of a resource's policy that also denies the AWS service which another statement allows.

IAM User Guide, "AWS global condition context keys": a call that a service makes with its own principal belongs to no
organization, account or user and does not come from your networks, and aws:PrincipalIsAWSService exempts it
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). "Condition operators": a
negated operator matches if the key is absent, with and without IfExists
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from iam.policy.document import Document, Statement
from iam.policy.match import names_action, overlap
from iam.words import listing

_OF_CALLERS = ("aws:principalorgid", "aws:principalorgpaths", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce")
"""Condition keys that a call with a service principal lacks, or whose value is not that of the policy's owner."""
_EXEMPT = ("aws:principalisawsservice", "aws:principalservicename", "aws:principalservicenameslist")
_OF_SOURCES = ("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn")


def shut_out_service(document: Document) -> str:
    """Return which service a Deny for everyone shuts out, and how to exempt it; "" if none does."""
    for deny in document.statements:
        if not _for_everyone(deny) or not (keys := _keys(deny)):
            continue
        for allow, service in _of_services(document):
            if not _covers(deny, allow):
                continue
            had, name = (f"Statement {each.sid or each.index + 1}" for each in (allow, deny))
            return (
                f"{name} also denies {service}, which {_lowered(had)} allows. A call that the service makes itself "
                f"lacks {listing(keys)} or has another value, so the Deny's negated condition is met. Exempt "
                'services: add "BoolIfExists": {"aws:PrincipalIsAWSService": "false"} to the Condition of the Deny.'
            )
    return ""


def _lowered(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"


def _for_everyone(statement: Statement) -> bool:
    if statement.effect != "Deny" or statement.not_principal is not None:
        return False
    return statement.principal in ((("*", "*"),), (("AWS", "*"),))


def _keys(deny: Statement) -> list[str]:
    """Return the keys of callers that the Deny tests negated; none if another key exempts services."""
    if any(each.key.lower() in (*_EXEMPT, *_OF_SOURCES) for each in deny.conditions):
        return []
    negated = all("not" in each.operator.lower() for each in deny.conditions)
    known = all(each.key.lower() in _OF_CALLERS for each in deny.conditions)
    return [each.key for each in deny.conditions] if negated and known else []


def _of_services(document: Document) -> Iterator[tuple[Statement, str]]:
    for each in document.statements:
        if each.effect == "Allow":
            yield from ((each, value) for kind, value in each.principal or () if kind == "Service")


def _covers(deny: Statement, allow: Statement) -> bool:
    """Return whether the Deny covers an action of the Allow on one of its resources."""
    return _covers_actions(deny, allow.action or ()) and _overlap(deny.resource or (), allow.resource or ())


def _covers_actions(deny: Statement, actions: Sequence[str]) -> bool:
    if deny.not_action is not None:
        return any(not names_action(deny.not_action, each) for each in actions)
    return any(names_action(deny.action or (), each) for each in actions)


def _overlap(denied: Sequence[str], allowed: Sequence[str]) -> bool:
    return not denied or not allowed or any(overlap(one, each) for one in denied for each in allowed)
