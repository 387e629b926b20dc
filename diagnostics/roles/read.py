"""What was read of roles and managed policies, beyond the account itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iam.account import Account, ManagedPolicy, Role
    from iam.sources.reader import Reading


@dataclass(repr=False, eq=False)
class RolesRead:
    """An account, with the roles by name and the managed policies by ARN that were read one by one.

    ``account`` is None until the first part was read.
    """

    account: Account | None = None
    roles_read: dict[str, Reading[Role]] = field(default_factory=dict, kw_only=True)
    policies_read: dict[str, Reading[ManagedPolicy]] = field(default_factory=dict, kw_only=True)

    def role(self, name_or_arn: str) -> Role | None:
        """The role in the fullest form read so far."""
        role = self.account.role(name_or_arn) if self.account else None
        if role is None or role.has_details:
            return role
        reading = self.roles_read.get(role.name)
        return reading.value if reading and reading.value else role

    def policy(self, arn: str) -> ManagedPolicy | None:
        """The managed policy with a document, where one was read."""
        policy = self.account.policy(arn) if self.account else None
        if policy is not None and policy.document is not None:
            return policy
        reading = self.policies_read.get(arn)
        return reading.value if reading and reading.value else policy

    def why_not(self, reading: Reading[Role] | Reading[ManagedPolicy] | None, what: str) -> str:
        """One line on a document that is missing: not read yet, not readable, or gone."""
        if reading is None:
            return f"reading {what} ..."
        if reading.unreadable:
            return f"{what} could not be read: {reading.why}"
        return f"{what} does not exist, or was deleted: {reading.call} found nothing"
