"""Find the resource that a request uses, if a policy's condition names a different resource of the same kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.policy.statements import ConditionBlock

_ID_OF_ARN = regex(r"(?P<begin>arn:[\w-]+:[\w-]+:[\w*-]*:[\w*]*:[\w-]+/)(?P<id>(?P<kind>[a-z]{1,12})-[0-9a-f]{8,17})")
_OTHERS = regex(
    r"\b(?:old|other|previous\w*|former\w*|deleted|works?|worked|succe\w*|while|not)\b|n['’]t\b", re.IGNORECASE
)


def other_ids(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return, for each condition on a resource ARN, the text's only resource of that kind if it is another resource.

    The kind is the first part of an ID that AWS assigns: ``fsap`` of an access point (Amazon EFS User Guide, "Working
    with access points": https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html). ``outside`` is the text
    without its policies.
    """
    found: dict[str, Sourced[tuple[str, ...]]] = {}
    for block in _conditions(pasted):
        named = [each for value in block.values if (each := _ID_OF_ARN.fullmatch(value)) is not None]
        kinds = {each["kind"] for each in named}
        if len(named) != len(block.values) or len(kinds) != 1:
            continue
        used = re.findall(rf"(?<![\w-]){kinds.pop()}-[0-9a-f]{{8,17}}(?![\w-])", outside)
        if (
            len(set(used)) == 1
            and used[0] not in {each["id"] for each in named}
            and not _is_of_others(used[0], outside)
        ):
            found[block.key] = Sourced((f"{named[0]['begin']}{used[0]}",), Source.TEXT, used[0])
    return found


def _conditions(pasted: Sequence[PastedPolicy]) -> Iterator[ConditionBlock]:
    for one in pasted:
        for each in one.document.statements:
            for block in each.conditions:
                parts = operator(block.operator)
                if parts is not None and not parts.negated and block.values:
                    yield block


def _is_of_others(id: str, outside: str) -> bool:
    """Return whether, on each line with this ID, the text says that the ID belongs to another call."""
    lines = [line for line in outside.splitlines() if id in line]
    return all(_OTHERS.search(line) for line in lines)
