"""Messages of configure-aws-credentials in GitHub Actions, and of git for CodeCommit."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

GITHUB_AND_CODECOMMIT_MESSAGES = (
    # The README of configure-aws-credentials, "Inputs" (https://github.com/aws-actions/configure-aws-credentials).
    Said(
        r"Source Account ID is needed if the Role Name is provided",
        "role-to-assume has a name instead of an ARN: write arn:aws:iam::ACCOUNT:role/NAME. An empty or mistyped "
        "variable gives the same message.",
        None,
        Who.CALLER,
    ),
    # CodeCommit User Guide, "Troubleshooting the credential helper and HTTPS connections"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-ch.html).
    Said(
        r"git-codecommit\.[^\n]{0,200}returned error: 403",
        "CodeCommit's 403 is often about the credentials that git sends: old credentials in the system's credential "
        "store (on macOS the keychain), the wrong profile, or no helper. Otherwise codecommit:GitPull or GitPush is "
        "missing.",
        "git config --show-origin --get-all credential.helper",
        Who.CALLER,
    ),
)
