"""The organization of an account, with the policies at each of its levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.policy.document import Document


@dataclass(frozen=True, slots=True)
class OrganizationPolicy:
    """An SCP or RCP."""

    arn: str
    name: str
    document: Document


@dataclass(frozen=True, slots=True)
class OrganizationLevel:
    """The policies attached to one target between the organization's root and the account."""

    target: str
    policies: tuple[OrganizationPolicy, ...]


@dataclass(frozen=True, slots=True)
class Organization:
    """The organization of an account.

    ``scps`` and ``rcps`` list its levels, the root first; None if they could not be read.
    """

    id: str
    management_account_id: str | None = None
    path: tuple[str, ...] | None = None
    scps: tuple[OrganizationLevel, ...] | None = None
    rcps: tuple[OrganizationLevel, ...] | None = None
