"""Calls on directory buckets (S3 Express One Zone), which IAM checks as s3express:CreateSession."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

SESSION = "s3express:CreateSession"
_NAME = regex(r"(?<![\w.-])(?P<name>[a-z0-9][a-z0-9-]{1,60}--[a-z0-9]+-az\d+--x-s3)(?![\w-])")
_REGION = regex(rf"\b(?:in |--)?region[\s=:\"']{{1,4}}(?P<region>{REGION_NAME})", re.IGNORECASE)
_OWN_CHECKS = frozenset(("copyobject", "headbucket", "createbucket", "deletebucket", "listdirectorybuckets"))
"""Operations that are authorized without a session."""


def as_session(denial: Denial, text: str) -> Denial:
    """Return the denial of an object operation on a directory bucket with the action that IAM checks for it.

    ``text`` is the pasted text, which may name the bucket elsewhere.

    Amazon S3 User Guide, "Authenticating and authorizing requests": operations of the Zonal endpoint except CopyObject
    and HeadBucket use a session, which needs s3express:CreateSession on the bucket
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-authenticating-authorizing.html).
    """
    action = denial.action or ""
    if not action.lower().startswith("s3:") or denial.stated_reason or (denial.operation or "").lower() in _OWN_CHECKS:
        return denial
    if re.search(rf"to perform:?\s+{re.escape(action)}\b", denial.text):
        return denial  # IAM's own sentence names what it checked
    if "policy" in action.lower() or "bucket" in action.lower().removeprefix("s3:listbucket"):
        return denial
    of_denial = _NAME.search(denial.resource or "")
    names = {of_denial["name"]} if of_denial else {each["name"] for each in _NAME.finditer(text)}
    if len(names) != 1 or (denial.resource and not of_denial):
        return denial
    region = _REGION.search(text)
    caller = re.match(r"arn:(?P<partition>[\w-]+):(?:sts|iam)::(?P<account>\d{12}):", denial.principal or "")
    arn = ""
    if region and caller:
        place = f"{region['region'].lower()}:{caller['account']}"
        arn = f"arn:{caller['partition']}:s3express:{place}:bucket/{names.pop()}"
    return replace(denial, action=SESSION, resource=arn or None)
