"""Who can assume a role, and which roles it can assume, as the account's own policies say.

What is asked here is sts:AssumeRole without context of its own: where conditions hang on values that only a real call
has (MFA, an external ID, a source), the answer names their keys and says "under conditions".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from diagnostics.sentences import principal_phrase
from iam.account import Account, Role
from iam.layers import gather
from iam.policy.document import Document, PolicyError, Statement
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request
from iam.sources.reader import AccountReader

ASSUME = "sts:AssumeRole"


class Answer(StrEnum):
    YES = "yes"
    CONDITIONS = "under conditions"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Assumer:
    """One that can assume a role, or a role that can be assumed. ``arn`` is None for services, providers and other
    accounts, which ``title`` names. ``note`` says under which conditions, or what is not known."""

    title: str
    answer: Answer
    note: str = ""
    arn: str | None = None


def _statements(trust: Document | None) -> tuple[Statement, ...]:
    if trust is None:
        return ()
    try:
        return trust.statements
    except PolicyError:
        return ()


def _condition_keys(statement: Statement) -> str:
    return ", ".join(dict.fromkeys(block.key for block in statement.conditions))


def _own(value: str, account: Account) -> bool:
    """Whether a principal of this account is meant: its root, a user or role of it, or everyone."""
    return value == "*" or value == account.id or f":{account.id}:" in value


def outside_assumers(role: Role, account: Account) -> tuple[Assumer, ...]:
    """Services, identity providers and other accounts that the trust policy names."""
    found: dict[str, Assumer] = {}
    for statement in _statements(role.trust):
        if statement.effect != "Allow":
            continue
        keys = _condition_keys(statement)
        answer = Answer.CONDITIONS if keys else Answer.YES
        for kind, value in statement.principal or ():
            if kind == "AWS" and value != "*" and _own(value, account):
                continue
            title = principal_phrase(kind, value)
            if value[:4] in ("AROA", "AIDA") and kind == "AWS":
                found[title] = Assumer(title, Answer.UNKNOWN, "nobody any more, unless an ID of this account has it")
            else:
                found[title] = Assumer(title, answer, f"conditions on {keys}" if keys else "")
        if statement.not_principal is not None:
            found["everyone"] = Assumer("everyone except some", answer, "NotPrincipal with Allow")
    return tuple(found.values())


def names_insiders(role: Role, account: Account) -> bool:
    """Whether the trust policy can let in a user or role of the same account."""
    return any(
        statement.effect == "Allow"
        and (
            statement.not_principal is not None
            or any(kind in ("AWS", "*") and _own(value, account) for kind, value in statement.principal or ())
        )
        for statement in _statements(role.trust)
    )


def _names(role: Role, account: Account, arn: str) -> bool:
    """Whether the trust policy may let this principal in: by name, through the account, or as everyone."""
    open_to_all = ("*", account.id, f"arn:{account.partition}:iam::{account.id}:root")
    return any(
        statement.effect == "Allow"
        and (
            statement.not_principal is not None
            or any(value == arn or value in open_to_all for _, value in statement.principal or ())
        )
        for statement in _statements(role.trust)
    )


def _ask(principal_arn: str, role: Role, account: Account, reader: AccountReader) -> tuple[Answer, str] | None:
    """Whether the principal may assume the role; None is no."""
    gathered = gather(Request(principal_arn, ASSUME, role.arn), account, reader)
    decision = evaluate(gathered.request, gathered.policies)
    if decision.allowed:
        if gathered.policies.unread:
            return Answer.UNKNOWN, f"not all could be read: {', '.join(sorted(gathered.policies.unread))}"
        return Answer.YES, ""
    if decision.missing_context and evaluate(gathered.request, _without_conditions(gathered.policies)).allowed:
        return Answer.CONDITIONS, f"conditions on {', '.join(decision.missing_context)}"
    return None


def _without_conditions(policies: Policies) -> Policies:
    """The same policies with every condition of their Allow statements taken to be met."""
    resource = policies.resource
    return replace(
        policies,
        identity=tuple(_unconditional(policy) for policy in policies.identity),
        resource=_unconditional(resource) if resource else None,
        boundary=None if policies.boundary is None else tuple(_unconditional(policy) for policy in policies.boundary),
    )


@lru_cache(maxsize=4096)
def _unconditional(policy: NamedPolicy) -> NamedPolicy:
    try:
        value = policy.document.value
    except PolicyError:
        return policy
    statements = value.get("Statement") if isinstance(value, dict) else None
    listed = statements if isinstance(statements, list) else [statements]
    if not any(isinstance(each, dict) and each.get("Effect") == "Allow" and "Condition" in each for each in listed):
        return policy
    kept = [
        {key: part for key, part in each.items() if key != "Condition"}
        if isinstance(each, dict) and each.get("Effect") == "Allow"
        else each
        for each in listed
    ]
    return replace(policy, document=Document.from_value({**value, "Statement": kept}))


def inside_assumers(role: Role, account: Account, reader: AccountReader) -> Iterator[Assumer | None]:
    """Users and roles of the account that may assume the role. None is yielded for each that may not, so that the
    caller can show progress and stop. May block."""
    if not names_insiders(role, account):
        return
    candidates = [(f"user {user.name}", user.arn) for user in account.users or ()]
    candidates += [(f"role {other.name}", other.arn) for other in account.roles if other.arn != role.arn]
    for title, arn in candidates:
        if not _names(role, account, arn):
            yield None
            continue
        answer = _ask(arn, role, account, reader)
        yield Assumer(title, answer[0], answer[1], arn) if answer else None


def assumable_roles(role: Role, account: Account, reader: AccountReader) -> Iterator[Assumer | None]:
    """Roles of the account that this role may assume; None for each that it may not. May block."""
    for other in account.roles:
        if other.arn == role.arn or not _names(other, account, role.arn):
            yield None
            continue
        answer = _ask(role.arn, other, account, reader)
        yield Assumer(f"role {other.name}", answer[0], answer[1], other.arn) if answer else None
