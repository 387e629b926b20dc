"""What is read of managed policies, and what AWS itself says of a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iam.account import ManagedPolicy
from iam.policy.document import Document
from iam.protocols import Protocol
from iam.sources.reader.reading import Reading

if TYPE_CHECKING:
    from iam.policy.lint import LintFinding, PolicyKind
    from iam.simulator import Simulator


class PolicySource(Protocol):
    """Which data about managed policies is read, and what AWS itself reports about a policy."""

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """A managed policy with its default version's document (all versions for customer policies)."""

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        """The customer managed policy that has this name in any case and path, with all its versions."""

    def aws_managed_policies(self) -> Reading[tuple[str, ...]]:
        """ARNs of the policies of AWS that can be attached (none of service-linked roles); some seconds on AWS."""

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[LintFinding, ...]]:
        """What Access Analyzer's ValidatePolicy finds in a document that need not be saved anywhere. The local checks
        are `iam.policy.lint.lint`; where both speak, both are shown, each under its ``source``.
        """

    def simulator(self) -> Simulator | None:
        """AWS's policy simulator, or None where there is none (snapshots)."""
