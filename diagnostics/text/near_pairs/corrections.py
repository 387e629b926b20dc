"""Read what a text says about the correct spelling of a name, such as “the real table is called orders”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.similarity import slip
from iam.lazy_pattern import regex

_SAID = regex(
    r"\b(?:role|user|bucket|table|queue|topic|function|log group|repository|secret|stream|key|parameter|cluster|"
    r"name|namespace|database)\b[^.\n]{0,30}?\b(?:is|was)\b(?: really| actually)?(?: (?:called|named|spelled))?"
    r"[ :]+[\"'`“]?(?P<name>[\w/.+@-]{3,100}\w)",
    re.IGNORECASE,
)
_SURELY = regex(r"\b(?:real|actual|right|correct|called|named|spelled|really|actually)\b", re.IGNORECASE)
_TYPED = regex(
    r"\btyp(?:ing|ed)\b[^.\n]{0,40}\b(?:off|by hand|from)\b|\bno copy\b|\bcan(?:'t|not) copy\b|\bfrom memory\b",
    re.IGNORECASE,
)
_ARN = regex(r"\barn:[\w-]+:[\w-]+:[\w-]*:[\w-]*:[^\s\"'`,;<>()\]}]+")


def corrected(text: str, resource: str) -> Iterator[tuple[str, str, str]]:
    """Yield a part of the resource, the name that the text says is right, and how the two differ."""
    parts = [each for each in re.split(r"[/:]", resource) if each]
    for found in _SAID.finditer(text):
        if not _SURELY.search(found[0]) or found["name"] in parts:
            continue
        for part in parts:
            if difference := slip(part, found["name"]):
                yield part, found["name"], difference


def with_said_names(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Correct misspelled names in a text that was retyped from a screen.

    Return the text, and each corrected name before and after the correction.
    """
    if not _TYPED.search(text):
        return text, ()
    read = {
        part: name
        for arn in _ARN.finditer(text)
        for part, name, _ in corrected(text, arn[0].split(":", 5)[5].rstrip("."))
    }
    for written, name in read.items():
        text = re.sub(rf"(?<=[/:]){re.escape(written)}(?![\w-])", name, text)
    return text, tuple(read.items())
