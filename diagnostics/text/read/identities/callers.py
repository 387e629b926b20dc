"""Find the caller that a text names outside its error message: after a label, or in get-caller-identity's output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from iam.lazy_pattern import regex

_LONGEST = 20_000
CALLER_ARN = r"arn:[\w-]+:(?:sts::\d{12}:assumed-role/[\w+=,.@/-]+|iam::\d{12}:(?:user/[\w+=,.@/-]+|root\b))"
# "User" and "Caller" in the languages of AWS's console.
_LABEL = (
    r"(?:user|caller|principal|identity|called (?:by|as)|benutzer|aufrufer|usuario|usu\u00e1rio|utilisateur|utente"
    r"|me|who ?am ?i|running as|run(?:s|ning)? by|ich|moi|yo"
    r"|pengguna|kullan\u0131c\u0131|\u30e6\u30fc\u30b6\u30fc|\u7528\u6237|\u4f7f\u7528\u8005|\uc0ac\uc6a9\uc790)"
)
_LABELLED = regex(
    rf"^[^\w\n]{{0,20}}{_LABEL}[ \t]*(?:[:\uff1a=]|[-=]>|is)[ \t]*[\"']?(?P<arn>{CALLER_ARN})[\"'>]*[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
# What a person copies of CloudTrail's record of the call: "userIdentity.arn = arn:aws:sts::…".
_OF_A_RECORD = regex(rf"\buserIdentity[. ]+arn\b[\"']?[ \t]*[:=][ \t]*[\"']?(?P<arn>{CALLER_ARN})")
_IDENTITY = regex(r"\b(?:sts[ \t]+get-caller-identity|Get-STSCallerIdentity)\b[^\n]*\n")
# Its output where the command itself was not pasted: JSON, or the columns of --output text.
_OUTPUT = regex(
    r"\"UserId\"\s*:\s*\"[^\"]+\"\s*,\s*\"Account\"\s*:\s*\"\d{12}\"\s*,\s*\"Arn\"\s*:\s*\"(?P<arn>arn:[^\"]+)\""
    r"|^\d{12}[ \t]+(?P<plain>arn:[\w-]+:(?:sts|iam)::\d{12}:\S+)[ \t]+A[A-Z0-9]{15,}",
    re.MULTILINE,
)
# The output of boto3's call in Python's prompt: the ARN alone, or the answer as a dictionary.
_PYTHON = regex(
    r"\.get_caller_identity\(\)[^\n]*\n(?:[^\n>]*?[\"']Arn[\"']\s*:\s*|)[\"'](?P<arn>arn:[\w-]+:(?:sts|iam)::\d{12}:[^\"'\s]+)[\"']"
)
_PROMPT_LINE = regex(
    r"^[^\n]{0,80}[$#%>\u276f] +[a-z]|An error occurred|\bUser: arn:|is not authorized to perform", re.MULTILINE
)
_ARN = regex(CALLER_ARN)
_PROFILE = regex(r"(?<![\w-])--profile[ =](\S+)")
_AWS_LINE = regex(r"(?:^|[\s$#>])aws(?:\.exe)?[ \t]+(?!sso\b|configure\b)[^\n]+", re.MULTILINE)
# Between two calls other credentials may have been taken.
_CHANGES = regex(r"\b(?:export|unset|set)[ \t]+AWS_|\bassume-role\b|\baws-vault\b|\bsudo[ \t]+-?[iu]\b|\$env:AWS_")


def caller_in(text: str) -> str | None:
    """Return the caller named by a label (``Caller: …``) or by the output of `aws sts get-caller-identity`.

    None unless exactly one is named.
    """
    text = text[:_LONGEST]
    if "arn:" not in text:
        return None
    labelled = {found["arn"] for rule in (_LABELLED, _OF_A_RECORD) for found in rule.finditer(text)}
    if labelled:
        return labelled.pop() if len(labelled) == 1 else None
    if "get-caller-identity" not in text or _CHANGES.search(text):
        return None
    profiles = {tuple(_PROFILE.findall(line)) for line in _other_than_looks(text)}
    if other_profile(text) or _by_own_settings(text) or _works_by_hand(text):
        return None
    answers = set(answered_identities(text))
    return answers.pop() if len(answers) == 1 and len(profiles) == 1 else None


_WORKED_BY_HAND = regex(
    r"(?:^|[\s$#>])aws[ \t]+(?!sts\b)[a-z0-9-]+[ \t]+[a-z][^\n]*?[ \t](?:#|->|=>|\u2192)[^\n]{0,20}"
    r"\b(?:works?|worked|ok|fine|succeed\w*)\b",
    re.MULTILINE,
)


def _works_by_hand(text: str) -> bool:
    """Whether the AWS CLI's own call works with the shown identity, and another program fails, perhaps with another."""
    return _WORKED_BY_HAND.search(text) is not None and _OF_THE_CLI.search(text) is None


# AWS CLI's commands that show a resource, with whatever profile may do that.
_LOOKS = regex(r"aws(?:\.exe)?[ \t]+[a-z0-9-]+[ \t]+(?:describe|get|list)-(?!caller-identity)")


def _other_than_looks(text: str) -> Iterator[str]:
    """Yield the command lines of the AWS CLI, without those that somebody ran to show a resource and that worked."""
    lines = list(_AWS_LINE.finditer(text))
    ends = (each.start() for each in lines[1:])
    for line, end in zip(lines, (*ends, len(text)), strict=False):
        if not _LOOKS.search(line[0]) or _OF_THE_CLI.search(text, line.end(), end):
            yield line[0]


def _by_own_settings(text: str) -> bool:
    """Whether a program other than the AWS CLI failed, and its own settings name a profile or keys."""
    from diagnostics.text.read.identities.tool_settings import tool_setting

    own = tool_setting(text)
    if own is None:
        return False
    asked = _IDENTITY.search(text)
    return not (own.profile and asked and re.search(rf"--profile[ =]{re.escape(own.profile)}\b", asked[0]))


# The AWS CLI's and boto3's own form of a refusal.
_OF_THE_CLI = regex(r"An error occurred \(|botocore\.errorfactory|aws: \[ERROR\]")


def other_profile(text: str) -> str:
    """Return the profile of `aws sts get-caller-identity --profile` if the denied call was not made by the AWS CLI.

    Another program finds credentials by itself, so that output may name another caller. "" if the text also gives the
    profile elsewhere.
    """
    asked = _IDENTITY.search(text)
    named = _PROFILE.search(asked[0]) if asked else None
    if named is None or _OF_THE_CLI.search(text):
        return ""
    return "" if re.search(rf"\b{re.escape(named[1])}(?![\w.-])", _AWS_LINE.sub("", text)) else named[1]


def answered_identities(text: str) -> tuple[str, ...]:
    """Return the ARNs in outputs of `aws sts get-caller-identity`, in order, each output once."""
    if "arn:" not in text:
        return ()
    found = {
        each.start("arn" if each["arn"] else "plain"): each["arn"] or each["plain"] for each in _OUTPUT.finditer(text)
    }
    found |= {each.start("arn"): each["arn"] for each in _PYTHON.finditer(text)}
    for command in _IDENTITY.finditer(text):
        if answer := _answered(text[command.end() : command.end() + 600]):
            found.setdefault(text.find(answer, command.end()), answer)
    return tuple(found[at] for at in sorted(found))


def _answered(lines: str) -> str | None:
    """Return the ARN in a command's output, which ends at the next prompt; None if there is none."""
    end = _PROMPT_LINE.search(lines)
    found = _ARN.search(lines[: end.start()] if end else lines)
    return found[0] if found else None
