"""Interface for reading managed policies, and AWS's own assessment of a policy."""

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
    """Reads managed policies, and AWS's own assessment of a policy."""

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """Read a managed policy with the document of its default version, or of all versions for a customer policy."""

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        """Read the customer managed policy with this name, ignoring case and path, with all its versions."""

    def aws_managed_policies(self) -> Reading[tuple[str, ...]]:
        """Read the ARNs of the AWS managed policies that can be attached. This takes a few seconds on AWS.

        Policies of service-linked roles are not included.
        """

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[LintFinding, ...]]:
        """Return what Access Analyzer's ValidatePolicy finds in a document. The document need not be saved anywhere.

        `iam.policy.lint.lint` makes the local checks. If both report something, both findings are shown with their
        ``source``.
        """

    def simulator(self) -> Simulator | None:
        """AWS's policy simulator, or None if it is not available (as for snapshots)."""
