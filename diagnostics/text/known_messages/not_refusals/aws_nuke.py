"""Rows for aws-nuke."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

AWS_NUKE: tuple[System, ...] = (
    # aws-nuke, "Bypass AWS Alias Check" and "Config": the checks before anything is deleted
    # (https://aws-nuke.ekristen.dev/features/bypass-alias-check/, https://aws-nuke.ekristen.dev/config/).
    documented(
        "aws-nuke's check of the account",
        "aws-nuke refuses an account without an alias, for safety: create one (aws iam create-account-alias), or "
        "deliberately skip the check. Nothing was deleted.",
        "To skip it, use --no-alias-check and list the account in bypass-alias-check-accounts of the configuration.",
        "specified account doesn't have an alias. For safety reasons you need to specify an account alias",
        title="Give the account an alias, or skip aws-nuke's check",
    ),
    documented(
        "aws-nuke's blocklist",
        "aws-nuke refuses the account {name}: the aws-nuke configuration blocks that account's number, or a word in "
        "the account's alias. Nothing was deleted.",
        "Use credentials of the account that you intend to empty. A blocked account is usually one that must never be "
        "emptied.",
        "you are trying to nuke the account with the ID '{name}', but it is blocklisted",
        "you are trying to nuke the account with the ID {name}, but it is blocklisted",
        "you are trying to nuke an account with the alias '{name}', but it",
        title="Use the credentials of the intended account",
    ),
    documented(
        "aws-nuke's configuration",
        "aws-nuke has no entry for the account {name}: add it under accounts in its configuration, or use credentials "
        "of an account that has one. Nothing was deleted.",
        "To see which account the credentials belong to, run aws sts get-caller-identity.",
        "account {name} is not configured in the config file",
        title="Add the account to the configuration, or use another",
    ),
)
