"""Find, in people's words, another resource of the same kind on which the refused call works."""

from __future__ import annotations

import re

from diagnostics.failure import CUT, Denial
from diagnostics.text.read.author.clauses import Mood, clauses
from diagnostics.text.read.author.remarks import LONG_AGO, WORKS, Remark, Stated
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex

_DEEDS = {
    "get": r"reads?|reading|downloads?|gets?|fetch(?:es)?|loads?|opens?|pulls?",
    "put": r"uploads?|uploading|writes?|writing|puts?|saves?|stores?|copies|copy|pushes",
    "delete": r"deletes?|removes?",
    "list": r"lists?",
    "send": r"sends?",
    "publish": r"publish(?:es)?|sends?",
    "receive": r"receives?|polls?|consumes?|reads?",
    "decrypt": r"decrypts?|reads?",
    "invoke": r"invokes?|calls?",
    "query": r"quer(?:y|ies)|reads?",
    "scan": r"scans?|reads?",
    "update": r"updates?|writes?",
}
"""Everyday words for an operation, by the first word of its name."""
_KINDS = (
    r"queue|topic|table|key|secret|parameter|function|bucket|stream|repo(?:sitory)?|cluster|log group|state machine"
    r"|prefix|path|folder"
)
_AT = r"(?:to|in|into|from|under|on|for|below|with|at)"
_PATH = r"[\"'“`]?(?:s3://(?P<bucket>[a-z0-9.-]+)/)?(?P<path>[\w.=-]+(?:/[\w.=-]+)*/)(?=\*?[\"'”`]?(?:[\s,;)]|$))"
_NAMED = rf"(?:(?:{_KINDS})\s+[\"'“`]?(?P<name>[\w./-]*\w)|[\"'“`]?(?P<before>[\w./-]*\w)[\"'”`]?\s+(?:{_KINDS})\b)"
_HABIT = r"\b(?:does|can|may|fine|every|daily|each|always|already|happily|no (?:problem|trouble)|without)\b"
"""Words that say that the operation succeeds, as in "we upload there every day"."""
_OF_ANOTHER_CALLER = regex(
    r"\b(?:another|other|different|old|admin\w*) (?:role|user|account|profile|keys?|credentials)\b|\bcolleague\b"
    r"|\b(?:he|she|they|someone|somebody|admins?) (?:can|could|may)\b",
    re.IGNORECASE,
)


def works_on(denial: Denial) -> Stated | None:
    """Return the words that say that the caller's same call works on another resource, with its name; else None."""
    resource = Arn.parse((denial.resource or "").removesuffix(CUT))
    verb = re.match(r"[A-Z][a-z]+", (denial.action or "").partition(":")[2])
    if resource is None or verb is None:
        return None
    deeds = f"(?:{_DEEDS.get(verb[0].lower(), WORKS)}|{WORKS})"
    thing = _PATH if resource.service == "s3" else _NAMED
    pattern = re.compile(rf"\b{deeds}\b.{{0,50}}?\b{_AT}\s+(?:the\s+)?{thing}", re.IGNORECASE)
    succeeds = re.compile(rf"\b{WORKS}\b|{_HABIT}", re.IGNORECASE)
    for each in clauses(denial.text):
        found = pattern.search(each.words) if each.mood is Mood.STATED else None
        if (
            found is None
            or not succeeds.search(each.words)
            or LONG_AGO.search(each.words)
            or _OF_ANOTHER_CALLER.search(each.words)
        ):
            continue
        named = found.groupdict()
        name = named.get("path") or named.get("name") or named.get("before") or ""
        if _is_other(name, named.get("bucket"), resource, denial):
            return Stated(Remark.WORKS_ON, each.words[:96], each.line, name)
    return None


def _is_other(name: str, bucket: str | None, resource: Arn, denial: Denial) -> bool:
    """Whether the name differs from the refused resource's name, and is not the caller's."""
    whole = resource.resource
    if bucket and bucket != whole.partition("/")[0]:
        return False
    looks_like_one = "/" in name or re.search(r"[-_\d.]", name) is not None
    return looks_like_one and name not in whole and name != identity_of(denial.principal or "")[2]
