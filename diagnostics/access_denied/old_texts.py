"""A text older than what an account can show of its past: what it says was so then, and today may differ."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from diagnostics.fix import Fix, Note, Who
from diagnostics.messages.text_time import TextTime
from iam.ages import short_age

if TYPE_CHECKING:
    from diagnostics.access_denied.case import Case

_EVENT_HISTORY = timedelta(days=90)
"""How far CloudTrail's event history goes back.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
"""


def old_day(at: TextTime | None, now: datetime, *, further_back: bool = False) -> str:
    """The day of a text that is older than CloudTrail's event history, as ``14 June 2022``; "" of any other, and
    where records from ``further_back`` are at hand.
    """
    if at is None or further_back or now - at.latest <= _EVENT_HISTORY:
        return ""
    middle = at.earliest + (at.latest - at.earliest) / 2
    return f"{middle.day} {middle:%B %Y}"


def old_words(day: str) -> str:
    """The sentence that an answer to an old text begins with."""
    return f"The text is of {day}: what refused it then may differ today."


def of_today(case: Case, day: str) -> Fix:
    """To see today's error first; with the role's last use, which tells whether anything still runs with it."""
    role = case.caller.role
    used = ""
    if role is not None and role.last_used is not None:
        when = role.last_used.when
        used = f" {role.name} was last used {short_age(case.account.now - when)} ago." if when else ""
        used = used or f" IAM saw no use of {role.name} in the 400 days that it tracks."
    return Fix(
        f"Look at an error of today first: this text is of {day}",
        Who.YOU,
        Note(
            case.caller.entity_arn or "the caller",
            f"CloudTrail's event history goes back 90 days, so the call of {day} cannot be checked any longer, and "
            f"policies may have been changed since.{used} What is evaluated here are the policies of today.",
        ),
    )
