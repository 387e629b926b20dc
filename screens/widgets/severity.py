"""The severity of a finding: a shape and a color next to its word."""

from __future__ import annotations

from rich.style import Style

from diagnostics.severity_marks import severity_mark as severity_mark
from iam.risks.risk import Severity
from screens.widgets.styles import AT_FAULT, BAD, LITERAL, PLAIN

# Without colors they differ as well: reversed, bold, plain; and each has its own shape.
_STYLES = {Severity.CRITICAL: AT_FAULT, Severity.HIGH: BAD, Severity.MEDIUM: LITERAL}


def severity_words(severity: Severity) -> str:
    """Return the shape and the word for a severity."""
    return f"{severity_mark(severity)} {severity.value}"


def severity_style(severity: Severity) -> Style:
    return _STYLES.get(severity, PLAIN)
