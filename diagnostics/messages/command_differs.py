"""A command of a paste that names another account, or a slightly other name, than the refusal beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from diagnostics.failure import Denial
from iam.arn import Arn
from iam.lazy_pattern import regex

_LONGEST = 20_000
_COMMAND = regex(
    r"(?:^|[\s$#>])aws(?:\.exe)?[ \t]+(?:-\S+[ =]\S+[ \t]+)*[a-z0-9-]+[ \t]+[a-z0-9-]+(?P<options>[^\n]{0,4000})",
    re.MULTILINE,
)
_ARN_WORD = regex(r"arn:[\w-]+:[\w-]+:[^\s\"'`,;]*")
_BUCKET_WORD = regex(r"s3://(?P<uri>[a-z0-9][\w.-]{2,62})|--bucket[ =][\"']?(?P<option>[a-z0-9][\w.-]{2,62})")
_ALIKE = 0.8
"""How like each other two names are that may be one, mistyped (`difflib.SequenceMatcher`)."""


@dataclass(frozen=True, slots=True)
class Differ:
    """``named`` is what the command names, ``refused`` what the refusal is about: ARNs, or two buckets' names."""

    named: str
    refused: str

    @property
    def sentence(self) -> str:
        return f"Command and message do not agree: the command names {self.named}, the refusal is about {self.refused}."


def command_differs(denial: Denial) -> Differ | None:
    """Return in what the commands of the text and the refusal differ; None where one of the commands names the same.

    A wholly different name is none: a call may be refused something that its command does not name.
    """
    target = Arn.parse(denial.resource or "")
    if target is None or "aws" not in denial.text:
        return None
    text = re.sub(r"[\\`^][ \t]*\r?\n[ \t]*", " ", denial.text[:_LONGEST])
    options = "\n".join(found["options"] for found in _COMMAND.finditer(text))
    if target.service == "s3" and not target.account:
        refused = target.resource.partition("/")[0]
        named = [found["uri"] or found["option"] for found in _BUCKET_WORD.finditer(options)]
    else:
        refused = str(target)
        named = [found[0] for found in _ARN_WORD.finditer(options)]
    if refused in named:
        return None
    other = next((each for each in named if _may_be_one(each, refused)), None)
    return Differ(other, refused) if other is not None else None


def _may_be_one(named: str, refused: str) -> bool:
    """Whether both may have been meant to be one: the same name in another account, or two names nearly alike."""
    ours, theirs = Arn.parse(named), Arn.parse(refused)
    if ours is not None and theirs is not None:
        if (ours.service, ours.type) != (theirs.service, theirs.type):
            return False
        if ours.account != theirs.account:
            return ours.name == theirs.name
        named, refused = ours.name, theirs.name
    return SequenceMatcher(None, named, refused).ratio() >= _ALIKE
