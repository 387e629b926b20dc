"""The appearance of a step's status: a color, and a mark with the same meaning."""

from __future__ import annotations

from diagnostics.diagnosis import Status
from screens.text import marks
from screens.widgets.styles import BAD, FAINT, GOOD, WARN

STATUS_LOOKS = {Status.PASS: GOOD, Status.FAIL: BAD, Status.UNKNOWN: WARN, Status.SKIPPED: FAINT}


def mark_of(status: Status) -> str:
    signs = marks()
    return {
        Status.PASS: signs.passed,
        Status.FAIL: signs.failed,
        Status.UNKNOWN: signs.unknown,
        Status.SKIPPED: signs.none,
    }[status]
