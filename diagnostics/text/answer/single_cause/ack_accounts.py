"""An ACK controller that calls with its own role, because its map of accounts has no role for the namespace's."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex

_OWNER = regex(r"\bservices\.k8s\.aws/owner-account-id[\"']?\s*[:=]\s*[\"']?(?P<account>\d{12})\b")
_MAPPED = regex(r"^[ \t]*[\"']?(?P<account>\d{12})[\"']?[ \t]*:[ \t]*[\"']?arn:[\w-]+:iam::\d{12}:role/", re.MULTILINE)
_MAP = "ack-role-account-map"


def without_a_mapped_role(denial: Denial) -> Decision | None:
    """Return the decision that the map in the text lacks the account of the namespace; else None.

    AWS Controllers for Kubernetes, "Manage Resources in Multiple AWS Accounts", Cross Account Resource Management
    (https://aws-controllers-k8s.github.io/docs/guides/cross-account).
    """
    text = denial.pasted or denial.text
    owners = {each["account"] for each in _OWNER.finditer(text)}
    mapped = {each["account"] for each in _MAPPED.finditer(text)}
    if _MAP not in text or len(owners) != 1 or not mapped or owners & mapped:
        return None
    owner = owners.pop()
    if account_of(denial.principal or "") == owner:
        return None
    near = next((each for each in mapped if _one_digit(owner, each)), "")
    typed = f" It has {near}: most likely one of the two is mistyped." if near else ""
    return decide(
        "not-iam",
        f"the namespace is for account {owner}, and {_MAP} has {', '.join(sorted(mapped))}",
        f"The namespace is annotated for account {owner}, and {_MAP} has no role for it, so the controller does not "
        f"assume that account's role.{typed} Its own role needs no permission for this.",
        f"Add account {owner} to {_MAP}",
        Who.RESOURCE_OWNER,
        f"the ConfigMap {_MAP} in the controller's namespace",
        f'Add "{owner}": arn:aws:iam::{owner}:role/ROLE to its data (or correct the annotation). The controller\'s '
        f"role "
        "must be allowed sts:AssumeRole on that role, whose trust policy must name it. Then restart the controller.",
    )


def _one_digit(one: str, other: str) -> bool:
    """Whether two account IDs differ in one digit."""
    return sum(mine != theirs for mine, theirs in zip(one, other, strict=True)) == 1
