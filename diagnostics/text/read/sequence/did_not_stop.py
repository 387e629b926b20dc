"""Find failures that did not stop the program: the program continued, or its run succeeded."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial, Failure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.layout.log_lines import aside, continues, grave, speaker, stops_program
from diagnostics.text.read.sequence.failure_places import last_line, marks_of
from diagnostics.text.read.sequence.lines_and_commands import DOUBTED, FAILS, Paste, quote, without_zero
from diagnostics.text.read.sequence.set_apart import set_apart
from iam.lazy_pattern import regex


def is_over(failure: Failure) -> bool:
    """Return whether the same call, made in the same way, succeeded later."""
    return failure.sequel is not None and failure.sequel.over


def with_asides(found: list[Failure], paste: Paste) -> list[Failure]:
    """Return the failures with what the text says about the program after each.

    The program continued, or succeeded nevertheless.
    """
    places = [last_line(each, paste) for each in found]
    strangers, remarked = _of_other_programs(places, paste), set_apart(found, places, paste)
    ended, applied = _ended(paste), _ended(paste, _APPLIED)
    stops = [
        number
        for number, line in enumerate(paste.lines)
        if grave(line) and not _GIVES_UP.search(line) and not _SWALLOWED.match(line)
    ]
    out: list[Failure] = []
    for index, (failure, at) in enumerate(zip(found, places, strict=True)):
        if (
            (at is None and index not in remarked)
            or is_over(failure)
            or (failure.sequel is not None and failure.sequel.caused_by)
        ):
            out.append(failure)
            continue
        sequel = failure.sequel or Sequel()
        if at is None or index in remarked:
            out.append(
                replace(
                    failure,
                    sequel=replace(sequel, aside=remarked[index].words, stated=True, earlier=remarked[index].earlier),
                )
            )
            continue
        line = paste.lines[at]
        if index in strangers:
            made_by, stopped = strangers[index]
            out.append(replace(failure, sequel=replace(sequel, made_by=made_by, stopped=stopped)))
            continue
        others = [
            place
            for other, place in enumerate(places)
            if other != index and place is not None and not is_over(found[other])
        ]
        if any(each is not failure and each.sequel and each.sequel.caused_by == _action(failure) for each in found):
            out.append(failure)  # what fails later follows from it, although the program went on
            continue
        swallowed = _swallowed(failure, paste, at)
        later = any(each > at and grave(paste.lines[each]) for each in others)
        only_warned = bool(swallowed) or (aside(line) and (later or not _RETRY.search(line)))
        went_on = (swallowed or continues(line)) if only_warned else ""
        if went_on and any(not aside(paste.lines[each]) for each in others):
            sequel = replace(sequel, aside=went_on)
        elif only_warned and any(each != at and _stopped(each, paste) for each in others):
            remark = _REMARKED.search(line)
            sequel = replace(sequel, aside=remark["said"] if remark else quote(line))
        elif isinstance(failure, Denial) and (
            stop := (
                _stop([each for each in stops if each > at], failure, places, paste)
                if went_on
                else ""
                if others
                else _of_the_last_step(paste, at)
            )
        ):
            sequel = replace(sequel, stopped_by=stop)
        elif isinstance(failure, Denial) and not others and (answer := _answered_by_another(paste, at)):
            sequel = replace(sequel, stopped_by=answer)
        elif emptied := _emptied(paste, at):
            sequel = replace(sequel, emptied=emptied)
        elif (end := _end(paste, at, applied if applied is not None and aside(line) else ended)) is not None:
            sequel = replace(sequel, ended=quote(paste.lines[end]))
        out.append(replace(failure, sequel=sequel) if sequel != Sequel() else failure)
    return out


def _action(failure: Failure) -> str | None:
    return failure.action if isinstance(failure, Denial) else failure.operation


_REMARKED = regex(r"\((?P<said>[a-z][a-z' -]{5,60})\)\s*$")
"""Text that a program adds to its warning: "(drift badge hidden)"."""


_ANSWERED = regex(
    r"\b(?P<by>[A-Za-z][\w-]{1,40})\[\d+\]:?\s[^\n]*?\b(?:GET|POST|PUT|PATCH|DELETE) /\S*\W{1,5}(?P<status>40[13])\b"
    r"[^\n{]*\{\s*\"(?:error|message|reason|detail)\"\s*:\s*\""
    r"(?!access ?denied|forbidden|unauthori[sz]ed|[^\"]*(?:arn:|authoriz))"
    r"[^\"\n]{3,60}\"",
    re.IGNORECASE,
)
_PROCESS = regex(r"\b(?P<by>[A-Za-z][\w-]{1,40})\[\d+\]")


def _answered_by_another(paste: Paste, at: int) -> str:
    """Return the line in which a program other than the refused one answers a request with its own error; else "".

    The text must also mention that error's status outside program output, for example in the author's question.
    """
    refused = _PROCESS.search(paste.lines[at])
    for line in paste.lines if refused is not None else ():
        found = _ANSWERED.search(line)
        if found is None or refused is None or found["by"] == refused["by"]:
            continue
        status = found["status"]
        if any(re.search(rf"\b{status}s?\b", each) and not _PROCESS.search(each) for each in paste.lines):
            return quote(line)
    return ""


def _of_other_programs(places: list[int | None], paste: Paste) -> dict[int, tuple[str, str]]:
    """Return the failures, by index, of a program other than the one that ended, with both programs' names."""
    said_by = [speaker(paste.lines[at]) if at is not None else "" for at in places]
    ended = {speaker(line) for line in paste.lines if stops_program(line)} - {""}
    if len(ended) != 1 or not ended.intersection(said_by):
        return {}
    (stopped,) = ended
    return {
        index: (_program(each), _program(stopped)) for index, each in enumerate(said_by) if each and each != stopped
    }


