"""Find a call of AWS Organizations that was made in a member account, while the text shows the management account."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.text.read.identities.own_account import only_account
from iam.api_operations import action_for
from iam.arn import account_of
from iam.lazy_pattern import regex

_LONGEST = 20_000
_SHOWN = regex(
    r"\b(?:Master|Management)AccountId\b(?:[\"']?\s*[:=]\s*|[^\n]*\n(?:[^\n]{0,80}[\s|,])??\s*)[\"']?(?P<field>\d{12})\b"
    r"|\b(?:management|payer)(?: account)?(?: ID)?(?: is|:| =)? ?\(?(?P<words>\d{12})\b"
)
_OF_EVERY_MEMBER = frozenset({"organizations:describeorganization", "organizations:leaveorganization"})


@dataclass(frozen=True, slots=True)
class ManagementAccount:
    """The account in which the call was made, and the management account that the text shows."""

    called: str
    management: str

    @property
    def sentence(self) -> str:
        return (
            f"The call was made in account {self.called}, and the organization's management account is "
            f"{self.management}: most calls of Organizations work only there, or in an account of a delegated "
            "administrator."
        )


def management_account(denial: Denial) -> ManagementAccount | None:
    """Return the two accounts if a call of Organizations was made in an account other than the management account.

    AWS Organizations User Guide, "Managing access permissions for an organization"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_permissions_overview.html).
    """
    text = denial.pasted or denial.text
    action = (denial.action or _of_organizations(denial, text)).lower()
    if not action.startswith("organizations:") or action in _OF_EVERY_MEMBER:
        return None
    called = account_of(denial.principal or "") or only_account(text)
    return _differing(called, text) if called else None


_ITS_OWN_WORDS = regex(
    r"You don't have permissions to access this resource|\baws organizations [a-z]|\bcreating Organizations\b"
    r"|\barn:[\w-]+:organizations:|\bAWSOrganizations(?:Exception|V20161128)\b"
)
"""Signs that a call without its service's name is one of Organizations: its own sentence, its commands and ARNs."""


def _of_organizations(denial: Denial, text: str) -> str:
    """Return the action of a refused operation that has no other service in the text; "" if it is not known."""
    if not denial.operation or not _ITS_OWN_WORDS.search(text):
        return ""
    return action_for(denial.operation, "organizations") or ""


def callers_organization(text: str) -> ManagementAccount | None:
    """Return the two accounts if the text shows the caller's account, which is not the management account it shows."""
    called = only_account(text)
    return _differing(called, text) if called else None


def _differing(called: str, text: str) -> ManagementAccount | None:
    found = {each["field"] or each["words"] for each in _SHOWN.finditer(text[:_LONGEST])}
    if len(found) != 1 or called in found:
        return None
    return ManagementAccount(called, found.pop())
