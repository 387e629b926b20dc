"""How to recognize another system's denial, and what to say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class System:
    """Another system whose denials look like IAM's.

    ``name`` is its name within a sentence. ``where`` is a sentence saying where it stores the permission or the name.
    Every text that ``rule`` matches contains one of the phrases ``signals``. A text that ``unless`` matches is AWS's
    nevertheless. ``subject`` finds what the text names; then ``verdict`` is the sentence about it, and ``where`` may
    contain ``{name}``. ``title`` is the fix's own title, if any. If not ``sure``, the words may also report a missing
    permission. ``regional``: the call may have gone to a different Region from the one that has the resource.
    """

    name: str
    where: str
    rule: re.Pattern[str]
    signals: tuple[str, ...]
    unless: re.Pattern[str] | None = None
    subject: re.Pattern[str] | None = None
    verdict: str = ""
    title: str = ""
    sure: bool = True
    regional: bool = False

    def named(self, text: str) -> str | None:
        """Return what the text names as denied or missing, found with ``subject``; else None."""
        found = self.subject.search(text) if self.subject else None
        return next(filter(None, found.groups()), None) if found else None

    def made(self, text: str) -> re.Match[str] | None:
        """Match ``text`` against this system's message pattern; None if it is not this system's message."""
        return None if self.unless and self.unless.search(text) else self.rule.search(text)


def made_system(
    name: str,
    where: str,
    rule: str,
    *signals: str,
    flags: re.RegexFlag = re.MULTILINE,
    unless: str = "",
    subject: str = "",
    verdict: str = "",
    title: str = "",
    sure: bool = True,
    regional: bool = False,
) -> System:
    """Return the `System` with its patterns compiled; the pattern ``subject`` ignores case."""
    refused = regex(unless) if unless else None
    named = regex(subject, re.IGNORECASE) if subject else None
    return System(name, where, regex(rule, flags), signals, refused, named, verdict, title, sure, regional)


NONE_MISSING = "No permission is missing for that."
