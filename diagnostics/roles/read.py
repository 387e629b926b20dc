"""Details of roles and managed policies that are read in addition to the account's basic data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.account import Account, ManagedPolicy, Role
    from iam.sources.reader.reading import Reading


@dataclass(repr=False, eq=False)
class RolesRead:
    """An account, with the roles (by name) and managed policies (by ARN) that were read individually.

    ``account`` is None until the first part was read.
    """

    account: Account | None = None
    roles_read: dict[str, Reading[Role]] = field(default_factory=dict, kw_only=True)
    policies_read: dict[str, Reading[ManagedPolicy]] = field(default_factory=dict, kw_only=True)

    def role(self, name_or_arn: str) -> Role | None:
        """Return the role with the most complete data read so far."""
        role = self.account.role(name_or_arn) if self.account else None
        if role is None or role.has_details:
            return role
        reading = self.roles_read.get(role.name)
        return reading.value if reading and reading.value else role

    def policy(self, arn: str) -> ManagedPolicy | None:
        """Return the managed policy with its document, if it was read."""
        policy = self.account.policy(arn) if self.account else None
        if policy is not None and policy.document is not None:
            return policy
        reading = self.policies_read.get(arn)
        return reading.value if reading and reading.value else policy

    def why_not(self, reading: Reading[Role] | Reading[ManagedPolicy] | None, what: str) -> str:
        """Return one line that says why a document is missing: not read yet, not readable, or deleted."""
        if reading is None:
            return f"reading {what} ..."
        if reading.unreadable:
            return f"{what} could not be read: {reading.why}"
        return f"{what} does not exist, or was deleted: {reading.call} found nothing"
