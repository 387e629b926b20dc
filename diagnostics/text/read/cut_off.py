"""Detect names that a display truncated: with a mark, or within an ARN that ends too early."""

from __future__ import annotations

from diagnostics.failure import Denial
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.service_reference import VARIABLE
from iam.service_reference import action as listed_action

MARK = regex(r"(?:\u2026|\.{3})[\"'`)\]]*$")
CUT_MESSAGE = regex(
    r"[Ee]ncoded (?:authorization )?(?:failure )?message:?\s*[\w+/=-]*[\s|\u2502]{0,9}"
    r"(?:\u2026|\.{2,}|<[^>\n]*>|\[[^\]\n]*\]|\((?:\w+ )?(?:cut|truncated)\b)"
)
"""EC2's encoded message, of which the text has the beginning or a placeholder."""


def resource_is_cut(denial: Denial) -> bool:
    """Return whether the resource is truncated: with a mark, before an ARN's last part, or within its resource type."""
    resource = denial.resource or ""
    if "\u2026" in resource and MARK.search(resource):
        return True
    arn = Arn.parse(resource)
    if not resource.startswith("arn:") or not denial.text.rstrip().endswith(resource):
        return False
    if arn is None:
        return resource.split(":")[2:3] not in (["iam"], ["sts"])
    return _ends_within_a_kind(arn, denial.action or "")


def _ends_within_a_kind(arn: Arn, action: str) -> bool:
    """Return whether the ARN's last part is no resource of the action, but the beginning of one's fixed words."""
    known = listed_action(action)
    if known is None or not arn.resource or any(each.fits(str(arn)) for each in known.resource_types):
        return False
    shapes = (each.arn.split(":", 5)[-1] for each in known.resource_types)
    fixed = (VARIABLE.split(shape)[0] for shape in shapes)
    return any(words.startswith(arn.resource) and words != arn.resource for words in fixed)
