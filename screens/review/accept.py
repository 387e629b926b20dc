"""Accepts findings: asks for a reason and an end date, and writes an entry to the file that a team shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from diagnostics.review.accepted import AcceptedError, entry_text, read_accepted
from diagnostics.review.finding import Acceptance, Finding
from iam.sources.atomic_file import replacing

NOTE = "the reason; add a date (2027-03-31) for it to expire"


def acceptances(findings: Sequence[Finding], answer: str, by: str) -> tuple[Acceptance, ...]:
    """Return one acceptance for each finding. A date at the end of the answer is the last day on which it is valid."""
    reason, _, last = answer.strip().rpartition(" ")
    until = _day(last)
    if until is None:
        reason = answer.strip()
    reason = reason.strip().removesuffix("until").strip(" ,")
    return tuple(Acceptance(one.rule, one.subject, reason, by, until) for one in findings)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def write_accepted(path: Path, given: Sequence[Acceptance]) -> str:
    """Append the entries to the file, and change nothing else in it.

    Return a sentence that says what went wrong, or "". Blocks.
    """
    try:
        before = ""
        if path.exists():
            read_accepted(path)  # add nothing to a file that could not be read again afterwards
            before = path.read_text(encoding="utf-8")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(before + ("\n" if before else "") + "\n".join(map(entry_text, given)))
    except AcceptedError as error:
        return str(error)
    except OSError as error:
        return f"{path} could not be written: {error.strerror}."
    return ""
