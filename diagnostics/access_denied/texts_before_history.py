"""Explain a text that is older than the account's available history: the account may have changed since then."""

from __future__ import annotations

from diagnostics.access_denied.case import Case
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.ages import short_age


def of_today(case: Case, day: str) -> Fix:
    """Return the fix that says to reproduce the error today first. The fix also says when the role was last used."""
    role = case.caller.role
    used = ""
    if role is not None and role.last_used is not None:
        when = role.last_used.when
        used = f" {role.name} was last used {short_age(case.account.now - when)} ago." if when else ""
        used = used or f" IAM saw no use of {role.name} in the 400 days that it tracks."
    return Fix(
        f"Look at a current error first, because this text is from {day}",
        Who.YOU,
        Note(
            case.caller.entity_arn or "the caller",
            f"The call on {day} can no longer be checked, because CloudTrail's event history covers only 90 days. "
            f"Policies may have been changed since.{used} This answer evaluates today's policies.",
        ),
    )
