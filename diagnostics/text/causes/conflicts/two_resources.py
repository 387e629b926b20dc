"""Two resources of one configuration in the text with the taken name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.conflicts.seen import seen
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_BLOCK = regex(
    r"(?:#\s*(?P<address>(?:module\.[\w.\[\]\"-]+\.)?aws_iam_\w+\.[\w\[\]\"-]+)\s+will be created[^\n]*\n)?"
    r"[ \t+]*resource\s+\"(?P<type>aws_iam_\w+)\"\s+\"(?P<label>[\w-]+)\"\s*\{"
    r"(?P<body>[\s\S]{0,4000}?)(?:\n[ \t]*\}|\}[ \t]*\n|\Z)"
)
_NAME = regex(r"(?<![\w.-])name\s*=\s*\"(?P<name>[^\"\n]{1,128})\"")
_LOGICAL = regex(
    r"^[ \t]+(?P<id>[A-Za-z0-9]+):[ \t]*\n[ \t]+Type:[ \t]*[\"']?AWS::IAM::(?P<type>\w+)",
    re.MULTILINE,
)


def two_resources(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the resources of a Terraform plan or configuration, or of a template, that all have the taken name.

    A role's name is unique in its account: IAM User Guide, "IAM and AWS STS quotas", name requirements
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
    """
    if not conflict.name or not conflict.entity_type:
        return
    found = list(dict.fromkeys((*_in_terraform(conflict), *_in_a_template(conflict))))
    if len(found) < 2:
        return
    yield FirstLook(
        f"In the text, {listing(found[:3])} have the same name {conflict.name}, so the second one fails: give one of "
        "them another name, or keep only one. Do not import what the first one created.",
        contains(found[0], found[1]),
        seen(conflict),
        Who.CALLER,
    )


def _in_terraform(conflict: Conflict) -> Iterator[str]:
    kind = f"aws_iam_{(conflict.entity_type or '').replace('-', '_')}"
    for block in _BLOCK.finditer(conflict.text):
        name = _NAME.search(block["body"])
        if block["type"] == kind and name is not None and name["name"] == conflict.name:
            yield block["address"] or f"{kind}.{block['label']}"


def _in_a_template(conflict: Conflict) -> Iterator[str]:
    kind = (conflict.entity_type or "").replace("-", "")
    resources = list(_LOGICAL.finditer(conflict.text))
    ends = [*(each.start() for each in resources[1:]), len(conflict.text)]
    for resource, end in zip(resources, ends, strict=False):  # without resources there is one end
        body = conflict.text[resource.end() : end]
        named = rf"^[ \t]+\w*Name:[ \t]*[\"']?{re.escape(conflict.name or '')}[\"']?[ \t]*$"
        if resource["type"].lower() == kind and re.search(named, body, re.MULTILINE):
            yield resource["id"]
