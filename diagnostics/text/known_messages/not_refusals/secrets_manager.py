"""Rows for AWS Secrets Manager: names and keys of secrets."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

SECRET_NAMES: tuple[System, ...] = (
    # AWS Secrets Manager API reference, "GetSecretValue": ResourceNotFoundException
    # (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
    made_system(
        "the secret's name, Region or account",
        "Check the spelling of the secret's name, its Region and its account (aws secretsmanager list-secrets). "
        f"{NONE_MISSING}",
        r"Secrets\s+Manager\s+can(?:'|no)t\s+find\s+the\s+specified\s+secret",
        "find the specified secret",
        subject=r"--secret-id[ =][\"']?([\w/+=.@:-]{1,300})|SecretId[\"']?\s*[:=]\s*[\"']([\w/+=.@:-]{1,300})",
        verdict="Secrets Manager has no secret {name} where the call looked: check its spelling, the Region and the "
        "account. A missing permission is not the cause.",
        regional=True,
    ),
)

SECRET_KEYS: tuple[System, ...] = (
    # AWS Secrets Manager User Guide, "Access AWS Secrets Manager secrets from a different account": the managed key
    # aws/secretsmanager cannot be used from another account
    # (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html).
    made_system(
        "the secret's KMS key",
        "In the secret's account, run update-secret --kms-key-id KEY, then put the value again. The key's policy and "
        "the caller's own policies must both allow kms:Decrypt on that key. aws/secretsmanager's policy cannot be "
        "changed.",
        r"access\s+a\s+secret\s+from\s+a\s+different\s+AWS\s+account\s+if\s+you\s+encrypt\s+the\s+secret\s+with\s+the\s+default",
        "a secret from a different aws account",
        verdict="The secret is encrypted with the AWS managed key aws/secretsmanager, which no other account can use: "
        "encrypt it with a customer managed key.",
        title="Encrypt the secret with a customer managed key that the caller is allowed to use",
    ),
)
