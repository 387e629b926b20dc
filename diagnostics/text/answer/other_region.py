"""Find a resource that does not exist in the Region of the call, while the text shows it in another Region."""

from __future__ import annotations

import re

from diagnostics.text.read.around import around
from iam.lazy_pattern import regex

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
_CONSOLE = regex(
    rf"https://(?P<host>{_REGION})\.console\.(?:aws\.amazon|amazonaws)\.|console\.(?:aws\.amazon|amazonaws)\.[^\s]*[?&#]"
    rf"region=(?P<query>{_REGION})"
)
_NOT_FOUND = regex(
    rf"(?:not found|does not exist|can(?:'|no)t find)[^\n]{{0,80}}?arn:[\w-]+:[\w-]+:(?P<after>{_REGION}):"
    rf"|arn:[\w-]+:[\w-]+:(?P<before>{_REGION}):[^\n]{{0,200}}?(?:not found|does not exist)",
)
_CONFIGURED = regex(rf"^[ \t]*region[ \t:]+(?P<region>{_REGION})\b", re.MULTILINE)


def in_another_region(text: str) -> str:
    """Return a sentence saying which Region to call; "" unless the text has a console address in another Region.

    AWS Management Console, "Choosing a Region": the address contains the Region that is shown
    (https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/select-region.html).
    """
    shown = {found["host"] or found["query"] for found in _CONSOLE.finditer(text)}
    called = _called(text)
    if len(shown) != 1 or not called or called in shown:
        return ""
    other = shown.pop()
    return f"The call went to {called}, and the console in the text shows {other}: call with --region {other}."


def _called(text: str) -> str:
    if found := _NOT_FOUND.search(text):
        return str(found["after"] or found["before"])
    named = around(text).region
    if named is not None and named.value:
        return named.value
    listed = _CONFIGURED.search(text)
    return str(listed["region"]) if listed else ""
