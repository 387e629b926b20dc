"""Find second resources that a call needs and a pasted policy does not name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.access_denied.pasted.fixes.inference_profiles import PROFILE_AREA
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class _Gap:
    """A second resource that a call needs.

    ``call`` matches the call in the text, ``has`` the resource that a policy names, ``lacks`` the resource that it must
    name too. ``page`` is the page of AWS's documentation.
    """

    call: re.Pattern[str]
    has: re.Pattern[str]
    lacks: re.Pattern[str]
    sentence: str
    page: str


_GAPS = (
    _Gap(
        regex(rf":foundation-model/(?P<id>{PROFILE_AREA}[\w.-]*\w(?::\d+)?)"),
        regex(rf":foundation-model/{PROFILE_AREA}"),
        regex(r"^\*$"),
        "No model has the ID {id}: it is the ID of an inference profile. The policy must name inference-profile/{id}, "
        "and each model by its own ID, without the prefix.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
    _Gap(
        regex(rf"\b(?P<id>{PROFILE_AREA}(?:anthropic|amazon|meta|mistral|deepseek|cohere|writer)"
                   r"\.[\w.-]*\w(?::\d+)?)"),
        regex(r":foundation-model/"),
        regex(r":(?:application-)?inference-profile/|^\*$"),
        "{id} is the ID of an inference profile: the policy must name inference-profile/{id} in addition to the "
        "models.",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html",
    ),
    _Gap(
        regex(r"\b(?P<id>snap-[0-9a-f]{6,}|VolumeSnapshot|snapshotHandle)\b"),
        regex(r":volume/"),
        regex(r":snapshot/|^\*$|\*/\*$"),
        "Creating a volume from a snapshot is also authorized on the snapshot: the policy must also name snapshot/*.",
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-creating-volume.html",
    ),
)  # fmt: skip


def second_gap(text: str, pasted: Sequence[PastedPolicy]) -> str:
    """Return the sentence about a second resource that the call needs and the documents do not name.

    "" if there is no such resource.
    """
    allowed = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    named = [resource for each in allowed for resource in each.resource or ()]
    for gap in _GAPS:
        called = gap.call.search(text)
        if called and any(map(gap.has.search, named)) and not any(map(gap.lacks.search, named)):
            return gap.sentence.replace("{id}", called["id"])
    return ""
