"""Compare the Region in which a text says access to a model was granted with the Regions of the calls."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME, is_known_region
from iam.words import listing

_A_REGION = regex(rf"(?<![\w-]){REGION_NAME}(?![\w-])")
_MODEL_ACCESS = regex(
    r"\b(?:(?:grant|enabl|request|activat)\w*[ \t](?:[\w-]+[ \t]){0,2}?access|model access|access (?:was |is )?granted)"
    rf"\b[^\n]{{0,120}}?(?<![\w-])(?P<region>{REGION_NAME})(?![\w-])",
    re.IGNORECASE,
)


def access_elsewhere(text: str) -> tuple[str, str] | None:
    """Return the Region in which the text says access to a model was granted, and the other Regions; None without both.

    Amazon Bedrock User Guide, "Access Amazon Bedrock foundation models"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html).
    """
    granted = {found["region"] for found in _MODEL_ACCESS.finditer(text)}
    named = dict.fromkeys(found[0] for found in _A_REGION.finditer(text))
    others = [each for each in named if each not in granted and is_known_region(each)]
    return (granted.pop(), listing(others, "or")) if len(granted) == 1 and others else None
