"""Condition keys whose values follow from one operation: its kind of session, records, prefix, cluster, or no MFA."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.access_denied.request.command import commands_in
from diagnostics.failure import Denial
from diagnostics.text.read.layout.record_types import (
    RECORD_ACTIONS,
    RECORD_TYPE,
    RECORD_TYPES,
    listed_changes,
    writes_txt,
)
from iam.claims import Source, Sourced, Values
from iam.lazy_pattern import regex
from iam.policy.principal import Kind, caller

SESSION_MODE = "s3express:SessionMode"


_ASKS_READ_ONLY = regex(r"(?<!s3express:)session[_-]?mode[\"':= ]{1,4}ReadOnly", re.IGNORECASE)


def of_a_delivery(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the ACL of a service's log file."""
    if action.lower() == "s3:putobject" and denial.principal in _OF_LOGS:
        yield "s3:x-amz-acl", Sourced((_TO_THE_OWNER,), Source.DEFAULT, "the service sends it with each log file")


def of_a_directory_bucket(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the mode of a session of S3 Express.

    Amazon S3 API Reference, "CreateSession", x-amz-create-session-mode: a call without it falls back to ReadOnly where
    the policies allow only that (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html).
    """
    if action.lower() != "s3express:createsession":
        return
    if _ASKS_READ_ONLY.search(denial.text):
        yield SESSION_MODE, Sourced(("ReadOnly",), Source.GUESS, "the text asks for a ReadOnly session")
    else:
        why = "a call that asks for no mode falls back to ReadOnly, so a refused call asks for ReadWrite"
        yield SESSION_MODE, Sourced(("ReadWrite",), Source.GUESS, why)


def of_a_list_of_objects(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the prefix that the command lists."""
    if action.lower() == "s3:listbucket" and (prefix := _prefix(denial)) is not None:
        yield "s3:prefix", Sourced((prefix,), Source.COMMAND, "the command lists that prefix")


def of_a_cluster(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the ECS cluster in the resource's ARN."""
    cluster = _CLUSTER.match(resource)
    if cluster is not None:
        arn = f"{cluster['start']}:cluster/{cluster['name']}"
        yield "ecs:cluster", Sourced((arn,), Source.TEXT, arn)


def without_mfa(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield that a user's call has no MFA."""
    kind = caller(denial.principal).kind if denial.principal else None
    if action.lower() == "sts:assumerole" and kind is Kind.USER and _sends_no_code(denial):
        yield "aws:MultiFactorAuthPresent", Sourced((), Source.GUESS, "the command sends no MFA code (--token-code)")


def of_records(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield the types of the DNS records that the call changes, and how it changes them."""
    if action.lower() != "route53:changeresourcerecordsets":
        return
    text = denial.pasted or denial.text
    actions, types = listed_changes(text)
    if types:
        yield RECORD_ACTIONS, Sourced(actions, Source.TEXT, "the changes in the text")
        yield RECORD_TYPES, Sourced(types, Source.TEXT, "the changes in the text")
    elif why := writes_txt(text):
        yield RECORD_TYPES, Sourced((RECORD_TYPE,), Source.GUESS, why)


_OF_LOGS = ("cloudtrail.amazonaws.com", "config.amazonaws.com", "delivery.logs.amazonaws.com")


_TO_THE_OWNER = "bucket-owner-full-control"
"""The ACL that these services send with what they deliver: AWS's own policies for such buckets ask for it.

AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html); AWS Config
Developer Guide, "Permissions for the Amazon S3 bucket"
(https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html); CloudWatch Logs User Guide, "Enable
logging from AWS services" (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
"""


_CLUSTER = regex(
    r"(?P<start>arn:[\w-]+:ecs:[\w-]+:\d{12}):(?:service|task|container-instance|task-set)/(?P<name>[\w-]+)/"
)
"""Long ECS ARNs, which contain the cluster's name (Amazon ECS Developer Guide, "Amazon Resource Names (ARNs) and IDs":
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html).
"""


def _prefix(denial: Denial) -> str | None:
    """Return the prefix in the text's only ``aws s3 ls``; None if there is none or several."""
    listed = [each for each in commands_in(denial.text) if each.text == "aws s3 ls" and each.paths]
    return listed[0].paths[0].removeprefix("s3://").partition("/")[2] if len(listed) == 1 else None


def _sends_no_code(denial: Denial) -> bool:
    """Return whether the text's command assumes the role with long-term keys and without an MFA code."""
    if _SAYS_NO_CODE.search(denial.text):
        return True
    commands = [each for each in commands_in(denial.text) if each.performs("sts:AssumeRole")]
    return bool(commands) and all(
        each.whole and not {"serial-number", "token-code", "profile"} & dict(each.options).keys() for each in commands
    )


_SAYS_NO_CODE = regex(
    r"\b(?:did(?: not|n't)|without|forgot|no|not|never)\b[^.\n]{0,30}"
    r"(?:--token-code|--serial-number|\bmfa (?:code|token)\b)",
    re.IGNORECASE,
)
