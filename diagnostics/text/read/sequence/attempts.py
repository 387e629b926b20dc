"""Find the success of a later attempt at a failed call: a counted or announced attempt, or the same line again."""

from __future__ import annotations

import re

from diagnostics.failure_details import Sequel
from diagnostics.text.read.layout.log_lines import grave, speaker
from diagnostics.text.read.sequence.lines_and_commands import DOUBTED, FAILS, Paste, quote
from diagnostics.text.read.sequence.reported_successes import reports_success
from diagnostics.text.read.sequence.success_rows import OTHERWISE
from iam.lazy_pattern import regex

_NUMBERED = regex(
    r"\b(?P<what>attempt|try|retry|run|build|pull|push|deploy(?:ment)?|execution|invocation|sync|poll)"
    r"(?:[ _-]?(?:#|no\.? ?|nr\.? ?))?[ _-]?(?P<number>\d{1,5})\b",
    re.IGNORECASE,
)
_RUNS = (
    r"(?:r[ua]n(?:ning)?|tr(?:y|ies|ied|ying)|apply(?:ing)?|applies|applied|deploy(?:s|ed|ing)?|push(?:ed|ing)?"
    r"|pull(?:ed|ing)?|sync(?:ed|ing)?|call(?:ed|ing)?|execute[ds]?|executing|launch(?:ed|ing)?|invoke[ds]?|invoking)"
)
TRIES_AGAIN = regex(
    rf"\bre-?{_RUNS}\b|\bretries\b|\battempt \d|\bback(?:ing)?[- ]?off\b|\bsleep(?:ing)? \d"
    rf"|(?<!and )(?<!then )(?<!please )(?<!to )\b{_RUNS}(?: [\w']+){{0,3}} "
    r"(?:again|once more|a (?:second|third) time)\b"
    r"|\b(?:next|second|2nd|third|3rd) (?:try|attempt|run|apply|deploy(?:ment)?|pull|push)\b",
    re.IGNORECASE,
)
"""Words that mean that a call is being retried, by a program or by the author."""
OTHERWISE_DONE = regex(OTHERWISE, re.IGNORECASE)
WELL = (
    r"(?:OK|(?i:success|successful|successfully|succeeded|passed|done|worked|complete|completed|synced|healthy)|✓|✅)"
)
_DONE_WELL = regex(
    rf"(?:\b|(?<=[✓✅])|(?=[✓✅])){WELL}(?!\w)|\bStatus: (?:Downloaded|Image is up)|\bAssumedRoleId\b"
    r"|\bHTTP(?:/[\d.]+)? 20[0-6]\b|\b(?:status(?:[_ ]?code)?|http\.status_code)\W{1,3}20[0-6]\b"
    r"|\b20[0-6] (?:OK|Created|Accepted)\b"
)
_AT_ONCE = regex(
    r"\W{0,3}(?:(?:20\d\d-\d\d-\d\d[T ])?\d\d:\d\d:\d\d[.,\dZ]*\W{0,3})?(?:\[?(?:INFO|DEBUG|NOTICE)\]?\W{0,3})?"
    + r"(?:(?:OK|(?i:success|successful|successfully|succeeded)|✓|✅)(?!\w)|[A-Z][a-z]+(?:Succeeded|Completed)\b)"
)
_JSON_ANSWER = regex(r"[^\w{]{0,4}\{\s*\"(?!error|message|__type|code)", re.IGNORECASE)
_APPLIED = regex(r"\bApply complete!")
"""Terraform's report that a run is complete, which it does not print if a creation fails."""
_FARTHEST = 8
"""The maximum number of lines between a failure and the result of the next attempt."""


def by_attempt(paste: Paste, at: int) -> Sequel | None:
    """Return the result of a later attempt, if the lines count attempts or say that the program tries again."""
    tried = _NUMBERED.search(paste.lines[at])
    said_by = speaker(paste.lines[at])
    again = says_again = TRIES_AGAIN.search(paste.lines[at]) is not None
    answer, made = _answer_of(paste.lines[at]), _name_made(paste, at)
    for number in range(at + 1, min(at + 1 + 4 * _FARTHEST, len(paste.lines))):
        line = paste.lines[number]
        if says_again and number <= at + _FARTHEST and not paste.fails(number) and reports_success(paste, at, number):
            return Sequel(succeeded=quote(line))
        if paste.fails(number) or DOUBTED.search(line) or OTHERWISE_DONE.search(line):
            if grave(line) or number in paste.prompts:
                return None
            continue
        counted = _NUMBERED.search(line)
        if tried and counted and counted["what"].lower() == tried["what"].lower():
            well = _DONE_WELL.search(line) or _JSON_ANSWER.match(line, counted.end())
            if int(counted["number"]) > int(tried["number"]) and well:
                return Sequel(succeeded=quote(line))
            continue
        if said_by and speaker(line) not in ("", said_by):
            continue
        if TRIES_AGAIN.search(line) and not _DONE_WELL.search(line):
            again = True
            continue
        if again and number <= at + _FARTHEST:
            if (answer is not None and answer.search(line)) or (made is not None and made.search(line)):
                return Sequel(succeeded=quote(line))
            if _APPLIED.search(line):
                return Sequel(succeeded=quote(line))
            if _AT_ONCE.match(line) or (TRIES_AGAIN.search(line) and _DONE_WELL.search(line)):
                return Sequel(succeeded=quote(line))
            if number in paste.prompts or grave(line):
                return None
    return None