def _program(said_by: str) -> str:
    """Return the program in a speaker's name, without host and process."""
    return re.sub(r"[\[(].*", "", said_by.rpartition(" ")[2])


def with_what_fails_now(found: list[Failure], paste: Paste) -> list[Failure]:
    """Return the failures; one that is over gets the first line after its success in which something else fails.

    If the text has a failure that is not over, that failure leads, and the others only say that they are over.
    """
    over = [(each, last_line(each, paste)) for each in found if each.sequel is not None and each.sequel.succeeded]
    if not over:
        return found
    if any(_is_present(each) for each in found):
        return [
            replace(each, sequel=replace(each.sequel, overcome=True))
            if each.sequel is not None and each.sequel.succeeded
            else each
            for each in found
        ]
    past = {
        number
        for each, at in over
        for number in range((at if at is not None else -1) + 1)
        if any(mark in paste.lines[number].lower() for mark in marks_of(each))
    }
    past |= {at for _, at in over if at is not None}
    ended = max(filter(None, (_ended(paste), _ended(paste, _APPLIED))), default=0)
    failing = [
        number
        for number, line in enumerate(paste.lines)
        if number > ended and number not in past and _FAILS_NOW.search(line) and not _ASKS.search(line.strip())
    ]
    succeeded = [each for each, _ in over]
    return [_with_the_first_of(failing, each, paste) if each in succeeded else each for each in found]


def _is_present(failure: Failure) -> bool:
    """Whether nothing in the text says that the failure is over, or that another failure is to be explained instead."""
    sequel = failure.sequel
    return sequel is None or not (sequel.succeeded or sequel.beside or sequel.ended)


def _with_the_first_of(failing: list[int], failure: Failure, paste: Paste) -> Failure:
    """Return the failure that is over, with the first of the ``failing`` lines after the success that ended it."""
    sequel = failure.sequel or Sequel()
    worked = [number for number, line in enumerate(paste.lines) if sequel.succeeded in " ".join(line.split())]
    now = next((number for number in failing if worked and number > worked[-1]), None)
    if now is None:
        return failure
    return replace(failure, sequel=replace(sequel, now=" ".join(paste.lines[now].split())[:_LONGEST_NOW]))


