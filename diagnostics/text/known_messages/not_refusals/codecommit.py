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

CODECOMMIT_HELPER_AND_TRIGGERS: tuple[System, ...] = (
    # AWS CodeCommit User Guide, "Troubleshooting git-remote-codecommit"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-grc.html).
    made_system(
        "the program git-remote-codecommit",
        "Install it where git runs (pip install git-remote-codecommit), and check that its folder is in PATH: git "
        "remote-codecommit must be found. CodeCommit was not called yet.",
        r"Unable\s+to\s+find\s+remote\s+helper\s+for\s+'codecommit'|'remote-codecommit'\s+is\s+not\s+a\s+git\s+command",
        "remote helper for 'codecommit'",
        "'remote-codecommit' is not a git",
        verdict="git does not find git-remote-codecommit, which addresses with codecommit:// need: install it, or add "
        "its folder to PATH. No permission is missing.",
        title="Install git-remote-codecommit",
    ),
    # AWS CodeCommit API Reference, "PutRepositoryTriggers"
    # (https://docs.aws.amazon.com/codecommit/latest/APIReference/API_PutRepositoryTriggers.html).
    made_system(
        "the Region of the trigger's target",
        "Name a topic or function in the Region of the repository. No permission is missing.",
        r"\bInvalidRepositoryTriggerRegionException\b",
        "invalidrepositorytriggerregion",
        verdict="The trigger's topic or function is in a different Region from the repository: both must be in the "
        "same Region.",
        title="Use a target in the repository's Region",
    ),
)
