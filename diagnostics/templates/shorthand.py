"""Read policies as people write them: ``- dynamodb:PutItem, GetItem on table/orders``, ``it allows s3:GetObject``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.templates.policies import WrittenPolicy
from iam.lazy_pattern import regex
from iam.service_reference import action_names, services

_FIRST = r"[a-z][a-z0-9-]{1,30}:(?:[A-Z][A-Za-z0-9]{2,60}\*?|\*)(?![\w:/])"
_NAME = r"(?:[a-z][a-z0-9-]{1,30}:)?(?:[A-Z][A-Za-z0-9]{2,60}\*?|(?<=:)\*)(?![\w:/])"
_GRANT = regex(
    rf"(?<![\w:/.\"'-])(?P<actions>{_FIRST}(?:[ \t]*(?:,|/|\+|&|\band\b|\bAND\b)[ \t]*(?:and[ \t]+)?{_NAME})*)"
    r"(?P<rest>[ \t]*,?[ \t]*(?:\.\.\.|…|etc\b))?"
    r"(?:[ \t]*(?:[ \t](?:on|for)|\(?[Rr]esources?:?|->|→)[ \t]+(?!resource\b)(?P<resources>[^\n;(]{1,400}))?"
)
_LIST = regex(r"^[ \t]*[-*•][ \t]+(?:Allow\w*[ \t]+)?$")
_HEADING = regex(
    r"^[ \t]*(?:policy|allowed|granted|permissions?|actions?)[\w \t]{0,30}:[ \t]*(?:Allow\w*[ \t]+)?$", re.IGNORECASE
)
_GRANTS = regex(r"\b(?:polic(?:y|ies)|allow(?:s|ed)?|grants|granted|permissions|has|have)\b", re.IGNORECASE)
_GRANTS_NOT = regex(
    r"[\"{}\[\]=<>?]|\w+-based|allows? the[ \t]*$|n't\b|\b(?:do|does|ca|is|has)nt\b"
    r"|\b(?:not?|none|never|because|lacks?|missing|needs?|needed|require[sd]?"
    r"|den(?:y|ied|ies)|cannot|error|refus\w+|add(?:ed|ing)?|should|must|may|if|whether|unless|does|do|did|ensure|sure"
    r"|check|verify|try|tried|without|failed|explicit|would|could|want|trust|bucket|queue|topic|key|repository|resource"
    r"|secret|vault|endpoint|SCP|RCP)\b",
    re.IGNORECASE,
)
"""Words that show that a clause does not state what the caller's own policies allow: a question, advice, a denial,
another kind of policy.
"""
_REFUSED_AFTER = regex(
    r"[ \t]*(?:is|was|are|were|gets?|but|call|calls|error)?[ \t]*(?:den(?:y|ied)|refused|missing|not\b|fail|forbidden)",
    re.IGNORECASE,
)
_CONTINUES = regex(r"^[ \t]*(?:[;,]|and\b)?[ \t]*$", re.IGNORECASE)
_CLAUSE = regex(r"[;,.]\s|\s[-–]\s")
_SPLIT = regex(r"\s*(?:,|;|\band\b|\bAND\b|\+|&|\s/\s)\s*")
_RESOURCE = regex(r"arn:\S+|\*|[\w-]+/[\w*./${}-]+|[\w-]+:[\w*./${}-]+")


def shorthand_policies(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield the lists of allowed actions outside of ``read`` as one policy, in which each list is a statement."""
    spans = tuple(read)
    found: list[tuple[int, int, dict[str, Any]]] = []
    whole = True
    at = 0
    for line in text.split("\n"):
        granted, end = False, 0
        for each in _GRANT.finditer(line):
            if any(start <= at + each.start() < stop for start, stop in spans):
                continue
            granted = _says_so(line[end : each.start()], first=end == 0, before=granted, each=each)
            end = each.end()
            granted = granted and _REFUSED_AFTER.match(line, each.end("actions")) is None
            if granted and (statement := _statement(each)) is not None:
                found.append((at + each.start(), at + each.end(), statement))
                whole = whole and not each["rest"]
        at += len(line) + 1
    if found:
        yield WrittenPolicy(found[0][0], found[-1][1], tuple(each for *_, each in found), whole=whole, listed=True)


def _says_so(words: str, *, first: bool, before: bool, each: re.Match[str]) -> bool:
    """Return whether the words before the actions say that one of the caller's policies allows them."""
    if before and _CONTINUES.match(words):
        return True
    if first and (_LIST.match(words) or _HEADING.match(words)):
        return each["resources"] is not None
    clause = _CLAUSE.split(words)[-1]
    return _GRANTS.search(clause) is not None and _GRANTS_NOT.search(clause) is None


def _statement(found: re.Match[str]) -> dict[str, Any] | None:
    """Return the statement, on any resource if the text names none; None if a word is not an action of a service."""
    actions, service = [], ""
    for word in _SPLIT.split(found["actions"]):
        prefix, colon, name = word.rpartition(":")
        service = prefix if colon else service
        if service not in services() or (not colon and name.lower() not in action_names(service)):
            return None
        actions.append(f"{service}:{name}")
    if found["resources"] is None:
        return {"Effect": "Allow", "Action": actions, "Resource": ["..."]}
    named = [each.strip(" ().,`\"'") for each in _SPLIT.split(found["resources"])]
    named = [f"{named[0]}/*" if each == "/*" and named[0].startswith("arn:") else each for each in named]
    resources = [each for each in named if _RESOURCE.fullmatch(each)]
    if not resources:
        return {"Effect": "Allow", "Action": actions, "Resource": ["..."]}
    written = [each if each == "*" or each.startswith("arn:") else f"...:{each}" for each in resources]
    return {"Effect": "Allow", "Action": actions, "Resource": written}
