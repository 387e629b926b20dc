"""The failures of a paste in the order in which they matter: what stopped the program first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.failure import Failure, OtherFailure, Sequel, Trouble
from diagnostics.messages.sequence.asides import is_over, with_asides
from diagnostics.messages.sequence.causes import Causes
from diagnostics.messages.sequence.later import what_came_after
from diagnostics.messages.sequence.paste import Paste

_MOST_FAILURES = 50


def in_sequence(failures: Sequence[Failure], text: str) -> tuple[Failure, ...]:
    """The failures of a paste, each with what came after it or before it."""
    if "\n" not in text.strip() or all(_is_of_another_system(each) for each in failures):
        return tuple(failures)
    paste, causes = Paste(text), Causes()
    found = []
    for index, failure in enumerate(failures):
        after = what_came_after(failure, paste, alone=len(failures) == 1) if index < _MOST_FAILURES else None
        caused_by = causes.of(failure)
        if caused_by:
            after = replace(after or Sequel(), caused_by=caused_by)
        found.append(replace(failure, sequel=after) if after else failure)
    found = with_asides(found, paste) if len(found) <= _MOST_FAILURES else found
    if len(found) > 1:
        found = [_overcome(each) for each in found]
    return tuple(sorted(found, key=_later))  # what was overcome comes last


def _overcome(failure: Failure) -> Failure:
    """The failure, beside others; one whose call worked in another way is no longer the one to explain."""
    if failure.sequel is None or not failure.sequel.otherwise:
        return failure
    return replace(failure, sequel=replace(failure.sequel, overcome=True))


def _is_of_another_system(failure: Failure) -> bool:
    return isinstance(failure, OtherFailure) and failure.trouble is Trouble.NOT_IAM


def _later(failure: Failure) -> int:
    """What stopped the program comes first, then what it went on after, then what was overcome."""
    if is_over(failure):
        return 2
    sequel = failure.sequel
    return 1 if sequel is not None and (sequel.aside or sequel.overcome) else 0
