"""A paste as a sequence: which failure succeeded later, and which one only follows from another.

A paste is cut into acts: a command at a prompt, its answer, a line by which a program reports success. A failure whose
call succeeds further down says that it did; where a clean-up call fails after another failure, it names that failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Sequel, Trouble
from diagnostics.messages.text_time import TextTime, time_of_text
from iam.lazy_pattern import regex

_LONGEST = 400_000
_MOST_LINES = 12_000
_MOST_FAILURES = 50


class ActKind(StrEnum):
    """What an act is."""

    COMMAND = "command"
    ANSWER = "answer"
    SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class Act:
    """A part of a paste. ``speaker`` is the program; ``line`` is the number of its first line, from 0."""

    kind: ActKind
    text: str
    line: int
    speaker: str = ""
    at: TextTime | None = None
    account: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class _Success:
    """How a program reports success, and by what a failure of the same program is known."""

    speaker: str
    failed: re.Pattern[str]
    succeeded: re.Pattern[str]


def _success(speaker: str, failed: str, succeeded: str) -> _Success:
    return _Success(speaker, regex(failed, re.IGNORECASE), regex(succeeded))


_SUCCESSES = (
    _success("Terraform", r"\bError:|terraform|╷|│", r"\b(?:Apply|Destroy) complete! Resources:[^\n]*"),
    _success("CDK", r"_FAILED|❌|\bcdk\b|deploy", r"✅ +[\w-]+[^\n]*"),
    _success(
        "CloudFormation",
        r"(?:CREATE|UPDATE|DELETE)_FAILED|ROLLBACK|failed to create/update",
        r"Successfully created/updated stack[^\n]*"
        r"|(?:CREATE|UPDATE)_COMPLETE\s+\|?\s*AWS::CloudFormation::Stack\b[^\n]*",
    ),
    _success(
        "configure-aws-credentials",
        r"Could not assume role|configure-aws-credentials",
        r"Authenticated as assumedRoleId \S+",
    ),
    _success("docker", r"docker|\.dkr\.|denied: ", r"\bLogin Succeeded\b"),
    _success("kubelet", r"failed to pull|ErrImagePull|ImagePullBackOff", r"Successfully pulled image[^\n]*"),
    _success("External Secrets", r"SecretSyncedError|external-?secrets", r"\bSecretSynced\b|secret synced"),
    _success("Serverless", r"serverless|\bsls\b", r"Service deployed to stack[^\n]*"),
    _success("Pulumi", r"pulumi|\berror:", r"\bUpdate succeeded\b|Resources:\s*\n\s*[+~] \d+ (?:created|updated)"),
    _success("retry", r"retr(?:y|ying)|attempt", r"[^\n]{0,60}(?:succeeded (?:after|on)|retry succeeded)[^\n]{0,60}"),
)
_PROMPT = regex(
    r"^(?:[^\n$#>%]{0,60}[$#>%]|\+{1,2}|##\[command\]|Run) +(?P<command>(?:\w+=\S+ +)*[a-z][\w./-]* [^\n]+)$"
)
_FAILS = regex(
    r"error occurred|not authori[sz]ed|access ?denied|unauthorized|forbidden|\berror\b|exception|_FAILED|expired"
    r"|invalid|unable to|could not",
    re.IGNORECASE,
)
_ANSI = regex(r"\x1b\[[0-9;?]*[A-Za-z]")
_CHOICE = regex(r"\s--(?:profile|region|debug|output|no-cli-pager)(?:[ =][^\s-]\S*)?")
_PROFILE = regex(r"--profile[ =](\S+)|\bAWS_PROFILE=(\S+)")
_ACCOUNT = regex(r"(?<!\d)(\d{12})(?!\d)")
_REGION = regex(r"--region[ =]([a-z]{2}(?:-[a-z]+)+-\d)|\bAWS_(?:DEFAULT_)?REGION=([a-z]{2}(?:-[a-z]+)+-\d)")

_CHOSEN = (("profile", _PROFILE), ("region", _REGION))


def acts(text: str) -> tuple[Act, ...]:
    """The acts of a paste, in order: commands at a prompt, their answers, and reports of success."""
    lines = _lines(text)
    found: list[Act] = []
    answer: list[str] = []
    begin, speaker = 0, ""
    for number, line in enumerate(lines):
        prompt = _PROMPT.match(line)
        success = None if prompt else next((each for each in _SUCCESSES if each.succeeded.search(line)), None)
        if prompt is None and success is None:
            begin = begin if answer else number
            answer.append(line)
            continue
        found += _answer(answer, begin, speaker)
        answer = []
        if prompt is not None:
            speaker = re.sub(r"^(?:\w+=\S+\s+)*", "", prompt["command"]).split()[0]
            found.append(_act(ActKind.COMMAND, prompt["command"], number, speaker))
        elif success is not None:
            found.append(_act(ActKind.SUCCESS, line.strip(), number, success.speaker))
    found += _answer(answer, begin, speaker)
    return tuple(found)


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\[ \t]*\r?\n[ \t]*", " ", _ANSI.sub("", text[:_LONGEST]))
    return [line.rstrip("\r") for line in joined.split("\n")[:_MOST_LINES]]


def _answer(lines: list[str], begin: int, speaker: str) -> Iterator[Act]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield _act(ActKind.ANSWER, text, begin, speaker)


def _act(kind: ActKind, text: str, line: int, speaker: str) -> Act:
    accounts = set(_ACCOUNT.findall(text))
    region = _REGION.search(text)
    return Act(
        kind,
        text,
        line,
        speaker,
        time_of_text(text) if kind is not ActKind.ANSWER else None,
        accounts.pop() if len(accounts) == 1 else None,
        (region[1] or region[2]) if region else None,
    )


def in_sequence(failures: Sequence[Failure], text: str) -> tuple[Failure, ...]:
    """The failures of a paste, each with what came after it or before it."""
    if "\n" not in text.strip() or all(isinstance(each, OtherFailure) and each.detail for each in failures):
        return tuple(failures)
    lines = _lines(text)
    tells = any(_PROMPT.match(line) for line in lines) or any(row.succeeded.search(text) for row in _SUCCESSES)
    failing = [number for number, line in enumerate(lines) if _FAILS.search(line)] if tells else []
    found = []
    for index, failure in enumerate(failures):
        asked = tells and index < _MOST_FAILURES
        succeeded, otherwise = _succeeded(failure, lines, failing) if asked else ("", "")
        caused = _cause(failure, failures[:index], text)
        told = Sequel(succeeded, otherwise, caused) if succeeded or caused else None
        found.append(replace(failure, sequel=told) if told else failure)
    return tuple(found)


def _succeeded(failure: Failure, lines: list[str], failing: list[int]) -> tuple[str, str]:
    """The words by which the paste tells that what failed succeeded later, and in what that call was another one."""
    at = _last_line(failure, lines, failing)
    if at is None:
        return "", ""
    if said := _by_report(lines, at):
        return said, ""
    return _by_command(lines, at)


def _last_line(failure: Failure, lines: list[str], failing: list[int]) -> int | None:
    """The number of the last line that states the failure; None where no single line does."""
    marks: list[str | None] = [failure.code, failure.operation]
    if isinstance(failure, Denial):
        marks = [failure.action, failure.operation, failure.code]
    elif isinstance(failure, Conflict):
        marks = [failure.name, failure.code]
    else:
        marks += [failure.detail[:60] if failure.detail else None]
    wanted = [mark.lower() for mark in marks if mark]
    numbers = range(len(lines)) if isinstance(failure, Conflict) else failing
    for number in reversed(numbers):
        near = " ".join(lines[number : number + 3]).lower()
        if any(mark in near for mark in wanted[:2]) and _PROMPT.match(lines[number]) is None:
            return number
    return None


def _by_report(lines: list[str], at: int) -> str:
    """A success that the same program reports after the last failure, with no failure of its own in between."""
    around = "\n".join(lines[max(0, at - 12) : at + 4])
    for row in _SUCCESSES:
        if not row.failed.search(around):
            continue
        later = "\n".join(lines[at + 1 :])
        if (found := row.succeeded.search(later)) and not _FAILS.search(later[found.end() :]):
            return " ".join(found[0].split())[:96]
    return ""


def _by_command(lines: list[str], at: int) -> tuple[str, str]:
    """The same command of the AWS CLI further down, whose answer is no failure."""
    begin = next((number for number in range(at, max(-1, at - 40), -1) if _PROMPT.match(lines[number])), None)
    if begin is None or not (failed := _command(lines[begin])).startswith("aws "):
        return "", ""
    for number in range(at + 1, len(lines)):
        if _PROMPT.match(lines[number]) is None or _command(lines[number]) != failed:
            continue
        end = next((later for later in range(number + 1, len(lines)) if _PROMPT.match(lines[later])), len(lines))
        answer = "\n".join(lines[number + 1 : end])
        ended = end < len(lines) or answer.strip()
        if ended and not _FAILS.search(answer):
            shown = _PROMPT.match(lines[number])
            otherwise = next(
                (name for name, said in _CHOSEN if _said(said, lines[begin]) != _said(said, lines[number])), ""
            )
            return " ".join((shown["command"] if shown else "").split())[:96], otherwise
    return "", ""


def _said(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    return next(filter(None, found.groups()), "") if found else ""


def _command(line: str) -> str:
    """The command of a prompt's line without what chooses identity, Region and output."""
    found = _PROMPT.match(line)
    plain = re.sub(r"^(?:\w+=\S+\s+)*", "", found["command"]) if found else ""
    return " ".join(_CHOICE.sub("", f" {plain}").split())


