"""The permissions that rolescope itself needs for each purpose, as least-privilege policies.

The calls that read are those of `iam.sources.aws.read_calls`; the write calls are those of `iam.changes.operations`.
Resources come from AWS's Service Authorization Reference: ``*`` is used only for an action without resource-level
permissions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iam.changes.operations.table import OPERATIONS
from iam.facts.quotas import MANAGED_SIZE
from iam.service_reference import VARIABLE, action
from iam.services import iam_prefix
from iam.sources.aws.read_calls import READ_CALLS, Depth

_BUILDS_ON = {
    Depth.BROWSE: (Depth.BROWSE,),
    Depth.DIAGNOSE: (Depth.BROWSE, Depth.DIAGNOSE),
    Depth.REVIEW: (Depth.BROWSE, Depth.DIAGNOSE, Depth.REVIEW),
    Depth.USE: (Depth.BROWSE, Depth.DIAGNOSE, Depth.USE),
    Depth.CREATE: (Depth.BROWSE, Depth.DIAGNOSE, Depth.CREATE),
    Depth.CHANGE: (Depth.BROWSE, Depth.DIAGNOSE, Depth.CREATE, Depth.CHANGE),
    Depth.TRAIL: (Depth.BROWSE, Depth.TRAIL),
}

# The write calls that create a role, and those that undo this; all other write calls are changes.
_CREATING = frozenset(
    {
        *("CreateRole", "PutRolePolicy", "AttachRolePolicy", "CreatePolicy", "CreateInstanceProfile"),
        *("AddRoleToInstanceProfile", "CreateOpenIDConnectProvider"),
        *("DeleteRole", "DeleteRolePolicy", "DetachRolePolicy", "DeletePolicy", "DeleteInstanceProfile"),
        *("RemoveRoleFromInstanceProfile", "DeleteOpenIDConnectProvider"),
    }
)

# Calls that require permissions other than the one with their name (Service Authorization Reference, by service).
_ACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("sts", "GetCallerIdentity"): (),  # this call cannot be denied
    ("sts", "AssumeRole"): ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
    # Athena reads and writes with the caller's permissions (Athena User Guide, "Access to Amazon S3 from Athena").
    ("athena", "StartQueryExecution"): (
        "athena:StartQueryExecution",
        *("s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:AbortMultipartUpload"),
    ),
    ("accessanalyzer", "ListFindingsV2"): ("access-analyzer:ListFindings",),
    ("accessanalyzer", "GetFindingV2"): ("access-analyzer:GetFinding",),
    ("s3", "ListObjectsV2"): ("s3:ListBucket",),
    ("s3", "ListBuckets"): ("s3:ListAllMyBuckets",),
    ("s3", "GetPublicAccessBlock"): ("s3:GetBucketPublicAccessBlock",),
    ("iam-toolbox", "GetRequestAuthorizationDetails"): ("iam:GetRequestAuthorizationDetails",),
    ("iam-toolbox", "GetRequestAuthorizationPolicy"): ("iam:GetRequestAuthorizationPolicy",),
    ("opensearch", "DescribeDomain"): ("es:DescribeDomain",),
}


@dataclass(frozen=True, slots=True)
class AwsCall:
    """A call that rolescope can make. ``service`` is boto3's name.

    ``passes_to``: the service that the call passes a role to, or "".
    """

    depth: Depth
    service: str
    operation: str
    actions: tuple[str, ...]
    passes_to: str = ""


def calls() -> Iterator[AwsCall]:
    """Yield every AWS call that rolescope can make."""
    for service, operations in READ_CALLS.items():
        for operation, read in operations.items():
            usual = (f"{iam_prefix(service)}:{operation}",)
            yield AwsCall(read.depth, service, operation, _ACTIONS.get((service, operation), usual))
    for write in OPERATIONS.values():
        depth = Depth.CREATE if write.name in _CREATING else Depth.CHANGE
        tagging = (write.tag_action,) if write.tag_action else ()
        own = f"{iam_prefix(write.service)}:{write.name}"
        yield AwsCall(depth, write.service, write.name, (own, *tagging), write.passes_to)


MANAGED_POLICY_LENGTH = MANAGED_SIZE.usual
"""The quota for the size of a managed policy, in characters without white space."""


def depths(depth: Depth) -> tuple[Depth, ...]:
    """Return the purposes that ``depth`` includes, and ``depth`` itself."""
    return _BUILDS_ON[depth]


def policy(*of: Depth, account: str, partition: str = "aws", roles: str = "*", buckets: str = "*") -> dict[str, object]:
    """Return the document of a policy that allows what rolescope needs for these purposes.

    ``roles`` restricts the roles that are written or assumed: a pattern of path and name (``teams/web/*``). It never
    restricts reading. ``buckets`` restricts the buckets of trails and of Athena's results.
    """
    reads: dict[tuple[str, ...], set[str]] = {}
    writes: dict[tuple[str, ...], set[str]] = {}
    passed: set[str] = set()
    for call in calls():
        if call.depth not in of:
            continue
        reading = call.depth in (Depth.BROWSE, Depth.DIAGNOSE, Depth.REVIEW)
        into, narrowed = (reads, {}) if reading else (writes, {"role": roles, "bucket": buckets})
        for name in call.actions:
            into.setdefault(_resources(name, account, partition, narrowed), set()).add(name)
        if call.passes_to:
            passed.add(call.passes_to + (".cn" if partition == "aws-cn" else ""))
    statements = [_statement(actions, resources) for into in (reads, writes) for resources, actions in into.items()]
    if passed:
        resources = _resources("iam:PassRole", account, partition, {"role": roles})
        condition = {"StringEquals": {"iam:PassedToService": _one_or_list(sorted(passed))}}
        statements.append({**_statement({"iam:PassRole"}, resources), "Condition": condition})
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(actions: set[str], resources: tuple[str, ...]) -> dict[str, object]:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": _one_or_list(list(resources))}


def _one_or_list(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _resources(name: str, account: str, partition: str, narrowed: Mapping[str, str]) -> tuple[str, ...]:
    """Return ARN patterns in this account for the resource types of an action; ``*`` if the action has none.

    ``narrowed`` contains, by type, the pattern that restricts the resources.
    """
    known = action(name)
    found: dict[str, None] = {}
    for each in known.resource_types if known else ():
        if each.name not in _MEANT.get(name, (each.name,)):
            continue
        # An organization's resources belong to its management account, whose ID a member may not know.
        owner = "*" if name.startswith("organizations:") else account
        filled = each.filled(partition, "*", owner)
        if each.name == "role" and name.startswith(("iam:", "sts:")):
            filled = f"arn:{partition}:iam::{account}:role/{narrowed.get('role', '*')}"
        elif name.startswith("s3:"):
            filled = filled.replace("${BucketName}", narrowed.get("bucket", "*"))
        found[VARIABLE.sub("*", filled)] = None
        if name in _OF_AWS:
            found[_OF_AWS[name].format(partition=partition)] = None
    return tuple(sorted(found)) or ("*",)


# The resource types to use for actions that support several: buckets are identified by their names.
_MEANT = {
    "s3:GetObject": ("object",),
    "s3:PutObject": ("object",),
    "s3:AbortMultipartUpload": ("object",),
    "s3:ListBucket": ("bucket",),
    "s3:GetBucketLocation": ("bucket",),
    "s3:GetBucketPolicy": ("bucket",),
    "s3:GetBucketPublicAccessBlock": ("bucket",),
}
# AWS managed policies are read with the same calls, and belong to no account.
_OF_AWS = {
    "iam:GetPolicy": "arn:{partition}:iam::aws:policy/*",
    "iam:GetPolicyVersion": "arn:{partition}:iam::aws:policy/*",
    "organizations:DescribePolicy": "arn:{partition}:organizations::aws:policy/*",
}


def length(document: Mapping[str, object]) -> int:
    """Return the length of the document in characters without white space, as IAM counts it."""
    return len("".join(json.dumps(document).split()))


def terraform(depth: Depth, document: Mapping[str, object]) -> str:
    """Return a policy document as a Terraform resource.

    JSON is valid HCL except for ``${``, which these policies never contain.
    """
    text = json.dumps(document, indent=2).replace("\n", "\n  ")
    return (
        f'resource "aws_iam_policy" "rolescope_{depth}" {{\n'
        f'  name        = "rolescope-{depth}"\n'
        f'  description = "What rolescope needs for: {depth.words}."\n'
        f"  policy      = jsonencode({text})\n"
        "}\n"
    )
