"""Split a text into lines and find its commands, reports of success and CloudTrail events."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from diagnostics.text.read.layout.log_lines import oldest_first
from diagnostics.text.read.layout.shell import PROMPT
from diagnostics.text.read.messages.cmdlets import CMDLET
from diagnostics.text.read.sequence.success_rows import SUCCESSES
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_LONGEST = 400_000
_MOST_LINES = 12_000
_LONGEST_LINE = 2_000
_MOST_TRIES = 200
"""The maximum number of positions at which the start of a JSON document is looked for."""
RETRIES = regex(
    r"\bretry(?:ing)?\b|\bretries\b|\battempt \d|\bwill (?:be )?(?:retried|retry|try again)\b|Proceeding anyway"
    r"|level=(?:debug|warn(?:ing)?)\b|\[?\b(?:DEBUG|WARN(?:ING)?)\b",
)
"""Words that programs print with a failure that does not end them."""
_PROMPT = regex(
    rf"^(?:{PROMPT}|(?:\+{{1,2}}|##\[command\]|Run) +)"
    rf"(?P<command>(?:\w+=\S+ +)*[a-z][\w./-]* [^\n]+|exit|logout|{CMDLET}(?: [^\n]*)?)$"
)
# What Python and IPython print before a line of input.
_INPUT = regex(r"^(?:>>> |In \[\d+\]: )(?P<command>\S[^\n]{5,})$")
FAILS = regex(
    r"error occurred(?! \(DryRunOperation\))|not authori[sz]ed|access ?denied"
    r"|unauthorized|forbidden|\berror\b|exception|_FAILED|expired"
    r"|invalid|unable to|could not|no basic auth|toomanyrequests",
    re.IGNORECASE,
)
_ZERO = regex(
    r"(?:access[ _-]?denied|denied|unauthori[sz]ed\w*|forbidden|denials?|refused)(?:Exception|Error)?"
    r"(?:(?!\b(?:cause|message|detail|reason)s?\b)[^\n\d]){0,40}(?:\d+\s?(?:h|hours?|d|days?|m|min\w*)\b[^\n\d]{0,10})?[:=]\s*(?:0\b(?!\.)|none\b|\[\])"
    r"|\b(?:AccessDenied|denied|unauthorized|forbidden|denials|refused)(?:Exception|Error)?[ \t|]{1,20}0(?![\w.:/-])"
    r"|\b(?:0|no|zero|without(?: any)?)\s+(?:[\w-]+\s+){0,2}"
    r"(?:access[ _-]?denied|denied|unauthori[sz]ed|forbidden|denials?|refused)\w*"
    r"|\b(?:errors?|failed|failures?)\s*[:=]\s*0\b(?!\.)|\b(?:0|zero) (?:errors?|failed|failures?)\b(?!\s*[=:])",
    re.IGNORECASE,
)


def without_zero(line: str) -> str:
    """Return the line without the denials and failures that it reports as zero ("0 errors")."""
    return _ZERO.sub(" ", line)


_ANSI = regex(r"\x1b\[[0-9;?]*[A-Za-z]")
# AWS CLI User Guide, "Command line options", and AWS Tools for PowerShell User Guide, "Specify AWS Regions" and "Using
# AWS credentials": -Region and -ProfileName of every cmdlet
# (https://docs.aws.amazon.com/powershell/v5/userguide/pstools-installing-specifying-region.html).
_CHOICE = regex(
    r"\s--(?:profile|region|debug|output|query|no-cli-pager)(?:[ =][^\s-]\S*)?|\s-(?:Region|ProfileName) \S+"
)
CHOSEN = (
    ("profile", regex(r"--profile[ =](\S+)|\bAWS_PROFILE=(\S+)|\s-ProfileName (\S+)")),
    (
        "region",
        regex(
            rf"--region[ =]({REGION_NAME})|\bAWS_(?:DEFAULT_)?REGION=({REGION_NAME})|\s-Region [\"']?({REGION_NAME})"
        ),
    ),
)
_ELSEWHERE = regex(
    r"(?:cd|pushd|export|set|unset|source|kubectx|aws sso|aws configure|\S+ (?:workspace|stack) select"
    r"|exit|logout|ssh|su|sudo (?:-\w+ )*su|(?:docker|podman|kubectl|nerdctl)(?: \S+)* (?:exec|run|attach)"
    r"|aws ssm start-session|aws ecs execute-command)\b"
)
"""Commands after which a repeated command may mean something else: another folder, machine, user, or credentials."""


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\[ \t]*\r?\n[ \t]*", " ", _ANSI.sub("", text[:_LONGEST]))
    return [line.rstrip("\r")[:_LONGEST_LINE] for line in joined.split("\n")[:_MOST_LINES]]


@dataclass(frozen=True, slots=True)
class _Event:
    """A CloudTrail event. ``time`` is as written (ISO 8601), ``caller`` an ARN or ""; ``mfa``: the session has MFA."""

    operation: str
    time: str
    caller: str
    failed: bool
    mfa: bool


def _events(text: str) -> list[_Event]:
    """Return the events of a text that is CloudTrail's JSON: a list, an object with Records, or one object per line."""
    if '"eventName"' not in text or len(text) > _LONGEST:
        return []
    found: list[_Event] = []
    decoder, at, tries = json.JSONDecoder(), 0, 0
    while (
        tries < _MOST_TRIES
        and (start := min((place for mark in "[{" if (place := text.find(mark, at)) >= 0), default=-1)) >= 0
    ):
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            at, tries = start + 1, tries + 1
            continue
        rows = value.get("Records", [value]) if isinstance(value, dict) else value
        found += [event for row in rows if isinstance(row, dict) and (event := _event(row)) is not None]
    return found


