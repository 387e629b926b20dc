"""For each program that creates a resource even if it already exists: the option that prevents this."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.claims import at_most_likely
from iam.lazy_pattern import regex

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class _Creator:
    """A program that creates a resource before it uses it.

    ``program`` matches the program's name in the text. ``option`` prevents the creation, as ``page`` documents.
    """

    action: str
    program: re.Pattern[str]
    name: str
    thing: str
    option: str
    page: str


_CREATORS = (
    _Creator(
        "s3:createbucket",
        regex(r"\brclone\b", re.IGNORECASE),
        "rclone",
        "bucket",
        "--s3-no-check-bucket, or no_check_bucket = true in the remote",
        "https://rclone.org/s3/#s3-no-check-bucket",
    ),
    _Creator(
        "logs:createloggroup",
        regex(r"\bfluent-?bit\b|\bfluent bit\b", re.IGNORECASE),
        "Fluent Bit",
        "log group",
        "auto_create_group false in the cloudwatch_logs output",
        "https://docs.fluentbit.io/manual/pipeline/outputs/cloudwatch",
    ),
    _Creator(
        "logs:createloggroup",
        regex(r"\bawslogs-create-group\b"),
        "The awslogs driver",
        "log group",
        "awslogs-create-group: false",
        "https://docs.docker.com/engine/logging/drivers/awslogs/",
    ),
)
_EXISTS = regex(
    r"\b(?:exists?|is there|is already there|pre-?created|already (?:there|created))\b(?!\s*\?)|\bgibt es\b",
    re.IGNORECASE,
)


T = TypeVar("T")


def _creator(denial: Denial) -> _Creator | None:
    """The program that was denied creating a resource which, as the text says, exists; None for any other denial."""
    action = (denial.missing_action or denial.action or "").lower()
    text = (denial.pasted or denial.text)[:_LONGEST]
    row = next((each for each in _CREATORS if each.action == action and each.program.search(text)), None)
    return row if row is not None and _EXISTS.search(text) else None


def instead_of_creating(denial: Denial, parts: Iterator[T]) -> Iterator[T | Verdict | Fix]:
    """Yield the parts. If the resource exists already, the program's option is the verdict and the only fix."""
    row = _creator(denial)
    if row is None:
        yield from parts
        return
    sentence = Sentence(
        f"{row.name} tries to create the {row.thing}, although it exists: turn this off ({row.option}). "
        f"{denial.action} need not be allowed."
    )
    note = Note(f"the configuration of {row.name}", f"Set {row.option} ({row.page}). Keep the policy as it is.")
    for part in parts:
        if isinstance(part, Verdict):
            likely = at_most_likely(part.confidence)
            yield replace(part, confidence=likely, summary=sentence.text, sentences=(sentence,))
            yield Fix(f"Let {row.name} use the existing {row.thing}", Who.CALLER, note)
        elif not isinstance(part, Fix):
            yield part
