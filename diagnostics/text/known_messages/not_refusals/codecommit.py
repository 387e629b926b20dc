"""Rows for AWS CodeCommit: passwords, SSH keys, git's helper, triggers."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

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
_GIT_SSH = r"git-codecommit\.[\w-]+\.amazonaws\.com"

CODECOMMIT_SSH_KEYS: tuple[System, ...] = (
    # AWS CodeCommit User Guide, "Setup steps for SSH connections"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ssh.html).
    made_system(
        "the SSH key for CodeCommit",
        "In ~/.ssh/config, Host git-codecommit.*.amazonaws.com needs User with the ID of the SSH key (APKA…, from the "
        "IAM user's security credentials) and IdentityFile with the private key of the uploaded public key. A role "
        f"has no SSH keys: use git-remote-codecommit. {NONE_MISSING}",
        rf"{_GIT_SSH}[\s\S]{{0,600}}?Permission\s+denied\s+\(publickey\)"
        rf"|Permission\s+denied\s+\(publickey\)[\s\S]{{0,600}}?{_GIT_SSH}",
        "permission denied (publickey)",
        verdict="CodeCommit does not know the SSH key, or ssh sends another one: the User in ~/.ssh/config must be "
        "the ID of the SSH key that is uploaded to the IAM user.",
        title="Set User and IdentityFile for CodeCommit's host",
    ),
)  # fmt: skip
