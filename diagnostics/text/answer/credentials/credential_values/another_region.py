"""Read whether the same call works in another Region."""

from __future__ import annotations

import re

from diagnostics.failure import OtherFailure
from iam.lazy_pattern import regex

_OTHER_REGIONS_WORK = regex(
    r"(?<!not )\b(?:works?|worked|working|succeeds?|fine|OK)\b(?: (?:well|fine|correctly))? in"
    r" (?:all|every|each|any|the) (?:of )?(?:the |our )?others? regions?\b"
    r"|\b(?:all|every|the) (?:the |our )?other regions? (?:all )?(?:works?|worked|succeeds?|(?:is|are) (?:fine|OK))\b",
    re.IGNORECASE,
)
"""The author's statement that the call succeeds in other Regions."""


def works_in_another_region(failure: OtherFailure) -> bool:
    """Whether the text shows that the same command, with the same profile, succeeds in another Region."""
    if failure.sequel is not None and failure.sequel.otherwise == "region":
        return True
    if _OTHER_REGIONS_WORK.search(failure.text):
        return True
    if "aws " not in failure.text or not failure.operation:
        return False
    from diagnostics.text.read.sequence.same_command_elsewhere import worked_elsewhere

    return worked_elsewhere(failure.text, failure.operation)
