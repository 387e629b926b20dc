"""The row for a user, role or policy of IAM whose last change is not finished."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

CHANGES_IN_PROGRESS: tuple[System, ...] = (
    # IAM API Reference, errors: EntityTemporarilyUnmodifiable
    # (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html).
    made_system(
        "a change of the same entity that is not finished",
        f"Wait a few seconds, up to a few minutes, and make the call again; let a script retry it. {NONE_MISSING}",
        r"\bEntityTemporarilyUnmodifiable(?:Exception)?(?:\)\s+when|:)",
        "entitytemporarilyunmodifiable",
        verdict="IAM cannot change this entity yet, because it was just created or deleted. The call was allowed: no "
        "permission is missing.",
        title="Wait, and make the call again",
    ),
)