_CALLED = regex(r"\bwhen calling the (?:Create|Update|Put|Register|Start)(?P<thing>[A-Z]\w{3,60}) operation\b")


def _answer_of(line: str) -> re.Pattern[str] | None:
    """Return a pattern for the failed operation's output, in which the created resource has an ARN.

    None if the line names no operation that creates something.
    """
    called = _CALLED.search(line)
    return re.compile(rf'"{called["thing"]}Arn"\s*:\s*"arn:') if called else None


_CREATES = regex(
    r"\baws [\w-]+ (?:create|update|put|register|start)-[\w-]+ [^\n]*?--[\w-]*name[ =](?P<name>[\w.-]{3,100})"
)


def _name_made(paste: Paste, at: int) -> re.Pattern[str] | None:
    """Return a pattern for the output of the command before the failure: it contains the name that the command gives.

    None if the command gives no name.
    """
    command = next((line for line in reversed(paste.lines[max(0, at - 4) : at]) if _CREATES.search(line)), "")
    given = _CREATES.search(command)
    return re.compile(rf'"\w*Name"\s*:\s*"{re.escape(given["name"])}"') if given else None


_SAME_AGAIN = regex(
    r"\b(?:the )?same (?:command|call|one|thing|step)?(?: (?:run|tried))? (?:again|once more|later)\W{0,3}\s*"
    r"(?:->|=>|→|:|,)\s*(?:ok(?:ay)?|successful|success|succeeded|works?|worked|fine|done|no error)\b(?![^\n]*\?)",
    re.IGNORECASE,
)
_ELSEWHERE = regex(r"(?i:profile|region)\b|\b(?:from|on|with|as|in|by) (?!the same)")


def by_same_again(paste: Paste, at: int) -> Sequel | None:
    """Return the author's line that says that the same command worked when run again, before any other failure."""
    for line in paste.lines[at + 1 :]:
        if _SAME_AGAIN.search(line) and not DOUBTED.search(line) and not _ELSEWHERE.search(line):
            return Sequel(succeeded=quote(line))
        if FAILS.search(line):
            return None
    return None


_TIME_FIRST = regex(r"^[^\w\n]{0,3}(?:\d{4}-\d\d-\d\d[T ]?)?(?:\d\d:\d\d(?::\d\d)?[.,\d]*Z?)?[^\w\n]{0,3}")
_RESULT = regex(
    r"\s*(?:\.{2,}|[:…|>=\[(-])[\s.:…|>=\[(-]*"
    r"(?:\b(?:FAIL|FAILED|FAILURE)\b|✗|✖|❌|[A-Z]\w*(?:Exception|Denied\w*|Error)\b|An error occurred)"
    r"|\s{2,}(?:[A-Z]\w*(?:Exception|Denied|Error)|InvalidClientTokenId|UnrecognizedClient\w*)\b"
)
_WENT_WELL = regex(
    r"[\s.:…|>=\[(-]*(?:ok|done|success|successful|successfully|succeeded|pass(?:ed)?|completed?|✓|✅|✔️?)"
    r"[\s\])]*(?:\(?(?:in |after )?[\d.,:]+ ?(?:ms|s|sec\w*|m|min\w*)\)?)?[\s.]*$"
    r"|\s{2,}arn:[\w-]+:(?:iam|sts)::\d{12}:\S+$",
    re.IGNORECASE,
)
_SHORTEST_LABEL = 8


def by_label(paste: Paste, at: int) -> Sequel | None:
    """Return a later line that begins like the failure's line, but has a success in place of the failure."""
    line = _TIME_FIRST.sub("", paste.lines[at], count=1)
    result = _RESULT.search(line)
    label = line[: result.start()].strip() if result is not None else ""
    if len(label) < _SHORTEST_LABEL or " " not in label or FAILS.search(label):
        return None
    well = [
        number
        for number, each in enumerate(paste.lines)
        if label in each
        and (said := _TIME_FIRST.sub("", each, count=1)).startswith(label)
        and _WENT_WELL.match(said, len(label)) is not None
    ]
    # One before the failure: the same words are of one thing after another.
    return Sequel(succeeded=quote(paste.lines[well[0]])) if well and well[0] > at else None


