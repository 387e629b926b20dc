"""The first look at any failure, from its text alone."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict, Denial, Failure
from iam.lazy_pattern import regex
from iam.regions import other_partition_region


def first_look(failure: Failure) -> tuple[FirstLook, ...]:
    """The usual causes of such a failure, most usual first; none where nothing is usual.

    The ARNs that they give as examples are those of the text's partition.
    """
    looks = _of_kind(failure)
    partition = _partition(failure)
    if partition == "aws":
        return looks
    return tuple(replace(look, cause=look.cause.replace("arn:aws:", f"arn:{partition}:")) for look in looks)


def _partition(failure: Failure) -> str:
    """The partition of the failed request: that of its own ARNs, else the only one that the text speaks of."""
    if isinstance(failure, Denial):
        for arn in (failure.resource, failure.principal):
            if found := _PARTITION.match(arn or ""):
                return found[1]
    spoken = {found[1] for found in _PARTITION.finditer(failure.text)}
    if len(spoken) == 1:
        return spoken.pop()
    region = other_partition_region(failure.text) if not spoken else None
    return "aws" if region is None else "aws-us-gov" if region.startswith("us-gov") else "aws-cn"


_PARTITION = regex(r"\barn:(aws(?:-[a-z]+)*):")


def _of_kind(failure: Failure) -> tuple[FirstLook, ...]:
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
