"""Find a resource whose ARN is in another Region than the one in which, according to the message, it must be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, is_known_region

_VIRGINIA = "us-east-1"
_IN = rf"(?:in|from)\s+(?:the\s+)?(?:Region\s+)?[\"'`(]?(?:({REGION_NAME})|US East \(N\. Virginia\))"
_MUST = regex(
    r"\b(?:must|has to|have to|needs? to)\s+(?:also\s+)?(?:be|exist|reside)\s+(?:created\s+|located\s+|deployed\s+)?"
    rf"{_IN}|\b(?:isn['’]t|is not|not)\s+{_IN}",
    re.IGNORECASE,
)
_WITHIN = 240
"""The maximum number of characters between the noun for the resource and the Region, in one paragraph."""


@dataclass(frozen=True, slots=True)
class _Thing:
    """A kind of resource: its ``noun``, the words for it, the service of its ARN, and what to do, as a clause."""

    noun: str
    words: re.Pattern[str]
    service: str
    create: str


# Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront": the certificate must
# be in us-east-1 (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html).
# "Restrictions on Lambda@Edge": a numbered version of a function in us-east-1
# (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html).
# AWS WAF API Reference, "CreateWebACL": the scope CLOUDFRONT in us-east-1
# (https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html).
_THINGS = (
    _Thing(
        "certificate",
        regex(r"\bcertificate\b", re.IGNORECASE),
        "acm",
        "request or import the certificate in {region}, and use that ARN",
    ),
    _Thing(
        "function",
        regex(r"\bfunction\b|Lambda@Edge", re.IGNORECASE),
        "lambda",
        "create the function in {region}, and use the ARN of a version there",
    ),
    _Thing(
        "web ACL",
        regex(r"\bweb ?ACL\b", re.IGNORECASE),
        "wafv2",
        "create the web ACL in {region} (for CloudFront with the scope CLOUDFRONT), and use that ARN",
    ),
    _Thing("log group", regex(r"\blog ?group\b", re.IGNORECASE), "logs", "create the log group in {region}"),
    _Thing("KMS key", regex(r"\bkey\b", re.IGNORECASE), "kms", "use a key in {region}"),
    _Thing("topic", regex(r"\btopic\b", re.IGNORECASE), "sns", "use a topic in {region}"),
)


def of_required_regions(paste: Paste) -> Iterator[NearPair]:
    """Yield the Region in the ARN of a resource, if the failure's message says that it must be in another Region."""
    for found in _MUST.finditer(paste.text) if paste.denial is None else ():
        wanted = found[1] or found[2] or _VIRGINIA
        line = paste.text[max(0, found.start() - _WITHIN) : found.start()].rpartition("\n\n")[2]
        near = [(list(each.words.finditer(line)), each) for each in _THINGS]
        named = [(places[-1].start(), each) for places, each in near if places]
        if not named or not is_known_region(wanted):
            continue
        _, thing = max(named, key=lambda each: each[0])
        parsed = (Arn.parse(each.value) for each in paste.arns)
        regions = {arn.region for arn in parsed if arn is not None and arn.service == thing.service and arn.region}
        if len(regions) != 1 or wanted in regions:
            continue
        create = thing.create.format(region=wanted)
        yield NearPair(
            "Region",
            regions.pop(),
            f"the {thing.noun}'s ARN",
            wanted,
            "the message",
            f"the {thing.noun} must be there",
            Basis.REQUIRED,
            "not-iam",
            also=f"{create[0].upper()}{create[1:]}.",
        )
