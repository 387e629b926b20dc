"""Accounts whose reviews have a pattern in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diagnostics.review.across import HowReviewed, Reviewed, review_account
from diagnostics.review.escalation.elsewhere import Neighbours
from diagnostics.review.limits import Limits
from iam.sources.organization.folder import open_folder
from tests.support.organizations.generate import MEMBERS, role
from tests.support.organizations.generate import document as policy

ACCOUNTS = ("200000000001", "200000000002", "200000000003")


def by_itself(account: str) -> dict[str, Any]:
    """A role that may write its own policies: the statement names the account."""
    own = policy({"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": f"arn:aws:iam::{account}:role/*"})
    return role(account, "stack-role", policy(), {"own": own})


def reviews(folder: Path) -> list[Reviewed]:
    neighbours, how = Neighbours(open_folder(folder), Limits()), HowReviewed(Limits())
    found = (review_account(neighbours, id, how) for id in sorted(MEMBERS))
    return [one for one in found if one is not None]