# What follows from another failure.

_MAKES = regex(
    r"^[\w-]+:(?:Create|Put|Run|Attach|Register|Start|Add|Update|Modify|Request|Upload|Associate)", re.IGNORECASE
)
_CLEANS = regex(
    r"^[\w-]+:(?:Delete|Detach|Remove|Terminate|Deregister|Release|Revoke|Disassociate|Abort|Stop|Cancel)",
    re.IGNORECASE,
)
_ROLLS_BACK = regex(r"roll(?:ing|ed)?[ _-]?back|clean(?:ing)?[ _-]?up|deleting|teardown|destroy", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _FollowUp:
    """An action that programs call after another one failed; ``page`` says so."""

    action: str
    after: str
    page: str


_FOLLOW_UPS = (
    _FollowUp(
        "ssm:terminatesession",
        r"ssm:.*",
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-troubleshooting.html",
    ),
    _FollowUp(
        "s3:abortmultipartupload",
        r"s3:putobject|s3:createmultipartupload|kms:.*",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html",
    ),
    _FollowUp(
        "logs:(?:createlogstream|putlogevents)",
        r"logs:createloggroup",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    ),
    _FollowUp(
        "cloudformation:(?:describestacks|describestackevents|gettemplate|deletechangeset)",
        r"(?!cloudformation:describe).*",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html",
    ),
)


def _cause(failure: Failure, before: Sequence[Failure], text: str) -> str:
    """The action of the earlier failure from which this one follows; empty where it stands by itself."""
    denials = [each for each in before if isinstance(each, Denial) and each.action]
    if isinstance(failure, OtherFailure):
        assumed = next((each for each in denials if (each.action or "").lower().startswith("sts:assumerole")), None)
        return (assumed.action or "") if assumed and failure.trouble is Trouble.CREDENTIALS else ""
    if not isinstance(failure, Denial) or not failure.action:
        return ""
    action = failure.action
    for row in _FOLLOW_UPS:
        if re.fullmatch(row.action, action, re.IGNORECASE):
            earlier = [each for each in denials if re.fullmatch(row.after, each.action or "", re.IGNORECASE)]
            if own := [each for each in earlier if _same(each, failure)]:
                return own[-1].action or ""
    if _CLEANS.match(action) and _ROLLS_BACK.search(text):
        service = action.partition(":")[0].lower()
        made = [each for each in denials if _MAKES.match(each.action or "")]
        same = [each for each in made if (each.action or "").lower().startswith(f"{service}:")]
        return (same or made)[0].action or "" if made else ""
    return ""


def _same(one: Denial, other: Denial) -> bool:
    """Whether both may have been refused to one identity, whatever its session."""
    if not one.principal or not other.principal:
        return True
    return _identity(one.principal) == _identity(other.principal)


def _identity(principal: str) -> str:
    return principal.rpartition("/")[0] if ":assumed-role/" in principal else principal
