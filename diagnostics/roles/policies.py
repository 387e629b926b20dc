"""A role's policies in the order in which they are read, with the known data of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from diagnostics.roles.read import RolesRead

if TYPE_CHECKING:
    from iam.account import ManagedPolicy, Role
    from iam.policy.document import Document


class RolePolicyKind(StrEnum):
    AWS_MANAGED = "aws-managed"
    CUSTOMER_MANAGED = "customer-managed"
    INLINE = "inline"
    BOUNDARY = "boundary"


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """One policy of a role. While ``document`` is None, ``missing`` says why in one line.

    ``policy`` is the managed policy as read so far; None for inline policies.
    """

    kind: RolePolicyKind
    name: str
    arn: str | None
    document: Document | None
    missing: str = ""
    policy: ManagedPolicy | None = None

    @property
    def kind_text(self) -> str:
        """The kind as text: ``customer-managed v4``; ``boundary (customer-managed v1)``."""
        text = str(self.kind)
        if self.policy and not self.policy.aws_managed and self.policy.default_version_id:
            version = self.policy.default_version_id
            text += f" {version}" if self.kind is not RolePolicyKind.BOUNDARY else f", {version}"
        return text


def policy_entries(session: RolesRead, role: Role) -> tuple[PolicyEntry, ...]:
    """Return the AWS managed, customer managed and inline policies, then the boundary.

    Empty if the role has no policies, or if its details were not read.
    """
    from iam.arn import name_of

    managed = [_managed(session, policy.name, policy.arn, None) for policy in role.attached or ()]
    entries = [entry for entry in managed if entry.kind is RolePolicyKind.AWS_MANAGED]
    entries += [entry for entry in managed if entry.kind is not RolePolicyKind.AWS_MANAGED]
    entries += [PolicyEntry(RolePolicyKind.INLINE, policy.name, None, policy.document) for policy in role.inline or ()]
    if role.boundary_arn:
        entries.append(_managed(session, name_of(role.boundary_arn), role.boundary_arn, RolePolicyKind.BOUNDARY))
    return tuple(entries)


def _managed(session: RolesRead, name: str, arn: str, kind: RolePolicyKind | None) -> PolicyEntry:
    from iam.arn import is_aws_managed

    policy = session.policy(arn)
    document = policy.document if policy else None
    if kind is None:
        kind = RolePolicyKind.AWS_MANAGED if is_aws_managed(arn) else RolePolicyKind.CUSTOMER_MANAGED
    missing = "" if document else session.why_not(session.policies_read.get(arn), name)
    return PolicyEntry(kind, name, arn, document, missing, policy)


def first_to_read(entries: Sequence[PolicyEntry]) -> int:
    """Return the index of the policy to show first: one written in this account, or else the first."""
    own = (RolePolicyKind.INLINE, RolePolicyKind.CUSTOMER_MANAGED)
    return next((index for index, entry in enumerate(entries) if entry.kind in own), 0)


def details_state(session: RolesRead, role: Role) -> str:
    """Return why the role's policies are unknown, or "" if they are known."""
    if role.has_details:
        return ""
    return session.why_not(session.roles_read.get(role.name), f"the policies of {role.name}")


def policies_to_read(session: RolesRead, role: Role) -> tuple[str, ...]:
    """Return ARNs of the role's managed policies whose documents were not requested yet."""
    arns = [policy.arn for policy in role.attached or ()]
    if role.boundary_arn:
        arns.append(role.boundary_arn)
    return tuple(arn for arn in arns if arn not in session.policies_read and not _has_document(session, arn))


def _has_document(session: RolesRead, arn: str) -> bool:
    policy = session.policy(arn)
    return policy is not None and policy.document is not None
