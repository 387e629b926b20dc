"""The Regions that a text sets for calls: with an option, a variable, or a setting of a client, profile or provider.

AWS SDKs and Tools Reference Guide, "AWS Region"
(https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_SET = regex(
    r"(?:(?P<option>(?<![\w-])--?region[ =:])|\baws configure set region[ \t]+"
    r"|\baws configure get region\b[^\n]*\n[ \t]*"
    r"|(?<![\w.$-])(?<!bucket )(?<!bucket's )"
    r"(?:(?:AWS_(?:DEFAULT_)?|aws[:_-]?|(?:kms|sqs|sns|ssm|secrets?|dynamodb|bedrock)_)?region(?:_?name)?)[\"'`]?"
    r"(?:,?\s*[\"']?value[\"']?(?=\s*[:=]))?[ \t]*[:=][ \t]*)"
    rf"[\"'`]?(?P<region>{REGION_NAME})(?![\w-])[\"'`]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SetRegion:
    """A Region that the text sets between ``start`` and ``end``, with ``words``.

    ``by_option``: the Region applies to one command only.
    """

    region: str
    words: str
    start: int
    end: int
    by_option: bool


def set_regions(text: str) -> tuple[SetRegion, ...]:
    """Return the Regions that the text sets, in order."""
    return tuple(
        SetRegion(
            each["region"],
            " ".join(each[0].replace("\n", " prints ").split()),
            each.start(),
            each.end(),
            each["option"] is not None,
        )
        for each in _SET.finditer(text)
    )


def calls_region(text: str) -> SetRegion | None:
    """Return the only Region in the program's settings or else in commands' options; None if there are several."""
    found = set_regions(text)
    chosen = [each for each in found if not each.by_option] or list(found)
    return chosen[0] if len({each.region for each in chosen}) == 1 else None
