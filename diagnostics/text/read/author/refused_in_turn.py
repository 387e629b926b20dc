"""Find the actions that will be refused next, if a text says that each grant only brings up the next refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import Denial
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.passed_roles import principal_passed_to
from iam.service_reference import action_names

_IN_TURN = regex(
    r"\bone (?:permission|action|error|denial) (?:after (?:the other|another)|at a time)\b"
    r"|\b(?:grant|allow|add|fix)(?:s|ed|ing)? (?:one|it|that|this|an?)(?: \w+)?,[^.\n]{0,20}\b(?:next|another)\b"
    r"|\b(?:then|and|but) (?:I get |it is |comes? )?(?:the )?(?:next|another|yet another) (?:\w+ )?"
    r"(?:one|action|permission|error|denial)\b|\bwhack-a-mole\b"
    r"|\b(?:each|every) time (?:I|we) (?:add|grant|allow)\b",
    re.IGNORECASE,
)
_VERBS = ("Create", "Describe", "Get", "Update", "Put", "Delete")
_ON_TAGS = ("TagResource", "UntagResource", "ListTagsForResource")


def further_actions(denial: Denial, missing: str) -> str:
    """Return a sentence with the actions on the same kind of resource; "" if the text names no series of refusals."""
    if _IN_TURN.search(denial.text) is None:
        return ""
    own = missing.partition(":")[2].lower()
    further = [each for each in _of_kind(denial, missing) if each.partition(":")[2].lower() != own]
    if not further:
        return ""
    return (
        " More refusals will follow: also allow the tool's other actions on this kind of resource "
        f"({', '.join(further)})."
    )


def _of_kind(denial: Denial, missing: str) -> Iterator[str]:
    service = missing.partition(":")[0].lower()
    every = action_names(service)
    resource = Arn.parse(denial.resource or "")
    kind = resource.resource.replace("/", ":").partition(":")[0].lower() if resource is not None else ""
    if not kind or not any(kind in each for each in every):
        return
    for verb in _VERBS:
        if (named := every.get(f"{verb.lower()}{kind}")) is not None:
            yield f"{service}:{named}"
    yield from (f"{service}:{each}" for each in _ON_TAGS if each.lower() in every)
    if principal_passed_to(f"{service}:create{kind}"):
        yield "iam:PassRole on the resource's role"