_LONGEST_NOW = 200
"""The maximum number of characters quoted from a line; it is large because the reason is at the end of the line."""
_PROGRAMS = r"^\W{0,3}(?:curl: \(\d{1,2}\) |psql: error: |ssh: |fatal: |rsync: |npm ERR! |docker: Error )"
_OF_A_PROGRAM = regex(_PROGRAMS)
_FAILS_NOW = regex(
    rf"\bAn error occurred \((?!DryRunOperation\))|\b(?:FATAL|CRITICAL|ERROR) |(?:^|\s)Error: \S|{_PROGRAMS}"
    r"|Exception: FATAL: \S|(?:^|\s)panic: \S|(?:^|\s)E {2,}\w*(?:Error|Exception)\b|\bERROR: \S"
    r"|(?:^|\s)(?:--- )?FAIL:? \S*[./]\S|\bis forbidden: User \""
    r"|(?i:\b(?:liveness|readiness|startup) probe failed:"
    r"|\bhealth checks? failed\b)"
)


# Ansible, "Ignoring failed commands"; a traced shell writes "+ true" for "|| true".
_SWALLOWED = regex(r"\s*(?:\.\.\.ignoring|\+ (?:true|:)|\W{0,3}continue-on-error: true\W{0,3})\s*$")
_EXIT_OF_A_STEP = regex(r"\W{0,10}(?:error\W{0,3})?Process completed with exit code \d+\.?\s*$", re.IGNORECASE)


# Bash Reference Manual, "Lists of Commands".
_OR_TRUE = regex(r"\|\| *(?:true|:|exit 0)\s*(?:;|$)")


def _swallowed(failure: Failure, paste: Paste, at: int) -> str:
    """Return the line right after a failure that says that the program ignores the failure; "" if there is none.

    If the failed command itself says that its failure does not matter (``|| true``), that part of the command is
    returned.
    """
    command = paste.command_before(at)
    if isinstance(failure, Denial) and command is not None and (ignores := _OR_TRUE.search(command.said)):
        return ignores[0].strip()
    after = (line for line in paste.lines[at + 1 :] if line.strip() and not _EXIT_OF_A_STEP.match(line))
    following = next(after, "")
    return following.strip() if _SWALLOWED.match(following) else ""


_STEP = regex(r"\+ (?!(?:exit|cleanup|trap|rm|echo|return)\b)\S")


def _of_the_last_step(paste: Paste, at: int) -> str:
    """Return the line of another program that failed later, in the last command of a traced shell (set -x).

    "" if the failed command's output was captured, because a later failure may be due to the missing output.
    """
    failed = next((line for line in reversed(paste.lines[:at]) if line.startswith("+")), "")
    steps = [number for number in range(at + 1, len(paste.lines)) if _STEP.match(paste.lines[number])]
    if not _STEP.match(failed) or not steps or any(paste.lines[each].startswith("+ exit") for each in paste.prompts):
        return ""
    last = (line for line in paste.lines[steps[-1] + 1 :] if _OF_A_PROGRAM.match(line))
    return quote(next(last, ""))


_CAPTURED = regex(r"\+{2,} \S")
_EMPTIED = regex(r"\+ (?:export )?(?P<name>[A-Za-z_]\w*)=(?:''|\"\")?\s*$")


def _emptied(paste: Paste, at: int) -> str:
    """Return the variable that a traced shell (set -x) leaves empty because the captured command failed."""
    before = [line for line in paste.lines[max(0, at - 4) : at] if line.startswith("+")]
    if not before or not _CAPTURED.match(before[-1]):
        return ""
    found = next((each for line in paste.lines[at + 1 : at + 4] if (each := _EMPTIED.match(line))), None)
    return found["name"] if found else ""


