"""The first look at any failure, from its text alone."""

from __future__ import annotations

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict, Denial, Failure


def first_look(failure: Failure) -> tuple[FirstLook, ...]:
    """The usual causes of such a failure, most usual first; none where nothing is usual."""
    match failure:
        case Denial():
            from diagnostics.first_look.denials.table import first_look as of_denial

            return of_denial(failure)
        case Conflict():
            from diagnostics.first_look.conflicts import first_look as of_conflict

            return of_conflict(failure)
        case _:
            from diagnostics.first_look.others import first_look as of_other

            return of_other(failure)
