"""Find the side of a value in a text: the request, a policy or configuration, or a list of resources."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from diagnostics.access_denied.pasted.json_in_text import read_values
from diagnostics.text.near_pairs.difference_and_advice import ENTRIES
from iam.lazy_pattern import regex


class Side(StrEnum):
    """The part of a failure to which a value belongs.

    REQUEST: the call, its caller, or words about the call. RULE: a policy or configuration that decides the call.
    LISTED: a command's list of existing resources.
    """

    REQUEST = "request"
    RULE = "rule"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive lines of a text that belong to one `Side`.

    ``place`` is a noun for the document or list that the lines are part of; ``command`` printed them.
    """

    start: int
    end: int
    side: Side
    place: str
    command: str = ""


COMMAND = regex(
    r"(?<![\w/.-])aws[ \t]+(?:--?[\w-]+(?:[ =][^\s-]\S*)?[ \t]+){0,4}(?:\$\w+[ \t]+)?"
    r"(?P<service>[a-z][a-z0-9-]+)[ \t]+(?P<operation>[a-z][a-z0-9-]+)\b"
)
_REFUSAL = regex(
    r"not authori[sz]ed|error occurred|\bAccess ?Denied|Exception\b|does not exist|not found|\bdenied:|"
    r"^[^\n]{0,60}(?<![\w/-])[Ee]rror(?:[: ]|$)",
)
_PROMPTED = regex(r"^[^\n]{0,60}(?<![-=])[$#%❯>] +[a-z./]|^(?:docker|kubectl|terraform|cdk|vault|helm|git|npm|sam) ")
_LISTS = regex(
    r"list-|describe-|ls$|list$|get-(?:databases|tables|parameters-by-path|repositories|rest-apis|queue-url)"
)
_SHOWS_POLICY = regex(
    r"get-\w*-?policy|get-policy-version|get-role$|get-user-policy|get-queue-attributes|get-topic-attributes|"
    r"get-resource-policy|list-attached|list-(?:role|user|group)-policies|list-entities-for-policy|describe-vpc-endpoints"
)
_RULE = regex(
    r"\b(?:Not)?(?:Resource|Principal)s?[\"']?\s*[:=]|\bresources?\s*=\s*\[|[\"']?\b(?:AWS|Federated)[\"']?\s*[:=]\s*[\[\"']"
    r"|\b(?:String|Arn)(?:Not)?(?:Equals|Like)\w*\b|\baws:(?:Source|Principal|Request|Resource)\w+|\bsts:ExternalId\b"
    r"|:sub[\"']?\s*[:=]|\b(?:role|user)arn\b|\bbound_\w+|[\"']?\bEffect[\"']?\s*[:=]"
    r"|\ballowed[ _]principals?\b"
    r"|\bAllows?\b[^\n]{0,60}\b[a-z][a-z0-9-]+:(?:[A-Z*]|\w+\*)|\b(?:trust(?: policy)?|polic(?:y|ies))\b[^\n:]{0,40}:"
)
_INTRODUCES = regex(r"\b(?:trust(?: policy)?|polic(?:y|ies))\b[^\n:]{0,40}:[ \t]*$", re.MULTILINE)
"""The end of a line that introduces a policy but is not part of it."""
_ITEM = regex(r"^[ \t]*-[ \t]+|^[ \t]*[\"'][^\"']+[\"'],?[ \t]*\]?,?$|^[ \t]+[\"'\w:./-]+[ \t]*[:=][ \t]*")
_NAMED_POLICY = regex(
    r"\b(?P<name>(?:bucket|queue|topic|bus|key|trust|resource|endpoint|repository|role|session|access)[ _]policy"
    r"|trust)\b",
    re.IGNORECASE,
)
_CONFIGURATIONS = (
    ("rolearn", "aws-auth"),
    ("userarn", "aws-auth"),
    ("allowed principals", "the endpoint service's list of allowed principals"),
    ("bound_iam_principal_arn", "Vault's bound_iam_principal_arn"),
)


_ENDS_JSON = ("}", "]")
"""The last line of the JSON that the AWS CLI prints."""


def stretches(text: str) -> tuple[Stretch, ...]:
    """Split the text into stretches, in order and without gaps, each with its side."""
    values, written = read_values(text)
    documents = sorted(
        [(start, end) for start, end, value in values if _is_rule(text[start:end])]
        + [(each.start, each.end) for each in written]
    )
    found: list[Stretch] = []
    for one in _by_line(text):
        at = one.start
        for start, end in documents:
            if start >= one.end or end <= at:
                continue
            if one.side is not Side.LISTED and start > at:
                found.append(Stretch(at, start, one.side, one.place, one.command))
                at = start
            stop = min(end, one.end)
            if one.side is not Side.LISTED:
                place = one.place if one.side is Side.RULE else _policy_before(text, start)
                found.append(Stretch(at, stop, Side.RULE, place))
                at = stop
        if at < one.end:
            found.append(Stretch(at, one.end, one.side, one.place, one.command))
    return tuple(found)


def at_place(found: tuple[Stretch, ...], position: int) -> Stretch:
    """Return the stretch that contains this position of the text."""
    return found[max(0, bisect_right(found, position, key=lambda each: each.start) - 1)]


def _is_rule(words: str) -> bool:
    return _RULE.search(words) is not None and "eventSource" not in words and "not authorized to perform" not in words


def _by_line(text: str) -> Iterator[Stretch]:
    answers: tuple[Side, str, str] | None = None
    rule = ""
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        command = COMMAND.search(line)
        if not line.strip():
            answers, rule = None, ""
        if command is not None:
            called = f"aws {command['service']} {command['operation']}"
            answers, rule = _answer_of(command["operation"], called), ""
            yield Stretch(start, end, Side.REQUEST, f"the command {called}", called)
        elif _REFUSAL.search(line) and not _ITEM.match(line):
            answers, rule = None, ""
            yield Stretch(start, end, Side.REQUEST, "the error")
        elif _RULE.search(line):
            rule = _place_of(text, start, line)
            introduces = _INTRODUCES.search(line) is not None and len(_RULE.findall(line)) == 1
            side, place = (Side.REQUEST, "the text") if introduces else (Side.RULE, rule)
            yield Stretch(start, end, side, place)
        elif _PROMPTED.match(line):
            answers, rule = None, ""
            yield Stretch(start, end, Side.REQUEST, "the command")
        elif answers is not None:
            side, place, called = answers
            yield Stretch(start, end, side, place, called)
            if line.rstrip() in _ENDS_JSON:
                answers = None
        elif rule and _ITEM.match(line):
            yield Stretch(start, end, Side.RULE, rule)
        else:
            rule = ""
            yield Stretch(start, end, Side.REQUEST, "the text")
        start = end


def _answer_of(operation: str, called: str) -> tuple[Side, str, str] | None:
    if _SHOWS_POLICY.match(operation):
        return Side.RULE, f"the output of {called}", called
    if operation == "list-access-entries":
        return Side.RULE, ENTRIES, called
    return (Side.LISTED, f"the output of {called}", called) if _LISTS.match(operation) else None


def _place_of(text: str, start: int, line: str) -> str:
    if found := next((place for word, place in _CONFIGURATIONS if word in line), ""):
        return found
    return _policy_before(text, start + len(line))


def _policy_before(text: str, position: int) -> str:
    """Return the name that the words before a policy give to the policy."""
    named = list(_NAMED_POLICY.finditer(text, max(0, position - 300), position))
    name = named[-1]["name"].lower() if named else "policy"
    return f"the {'trust policy' if name.startswith('trust') else name}"