_FAILED = regex(
    r"\b(?P<call>[A-Z][a-z]+[A-Z]\w{2,40}|[a-z]{3,20}[ _-]?[Rr]ole)\W{0,3}(?: call| request)? (?:has )?failed\b"
)


def by_named_call(paste: Paste, at: int) -> Sequel | None:
    """Return the line that reports a later success of the failed call.

    It must be the last line about that call, and must not name a different resource.
    """
    failed = _FAILED.search(paste.lines[at])
    later = [line for line in paste.lines[at + 1 :] if failed is not None and failed["call"] in line]
    if failed is None or not later:
        return None
    well = re.search(rf"\b{re.escape(failed['call'])}{_SUCCEEDED}", later[-1], re.IGNORECASE)
    named = set(_ARN.findall(later[-1])) - set(_ARN.findall(paste.lines[at]))
    return Sequel(succeeded=quote(later[-1])) if well is not None and not named else None


_SUCCEEDED = r"\W{0,3}(?: call| request)? (?:has )?(?:succeeded|(?:was )?successful|worked)\b"
_ARN = regex(r"\barn:[\w-]+:\S+[\w*/]")


_SHORTEST_THING = 4
_STAMP = regex(r"^\W*(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d)?[.,\d]*(?:Z|[+-]\d\d:?\d\d)?\W{0,3}")
_PROCESS = regex(r"\[\d+\](?=:)")
_ANSWER = regex(r"(?:^|: )\{\s*\"(?!error|(?:message|__type|code)\")", re.IGNORECASE)


def by_repeated_line(paste: Paste, at: int, thing: str | None) -> Sequel | None:
    """Return the success that follows when the program repeats the line that it wrote right before the failure.

    The line must name ``thing``, which the failure is about, because a step's line may be repeated for many things.
    """
    said_by = speaker(paste.lines[at])
    before = next((line for line in reversed(paste.lines[max(0, at - 2) : at]) if speaker(line) == said_by), "")
    name = re.split(r"[:/]", thing or "")[-1]
    if not said_by or len(name) < _SHORTEST_THING or name not in before or FAILS.search(before):
        return None
    begun = _without_stamp(before)
    own = [number for number in range(at + 1, len(paste.lines)) if speaker(paste.lines[number]) == said_by]
    again = next((number for number in own if _without_stamp(paste.lines[number]) == begun), len(paste.lines))
    later = [number for number in own if number > again]
    if any(paste.fails(each) or grave(paste.lines[each]) or OTHERWISE_DONE.search(paste.lines[each]) for each in later):
        return None
    good = (paste.lines[each] for each in later if _is_good(paste.lines[each]))
    return next((Sequel(succeeded=quote(line)) for line in good), None)


def _without_stamp(line: str) -> str:
    return _PROCESS.sub("", _STAMP.sub("", line, count=1))


def _is_good(line: str) -> bool:
    """Whether a line is the response to a call, or reports that something ended well."""
    return (
        not (DOUBTED.search(line) or _NOTHING_DONE.search(line))
        and (_ANSWER.search(line) or _DONE_WELL.search(line)) is not None
    )


_NOTHING_DONE = regex(r"\bdry[- _]?run\b|\bskip|\b(?:0|no|nothing) ?[a-z]* [a-z]+ed\b", re.IGNORECASE)
_EXIT = regex(r"\bexit(?:ed)?(?: with)?(?: status| code)?[ :=]+(?P<status>\d{1,3})\s*$")


_OTHERWISE_TRIED = regex(rf"{OTHERWISE}|{_NOTHING_DONE.pattern}", re.IGNORECASE)


def by_exit(paste: Paste, at: int) -> Sequel | None:
    """Return the line that says that the program, after a retry, ended with status 0; None if there is no such line."""
    exits = [
        (number, speaker(line), found["status"])
        for number, line in enumerate(paste.lines)
        if number > at and (found := _EXIT.search(line)) is not None
    ]
    if len(exits) < 2 or exits[0][0] > at + _FARTHEST or exits[0][2] == "0":
        return None
    end, said_by, status = exits[-1]
    between = paste.lines[exits[0][0] + 1 : end]
    good = bool(said_by) and said_by == exits[0][1] and status == "0"
    if not good or not any(map(TRIES_AGAIN.search, between)) or any(map(_OTHERWISE_TRIED.search, between)):
        return None
    return None if any(FAILS.search(each) or grave(each) for each in between) else Sequel(quote(paste.lines[end]))
