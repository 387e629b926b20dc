"""Explain why AWS rejects a policy in which a resource has a different partition from the account."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

_REFUSED = regex(
    r"partition \\?[\"'`](?P<had>[\w-]+)\\?[\"'`] is not valid(?: for resource \\?[\"'`](?P<arn>arn:[^\"'`\s\\]+))?",
    re.IGNORECASE,
)
_OF_ARN = regex(r"\barn:(?P<partition>aws[\w-]*):")
_OF_REGION = (
    (regex(r"\bus-gov-(?:west|east)-\d\b"), "aws-us-gov"),
    (regex(r"\bcn-(?:north|northwest)-\d\b"), "aws-cn"),
    (regex(r"\beusc-de-east-\d\b"), "aws-eusc"),
)
ARN_OF_ANY = (
    "In Terraform, write arn:${data.aws_partition.current.partition}:; in CloudFormation, write arn:${AWS::Partition}:."
)
_COMMERCIAL = regex(r"(?<![\w-])(?:us|eu|ap|sa|ca|me|af|il|mx)-(?!gov|iso)[a-z]+-\d\b")


@dataclass(frozen=True, slots=True)
class PartitionFault:
    """A policy that names a resource of the wrong partition.

    ``had`` is the partition that AWS rejects, and ``arn`` the ARN that contains it. ``account`` is the partition of the
    account. Values that the text does not show are empty.
    """

    had: str
    account: str
    arn: str

    @property
    def sentence(self) -> str:
        named = f" ({self.arn})" if self.arn else ""
        if not self.account:
            return (
                f"The policy names a resource of partition {self.had}{named}, but the account is in another partition. "
                "ARNs begin with arn:aws-us-gov: in GovCloud, arn:aws-cn: in China and arn:aws-eusc: in the European "
                "Sovereign Cloud."
            )
        return (
            f"The policy names a resource of partition {self.had}{named}, but the account is in {self.account}: "
            f"write {self.written or f'arn:{self.account}:'}."
        )

    @property
    def written(self) -> str:
        """The resource's ARN with the account's partition; "" if one of the two is unknown."""
        return self.arn.replace(f"arn:{self.had}:", f"arn:{self.account}:", 1) if self.arn and self.account else ""

    @property
    def note(self) -> str:
        """How to write ARNs for every partition.

        Terraform, data source aws_partition
        (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition); CloudFormation User
        Guide, "Pseudo parameters" (AWS::Partition,
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html).
        """
        return f"Change every arn:{self.had}: in the policies that apply to this account. {ARN_OF_ANY}"


def partition_fault(said: str, text: str = "") -> PartitionFault | None:
    """Return the partition that AWS does not accept in a policy; None if ``said`` reports no such partition.

    ``text`` may show the account's partition; by default it is ``said``.
    """
    found = _REFUSED.search(said)
    if found is None:
        return _of_the_identity(said)
    rest = (text or said).replace(found[0], " ")
    others = {each["partition"] for each in _OF_ARN.finditer(rest)} - {found["had"]}
    others |= {partition for pattern, partition in _OF_REGION if pattern.search(text or said)} - {found["had"]}
    return PartitionFault(found["had"], others.pop() if len(others) == 1 else "", (found["arn"] or "").rstrip(".,;"))


# Amazon S3 API Reference, "PutBucketPolicy"; AWS GovCloud (US) User Guide, "Amazon Resource Names (ARNs)"
# (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-arns.html).
_INVALID = regex(
    r"\bpolicy has invalid resource\b[\s\S]{0,1500}?(?P<arn>arn:(?P<had>aws[\w-]*):s3:::[^\"'`\s\\]+)", re.IGNORECASE
)
_WORKS_THERE = regex(r"[^.;,:\n]*(?<!not )\b(?:works?|worked|fine|succeeds?|deploys)\b[^.;,\n]{0,80}", re.IGNORECASE)
"""A clause about a call that works elsewhere, and not about the failed call."""
_IDENTITY = regex(
    r"(?:\b[Cc]aller\b|\bUser:|\bArn\b|get-caller-identity[^\n]{0,40}\n|\bassumed\b)[^\n]{0,60}?"
    r"\barn:(?P<partition>aws[\w-]*):(?:iam|sts)::\d{12}:(?:user|role|assumed-role)/"
)


def _of_the_identity(said: str) -> PartitionFault | None:
    """Return the fault if a resource that AWS calls invalid is in a different partition from the caller and Regions."""
    found = _INVALID.search(said)
    own = {each["partition"] for each in _IDENTITY.finditer(said)}
    fails = _WORKS_THERE.sub("", said)
    own |= {partition for pattern, partition in _OF_REGION if pattern.search(fails)}
    own |= {"aws"} if _COMMERCIAL.search(fails) else set()
    if found is None or len(own) != 1 or found["had"] in own:
        return None
    return PartitionFault(found["had"], own.pop(), found["arn"].rstrip(".,;"))


def partition_of_call(text: str, had: str) -> str:
    """Return the partition of the calls in the text, if it is other than ``had``; "" if it is unknown.

    Regions take precedence over ARNs, which may be examples of what works elsewhere.
    """
    named = {partition for pattern, partition in _OF_REGION if pattern.search(text)}
    named |= {"aws"} if _COMMERCIAL.search(text) else set()
    found = named or {each["partition"] for each in _OF_ARN.finditer(text)} - {had}
    return found.pop() if len(found) == 1 and found != {had} else ""


def partition_of_region(text: str) -> str:
    """Return the partition of the text's Regions, if it is only one and not ``aws``; else ""."""
    named = {partition for pattern, partition in _OF_REGION if pattern.search(text)}
    return named.pop() if len(named) == 1 and not _COMMERCIAL.search(text) else ""


_PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-eusc"})


def between_partitions(caller: str, resource: str) -> str:
    """Return why a call on a resource of another partition than the caller's is denied; "" if they are in one.

    IAM User Guide, "Cross account resource access in IAM": access is delegated only within one partition
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html).
    """
    own, other = (found["partition"] if (found := _OF_ARN.match(each)) else "" for each in (caller, resource))
    if own == other or own not in _PARTITIONS or other not in _PARTITIONS:
        return ""
    written = resource.replace(f"arn:{other}:", f"arn:{own}:", 1)
    return (
        f"The caller is in the partition {own}, but the resource's ARN is in {other}: nothing allows access from "
        f"one partition to another. If the resource is in {own}, write {written} in the call and in the policies; "
        f"otherwise use credentials of {other}."
    )
