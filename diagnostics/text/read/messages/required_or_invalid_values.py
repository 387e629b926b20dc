"""Find the cause that a message states itself: what is required, not set, invalid or not found.

Such a sentence is recognized by its form, not by the program that printed it. A person's own remarks are not messages:
a line counts if it looks like a program's output, or if the person quotes it.
"""

from __future__ import annotations

import re

from diagnostics.text.read.sequence.lines_and_commands import without_zero
from iam.lazy_pattern import regex

OWN_CAUSE = "A message in the text says:"
"""The beginning of a cause that quotes such a sentence."""
CALL_UNKNOWN = "If a call to AWS failed:"
"""The beginning of the advice for a text in which nothing else was recognized."""
NOTHING_PRINTED = "CloudTrail's event history shows whether AWS refused a call, and to whom."
"""The beginning of the advice for a text that describes a failure without a program's output."""
HIDDEN = "The text does not show whether anything was denied"
"""The beginning of the advice for a text in which a program hid its message."""
_LONGEST = 20_000
_MOST = 200
"""The number of characters of a cause that are quoted."""
# What a program's lines have and a person's seldom: a level, a code, a time, a box, a status, a stack frame's end.
_MESSAGE = regex(
    r"\b(?:error|exception|fatal|panic|failed|failure|warn(?:ing)?|invalid|unable to|could not|cannot|refused|rejected"
    r"|CREATE_FAILED|UPDATE_FAILED|ROLLBACK\w*|InvalidProviderConfig|\w+Exception|\w+Error)\b|[✖✗│╷]|^\s*\d{4}-\d\d-\d\dT",
    re.IGNORECASE,
)
_PERSONS = regex(r"\b(?:I|we|our|my|us(?!-)|you|someone|still)\b|\?(?:\s|$)", re.IGNORECASE)
_A_QUOTE = regex(r"[\"“`](?P<said>[^\"“”`\n]{8,200})[\"”`]")
_SAYS = regex(r"\b(?:prints?|says?|gives?|shows?|logs?|returns?|reports?|message|fail\w*|with)\b", re.IGNORECASE)
_FORMS = tuple(
    regex(form, re.IGNORECASE)
    for form in (
        # What has to be so.
        r"\b(?:must|should|has to|have to|needs? to)\s+(?:not\s+)?(?:be|have|contain|specify|include|use|set|match"
        r"|provide|point|start|allow|trust)\b",
        r"\b(?:is|are)\s+(?:required|mandatory)\b|\brequires\s+(?!no\b)\w+",
        # What is not there, and is not said to be refused.
        r"\b(?:is|are|was|were|option|variable|parameter|property|field|value)\s+(?:not\s+set|unset|undefined|missing|empty"
        r"|not\s+(?:specified|provided|configured|defined|supported))\b|\bmissing\s+(?:required\s+)?\w+",
        r"\b(?:not\s+found|could\s+not\s+be\s+found|unable\s+to\s+(?:locate|find|resolve|parse)"
        r"|(?:cannot|could\s+not|failed\s+to)\s+(?:locate|find|resolve|parse))\b",
        # What is of a wrong form.
        r"\binvalid\s+(?!client|token|signature|credential)\w+",
        r"\b(?:unsupported|unknown|unrecognized|malformed)\s+\w+",
        # What the program itself advises.
        r"\bplease\s+(?:ensure|make\s+sure|verify|select|choose|specify|provide|set|enable|add|remove)\b",
    )
)
_ENDS = regex(r"(?<=[.!?])\s+(?=[A-Z(])|[\n\r]|\\n|[\"“”`]\s*[,}\]]")


def own_cause(text: str) -> str:
    """Return the sentence of a message that itself states the cause, recognized by its form; "" if there is none."""
    messages = tuple(_messages(text[:_LONGEST]))
    for form in _FORMS:
        for message in messages:
            if found := form.search(message):
                return _sentence(message, found)
    return ""


