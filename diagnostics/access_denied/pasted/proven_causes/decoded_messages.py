"""Find the Deny statement in AWS's decoded message, and the tag that the request lacks on the refused resource."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.request.determined.never_sent import tagged_types
from diagnostics.failure import Denial
from diagnostics.failure_details import DecodedMessage
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import remedy
from diagnostics.who import Who
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.words import listing


def of_decoded(denial: Denial, decoded: DecodedMessage) -> Finding | None:
    """Return the Deny in AWS's decoded message, with its conditions and the request's values; None without a Deny."""
    denies = [each for each in decoded.statements if each.effect in (None, "Deny", "DENY") and each.conditions]
    if not decoded.explicit or not denies:
        return None
    first, values = denies[0], dict(decoded.context)
    low = {key.lower(): had for key, had in values.items()}
    which = f"statement {first.sid}" if first.sid else "a statement"
    parts = []
    for key, wanted in first.conditions:
        had = low.get(key.lower())
        parts.append(
            f"{key} {listing(list(wanted), 'or')}" + (f" (the request has {listing(list(had))})" if had else "")
        )
    said = f"{which} denies {denial.action or 'the request'}; its condition is on {listing(parts)}"
    keys = [key for key, _ in first.conditions]
    hows = listing([remedy(key) for key in keys], "or")
    text = f"{hows[0].upper()}{hows[1:]}, or ask the owner of the policy that has {which} for an exception."
    layer = (denial.stated_reason or "").partition(":")[2]
    code = f"{layer}.explicit-deny" if layer in LAYERS_IN_WORDS or layer in ("identity", "resource") else "unreadable"
    untagged = _untagged(denial, low, keys)
    if untagged is not None:
        said = f"{which} denies {denial.action} on the {untagged.kind}, {untagged.problem}"
        return Finding(code, said, f"The decoded message says that {said}.", fix=untagged.fix)
    fix = Fix(f"Make a request that {which} does not deny", Who.CALLER, Note("the request", text))
    return Finding(code, said, f"The decoded message says that {said}. No Allow can help.", fix=fix)


_SPECIFICATION = regex(
    r"\bResource_?Type\b[\"']?\s*[=:]+>?\s*[\"']?(?P<type>[a-z][a-z-]{2,40})\b(?P<tags>(?:(?!\bResource_?Type\b).){0,800})",
    re.IGNORECASE | re.DOTALL,
)
_TAG = regex(
    r"\bKey\b[\"']?\s*[=:]\s*[\"']?(?P<key>[^\"',={}\]\s]+)[\"']?\s*,\s*[\"']?Value\b[\"']?\s*[=:]\s*[\"']?"
    r"(?P<value>[^\"',={}\]\s]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Untagged:
    """A type of resource that the call creates without the required tags, what is wrong, and how to tag it."""

    kind: str
    problem: str
    fix: Fix


def _untagged(denial: Denial, context: Mapping[str, Sequence[str]], keys: Sequence[str]) -> _Untagged | None:
    """Return what the refused resource of EC2 lacks if the request sends none of the required tags for its type.

    None if the request has one of them, or if the text shows that the call tags this type. Amazon EC2 User Guide,
    "Grant permission to tag Amazon EC2 resources during creation"
    (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html).
    """
    arn = Arn.parse(denial.resource or "")
    required = [key for key in keys if key.lower().startswith("aws:requesttag/")]
    if arn is None or arn.service != "ec2" or not required or any(context.get(key.lower()) for key in required):
        return None
    kind, tags = arn.type, [key.partition("/")[2] for key in required]
    sent = {
        found["type"]: {tag["key"]: tag["value"] for tag in _TAG.finditer(found["tags"])}
        for found in _SPECIFICATION.finditer(denial.pasted or denial.text)
    }
    others = [each for each, had in sent.items() if any(tag in had for tag in tags)]
    if kind in others or kind not in tagged_types(required[0], denial.action or ""):
        return None
    values = {tag: next((sent[each][tag] for each in others if sent[each].get(tag)), "VALUE") for tag in tags}
    listed = ",".join(f"{{Key={tag},Value={value}}}" for tag, value in values.items())
    named = listing(tags, "and")
    has = f"the call sets it only on the {listing(others, 'and')}" if others else "tags of other types do not count"
    terraform = _IN_TERRAFORM if kind == "volume" and "aws_instance" in denial.text else ""
    text = (
        f"Add 'ResourceType={kind},Tags=[{listed}]' to --tag-specifications (TagSpecifications) of the same call, "
        f"beside what it tags already.{terraform} No policy has to change, and no exception is "
        "needed."
    )
    fix = Fix(f"Set the tag {named} on the {kind}, too", Who.CALLER, Note("the request", text))
    return _Untagged(kind, f"which the call creates without the tag {named}: {has}", fix)


_IN_TERRAFORM = " In Terraform's aws_instance, tags do not apply to volumes: set volume_tags."
"""https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/instance, volume_tags."""
