"""Who can carry out a fix, or look at a cause."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Who(StrEnum):
    """Who can carry out a fix."""

    YOU = "you"
    ACCOUNT_ADMIN = "account-admin"
    ORG_ADMIN = "org-admin"
    RESOURCE_OWNER = "resource-owner"
    CALLER = "caller"


OWNERS: Mapping[str, Who] = {
    "scp": Who.ORG_ADMIN,
    "rcp": Who.ORG_ADMIN,
    "resource": Who.RESOURCE_OWNER,
    "vpce": Who.RESOURCE_OWNER,
}
"""Who changes a layer's policy, by the layer's word. The policies of the other layers are changed by the account's
administrator.
"""
