"""How another system's refusal is known, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class System:
    """``name`` as it is written within a sentence. ``where`` is one sentence on where the permission, or the name, is
    kept. ``signals`` are phrases one of which stands in every text that ``rule`` matches. What ``unless`` matches is
    AWS's all the same. ``subject`` finds the thing that the text names; then ``verdict`` is the sentence on it and
    ``where`` may contain ``{name}``. ``title`` is the fix's own title, if any. Where not ``sure``, the words may also
    be those of a missing permission.
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

    def named(self, text: str) -> str | None:
        """What the text names, where the system has a sentence for it."""
        found = self.subject.search(text) if self.subject else None
        return next(filter(None, found.groups()), None) if found else None

    def made(self, text: str) -> re.Match[str] | None:
        """Where the words of this system stand, if ``text`` is its own."""
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
) -> System:
    """Return a row with its patterns compiled; ``subject`` ignores case."""
    refused = regex(unless) if unless else None
    named = regex(subject, re.IGNORECASE) if subject else None
    return System(name, where, regex(rule, flags), signals, refused, named, verdict, title, sure)
