"""Find failures that a later failure supersedes: the call is made again, and fails for another reason."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.failure_details import Sequel
from diagnostics.text.read.author.quoted_values import without_quoted_values
from diagnostics.text.read.sequence.changes import CHANGED, is_a_change
from diagnostics.text.read.sequence.did_not_stop import is_over
from diagnostics.text.read.sequence.failure_places import last_line, marks_of
from diagnostics.text.read.sequence.lines_and_commands import FAILS, Command, Paste, quote
from diagnostics.text.read.sequence.regions_of_failures import region_of_line
from diagnostics.text.read.sequence.times_of_failures import later_notes
from iam.lazy_pattern import regex

_OF_ANOTHER_IDENTITY = regex(
    r"\b(?:switched|changed|moved|went over|logged in|signed in) (?:over )?(?:to|as|with|into)\b[^\n]{0,40}?"
    r"\b(?:role|user|profile|keys?|credentials|account|session)\b"
    r"|\b(?:now|then) (?:as|with|using) (?:the |my |our |another )?[\w-]+ (?:role|user|profile|keys|credentials)\b",
    re.IGNORECASE,
)
"""Words in a note that say that another identity makes the later calls."""
_GOES_ON = regex(
    r"^(?![^\n]*(?:n['’]t\b|\b(?:not|still|also|again|without)\b))[^\n$]{0,60}\b(?:added|attached|granted|allowed|fixed"
    r"|corrected|gave it)\b[^\n]{0,60}\b(?:then|now|next|after that|afterwards)\b"
    r"(?:[^\n\w]{0,3}(?:it['’]?s)?\W{0,3}|[^\n?.:]{0,40}:\s*)$"
    r"|^(?![^\n]*(?:n['’]t\b|\b(?:not|still|also|again|without|even)\b))[^\n\w]{0,4}"
    r"(?:(?:and|but|ok(?:ay)?|so|then|now|next)\W+){0,2}(?:once|after|when|with)\b(?:[^\n?.:]|[.:](?=\w)){0,80}"
    r"\b(?:add|attach|grant|fix|correct|allow|enabl|solv|resolv|creat|register|subscrib)(?:ed|ing)\b"
    r"(?:[^\n?.:]|[.:](?=\w)){0,80}[:,]\s*$",
    re.IGNORECASE,
)
"""Words that show that the author removed one failure and met the next, such as "added it to the role, then"."""
_ERROR_NOW = regex(
    r"\bnow\b(?:(?!\b(?:other|another|different|second)\b)[^\n?:]){0,40}\b(?:error|message|answer|says|get)\b[^\n:]{0,12}:",
    re.IGNORECASE,
)
"""Words with which an author introduces the present error of the same call."""


@dataclass(frozen=True, slots=True)
class _Notes:
    """The lines of a text, by number and in order, that say what its author did between two failures."""

    going_on: list[int]
    changes: list[int]
    questions: list[int]
    errors: list[tuple[int, re.Match[str]]]


def with_later_reasons(found: list[Failure], paste: Paste) -> list[Failure]:
    """Return the failures, with the later line in which the same call fails for another reason.

    The same call is the same command, perhaps with more options, or the same operation after the text says that
    something was changed for it.
    """
    lines = tuple(enumerate(paste.lines))  # looked at once: a log may have a thousand failures
    later = later_notes(paste)
    places = [_place(each, paste) for each in found]
    apart = {at for each, at in zip(found, places, strict=True) if _is_apart(each)}
    notes = _Notes(
        [at for at, line in lines if _GOES_ON.search(line)],
        [at for at, line in lines if _is_note_of_change(at, paste) or at in later],
        [at for at, line in lines if "?" in without_quoted_values(line) and not _ASKS_FOR_NOW.search(line)],
        [(at, error) for at, line in lines if at not in apart and (error := _error(line)) is not None],
    )
    out = list(found)
    for index, (failure, at) in enumerate(zip(found, places, strict=True)):
        if at is None or failure.sequel is not None:
            continue
        again = _made_again(failure, at, paste)
        for other, place in zip(found, places, strict=True):
            if place is None or at >= place or is_over(other) or place in apart:
                continue
            if (sequel := _superseded(failure, at, other, place, paste, notes, again)) is not None:
                out[index] = replace(failure, sequel=sequel)
                break
        else:
            if _called(failure) and (line := _later_error(failure, at, paste, notes)):
                out[index] = replace(failure, sequel=Sequel(fails_otherwise=line, unlisted=True))
    return out


def _is_apart(failure: Failure) -> bool:
    """Whether the author says that the failure is from an earlier time, although it may come later in the text."""
    return failure.sequel is not None and bool(failure.sequel.aside) and failure.sequel.earlier


def _is_note_of_change(at: int, paste: Paste) -> bool:
    line, below = paste.lines[at], paste.lines[at + 1 : at + 2]
    if CHANGED.search(line) or _OF_ANOTHER_IDENTITY.search(line):
        return True
    # A command that fails changes nothing.
    return is_a_change(line) and not any(FAILS.search(each) for each in (line, *below))


_OF_A_SERVICE = regex(r"\bAn error occurred \((?P<code>[\w.]+)\) when calling the (?P<operation>\w+) operation")
# AWS SDK for Go 2, which Terraform uses.
_OF_GO = regex(
    r"\boperation error [\w -]+: (?P<operation>\w+), https response error StatusCode: \d+, RequestID: [^,\n]*, "
    r"(?:HostID: [^,\n]*, )?(?:api error )?(?P<code>[\w.]+): "
)
_OF_A_NEW_RUN = regex(
    r"\b(?:re-?r[au]n|retr(?:y|ied)|try again|now|today|this time|(?:second|2nd|next) (?:run|try|attempt))\b"
    r"[^\n?]{0,40}?\b(?P<code>[A-Z]\w+(?:Exception|Error|Exists|Denied|Fault|NotFound\w*)): ",
)


def _later_error(failure: Failure, at: int, paste: Paste, notes: _Notes) -> str:
    """Return the line of a later, unknown error of the same call, after something was changed for it; else ""."""
    own, called = [] if failure.operation else marks_of(failure)[:1], _called(failure)
    of_keys = isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS
    for number, error in notes.errors:
        line = paste.lines[number]
        if number <= at or error["code"] == failure.code or any(mark in line.lower() for mark in own):
            continue
        if (error.groupdict().get("operation") or called).lower() != called:
            continue
        if _is_in_another_region(at, number, paste):
            continue
        if of_keys and "operation" in error.groupdict() and not _OF_KEYS.search(error["code"]):
            return " ".join(line.split())[:_LONGEST_REASON]  # this answer shows that the credentials are accepted now
        changed = _last_between(notes.changes, at, number) is not None
        if changed and _last_between(notes.questions, at, number) is None:
            return " ".join(line.split())[:_LONGEST_REASON]
    return ""


_ASKS_FOR_NOW = regex(r"\b(?:now|today|jetzt|heute)\b", re.IGNORECASE)
"""Words that show that a question is about the current state."""
_OF_KEYS = regex(
    r"Token|Signature|AccessKey|Credential|Auth|Expired|Skewed|ClientId|\b40[13]\b|Throttl|Internal|Unavail"
)
"""Error codes that leave open whether AWS accepted the credentials."""


def _superseded(
    failure: Failure, at: int, other: Failure, place: int, paste: Paste, notes: _Notes, again: int | None
) -> Sequel | None:
    """Return what a later failure shows about this one; None if they are about two different calls.

    ``again`` is the line in which this failure's command is run again.
    """
    line = " ".join(paste.lines[place].split())[:_LONGEST_REASON]
    asked = _last_between(notes.questions, at, place) is not None
    called = _called(failure)
    said_now = bool(called) and not _called(other) and _ERROR_NOW.search(paste.lines[place]) is not None
    changed = _last_between(notes.changes, at, place) is not None
    if (not called or _called(other) != called) and not said_now:
        if (called or changed) and again is not None and again < place:
            return Sequel(fails_otherwise=line)
        goes_on = _last_between(notes.going_on, at, place)
        return None if goes_on is None or asked else Sequel(aside=quote(paste.lines[goes_on].strip()), stated=True)
    if _reason(failure) == _reason(other) or _is_in_another_region(at, place, paste):
        return None
    one, next_one = paste.command_before(at), paste.command_before(place)
    repeated = (
        one is not None and next_one is not None and one.line < next_one.line and _repeats(one, next_one, failure)
    )
    return Sequel(fails_otherwise=line) if said_now or repeated or (changed and not asked) else None


def _is_in_another_region(at: int, later: int, paste: Paste) -> bool:
    """Whether the log shows that the two failures are of calls in two Regions, so that neither repeats the other."""
    one, other = region_of_line(paste.lines, at), region_of_line(paste.lines, later)
    return bool(one and other and one != other)


def _repeats(one: Command, other: Command, failure: Failure) -> bool:
    """Whether a command repeats the other one; after a credentials failure, perhaps with another profile."""
    of_keys = isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS
    return one.said == other.said or (of_keys and one.plain == other.plain)


def _error(line: str) -> re.Match[str] | None:
    return _OF_A_SERVICE.search(line) or _OF_GO.search(line) or _OF_A_NEW_RUN.search(line)


def _made_again(failure: Failure, at: int, paste: Paste) -> int | None:
    """Return the line in which the failed command, with the same or more options, runs again and fails differently."""
    one = paste.command_before(at)
    if one is None or at - one.line > _FARTHEST:
        return None
    marks = marks_of(failure)[:1]
    for again in paste.commands:
        same = again.plain == one.plain or again.plain.startswith(f"{one.plain} --")
        if again.line <= at or not same or paste.choices(again) != paste.choices(one):
            continue
        answer = paste.answer(again)
        failed = FAILS.search(answer) is not None or "ailed" in answer
        return again.line if failed and not any(mark in answer.lower() for mark in marks) else None
    return None


_FARTHEST = 40
"""The maximum number of lines between a command and a failure that belongs to it."""


def _last_between(places: list[int], at: int, end: int) -> int | None:
    """Return the last of the sorted places that is after ``at`` and before ``end``, or None."""
    found = bisect_left(places, end) - 1
    return places[found] if found >= 0 and places[found] > at else None


_LONGEST_REASON = 240


def _place(failure: Failure, paste: Paste) -> int | None:
    """Return the last line that states the failure; for one that is not a denial, the line with its own reason."""
    detail = failure.detail if isinstance(failure, OtherFailure) and failure.detail else ""
    if not detail or failure.operation is None:
        at = last_line(failure, paste)
        return _line_of_its_text(failure, paste) if at is None and isinstance(failure, OtherFailure) else at
    own = (number for number, line in enumerate(paste.lines) if detail in line and failure.operation in line)
    return max(own, default=last_line(failure, paste))


def _line_of_its_text(failure: OtherFailure, paste: Paste) -> int | None:
    """Return the last failing line of the part of the text in which the failure was read; None if that is all."""
    said = " ".join(failure.text.split())
    own = [each for each in paste.failing if " ".join(paste.lines[each].split()) in said]
    return own[-1] if 0 < len(own) < len(paste.failing) else None


def _called(failure: Failure) -> str:
    action = failure.action if isinstance(failure, Denial) else None
    return (failure.operation or (action or "").partition(":")[2]).lower()


def _reason(failure: Failure) -> tuple[object, ...]:
    if isinstance(failure, Denial):
        return (failure.action, failure.resource, failure.stated_reason)
    return (failure.code, failure.detail if isinstance(failure, OtherFailure) else failure.name)
