"""How the account names and tags its roles, for suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from diagnostics.already_exists.advice.free_names import Pattern, other_names, words_of
from diagnostics.already_exists.advice.rename import account_pattern
from diagnostics.already_exists.kinds import Kind
from iam.account import Account, Role

Worked = TypeVar("Worked")


def of_account(function: Callable[[Account], Worked]) -> Callable[[Account], Worked]:
    """Work something out once for an account: forms ask with each key, and an account may have 10,000 roles."""
    held: list[tuple[Account, Worked]] = []

    def answer(account: Account) -> Worked:
        if not held or held[0][0] is not account:
            held[:] = [(account, function(account))]
        return held[0][1]

    return answer


@of_account
def usual_tags(account: Account) -> tuple[tuple[str, int, int], ...]:
    """(key, how many roles carry it, how many roles were looked at) of the tags that most roles carry."""
    roles = [role for role in account.roles if not role.service_owned and role.tags is not None]
    counts = Counter(key for role in roles for key in role.tags or {} if not key.lower().startswith("aws:"))
    return tuple((key, count, len(roles)) for key, count in counts.most_common() if count * 2 > len(roles) > 3)


@of_account
def naming(account: Account) -> tuple[Pattern, str]:
    """The pattern of the account's role names, and a sentence on it with an example."""
    pattern = account_pattern(Kind.ROLE, account)
    examples = [role.name for role in account.roles if not role.service_owned and _fits(role, pattern)]
    if not examples:
        return pattern, ""
    how = "words in CamelCase" if pattern.camel else f"words with “{pattern.separator}” between them"
    return pattern, f"Names here are {how}, such as {examples[0]}."


def _fits(role: Role, pattern: Pattern) -> bool:
    if pattern.camel:
        return role.name.isalnum() and role.name[:1].isupper()
    return role.name.count(pattern.separator) >= 1


def usual_ending(names: Sequence[str]) -> tuple[str, int] | None:
    """The last word that many of the names have, and how many have it."""
    last = Counter(words[-1] for name in names if len(words := words_of(name)) > 1)
    word, count = next(iter(last.most_common(1)), ("", 0))
    return (word, count) if count > 1 and count * 3 >= len(names) else None


def names_instead(name: str, account: Account) -> tuple[str, ...]:
    """Free names in place of one that is taken, after the account's own pattern."""
    pattern, _ = naming(account)
    found = other_names(Kind.ROLE, name, pattern, lambda each: account.role_ignoring_case(each) is None)
    return tuple(each for each, _ in found)


@of_account
def boundaries(account: Account) -> tuple[str, ...]:
    """Customer policies, those first that are boundaries of something, then those that are named like one."""
    used = Counter(role.boundary_arn for role in account.roles if role.boundary_arn)
    used.update(user.boundary_arn for user in account.users or () if user.boundary_arn)
    arns = [each.arn for each in account.policies or () if not each.aws_managed]
    return tuple(sorted(arns, key=lambda arn: (-used[arn], "boundary" not in arn.lower(), arn)))
