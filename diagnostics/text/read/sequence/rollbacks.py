"""Find the failures of a stack's rollback: they come after the failure that started it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.failure import Denial, Failure
from diagnostics.failure_details import Sequel
from diagnostics.text.read.sequence.failure_places import last_line
from diagnostics.text.read.sequence.lines_and_commands import Paste
from iam.lazy_pattern import regex

# AWS CloudFormation User Guide, "View stack events": a resource's status codes. A resource that fails to be created or
# updated starts the rollback, and the rollback deletes (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html).
_STARTS = regex(r"\b(?:CREATE|UPDATE)_FAILED\b")
_ROLLS_BACK = regex(r"\b(?:DELETE_FAILED|ROLLBACK_FAILED)\b")


def with_rollbacks(found: Sequence[Failure], paste: Paste) -> list[Failure]:
    """Return the failures; one denied in a rollback also records the action whose denial started the rollback."""
    lines = [_line(each, paste) for each in found]
    starts = [
        each.action
        for each, line in zip(found, lines, strict=True)
        if isinstance(each, Denial) and each.action and _STARTS.search(line)
    ]
    return [
        replace(each, sequel=Sequel(rolled_back=starts[0]))
        if starts and each.sequel is None and isinstance(each, Denial) and _ROLLS_BACK.search(line)
        else each
        for each, line in zip(found, lines, strict=True)
    ]


def in_order_of_time(found: Sequence[Failure], paste: Paste) -> Sequence[Failure]:
    """Return the failures, the oldest first, if the text lists its newest lines first and has a line of each one."""
    places = [last_line(each, paste) for each in found] if paste.newest_first and len(found) > 1 else [None]
    if any(each is None for each in places):
        return found
    return [each for _, each in sorted(zip(places, found, strict=True), key=lambda pair: pair[0] or 0)]


def _line(failure: Failure, paste: Paste) -> str:
    at = last_line(failure, paste)
    return "" if at is None else paste.lines[at]
