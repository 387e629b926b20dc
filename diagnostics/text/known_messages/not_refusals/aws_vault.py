"""Rows for aws-vault."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

AWS_VAULT: tuple[System, ...] = (
    # aws-vault, "Managing sessions" and its messages (https://github.com/ByteNess/aws-vault).
    documented(
        "the address of the metadata service on this machine",
        "Another process already answers at 169.254.169.254:80 on this machine: stop it (another aws-vault "
        "--ec2-server or proxy), or use --ecs-server. AWS was not called.",
        "Only one program can listen there. To find it, run sudo lsof -i :80.",
        "Another process is already bound to 169.254.169.254:80",
        title="Stop the other process, or use --ecs-server",
    ),
    documented(
        "the subshell of aws-vault",
        "This shell already runs inside aws-vault exec: leave it (exit), or unset AWS_VAULT, and run the command "
        "again. AWS was not called.",
        "aws-vault does not start a session within a session.",
        "in an existing aws-vault subshell; 'exit' from the subshell or unset AWS_VAULT",
        title="Leave the subshell of aws-vault",
    ),
    documented(
        "the profile in aws-vault",
        "aws-vault has no profile {name}: neither ~/.aws/config nor its own store contains it. Correct the name, or "
        "add it.",
        "The command aws-vault list shows both. aws-vault add NAME stores keys; its backend (AWS_VAULT_BACKEND) must "
        "be the one in which they were stored.",
        "profile '{name}' not found in ~/.aws/config and no stored credentials exist for it",
        title="Correct the profile's name, or add it",
    ),
    documented(
        "the keys in aws-vault's store",
        "aws-vault has no keys for the profile {name} and no other source of credentials for it: add keys (aws-vault "
        "add), or give the profile source_profile or sso_… values.",
        "aws-vault list shows for which profiles it has credentials. Each backend (AWS_VAULT_BACKEND) has its own "
        "store.",
        "profile {name}: credentials missing",
        title="Add the profile's keys to aws-vault",
    ),
)
