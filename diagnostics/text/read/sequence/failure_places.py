"""Find where a text states a failure, and how it names the resource of the failure."""

from __future__ import annotations

import re

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.layout.log_lines import speaker
from diagnostics.text.read.sequence.lines_and_commands import Paste
from iam.arn import Arn
from iam.lazy_pattern import regex


def last_line(failure: Failure, paste: Paste) -> int | None:
    """Return the number of the last line that states the failure; None if no single line does."""
    wanted = marks_of(failure)
    if isinstance(failure, Denial) and not wanted:
        said = " ".join(failure.text.split())
        return next((each for each in reversed(paste.failing) if " ".join(paste.lines[each].split()) in said), None)
    if isinstance(failure, OtherFailure) and failure.code and (said_by := speaker(failure.detail or "")):
        code = failure.code.lower()
        own = (each for each in reversed(paste.failing) if code in paste.lines[each].lower())
        return next((each for each in own if speaker(paste.lines[each]) == said_by), None)
    if isinstance(failure, Conflict):
        pairs = [(number, line.lower()) for number, line in enumerate(paste.lines)]
    else:
        stated = (failure.code or "") if isinstance(failure, Denial) else ""
        pairs = [
            (number, near)
            for number, near in zip(paste.failing, paste.near, strict=True)
            if not _states_another(paste.lines[number], stated)
        ]
    if isinstance(failure, OtherFailure) and not failure.code and (at := _line_of_detail(failure, paste)) is not None:
        return at
    commands = set(paste.prompts)
    if isinstance(failure, OtherFailure) and failure.code and failure.operation:
        whole = (failure.code.lower(), failure.operation.lower())
        both = (
            number for number in reversed(paste.failing) if all(mark in paste.lines[number].lower() for mark in whole)
        )
        if (at := next((number for number in both if number not in commands), None)) is not None:
            return at
    # A code says less than an action or a name: it is looked for where those are in no line.
    groups = (wanted[:1], wanted) if isinstance(failure, Denial) else (wanted,)
    # A line that has the words itself comes before one that only has them near it, such as in a question about it.
    own_lines = [(number, paste.lines[number].lower()) for number, _ in pairs]
    found = next(
        (
            number
            for group in groups
            for searched in (own_lines, pairs)
            for number, near in reversed(searched)
            if any(mark in near for mark in group) and number not in commands
        ),
        None,
    )
    if found is None and isinstance(failure, OtherFailure) and failure.trouble is Trouble.CREDENTIALS:
        return next((each for each in reversed(paste.failing) if _OF_CREDENTIALS.search(paste.lines[each])), None)
    return found


# AWS CLI and boto3; AWS SDK for Go 2.
_CODE = regex(r"\bAn error occurred \([\w.]+\) when calling|\bStatusCode: \d+, [^\n]*?\b[A-Z]\w+: ")


def _states_another(line: str, code: str) -> bool:
    """Whether a line states an error with another code: the same operation may fail for another reason later."""
    return bool(code) and code not in line and _CODE.search(line) is not None


def _line_of_detail(failure: OtherFailure, paste: Paste) -> int | None:
    """Return the last line with which the failure's quote begins; it may state a failure without a word in `FAILS`."""
    said = " ".join((failure.detail or "").split())
    lines = ((number, " ".join(paste.lines[number].split())) for number in range(len(paste.lines) - 1, -1, -1))
    begins = (number for number, line in lines if len(line) >= _SHORTEST_LINE and _begins(line, said))
    return next(begins, None) if said else None


def _begins(line: str, said: str) -> bool:
    return said.startswith(line) or said[:_LONGEST_QUOTE] in line


_SHORTEST_LINE = 12
_LONGEST_QUOTE = 60
_OF_CREDENTIALS = regex(r"no basic auth|security token|credential|expired|InvalidClientTokenId", re.IGNORECASE)


def marks_of(failure: Failure) -> list[str]:
    """Return the words with which the text states the failure, in lower case, at most two."""
    marks: list[str | None] = [failure.code, failure.operation]
    if isinstance(failure, Denial):
        marks = [failure.action, failure.operation, failure.code]
        if failure.claims_trust:  # the service's sentence names the role, and no action
            marks = [failure.resource or " assume", failure.operation, *marks]
    elif isinstance(failure, Conflict):
        marks = [failure.name, failure.code]
    else:
        marks += [failure.detail[:60] if failure.detail else None]
    if isinstance(failure, Denial) and not any(marks[1:]) and failure.resource:
        marks.append(failure.resource)
    return [mark.lower() for mark in marks if mark][:2]


SHORTEST_NAME = 5


def thing_of(failure: Failure) -> str | None:
    """Return the name that a log uses for a denial's resource: long enough to be unambiguous; None if there is none."""
    resource = failure.resource if isinstance(failure, Denial) else None
    arn = Arn.parse(resource or "")
    if arn is None:
        return resource if resource and len(resource) >= SHORTEST_NAME else None
    names = (arn.resource.partition("/")[2] or arn.name, arn.resource)
    return next((name for name in names if len(name) >= SHORTEST_NAME), None)
