"""Put the text's own value in place of a placeholder in fixes and checks, if the text has exactly one such value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from diagnostics.diagnosis import CaseFile, RequestFacts, Step, Verdict
from diagnostics.failure import Denial, Failure
from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from diagnostics.fix import Fix

_NO_FIX = (Step, Verdict, CaseFile, RequestFacts)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder as advice writes it, in the group ``word``, and the form of its value in a text."""

    written: re.Pattern[str]
    value: re.Pattern[str]


_CLUSTER = r"(?P<value>[A-Za-z0-9][\w-]{0,99})(?![\w-])"
ROWS = (
    # IAM User Guide, "Identify IAM resources", the ARN of an MFA device
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    Placeholder(
        regex(r"(?<=--serial-number )(?P<word>MFA-ARN)(?![\w-])"),
        regex(r"(?P<value>arn:[\w-]+:iam::\d{12}:(?:mfa|u2f)/[\w+=,.@/-]*[\w+=@-])"),
    ),
    Placeholder(
        regex(r"(?<=--cluster-name )(?P<word>CLUSTER)(?![\w-])"),
        regex(rf":cluster/{_CLUSTER}|--cluster(?:-name)?[ =]{_CLUSTER.replace('value', 'option')}"),
    ),
    Placeholder(
        regex(r"(?<=--function-name )(?P<word>FUNCTION)(?![\w-])"),
        regex(r":function:(?P<value>[\w-]{1,64})(?![\w-])|--function-name[ =](?P<option>[\w-]{1,64})(?![\w:-])"),
    ),
    Placeholder(
        regex(r"(?<=--key-id )(?P<word>KEY)(?![\w-])"),
        regex(r"(?P<value>arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+)"),
    ),
)
"""Placeholders that a command's option shows to be of one kind. A word alone, such as BUCKET, may mean another."""


def with_the_texts_values(
    failure: Failure, parts: Iterator[Step | Verdict | Fix | CaseFile | RequestFacts]
) -> Iterator[Step | Verdict | Fix | CaseFile | RequestFacts]:
    """Yield the parts, with the text's own values in the commands of the fixes."""
    text = (failure.pasted if isinstance(failure, Denial) else "") or failure.text
    for part in parts:
        if isinstance(part, _NO_FIX):
            yield part
            continue
        from diagnostics.fix import Note  # loaded with the fix; many diagnoses have none

        if isinstance(part.change, Note):
            yield replace(part, change=replace(part.change, text=filled(part.change.text, text)))
        else:
            yield part


def filled(written: str, text: str) -> str:
    """Return the advice with the text's value for each placeholder that has exactly one value in the text."""
    for row in ROWS:
        if row.written.search(written) is None:
            continue
        found = {next(filter(None, each.groups())) for each in row.value.finditer(text)}
        if len(found) == 1 and not (value := found.pop()).isupper():
            written = row.written.sub(lambda _, value=value: value, written)  # type: ignore[misc]
    return written
