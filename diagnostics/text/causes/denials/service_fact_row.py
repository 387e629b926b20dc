"""A row for a well-known cause (`known.known` has the rules that read the rows)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.who import Who
from iam.lazy_pattern import regex

DOCS = "https://docs.aws.amazon.com"
SAR = f"{DOCS}/service-authorization/latest/reference"
"""The Service Authorization Reference."""
MANAGED = f"{DOCS}/aws-managed-policy/latest/reference"


@dataclass(frozen=True, slots=True)
class Known:
    """A common cause of a service's denials.

    ``actions`` match the denied action in lower case; on ``page``, AWS or the tool's makers document the cause.
    ``marks`` must match the text; if they are empty, the action is enough. The row does not apply if ``gone`` matches.

    ``layers`` are the kinds of policy that the text may name; "" means none. ``unnamed``: the row applies only if AWS
    names neither the caller nor the action, so that an action other than the operation's may have been denied.
    """

    actions: re.Pattern[str]
    marks: re.Pattern[str]
    cause: str
    page: str
    who: Who
    gone: re.Pattern[str] | None
    layers: tuple[str, ...]
    unnamed: bool


def known_row(
    actions: str,
    marks: str,
    cause: str,
    page: str,
    *,
    who: Who = Who.ACCOUNT_ADMIN,
    gone: str = "",
    layers: tuple[str, ...] = ("", "identity"),
    unnamed: bool = False,
) -> Known:
    """Return the row; ``actions``, ``marks`` and ``gone`` are patterns that ignore case; ``gone`` may be empty."""
    matched, marked, excluded = (regex(each, re.IGNORECASE) for each in (actions, marks, gone))
    return Known(matched, marked, cause, page, who, excluded if gone else None, layers, unnamed)
