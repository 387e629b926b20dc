"""The row for assignments of IAM Identity Center."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

ASSIGNMENTS: tuple[System, ...] = (
    # AWS IAM Identity Center User Guide, "Assign user or group access to AWS accounts"
    # (https://docs.aws.amazon.com/singlesignon/latest/userguide/assignusers.html).
    made_system(
        "the assignments of IAM Identity Center",
        "Ask an administrator of IAM Identity Center to assign a permission set to this user, or to one of their "
        "groups, in the account. Check that the person signed in as the right user and at the right start URL.",
        r"[Tt]here\s+are\s+no\s+AWS\s+accounts\s+available\s+to\s+you",
        "no aws accounts available to you",
        verdict="The sign-in worked, but IAM Identity Center has no account assigned to this user. No IAM policy "
        "decides this.",
        title="Assign a permission set in the account to this user",
    ),
)
