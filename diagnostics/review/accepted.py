"""The file of accepted findings, which a team shares.

::

[[accepted]]
rule = "trust.external-without-id"
subject = "arn:aws:iam::111122223333:role/vendor/old"    # * matches any characters
reason = "the contract ends in March"
until = 2027-03-31                                        # may be absent: permanently
by = "carla"                                              # may be absent
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from diagnostics.review.finding import Acceptance, Finding
from diagnostics.review.rules.table import RULES
from iam.policy.match import compile_glob

MAX_BYTES = 1024 * 1024
_KEYS = ("rule", "subject", "reason", "until", "by")


class AcceptedError(Exception):
    """Raised for an error in the file of accepted findings.

    ``str()`` is one sentence that names the file and the entry.
    """


@dataclass(frozen=True, slots=True)
class Accepted:
    """The entries of a file of accepted findings, with one sentence about each entry that has no effect."""

    acceptances: tuple[Acceptance, ...]
    warnings: tuple[str, ...] = ()


def read_accepted(path: Path) -> Accepted:
    """Return the entries of the file. Raises `AcceptedError` if the file is not a file of accepted findings.

    An invalid entry is skipped with a warning. A typo therefore accepts nothing and hides no finding.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AcceptedError(
                f"{path} is larger than {MAX_BYTES // 1024} KB, which is too large for a list of accepted findings."
            )
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AcceptedError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise AcceptedError(f"{path} is not TOML: {error}.") from error
    entries = content.get("accepted", [])
    others = [key for key in content if key != "accepted"]
    if others or not isinstance(entries, list):
        raise AcceptedError(
            f"{path}: only [[accepted]] entries are allowed, but it contains {others or 'something else'}."
        )
    found, warnings = [], []
    for number, entry in enumerate(entries, 1):
        fault = _fault(entry)
        if fault:
            warnings.append(f"{path}: entry {number} is ignored: {fault}.")
        else:
            found.append(_acceptance(entry))
    return Accepted(tuple(found), tuple(warnings))


def _fault(entry: object) -> str:
    if not isinstance(entry, dict):
        return "it is not a table"
    unknown = [key for key in entry if key not in _KEYS]
    if unknown:
        return f"it has the unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}"
    for key in ("rule", "subject", "reason"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            return f"{key} is missing"
    if entry["rule"] not in RULES:
        near = get_close_matches(entry["rule"], RULES, 1)
        return f"there is no rule {entry['rule']!r}" + (f" (did you mean {near[0]}?)" if near else "")
    if not isinstance(entry.get("by", ""), str):
        return "by is not a string"
    if "until" in entry and _day(entry["until"]) is None:
        return "until is not a date, for example 2027-03-31"
    return ""


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _acceptance(entry: Mapping[str, Any]) -> Acceptance:
    return Acceptance(entry["rule"], entry["subject"], entry["reason"], entry.get("by", ""), _day(entry.get("until")))


def acceptance_of(finding: Finding, acceptances: Iterable[Acceptance], today: date) -> Acceptance | None:
    """Return the first acceptance that applies to the finding and has not expired, or None."""
    return next(
        (
            one
            for one in acceptances
            if one.rule == finding.rule
            and compile_glob(one.subject)(finding.subject)
            and (one.until is None or today <= one.until)
        ),
        None,
    )


def entry_text(acceptance: Acceptance) -> str:
    """Return one entry as text to append to the file."""
    lines = ["[[accepted]]"]
    for key in ("rule", "subject", "reason", "by"):
        value = getattr(acceptance, key)
        if value:
            lines.append(f"{key} = {_quoted(value)}")
    if acceptance.until is not None:
        lines.append(f"until = {acceptance.until.isoformat()}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return the text as a TOML string, which allows the same escapes as JSON."""
    import json

    return json.dumps(text).replace("\x7f", "\\u007f")
