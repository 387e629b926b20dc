"""Return the common causes of any failure, from its text alone."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.claims.kinds import Quotes
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict, Denial, Failure
from diagnostics.text.answer.placeholders import filled
from diagnostics.text.causes.build_causes import affirmed
from diagnostics.text.causes.made_checks import without_made_checks
from iam.lazy_pattern import regex
from iam.regions import other_partition_region


def first_look(failure: Failure) -> tuple[FirstLook, ...]:
    """Return the common causes, most frequent first; empty if there are none, or if the call succeeded later.

    Also empty if the call works with another profile. ARNs in the causes' examples get the partition of the text.
    """
    sequel = failure.sequel
    if sequel is not None and (sequel.over or sequel.overcome or sequel.profile):
        return ()
    found = _of_kind(failure)
    looks = tuple(look for look in found if not _is_set(look, failure.text)) or found
    looks = without_made_checks(looks, failure)
    looks = tuple(replace(look, check=filled(look.check, failure.text)) if look.check else look for look in looks)
    partition = _partition(failure)
    if partition == "aws":
        return looks
    return tuple(replace(look, cause=look.cause.replace("arn:aws:", f"arn:{partition}:")) for look in looks)


# A setting that a cause asks for: "permissions: id-token: write", "force_detach_policies = true".
_SETTING = regex(r"\b(?P<name>[A-Za-z][\w.-]{3,40})(?: = |: )(?P<value>true|false|write|operator|regional)\b")


def _is_set(look: FirstLook, text: str) -> bool:
    """Whether the text already has the setting that the cause asks for, and the cause does not quote that setting."""
    quoted = " ".join(claim.words for claim in look.because.claims if isinstance(claim, Quotes))
    asked = (each for each in _SETTING.finditer(look.cause) if each["name"] not in quoted)
    return any(
        affirmed(text, rf"(?<![\w-]){re.escape(each['name'])}[\"']?\s*[:=]\s*[\"']?{each['value']}\b") for each in asked
    )


def _partition(failure: Failure) -> str:
    """Return the partition of the failed request.

    It is the partition of the request's own ARNs, or else the only partition in the text. If the text has several, it
    is the partition of the text's Region.
    """
    if isinstance(failure, Denial):
        for arn in (failure.resource, failure.principal):
            if found := _PARTITION.match(arn or ""):
                return found[1]
    elif callers := {found[1] for found in _CALLER_PARTITION.finditer(failure.text)}:
        return callers.pop() if len(callers) == 1 else "aws"
    spoken = {found[1] for found in _PARTITION.finditer(failure.text)}
    if len(spoken) == 1:
        return spoken.pop()
    region = other_partition_region(failure.text)
    named = "aws" if region is None else "aws-us-gov" if region.startswith("us-gov") else "aws-cn"
    return named if not spoken or named in spoken else "aws"


# A caller is in the partition of its request, whatever ARNs a document in the same text has.
_CALLER_PARTITION = regex(r"\barn:(aws(?:-[a-z]+)*):sts::\d{12}:assumed-role/")
_PARTITION = regex(r"\barn:(aws(?:-[a-z]+)*):")


def _of_kind(failure: Failure) -> tuple[FirstLook, ...]:
    match failure:
        case Denial():
            from diagnostics.text.causes.denials.table import first_look as of_denial

            return of_denial(failure)
        case Conflict():
            from diagnostics.text.causes.conflicts.table import first_look as of_conflict

            return of_conflict(failure)
        case _:
            from diagnostics.text.causes.not_denied.table import first_look as of_other

            return of_other(failure)
