"""Policies as people write them down in a list: ``- dynamodb:PutItem, GetItem on table/orders``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.templates.policies import WrittenPolicy
from iam.lazy_pattern import regex
from iam.service_reference import action_names

_NAME = r"(?:[a-z][a-z0-9-]{1,30}:)?[A-Z][A-Za-z0-9]{2,60}\*?"
_LINE = regex(
    r"^[ \t]*(?:[-*\u2022][ \t]+|(?:policy|allowed|granted|permissions?|actions?)[\w \t]{0,30}:[ \t]*)"
    rf"(?:Allow\w*[ \t]+)?(?P<actions>[a-z][a-z0-9-]{{1,30}}:(?:[A-Z][A-Za-z0-9]{{2,60}}\*?|\*)"
    rf"(?:[ \t]*(?:,|/|\+|and)[ \t]*{_NAME})*)"
    r"[ \t]*(?:[ \t](?:on|for)|\(?[Rr]esources?:?|->|\u2192)[ \t]+(?!resource\b)(?P<resources>[^\n]{1,400})",
    re.MULTILINE,
)
_SPLIT = regex(r"\s*(?:,|;|\band\b|\+|\s/\s)\s*")
_RESOURCE = regex(r"arn:\S+|\*|[\w-]+/[\w*./${}-]+|[\w-]+:[\w*./${}-]+")


def shorthand_policies(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Return lists of allowed actions outside ``read`` as one policy: each line is a statement."""
    spans = tuple(read)
    found = [
        (line, statement)
        for line in _LINE.finditer(text)
        if not any(start <= line.start() < end for start, end in spans) and (statement := _statement(line)) is not None
    ]
    if found:
        yield WrittenPolicy(found[0][0].start(), found[-1][0].end(), tuple(each for _, each in found), whole=True)


def _statement(line: re.Match[str]) -> dict[str, Any] | None:
    """Return the statement of the line; None if a word is not an action of the service."""
    actions, service = [], ""
    for word in _SPLIT.split(line["actions"]):
        prefix, colon, name = word.rpartition(":")
        service = prefix if colon else service
        if "*" not in name and name.lower() not in action_names(service):
            return None
        actions.append(f"{service}:{name}")
    named = [each.strip(" ().`\"'") for each in _SPLIT.split(line["resources"])]
    resources = [each for each in named if _RESOURCE.fullmatch(each)]
    if not resources:
        return None
    written = [each if each == "*" or each.startswith("arn:") else f"...:{each}" for each in resources]
    return {"Effect": "Allow", "Action": actions, "Resource": written}
