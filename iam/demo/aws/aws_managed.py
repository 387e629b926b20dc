"""Add AWS managed policies to the demo, from rolescope's list.

Policies in use are added at the start, all other policies when a call lists them.
"""

from __future__ import annotations

from collections.abc import Iterable

from moto.iam.models import AWSManagedPolicy, IAMBackend

from iam import aws_managed_policies


def load(backend: IAMBackend, arns: Iterable[str]) -> None:
    """Add the policies with these ARNs to the backend, unless it already has them. Unknown ARNs are ignored."""
    for arn in sorted(set(arns)):
        if arn not in backend.managed_policies:
            _keep(backend, arn)


def load_all(backend: IAMBackend) -> None:
    """Add every AWS managed policy to the backend. Does nothing if they were added before."""
    arns = aws_managed_policies.arns()
    if len(backend.aws_managed_policies) == len(arns):
        return
    for arn in arns:
        if arn not in backend.managed_policies:
            _keep(backend, arn)


def _keep(backend: IAMBackend, arn: str) -> None:
    listed = aws_managed_policies.find(arn)
    if listed is None or listed.document is None:
        return
    policy = AWSManagedPolicy(  # type: ignore[abstract]  # moto makes its own in the same way
        listed.name,
        backend.account_id,
        backend.region_name,
        default_version_id=listed.default_version_id,
        path=listed.path,
        document=listed.document.stored,
        create_date=listed.created,
        update_date=listed.updated,
    )
    if policy.arn == arn:  # not a policy of a partition other than the backend's
        backend.managed_policies[arn] = policy
        backend.aws_managed_policies.append(policy)