_FAILED = regex(
    r"\b(?:error|exception|fatal|panic|failed|failure|denied|forbidden|unauthori[sz]ed|refused|rejected|\w+Exception|\w+Error)\b"
    r"|\bNo [\w ]{2,40} found\b|\b(?:40[13]|429)\b|\btimed? ?out\b",
    re.IGNORECASE,
)
_FRAME = regex(
    r"^\s*(?:at |File \"|\.\.\. \d+ more|Traceback)|DryRunOperation"
    r"|\berrors?[\"']?\s*[:=]\s*[\[{\"']*(?:0|null|none|false)\b",
    re.IGNORECASE,
)


def reported_failure(text: str) -> str:
    """Return the last line in which a program reports a failure of any kind; "" if there is none."""
    lines = text[:_LONGEST].split("\n")
    if said := _announced(lines):
        return said
    for place, line in reversed(list(enumerate(lines))):
        if _FAILED.search(_NONE.sub(" ", without_zero(line))) and not _PERSONS.search(line) and not _FRAME.search(line):
            said = next((each for each in lines[place + 1 : place + 3] if each.strip()), "")
            if said and _GOES_ON.search(line) and (_IN_FULL.match(said) or not _PERSONS.search(said)):
                return " ".join(f"{line} {said}".split())[:_MOST].strip(" │{}[],;.")
            return " ".join(line.split())[:_MOST].strip(" \"'`│{}[],;.")
    return ""


_NONE = regex(r"\b(?:no|without|zero) (?:such |\w+ )?(?:errors?|failures?|exceptions?|problems?)\b", re.IGNORECASE)
_ANNOUNCES = regex(
    r"\b(?:fail(?:s|ed|ing)?|refuse[sd]|reject(?:s|ed)|error|denied|dies|stops|breaks)\b[^\n]{0,60}:\s*$", re.IGNORECASE
)
_PROSE = regex(r"\b(?:I|we|our|my|you)\b|\?\s*$", re.IGNORECASE)


def _announced(lines: list[str]) -> str:
    """Return the line after a person's last announcement that a call fails with the following message; else ""."""
    for place in range(len(lines) - 1, -1, -1):
        if not _ANNOUNCES.search(lines[place]):
            continue
        below = next((each.strip() for each in lines[place + 1 : place + 3] if each.strip()), "")
        if len(below.split()) > 2 and not _PROSE.search(below) and not below.endswith(":"):
            return " ".join(below.split())[:_MOST].strip(" \"'`│{}[],;.")
    return ""


# Amazon EventBridge Scheduler User Guide, "Configuring a dead-letter queue for EventBridge Scheduler": ERROR_CODE comes
# with ERROR_MESSAGE (https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html).
_GOES_ON = regex(r":\s*$|^\W*ERROR_CODE\W+\w+\W*$")
_IN_FULL = regex(r"\W*ERROR_MESSAGE\b")


def _messages(text: str) -> list[str]:
    """Return the lines of programs, and those that a person quotes; the last line first, nearest to the failure."""
    found: list[str] = []
    for line in reversed(text.split("\n")):
        if _MESSAGE.search(line) and not _PERSONS.search(line):
            found.append(line.strip())
        elif _MESSAGE.search(line) or _SAYS.search(line):
            found += [each["said"] for each in _A_QUOTE.finditer(line)]
    return found


def _sentence(message: str, found: re.Match[str]) -> str:
    starts = [end.end() for end in _ENDS.finditer(message, 0, found.start())]
    after = _ENDS.search(message, found.end())
    said = message[starts[-1] if starts else 0 : after.start() if after else len(message)]
    said = re.sub(r"^.*?\b(?:error|err|msg|message)[\"']?\s*[:=]\s*", "", said, count=1, flags=re.IGNORECASE)
    return " ".join(said.split()).strip(" \"'`│{}[],;.")[:_MOST]
