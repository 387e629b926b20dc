"""The verdict on a denial in IAM's own sentence."""

from __future__ import annotations

from diagnostics.diagnose import collect_offline, read_text


def summary(caller: str, action: str, reason: str) -> str:
    """The verdict's summary for a denial in IAM's own sentence."""
    (failure,) = read_text(
        f"An error occurred (AccessDenied) when calling the {action.partition(':')[2]} operation: User: "
        f"arn:aws:sts::111122223333:assumed-role/{caller}/kim is not authorized to perform: {action} {reason}"
    )
    return collect_offline(failure).verdict.summary
