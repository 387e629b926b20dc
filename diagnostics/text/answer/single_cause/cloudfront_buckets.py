"""A CloudFront distribution that reads another bucket than the policy names, or that has no default root object."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_ORIGIN = regex(r"(?<![\w./-])(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com\b")
_PRINCIPAL = regex(r"\"Principal\"\s*:\s*\{[^{}]*(?:cloudfront\.amazonaws\.com|CloudFront Origin Access Identity)")
_RESOURCE = regex(r"\"Resource\"\s*:\s*\[?\s*\"arn:[\w-]+:s3:::(?P<bucket>[^\"/]+)(?P<objects>/[^\"]*)?\"")
_WEBSITE = "s3-website"


def names_another_bucket(denial: Denial) -> Decision | None:
    """Return the decision that the policy names another bucket than the origin, or no objects; None if it names them.

    CloudFront Developer Guide, "Restrict access to an Amazon S3 origin"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
    """
    text = denial.pasted or denial.text
    if denial.principal or "cloudfront" not in text.lower() or _WEBSITE in text:
        return None
    statement = _statement(text)
    origins = {each["bucket"] for each in _ORIGIN.finditer(text)}
    if not statement or len(origins) != 1:
        return None
    (origin,) = origins
    resources = list(_RESOURCE.finditer(statement))
    if not resources:
        return None
    named = list(dict.fromkeys(each["bucket"] for each in resources))
    if not any(compile_glob(each)(origin) for each in named):
        return _correct(
            f"the origin is the bucket {origin}, and the bucket policy's statement names {named[0]}",
            f"Write arn:aws:s3:::{origin}/* in place of arn:aws:s3:::{named[0]}{resources[0]['objects'] or ''} in the "
            f"Resource of the statement for CloudFront, in the policy of {origin}.",
        )
    if not any(each["objects"] for each in resources):
        return _correct(
            f"the statement for CloudFront names only the bucket {named[0]}, not its objects",
            f"Write arn:aws:s3:::{origin}/* in its Resource: s3:GetObject applies to objects.",
        )
    return None


def _statement(text: str) -> str:
    """Return the statement in the text whose Principal is CloudFront; "" if there is none."""
    principal = _PRINCIPAL.search(text)
    if principal is None:
        return ""
    start = _brace(text, principal.start(), -1)
    end = _brace(text, principal.start(), 1)
    return text[start : end + 1] if 0 <= start < end else ""


def _brace(text: str, at: int, step: int) -> int:
    """Return the place of the brace that encloses a position, before it (``step`` -1) or after it (1); else -1."""
    opens, closes = ("}", "{") if step < 0 else ("{", "}")
    depth = 0
    while 0 <= at < len(text):
        if text[at] == opens:
            depth += 1
        elif text[at] == closes:
            if depth == 0:
                return at
            depth -= 1
        at += step
    return -1


def _correct(words: str, how: str) -> Decision:
    found = decide(
        "resource.resource-mismatch",
        words,
        f"In the text, {words}: so S3 refuses CloudFront's requests.",
        "Correct the bucket policy's statement for CloudFront",
        Who.RESOURCE_OWNER,
        "the bucket policy",
        how,
    )
    return replace(found, nearer=True)


_INDEX_WORKS = regex(
    r"/(?P<index>index\.html?)[\"'`)]?\s+(?:\w+\s+){0,3}?"
    r"(?:works|loads|opens|is (?:ok|fine|served)|(?:gives|returns|->)\s*200)",
    re.IGNORECASE,
)
_ROOT_FAILS = regex(
    r"https?://[\w.-]+/?(?=[\s\"'<>,)]|$)|(?<![\w.])/(?=\s+(?:gives|returns|fails|is|->|403))|\broot (?:URL|path)\b"
)


def without_a_root_object(denial: Denial) -> Decision | None:
    """Return the decision that a distribution has no default root object: its root is refused, and its index works.

    CloudFront Developer Guide, "Specify a default root object"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DefaultRootObject.html).
    """
    text = denial.pasted or denial.text
    works = _INDEX_WORKS.search(text)
    if denial.principal or "cloudfront" not in text.lower() or works is None or not _ROOT_FAILS.search(text):
        return None
    return replace(
        decide(
            "not-iam",
            f"“{' '.join(works[0].split())}”, and the root is refused",
            f"Set the distribution's default root object to {works['index']}: a request for the root asks S3 for no "
            "object, and S3 refuses it. The bucket's policy lets CloudFront read, because the page itself works.",
            f"Set DefaultRootObject to {works['index']}",
            Who.RESOURCE_OWNER,
            "the distribution",
            "It applies to the root only: for pages in folders, use a CloudFront function that adds index.html. The "
            "value has no slash at its beginning.",
        ),
        nearer=True,
    )
