"""The row for GitLab."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

GITLAB: tuple[System, ...] = (
    # GitLab documentation, "Roles and permissions" (https://docs.gitlab.com/user/permissions/).
    made_system(
        "GitLab",
        "Check the token or deploy key, and the member's role in the project (GitLab, Manage, Members).",
        r"You\s+are\s+not\s+allowed\s+to\s+(?:push|force\s+push|download|upload)"
        r"|remote:\s+HTTP\s+Basic:\s+Access\s+denied",
        "you are not allowed to",
        "remote: http basic",
    ),
)
