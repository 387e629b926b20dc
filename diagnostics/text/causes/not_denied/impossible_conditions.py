"""Conditions on aws:SourceArn that no request of a service meets, in a policy beside a failure without an error."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, excerpt
from diagnostics.who import Who
from iam.arn import Arn
from iam.facts.global_services import GLOBAL_SERVICES, few_endpoints, global_region
from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.words import listing

_LONGEST = 40_000
_BLOCK = regex(
    r"[\"']?(?P<operator>(?:For(?:All|Any)Values:)?(?:String|Arn)\w+)[\"']?\s*[:=]\s*"
    r"\{(?P<body>(?:[^{}]|\$\{[^{}]*\}){1,4000})\}"
)
_SOURCE = regex(
    r"aws:SourceArn[\"']?\s*[:=]\s*(?:\[(?P<list>[^\]]{1,3000})\]|[\"'](?P<one>[^\"'\n]{1,300})[\"'])", re.IGNORECASE
)
_VALUE = regex(r"[\"']([^\"'\n]{1,300})[\"']")
_EFFECT = regex(r"[\"']?Effect[\"']?\s*[:=]\s*[\"']?(?P<effect>Allow|Deny)\b")
_VARIABLE = regex(r"\$\{[^{}]*\}")


def impossible_source(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the first condition on aws:SourceArn of an Allow that no request meets, if the text has no known error.

    IAM User Guide, "IAM JSON policy elements: Condition operators": StringEquals takes * literally, ArnLike, ArnEquals
    and StringLike do not
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html). The Regions
    are those of `iam.facts.global_services`.
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    text = failure.text[:_LONGEST]
    for block in _BLOCK.finditer(text):
        found, parts = _SOURCE.search(block["body"]), operator(block["operator"])
        if found is None or parts is None or parts.negated or not _allows(text, block.start()):
            continue
        values = _VALUE.findall(found["list"]) if found["list"] else [found["one"]]
        wrong = [_never_sent(value, block["operator"], patterns=parts.form.patterns) for value in values]
        if wrong and all(wrong):
            yield FirstLook(
                f"No request has the aws:SourceArn that the policy in the text requires: {wrong[0]}. So this statement "
                "allows nothing. Correct the value, and keep the statement's other conditions.",
                contains(excerpt(found[0])),
                None,
                Who.RESOURCE_OWNER,
                decides=True,
            )
            return


def _allows(text: str, at: int) -> bool:
    """Whether the nearest Effect before this place is Allow."""
    before = [each["effect"] for each in _EFFECT.finditer(text, 0, at)]
    return bool(before) and before[-1] == "Allow"


def _never_sent(value: str, name: str, *, patterns: bool) -> str:
    """Return why no request has the value; "" if one may have it."""
    if not patterns and re.search(r"[*?]", _VARIABLE.sub("", value)):
        return f"{name} takes * and ? literally, so use ArnLike or StringLike for {value}"
    arn = Arn.parse(value)
    if arn is None or not arn.region or re.search(r"[*?${]", arn.region) or arn.service in GLOBAL_SERVICES:
        return ""
    only = global_region(arn.service, arn.partition)
    few = few_endpoints(arn.service) if arn.partition == "aws" else None
    regions = few.regions if few is not None else (only,) if only else ()
    if not regions or arn.region in regions:
        return ""
    right = value.replace(f":{arn.region}:", f":{regions[0]}:", 1)
    return f"{arn.service} exists only in {listing(list(regions), 'and')}, so write {right}"