def _event(row: dict[str, object]) -> _Event | None:
    operation, time, identity = row.get("eventName"), row.get("eventTime"), row.get("userIdentity")
    if not isinstance(operation, str) or not isinstance(time, str):
        return None
    caller = identity.get("arn") if isinstance(identity, dict) else None
    mfa = _WITH_MFA.search(json.dumps([identity, row.get("requestParameters")])) is not None
    return _Event(operation, time, caller if isinstance(caller, str) else "", bool(row.get("errorCode")), mfa)


# STS API reference, AssumeRole: SerialNumber; CloudTrail User Guide, "CloudTrail userIdentity element":
# mfaAuthenticated (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
_WITH_MFA = regex(r"\"serialNumber\": \"[^\"]|\"mfaAuthenticated\": \"?true")


@dataclass(frozen=True, slots=True)
class Command:
    """A command at a prompt. ``plain`` is the command without options for identity, Region and output.

    ``host`` is the first name in its prompt, such as ``ana@build-1``; "" if the prompt has none.
    """

    line: int
    said: str
    plain: str
    host: str = ""


def _commands(lines: Sequence[str]) -> list[Command]:
    """Return the commands at prompts, and lines without a prompt that repeat one of them, such as the first line."""
    found = {
        number: Command(number, at["command"], _plain(at["command"]), _host(line[: at.start("command")]))
        for number, line in enumerate(lines)
        if (at := _PROMPT.match(line) or _INPUT.match(line))
    }
    typed = {each.said: each for each in found.values()}
    for number, line in enumerate(lines if typed else ()):
        if number not in found and (same := typed.get(line.strip())) is not None:
            found[number] = Command(number, same.said, same.plain)
    return [found[number] for number in sorted(found)]


EXPORTS = regex(r"(?:export|set)\b")


class Paste:
    """The lines of a text, with its commands, its reports of success and its failing lines, each found once."""

    def __init__(self, text: str) -> None:
        lines = _lines(text)
        self.lines = oldest_first(lines)
        self.newest_first = self.lines is not lines
        self.commands = _commands(self.lines)
        self.prompts = [each.line for each in self.commands]
        self.reports = [
            (number, row, found)
            for number, line in enumerate(self.lines)
            for row in SUCCESSES
            if (found := row.succeeded.search(line))
        ]
        self.retries = any(RETRIES.search(line) for line in self.lines)
        self.failing = [number for number, line in enumerate(self.lines) if FAILS.search(line)]
        self.events = _events(text)
        self.near = [" ".join(self.lines[number : number + 3]).lower() for number in self.failing]

    def fails(self, line: int) -> bool:
        return FAILS.search(self.lines[line]) is not None

    def command_before(self, line: int) -> Command | None:
        index = bisect_right(self.prompts, line) - 1
        return self.commands[index] if index >= 0 else None

    def choices(self, command: Command) -> dict[str, str]:
        """Return the profile and the Region that a command names, or that were exported before it."""
        exported = (each.said for each in self.commands if each.line < command.line and EXPORTS.match(each.said))
        before = " ".join(exported)
        return {name: _said(by, command.said) or _last_said(by, before) for name, by in CHOSEN}

    def elsewhere(self, begin: int, end: int) -> bool:
        """Return whether a command between two others may have changed the folder or credentials of the second."""
        return any(begin < each.line < end and _ELSEWHERE.match(each.said) for each in self.commands)

    def answer(self, command: Command) -> str:
        end = bisect_right(self.prompts, command.line)
        return "\n".join(self.lines[command.line + 1 : self.prompts[end] if end < len(self.prompts) else None])


# In a chat, the name of who pasted it is after the time and before the prompt.
_HOST = regex(
    r"(?P<user>[\w.-]+@[\w.-]+)|^(?:[\[(]?\d\d?:\d\d(?::\d\d)?[\])]?\s+)?[\[(\s]{0,2}(?!PS\b|C:|(?:ba|z|k|fi)?sh-?\d)"
    r"(?P<name>[A-Za-z][\w.-]+)(?=[\s:\]]*[$#>%\]:])"
)


def _host(prompt: str) -> str:
    """Return the user and host in a shell prompt, or else the first name in the prompt; "" if there is no name."""
    found = _HOST.search(prompt)
    return (found["user"] or found["name"]) if found is not None else ""


def on_other_hosts(one: Command, other: Command) -> bool:
    """Whether the prompts of two commands name different users or hosts."""
    return bool(one.host and other.host) and one.host != other.host


def _plain(command: str) -> str:
    without = re.sub(r"^(?:\w+=\S+\s+)*", "", command)
    return " ".join(_CHOICE.sub("", f" {without}").split())


def _last_said(pattern: re.Pattern[str], text: str) -> str:
    found = [next(filter(None, each.groups()), "") for each in pattern.finditer(text)]
    return found[-1] if found else ""


def _said(pattern: re.Pattern[str], line: str) -> str:
    found = pattern.search(line)
    return next(filter(None, found.groups()), "") if found else ""


def quote(line: str) -> str:
    """Return the beginning of a line, for quoting in an answer; a mark such as "[taken out]" is not cut."""
    begin = " ".join(line.split())[:96]
    at = begin.rfind("[")
    return begin[:at].rstrip() if at > 0 and "[taken out".startswith(begin[at:]) else begin


DOUBTED = regex(r"\b(?:not|never|n['’]t|but|would|should|if|until|used to|expected|before)\b", re.IGNORECASE)
"""Words that turn a report of success into a wish, a question or the past."""
