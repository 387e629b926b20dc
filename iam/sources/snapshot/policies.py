"""Read managed policies from a file, and AWS managed policies from rolescope's own list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iam.account import ManagedPolicy
from iam.arn import is_aws_managed
from iam.policy.document import Document
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.part import SnapshotPart, same_name

if TYPE_CHECKING:
    from iam.policy.lint import LintFinding, PolicyKind
    from iam.simulator import Simulator


class SnapshotPolicies(SnapshotPart):
    """Reads managed policies from a file, without calling AWS."""

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        found = self.account.policy(arn)
        if found is not None and found.document is not None:
            return Reading("Policies", found)
        if is_aws_managed(arn):
            from iam import aws_managed_policies

            # A file does not contain every AWS managed policy, so a missing one may exist.
            listed = aws_managed_policies.find(arn)
            if listed is not None:
                note = (
                    f"The snapshot lacks the document of {arn}, so AWS's {listed.default_version_id} is used instead."
                )
                return Reading(aws_managed_policies.LIST, listed, note=note)
            return Reading("Policies", why=f"The snapshot lacks the document of the AWS-managed policy {arn}.")
        if found is not None:
            return Reading("Policies", found, note=f"The snapshot lacks the document of {arn}.")
        return self.one(
            "Policies", self.account.policies, f"policy {arn}", lambda policy: policy.arn == arn, "policies"
        )

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        return self.one(
            "Policies",
            self.account.policies,
            f"policy {name}",
            lambda policy: not policy.aws_managed and same_name(policy.name, name),
            "policies",
        )

    def aws_managed_policies(self) -> Reading[tuple[str, ...]]:
        from iam import aws_managed_policies

        return Reading(aws_managed_policies.LIST, aws_managed_policies.attachable(aws_managed_policies.arns()))

    def validate_policy(self, document: Document, kind: PolicyKind) -> Reading[tuple[LintFinding, ...]]:
        return Reading("snapshot", why="Only AWS can run ValidatePolicy, not a snapshot.")

    def simulator(self) -> Simulator | None:
        return None
