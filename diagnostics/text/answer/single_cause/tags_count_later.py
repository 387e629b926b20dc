"""A statement with a condition on the resource's tag, while the same call works a moment after the refused one."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.contrasts import differences
from diagnostics.text.read.author.difference import Difference
from diagnostics.who import Who
from iam.lazy_pattern import regex

_TAG = regex(r"\b(?P<key>[a-z0-9-]+:ResourceTag/(?P<tag>[\w:.@=+-]+))\W{1,12}(?P<value>[\w:.@/=+-]*)", re.IGNORECASE)
_TIME = (
    r"(?:a|an|one|two|some|a few|few|half a|\d{1,3})\s*(?:more |full )?(?:minutes?|min|seconds?|secs?|s|moments?|while)"
)
_WORKS = r"(?:works?|worked|succeeds?|succeeded|goes through|went through|passes|passed|is fine|is allowed)\b"
_LATER = regex(
    rf"[^.\n]*\b{_TIME} (?:later|after\w*)\b[^.\n]{{0,60}}\b{_WORKS}[^.\n]*|[^.\n]*\b{_WORKS}[^.\n]{{0,40}}\b{_TIME} "
    rf"(?:later|after\w*)\b[^.\n]*|[^.\n]*\b(?:with|after)\b[^.\n]{{0,20}}\bsleep\b[^.\n]{{0,40}}\b{_WORKS}[^.\n]*",
    re.IGNORECASE,
)
_NEGATED = regex(r"\b(?:not|never|no longer|only if|until)\b|n['’]t\b", re.IGNORECASE)
_OTHERWISE = regex(r"\b(?:as|with) (?:admin\w*|root|another|a different|other)\b|\bafter (?:we|i) ", re.IGNORECASE)


def counts_later(denial: Denial) -> Decision | None:
    """Return the decision to wait, or to tag during creation; None unless the text says that the call works later.

    IAM User Guide, "Changes that I make are not always immediately visible": this includes tags that are used for
    attribute-based access control
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    text = denial.pasted or denial.text
    tag = _TAG.search(text)
    said = _said_to_work(text) if tag is not None else ""
    if tag is None or not said or (denial.stated_reason or "").startswith("explicit"):
        return None
    value = f"={tag['value']}" if tag["value"] else ""
    action = denial.missing_action or denial.action or "the call"
    found = decide(
        "identity.condition-unmet",
        f"the statement tests {tag['key']}, and “{said}”",
        f"Most likely the tag {tag['tag']}{value} did not count yet when {action} was refused: the same call works a "
        "moment later, so no policy has to change. A new tag takes a short time to count in conditions.",
        "Set the tag when the resource is created, or let the program try again",
        Who.CALLER,
        "the program",
        f"Pass the tag {tag['tag']}{value} in the call that creates the resource, if that call takes tags: then it "
        f"counts from the start. Otherwise repeat {action} with a growing wait while it is refused. Do not remove the "
        "condition.",
    )
    return replace(found, nearer=True)


def _said_to_work(text: str) -> str:
    """Return the sentence in which the author says that the same call works later; "" if there is none."""
    for found in _LATER.finditer(text):
        if not _NEGATED.search(found[0]) and not _OTHERWISE.search(found[0]):
            return " ".join(found[0].split())
    return next((each.works for each in differences(text) if each.difference is Difference.AGAIN), "")