def _end(paste: Paste, at: int, end: int | None) -> int | None:
    """Return the line that reports a good end, if it follows the failure and no failure follows it; else None."""
    if end is None or at >= end or any(end < each for each in paste.failing):
        return None
    one, other = speaker(paste.lines[at]), speaker(paste.lines[end])
    of_another = bool(one and other) and one != other
    failed = any(_FAILED_EXIT.search(line) or stops_program(line) for line in paste.lines[at + 1 : end])
    lacks = any(_LACKS.search(line) for line in paste.lines[at + 1 :])
    return None if of_another or failed or lacks or _is_of_another_run(paste, at, end) else end


_NUMBERED = regex(r"\b(?P<what>[a-z]{3,20})[ #:]{1,3}(?P<number>\d{2,})\b", re.IGNORECASE)
"""Numbered runs in a line: "pipeline 90214", "run #4412"."""
_ABOVE = 2


def _is_of_another_run(paste: Paste, at: int, end: int) -> bool:
    """Whether the success belongs to another run.

    It does if it has a different number (of an attempt, a job) from the failure or the lines above the failure.
    """
    own = [each for line in paste.lines[max(0, at - _ABOVE) : at + 1] for each in _NUMBERED.finditer(line)]
    numbers = {each["what"].lower(): each["number"] for each in own}
    others = _NUMBERED.finditer(paste.lines[end])
    return any(numbers.get(each["what"].lower(), each["number"]) != each["number"] for each in others)


def _stopped(at: int, paste: Paste) -> bool:
    """Whether the line of a failure is grave, or is an error and the next line reports the end of the program."""
    follows = next((line for line in paste.lines[at + 1 :] if line.strip()), "")
    ends = _EXITS.search(follows) is not None and grave(follows)
    line = paste.lines[at]
    return grave(line) or (not aside(line) and (ends or _FAILED_STATE.search(line) is not None))


# AWS CloudFormation User Guide, "Stack status codes"; what the AWS CLI prints for a call that fails.
_FAILED_STATE = regex(
    r"\b(?:CREATE|UPDATE|DELETE|IMPORT)_FAILED\b|\bROLLBACK_\w+|\bAn error occurred \(\w+\) when calling"
)


_LACKS = regex(
    r"\b(?:finds?|found|has|have|gets?|got|sees?|is|are|was|were|lists?|produced|wrote|writes|uploaded|with) "
    r"(?:no|nothing|empty|missing|none)\b"
    r"(?! (?:errors?|failures?|warnings?|changes?|drift|more|longer|issues?|problems?)\b)"
    r"|\bno such\b|(?:is|are|was|were|does|did)(?: not|n['’]t) (?:there|exist|written|created|produced)\b"
    r"|\bnever (?:arrives?|arrived|appears?|appeared|written|created)\b",
    re.IGNORECASE,
)
"""Words that say that a step lacks something. A failure may then be the reason although the exit status is zero."""
_FAILED_EXIT = regex(r"\b(?:rc|exit(?:[ _-]?code|[ _-]?status)?)\s*[=:]\s*[1-9]\d{0,2}\b(?!\.)")
_GIVES_UP = regex(r"\b(?:giving up|gave up|retries|attempts)\b", re.IGNORECASE)
_RETRY = regex(r"\bretry|\bretries\b|\battempt \d|will try again", re.IGNORECASE)


def _stop(stops: list[int], failure: Failure, places: list[int | None], paste: Paste) -> str:
    """Return the last line that reports something severe and belongs to no recognized failure; "" if there is none."""
    marks = marks_of(failure)
    own = [
        each for each in stops if each not in places and not any(mark in paste.lines[each].lower() for mark in marks)
    ]
    said = [number for number, line in enumerate(paste.lines) if _OF_A_PROGRAM.match(line)] if own else []
    telling = [each for each in own if not _EXITS.search(paste.lines[each])] or said or own
    return quote(paste.lines[telling[-1]]) if telling else ""


