"""Find the account that the text says the caller's side is in: its nodes, tasks, functions, or its author."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diagnostics.text.read.identities.callers import answered_identities
from iam.arn import account_of
from iam.lazy_pattern import regex

NUMBER = r"(?<![\w:/.-])(?P<account>\d{12})(?![\w:/-]|\.\w)"
"""A pattern of an account number that is not part of an ARN, of a host name or of a path."""
_CALLERS = (
    r"(?:clusters?|nodes?(?: ?groups?)?|workers?|tasks?|pods?|fargate|functions?|lambdas?"
    r"|instances?|asg|auto ?scaling(?: groups?)?|runners?|pipelines?|builds?|jobs?|stacks?|workloads?|callers?|apps?"
    r"|we|us|me|my|our(?: side)?)"
)
_SAID = regex(
    rf"(?<!other )\b{_CALLERS}\b(?:(?!\b(?:not|never|other|another|except)\b|n['\u2019]t)[^\n.;:?]){{0,40}}?"
    rf"(?:\b(?:account|acct|in|are|is)\b[ :=#(]{{0,3}}|:[ ]{{0,2}}){NUMBER}",
    re.IGNORECASE,
)


def own_accounts(text: str) -> set[str]:
    """Return the accounts that the text says the caller's side is in: ``nodes are in account 111122223333``."""
    return {found["account"] for found in _SAID.finditer(text)}


_OWN_ACCOUNT = regex(r"\bget-caller-identity\b[^\n]*\bAccount\b[^\n]*\n[ \t\"']*(?P<id>\d{12})\b")
_SESSION = regex(r"arn:[\w-]+:sts::\d{12}:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+")


def callers(text: str, principal: str | None) -> tuple[str, ...]:
    """Return the ARNs of the callers that the text has: ``principal``, answers of get-caller-identity, sessions."""
    return tuple(dict.fromkeys(filter(None, (principal, *answered_identities(text), *_SESSION.findall(text)))))


def callers_accounts(text: str, arns: Iterable[str]) -> tuple[str, ...]:
    """Return the accounts of the callers' ARNs, and one that get-caller-identity printed alone."""
    printed = (found["id"] for found in _OWN_ACCOUNT.finditer(text))
    return tuple(dict.fromkeys(filter(None, (*map(account_of, arns), *printed))))


def only_account(text: str) -> str:
    """Return the only account that the text shows or says to be the caller's; "" if there is none, or several."""
    found = {*callers_accounts(text, callers(text, None)), *own_accounts(text)}
    return found.pop() if len(found) == 1 else ""
