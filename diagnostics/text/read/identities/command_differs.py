"""Find a command that names another account, or a slightly different name, than the denial after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.text.near_pairs.similarity import slip
from diagnostics.text.read.layout.shell import PROMPT
from iam.api_operations import action_for
from iam.arn import Arn, service_of
from iam.lazy_pattern import regex
from iam.services import iam_prefix

_LONGEST = 20_000
_COMMAND = regex(
    r"(?:^|[\s$#>])aws(?:\.exe)?[ \t]+(?:-\S+[ =]\S+[ \t]+){0,6}(?P<service>[a-z0-9-]+)[ \t]+(?P<operation>[a-z0-9-]+)"
    r"(?P<options>[^\n]{0,4000})",
    re.MULTILINE,
)
_PROMPT = regex(rf"^{PROMPT}[\w./]", re.MULTILINE)
_REFUSAL = regex(r"not authori[sz]ed|Access ?Denied|Unauthorized\w*|error occurred|Forbidden", re.IGNORECASE)
_ARN_WORD = regex(r"arn:[\w-]+:[\w-]+:[^\s\"'`,;$]*(?![^\s\"'`,;])")
_BUCKET_WORD = regex(r"s3://(?P<uri>[a-z0-9][\w.-]{2,62})|--bucket[ =][\"']?(?P<option>[a-z0-9][\w.-]{2,62})")
_VARIABLE = regex(r"\$\{?\w|<\w+>|%\w+%")


@dataclass(frozen=True, slots=True)
class Differ:
    """What the command names (``named``) and what the denial is about (``refused``): two ARNs, or two bucket names."""

    named: str
    refused: str

    @property
    def sentence(self) -> str:
        return f"Command and message do not agree: the command names {self.named}, the refusal is about {self.refused}."


def command_differs(denial: Denial) -> Differ | None:
    """Return how the denial and the command right before it differ; None if the command names the same resource.

    None also for a completely different name, because a call may be denied on a resource that its command does not
    name, and for a command of another operation, which belongs to another run.
    """
    target = Arn.parse(denial.resource or "")
    if target is None or "aws" not in denial.text:
        return None
    text = re.sub(r"[\\`^][ \t]*\r?\n[ \t]*", " ", denial.text[:_LONGEST])
    options = _options(text, denial)
    if options is None:
        return None
    if target.service == "s3" and not target.account:
        refused = target.resource.partition("/")[0]
        named = [found["uri"] or found["option"] for found in _BUCKET_WORD.finditer(options)]
    else:
        refused = str(target)
        named = [found[0] for found in _ARN_WORD.finditer(options)]
    if refused in named or any(map(_VARIABLE.search, named)):
        return None
    other = next((each for each in named if _may_be_one(each, refused)), None)
    return Differ(other, refused) if other is not None else None


def _options(text: str, denial: Denial) -> str | None:
    """Return the options of the last command that caused the denial and has its operation; None if there is none."""
    marks = [mark for mark in (denial.action, denial.resource) if mark]
    found = list(_COMMAND.finditer(text))
    ends = sorted((*(each.start() for each in found), *(each.start() for each in _PROMPT.finditer(text)), len(text)))
    for command in reversed(found):
        answer = text[command.end() : next(end for end in ends if end >= command.end())]
        if _REFUSAL.search(answer) and any(mark in answer for mark in marks):
            return command["options"] if _calls(command, denial.action) else None
    return None


def _calls(command: re.Match[str], action: str | None) -> bool:
    """Return whether the command may call the action."""
    if action is None:
        return True
    service = {"s3api": "s3"}.get(command["service"]) or iam_prefix(command["service"]) or command["service"]
    if service != service_of(action):
        return False
    called = action_for("".join(part.capitalize() for part in command["operation"].split("-")), service)
    return called is None or called.lower() == action.lower() or command["service"] == "s3"


def _may_be_one(named: str, refused: str) -> bool:
    """Return whether two ARNs may mean the same resource: one name in two accounts, or two similar names."""
    ours, theirs = Arn.parse(named), Arn.parse(refused)
    if ours is not None and theirs is not None:
        if (ours.service, ours.type) != (theirs.service, theirs.type):
            return False
        if ours.account != theirs.account:
            return ours.name == theirs.name
        named, refused = ours.name, theirs.name
    return bool(slip(named, refused, parts=True))
