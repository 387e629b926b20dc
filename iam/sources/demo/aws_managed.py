"""AWS-managed policies, taken one by one out of moto's copy: making objects of all 1,582 takes more than a second."""

from __future__ import annotations

import json
from collections.abc import Iterable

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend

from iam.arn import name_of

_ARN = "arn:aws:iam::aws:policy/"


def load(backend: IAMBackend, arns: Iterable[str]) -> None:
    """Put the policies of these ARNs into the backend, where it lacks them. Unknown ARNs are left out."""
    for arn in sorted(set(arns)):
        if arn in backend.managed_policies:
            continue
        policy = _find(backend, arn)
        if policy is not None and policy.arn == arn:
            _keep(backend, policy)


def load_all(backend: IAMBackend) -> None:
    """Put every AWS-managed policy into the backend; at once when they are there already."""
    if len(backend.aws_managed_policies) == aws_managed_policies_data.count('\n "'):
        return
    for name, data in json.loads(aws_managed_policies_data).items():
        policy = AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
        if policy.arn not in backend.managed_policies:
            _keep(backend, policy)


def _keep(backend: IAMBackend, policy: AWSManagedPolicy) -> None:
    backend.managed_policies[policy.arn] = policy
    backend.aws_managed_policies.append(policy)


def _find(backend: IAMBackend, arn: str) -> AWSManagedPolicy | None:
    """The policy in moto's text, where each name stands at the beginning of a line, one space in."""
    name = name_of(arn)
    if not arn.startswith(_ARN) or not name.replace("-", "").replace("_", "").isalnum():
        return None
    at = aws_managed_policies_data.find(f'\n "{name}":{{')
    if at < 0:
        return None
    data, _ = json.JSONDecoder().raw_decode(aws_managed_policies_data, aws_managed_policies_data.index("{", at))
    return AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
