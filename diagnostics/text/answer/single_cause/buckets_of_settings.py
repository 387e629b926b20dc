"""A bucket in a program's settings that the policy in the text does not name, if the refusal names no bucket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.near_pairs.similarity import slip
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_NAME = r"[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]"
_SET = regex(
    rf"\b(?:\w+_)?bucket(?:_?names?|s)?(?:_name)?[\"']?[ \t]*(?:=>|[:=])[ \t]*[\"']?(?P<set>{_NAME})(?![\w/])"
    rf"|-s3-bucket[ \t]*=[ \t]*(?P<option>{_NAME})|(?<![\w:/])s3a?://(?P<url>{_NAME})(?=[/\s\"']|$)",
    re.IGNORECASE | re.MULTILINE,
)
_BLOCK = regex(r"^(?P<indent>[ \t]*)bucketNames:[ \t]*\n(?P<rows>(?:(?P=indent)[ \t]+\w+:[^\n]*\n?)+)", re.MULTILINE)
_ROW = regex(rf"\w+:[ \t]*[\"']?(?P<name>{_NAME})[\"']?[ \t]*$", re.MULTILINE)
_GRANTED = regex(r"\barn:[\w-]+:s3:::(?P<name>[a-z0-9*?][a-z0-9.*?-]{1,61}[a-z0-9*?])(?=[/\"'\s,\]]|$)")
_STATEMENT = regex(r"\bEffect\b[\s\S]{0,400}?\bAllow\b|\ballows?\b|\bpolicy\b", re.IGNORECASE)


def bucket_outside_the_policy(denial: Denial) -> Decision | None:
    """Return the decision that the policy in the text names a bucket similar to the program's, and not the program's.

    IAM JSON policy elements: Resource
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    """
    text = denial.pasted or denial.text
    if denial.stated_reason or denial.resource or not (denial.action or "s3:").startswith("s3:"):
        return None
    granted = list(dict.fromkeys(each["name"] for each in _GRANTED.finditer(text)))
    if not granted or not _STATEMENT.search(text):
        return None
    covers = [compile_glob(each) for each in granted]
    for bucket in dict.fromkeys(_buckets(text)):
        if any(covered(bucket) for covered in covers):
            continue
        near = next((each for each in granted if slip(bucket, each, parts=True)), "")
        if near:
            decision = decide(
                "identity.resource-mismatch",
                f"the program's bucket is {bucket}, and the policy names {near}",
                f"The policy in the text names the bucket {near}, and the program's settings have {bucket}: find out "
                "which name is right, and correct the other.",
                f"Name {bucket} in the policy, or {near} in the settings",
                Who.ACCOUNT_ADMIN,
                "the policy in the text",
                f"aws s3api head-bucket --bucket {bucket} shows whether the bucket exists. The policy needs "
                f"arn:aws:s3:::{bucket} for s3:ListBucket and arn:aws:s3:::{bucket}/* for objects.",
            )
            return replace(decision, nearer=True)
    return None


def _buckets(text: str) -> Iterator[str]:
    """Yield the buckets that settings in the text name."""
    for found in _SET.finditer(text):
        yield next(filter(None, found.groups()))
    for block in _BLOCK.finditer(text):
        yield from (row["name"] for row in _ROW.finditer(block["rows"]))
