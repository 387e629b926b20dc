"""The row for CodeCommit's password in the macOS keychain."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

CODECOMMIT_KEYCHAIN: tuple[System, ...] = (
    # AWS CodeCommit User Guide, "Troubleshooting the credential helper and HTTPS connections to AWS CodeCommit"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html).
    made_system(
        "the password that the macOS keychain stores",
        "Delete the entry git-codecommit.REGION.amazonaws.com in Keychain Access, and remove osxkeychain for this host "
        "(git config --show-origin credential.helper), so that git uses only the AWS CLI's helper; or use "
        "git-remote-codecommit. If it still fails, check codecommit:GitPull and codecommit:GitPush.",
        r"git-codecommit\.[\s\S]{0,400}?\b403\b[\s\S]*?\bosxkeychain\b|\bosxkeychain\b[\s\S]*?git-codecommit\.[\s\S]{0,400}?"
        r"\b403\b",
        "osxkeychain",
        flags=re.IGNORECASE,
        unless=r"authorized\s+to\s+perform",
        verdict="CodeCommit refused git's password: most likely an expired one from the macOS keychain (osxkeychain), "
        "which stores what the AWS CLI's helper creates, valid only for minutes.",
        title="Configure git to use only the AWS CLI's credential helper",
        sure=False,
    ),
)
