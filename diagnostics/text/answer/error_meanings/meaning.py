"""A row of the table of error codes that the API reference explains."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex, with_any_space

API = "https://docs.aws.amazon.com"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error means: ``sentence`` says what is wrong and what to do.

    ``codes`` do not end with “Exception” or “Fault”. If ``said`` is not None, it must match the message, or ``reason``
    (the reason code that some services add) must be in the text. ``of`` must match the operation. ``is_permission``: a
    permission or a policy may be what is missing.
    """

    codes: tuple[str, ...]
    sentence: str
    page: str
    said: re.Pattern[str] | None = None
    reason: str = ""
    of: re.Pattern[str] | None = None
    is_permission: bool = False

    def fits(self, operation: str, said: str, text: str) -> bool:
        """Whether the row is about this error. The error's code is one of the row's codes."""
        if self.of is not None and not self.of.search(operation):
            return False
        if self.said is None and not self.reason:
            return True
        if self.said is not None and self.said.search(said):
            return True
        return bool(self.reason) and re.search(rf"\b(?:{self.reason})\b", text) is not None


def meaning(
    codes: str,
    sentence: str,
    page: str,
    *,
    said: str = "",
    reason: str = "",
    of: str = "",
    is_permission: bool = False,
) -> Meaning:
    """Return a row of the table of error meanings.

    ``codes`` are separated by spaces. ``said`` and ``of`` are case-insensitive patterns.
    """
    return Meaning(
        tuple(codes.split()),
        sentence,
        page,
        regex(with_any_space(said), re.IGNORECASE) if said else None,
        reason,
        regex(of, re.IGNORECASE) if of else None,
        is_permission,
    )
