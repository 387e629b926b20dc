"""Compare the folder to which a service delivers its logs with the folder in the bucket policy of the text."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.request.command import commands_in
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.document import Document
from iam.policy.match import names_action

_CHECKED = regex(
    r"InsufficientS3BucketPolicy|Incorrect S3 bucket policy|[Ii]nsufficient ?[Dd]elivery ?[Pp]olicy"
    r"|Please check S3\s*bucket permission"
)
# AWS Config's own message: "provided s3 key prefix is 'null'".
_PROVIDED = regex(r"provided s3 key prefix is '(?P<prefix>[^']*)'")
# For a load balancer: an attribute as in the AWS CLI, or as in the AWS Load Balancer Controller's annotation.
_SETTING = regex(
    r"\b(?:s3_?[kK]ey_?[pP]refix|(?:access|connection)_logs\.s3\.prefix)[\"']?[ \t]*(?:[:=]|,[ \t]*Value=)[ \t]*[\"']?"
    r"(?P<prefix>[\w./-]+)"
)
_LOGS = regex(r"arn:[\w-]+:s3:::[\w.-]+/(?P<prefix>(?:[\w.-]+/)*)AWSLogs/")


def of_a_key_prefix(denial: Denial, documents: Iterable[Document]) -> Finding | None:
    """Return a finding if the service writes below a key prefix other than the one in the bucket's policy; else None.

    AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": PREFIX/AWSLogs/ACCOUNT
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html); AWS Config
    Developer Guide, "Permissions for the Amazon S3 bucket"
    (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html); Elastic Load Balancing, "Enable
    access logs" (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).
    """
    text = denial.pasted or denial.text
    sent = _sent(text) if _CHECKED.search(text) else None
    if sent is None:
        return None
    named = {
        found["prefix"].rstrip("/")
        for document in documents
        for each in document.statements
        if each.effect == "Allow" and names_action(each.action or (), "s3:PutObject")
        for resource in each.resource or ()
        if (found := _LOGS.match(resource)) is not None
    }
    if len(named) != 1 or sent in named:
        return None
    (accepted,) = named
    to, over = (f"{each}/AWSLogs/" if each else "AWSLogs/" for each in (sent, accepted))
    said = f"the bucket policy allows {over}, but the service writes to {to} (its key prefix is {sent or 'empty'})"
    title = f"Set the key prefix {accepted}" if accepted else "Remove the key prefix"
    note = Note(
        "the trail, delivery channel or load balancer",
        f"{title} (--s3-key-prefix, s3_key_prefix, access_logs.s3.prefix), or write {to} in the Resource of the "
        "bucket policy. The caller needs no further permission.",
    )
    fix = Fix(f"{title}, or let the bucket policy name {to}", Who.RESOURCE_OWNER, note)
    return Finding(f"resource.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)


def _sent(text: str) -> str | None:
    """Return the key prefix of the trail or delivery channel, "" for none; None if the text does not show it."""
    if (stated := _PROVIDED.search(text)) is not None:
        return stated["prefix"].replace("null", "").rstrip("/")
    set_ = {each["prefix"].rstrip("/") for each in _SETTING.finditer(text)}
    if set_:
        return set_.pop() if len(set_) == 1 else None
    trails = [each for each in commands_in(text) if each.operation in ("create-trail", "update-trail") and each.whole]
    given = [dict(each.options).get("s3-key-prefix", ("",)) for each in trails]
    return given[0][0].rstrip("/") if len(given) == 1 and len(given[0]) == 1 else None
