"""How to recognize another system's denial, and what to say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class System:
    """Another system whose denials look like IAM's.

    ``name`` is the system's name within a sentence. ``where`` is a sentence that says where the system keeps its
    permissions or the named object. Every text that ``rule`` matches contains one of the phrases ``signals``. A text
    that ``unless`` matches is still treated as AWS's. ``subject`` finds what the text names; then ``verdict`` is the
    sentence about it, and ``where`` may contain ``{name}``. ``title`` is the fix's own title, if any. If not ``sure``,
    the words may also report a missing permission. ``regional``: the call may have gone to a Region other than the one
    that has the resource.
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


NONE_MISSING = "A missing permission is not the cause."
_QUOTE = r"[\\\"'`‘’“”]{1,3}"
_NAME = r"([^\s\"'`\\,;()‘’“”]{0,199}[^\s\"'`\\,;:.()‘’“”])"
_VALUE = r"[^\n]{0,200}?"


def documented(
    name: str, verdict: str, where: str, *messages: str, title: str, unless: str = "", sure: bool = True
) -> System:
    """Return the row for a program's own message, worded as in its documentation or source.

    In a message, ``{name}`` is a value that the verdict may name, and ``{}`` any other value. Quotation marks, line
    breaks and case may differ in a text. A sentence that no permission is missing is added to ``where``.
    """
    rules = [_worded(message) for message in messages]
    named = [rule for rule, message in zip(rules, messages, strict=True) if "{name}" in message]
    signals = dict.fromkeys(_longest_word(message) for message in messages)
    return made_system(
        name,
        f"{where} {NONE_MISSING}" if sure else where,
        "|".join(rules),
        *signals,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=unless,
        subject="|".join(named),
        verdict=verdict,
        title=title,
        sure=sure,
    )


def _worded(message: str) -> str:
    """Return the pattern for a message in the notation of `documented`."""
    parts: list[str] = re.split(r"(\{name\}|\{\}|\s+|[\"'`])", message)
    made = {"{name}": _NAME, "{}": _VALUE, '"': _QUOTE, "'": _QUOTE, "`": _QUOTE}
    return "".join(r"\s+" if part.isspace() else made.get(part) or re.escape(part) for part in parts if part)


def _longest_word(message: str) -> str:
    """Return the longest word that every text with the message contains, in lower case."""
    words: list[str] = re.findall(r"[\w.:/@-]+", re.sub(r"\S*\{(?:name)?\}\S*", " ", message.lower()))
    return max(words, key=len)