_EXITS = regex(r"\bexit(?:ed|ing)?\b|\baborted\b", re.IGNORECASE)
_ENDED = regex(
    r"\b(?:rc|exit(?:[ _-]?code|[ _-]?status)?|errors|failed|failures|denied)\s*[=:]\s*0\b(?!\.)"
    r"|\bexit(?:ed|ing)?(?: with)?(?: status| code)?[ :=]+0\b|\b(?:0|no) errors\b(?!\s*[=:])"
    r"|\bBUILD (?:SUCCESSFUL|SUCCESS)\b|\bFinished: SUCCESS\b"
    r"|\bJob succeeded\b|\b(?:finished|completed|ended|deployed) successfully\b"
    r"|\b(?:state|status|result|phase)\W{1,4}(?:SUCCEEDED|SUCCESS|COMPLETED)\b"
    r"|\b(?:[Dd]eployment|[Pp]ipeline|[Bb]ackup|[Bb]uild|[Rr]un|[Jj]ob|[Ss]ync) (?:has )?"
    r"(?:succeeded|completed?|passed|finished ok)\b"
    r"|\bALARM\W{1,4}(?:-> ?|to )?OK\b|\bfrom ALARM to OK\b|\bExecutionSucceeded\b"
    r"|\b(?:listening on|ready to accept|[Ss]tarted \w+ in \d)",
)
_APPLIED = regex(r"\b(?:Apply|Destroy) complete!")
"""A Terraform run that succeeded. A warning before it belongs to that run; another denial may belong to another
run.
"""
_SOME_FAILED = regex(
    r"\b(?:errors?|failed|failures?|denied|rejected)[\"']?\s*[=:]\s*[1-9]"
    r"|\b[1-9]\d{0,5} (?:errors?|failed|failures?)\b(?!\s*[=:])",
    re.IGNORECASE,
)
"""Counts of failed parts in a summary."""
_OF_ANOTHER_RUN = regex(
    r"\b(?:same|other|another|previous|earlier|old|last) (?:\w+ )?(?:deployment|pipeline|backup|build|run|job|sync)\b"
    r"|\b(?:in|on|from|for|with) (?:all )?(?:our|the|my|their|another|every|each) (?:\w+ ){0,2}(?:accounts?|partitions?"
    r"|regions?|clusters?|environments?)\b|\bevery (?:day|night|week|time)\b|\belsewhere\b",
    re.IGNORECASE,
)
"""A run that the author compares with the one that failed: another place, time or account."""
_LAST_LINES = 4
_ASKS = regex(r"\?\s*$|^(?:is|are|do|does|did|should|can|why|what|which|who|how|so)\b", re.IGNORECASE)


def _ended(paste: Paste, words: re.Pattern[str] = _ENDED) -> int | None:
    """Return the line, among a program's last ones, that says that its run ended well; None if there is none."""
    if any(not each.plain.startswith("echo $?") for each in paste.commands[1:]):
        return None
    written = [number for number, line in enumerate(paste.lines) if line.strip() and not _ASKS.search(line.strip())]
    return next(
        (
            number
            for number in reversed(written[-_LAST_LINES:])
            if words.search(paste.lines[number])
            and not any(each.search(paste.lines[number]) for each in (DOUBTED, _SOME_FAILED, _OF_ANOTHER_RUN))
        ),
        None,
    )


_RECORDED = regex(r"\berror(?:Code|Message)\\?[\"']?\s*[:=]\s*\\?[\"']?(?!null\b|none\b)\w", re.IGNORECASE)
"""An error in CloudTrail's fields (CloudTrail User Guide, "CloudTrail record contents":
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html)."""


def reported_success(text: str) -> str:
    """Return the line in which the text reports success; "" if there is none, or if the text also reports a failure."""
    if _RECORDED.search(text):
        return ""
    paste = Paste(text)
    if any(FAILS.search(without_zero(line)) or grave(line) for line in paste.lines if not _ASKS.search(line.strip())):
        return ""
    ended = _ended(paste)
    if ended is not None:
        return quote(paste.lines[ended])
    reports = [found[0] for _, row, found in paste.reports if not (row.again or row.says_so)]
    return quote(reports[-1]) if reports else ""
