"""Find a denied action that is missing from the exceptions of a Deny in the text."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from iam.arn import Arn
from iam.facts.global_services import FOR_CLOUDFRONT
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.words import listing

_PATTERN = r"[a-z][a-z0-9-]{1,40}:[\w*]+"
_EXCEPTIONS = regex(
    rf"\bNotAction\w*\b[^\n:=\[]{{0,60}}[\"']?\s*[:=]\s*\[?\s*(?P<actions>[\"'`]?{_PATTERN}[\"'`]?"
    rf"(?:\s*,\s*[\"'`]?{_PATTERN}[\"'`]?)+)"
)
_NAMES = regex(_PATTERN)
_OF_ORGANIZATIONS = ("explicit:scp", "explicit:rcp")


def of_exceptions(paste: Paste) -> Iterator[NearPair]:
    """Yield an action that an SCP or RCP denies by NotAction, with the list of exceptions that does not contain it.

    IAM User Guide, "IAM JSON policy elements: NotAction": NotAction matches everything except the listed actions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html).
    """
    denial = paste.denial
    if denial is None or denial.action is None or denial.stated_reason not in _OF_ORGANIZATIONS:
        return
    arn, found = Arn.parse(denial.resource or ""), _EXCEPTIONS.search(paste.text)
    if found is None:
        return
    also = ""
    if arn is not None and arn.region:
        if arn.service not in FOR_CLOUDFRONT or arn.region != _OF_CLOUDFRONT or not _limits_regions(paste.text):
            return  # if the call is in a Region, the Deny may be about the Region
        also = (
            f" CloudFront uses {arn.service} resources only from {arn.region}: a resource in another Region does not "
            "help."
        )
    named = _NAMES.findall(found["actions"])
    if names_action(tuple(named), denial.action):
        return
    service = denial.action.partition(":")[0]
    near = [each for each in named if service.startswith(each.partition(":")[0])]
    written = listing([*near, *(each for each in named if each not in near)], limit=3)
    place, difference = "the list of NotAction", f"none of them covers {service}"
    yield NearPair(
        "action", denial.action, "the call", written, place, difference, Basis.EXEMPT, "scp.explicit-deny", also=also
    )


_REGIONS = regex(r"\baws:RequestedRegion\b(?P<listed>[^\n\]]{3,400})")
_OF_CLOUDFRONT = "us-east-1"


def _limits_regions(text: str) -> bool:
    """Whether the text has a Region condition whose list omits CloudFront's Region."""
    lists = [each["listed"] for each in _REGIONS.finditer(text)]
    return bool(lists) and not any(_OF_CLOUDFRONT in each for each in lists)
