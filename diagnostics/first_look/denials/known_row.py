"""One thing that a service is known for, as `known.known` tells it of a denial."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.fix import Who
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class Known:
    """``actions`` match the refused action in lower case; ``page`` is where AWS, or the tool's makers, say so.

    ``layers`` are the kinds of policy that the text may name; "" is none. ``unnamed``: only where AWS names neither the
    caller nor the action, so that another action than the operation's may be the one that was refused.
    """

    actions: re.Pattern[str]
    marks: re.Pattern[str]
    cause: str
    page: str
    who: Who = Who.ACCOUNT_ADMIN
    gone: re.Pattern[str] | None = None
    layers: tuple[str, ...] = ("", "identity")
    unnamed: bool = False


def known_row(actions: str, marks: str, cause: str, page: str, **more: object) -> Known:
    gone = more.pop("gone", None)
    excluded = regex(str(gone), re.IGNORECASE) if gone else None
    return Known(regex(actions, re.IGNORECASE), regex(marks, re.IGNORECASE), cause, page, gone=excluded, **more)  # type: ignore[arg-type]
