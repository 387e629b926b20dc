"""The row for SSH and Git."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

SSH_AND_GIT: tuple[System, ...] = (
    made_system(
        "SSH or Git",
        "Check the key or token that was offered, and who may use the repository or the host.",
        r"Permission\s+denied,?\s+\((?:publickey|password|keyboard)|fatal:\s+Authentication\s+failed"
        r"|Host\s+key\s+verification\s+failed|Could\s+not\s+read\s+from\s+remote\s+repository",
        "permission denied",
        "fatal: authentication failed",
        "host key verification failed",
        "could not read from remote repository",
    ),
)
