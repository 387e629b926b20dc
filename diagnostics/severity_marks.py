"""The shape for a severity, shown next to its word so that severities differ without color as well."""

from __future__ import annotations

from diagnostics.marks import marks
from iam.risks.risk import Severity


def severity_mark(severity: Severity) -> str:
    """Return the shape for a severity, one cell wide."""
    signs = marks()
    return {
        Severity.CRITICAL: signs.critical,
        Severity.HIGH: signs.high,
        Severity.MEDIUM: signs.medium,
        Severity.LOW: signs.low,
        Severity.INFO: " ",
    }[severity]
