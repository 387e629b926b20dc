"""Find out whether a text says that the account of the denied resource is closed or suspended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from iam.arn import account_of
from iam.lazy_pattern import regex

_STATE = r"(?:closed|suspended|SUSPENDED|PENDING_CLOSURE|terminated|decommissioned)"
_NAMED = regex(
    rf"\b(?P<id>\d{{12}})\b[^.\n]{{0,60}}?\b(?:was|is|has been|got|were|been|status|state)?\W{{0,4}}\b{_STATE}\b"
    rf"|\b{_STATE}\b[^.\n]{{0,30}}\baccount\b[^.\n]{{0,20}}\b(?P<behind>\d{{12}})\b"
)
_UNNAMED = regex(
    r"\b(?:that|this|the|target|member|one) (?:\w+ )?account (?:was|is|has been|had been|got) (?:already )?"
    rf"{_STATE}\b",
    re.IGNORECASE,
)
_NOT = regex(r"\b(?:not|never|no longer|reopened|isn|wasn)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClosedAccount:
    """``account`` is the closed account, ``words`` are the text's words, ``sentence`` says what follows."""

    account: str
    words: str
    sentence: str


def closed_account(denial: Denial) -> ClosedAccount | None:
    """Return the resource's account if the text says that it is closed or suspended; else None.

    AWS Organizations User Guide, "Monitor the state of your AWS accounts"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html).
    """
    account = account_of(denial.resource or "")
    if account is None or account == account_of(denial.principal or ""):
        return None
    for found in (*_NAMED.finditer(denial.text), *_UNNAMED.finditer(denial.text)):
        named = found.groupdict().get("id") or found.groupdict().get("behind") or account
        if named == account and not _NOT.search(found[0]):
            return ClosedAccount(
                account,
                " ".join(found[0].split())[:96],
                f"According to the text, account {account} is closed or suspended: nothing in it can be used.",
            )
    return None
