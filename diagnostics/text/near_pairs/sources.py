"""Find the resource that a service acts for, where the destination's policy names another one in aws:SourceArn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.named import Paste
from diagnostics.text.near_pairs.pair import Basis, NearPair
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_CONDITION = regex(r"SourceArn\b[^\n]{0,40}(?:\n[^\n]{0,40}){0,2}$", re.IGNORECASE)
# Terraform's messages name the kind and the name: "creating S3 Bucket (photos) Notification".
_OF_TERRAFORM = {
    "s3": regex(r"\bS3 Bucket \((?P<name>[a-z0-9][\w.-]+)\)"),
    "cloudtrail": regex(r"\bCloudTrail Trail \((?P<name>[\w.-]+)\)"),
}
# Amazon CloudFront API Reference, "Distribution": IDs such as EDFDVBD632BHDS5
# (https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Distribution.html).
_DISTRIBUTION = regex(
    r"\b[Dd]istribution(?:s|[ _-]?[Ii][Dd])?\b(?:(?![Oo]ac|OAC|[Oo]rigin)[^{}]){0,200}?"
    r"(?<![\w/])(?P<name>E(?=[A-Z]*\d)[A-Z0-9]{11,14})\b"
)


def of_sources_of_events(paste: Paste) -> Iterator[NearPair]:
    """Yield the bucket, trail or distribution of the call, if the only aws:SourceArn of its kind names another.

    Amazon S3 User Guide, "Granting permissions to publish event notification messages to a destination": the ARN is the
    bucket's (https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html).
    """
    text = paste.text
    if "sourcearn" not in text.lower():
        return
    named = [(each, arn) for each in paste.arns if (arn := Arn.parse(each.value)) is not None]
    sources = [(each, arn) for each, arn in named if _CONDITION.search(text[max(0, each.at - 120) : each.at])]
    outside = text
    for each, _ in sources:
        outside = outside[: each.at] + " " * len(each.value) + outside[each.at + len(each.value) :]
    for service in ("s3", "cloudtrail", "cloudfront"):
        patterns = [(each, arn) for each, arn in sources if arn.service == service]
        pattern = _DISTRIBUTION if service == "cloudfront" else _OF_TERRAFORM[service]
        asked = {each["name"] for each in pattern.finditer(outside)}
        if len({arn.name for _, arn in patterns}) != 1 or len(asked) != 1:
            continue
        (other, arn), name = patterns[0], asked.pop()
        noun = {"s3": "bucket", "cloudtrail": "trail", "cloudfront": "distribution"}[service]
        bucket, slash, _ = arn.resource.partition("/")
        if service == "s3" and slash and compile_glob(bucket)(name):
            difference = "it has a path, and S3 sends the bucket's ARN alone"
        elif compile_glob(bucket if service == "s3" else arn.name)(name):
            continue
        else:
            difference = f"these are two {noun}s"
        place = "the condition on aws:SourceArn"
        yield NearPair(noun, name, "the call", other.value, place, difference, Basis.RULE, "resource.condition-unmet")
