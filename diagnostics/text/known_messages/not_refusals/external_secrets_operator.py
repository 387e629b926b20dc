"""The row for External Secrets Operator."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

EXTERNAL_SECRETS_OPERATOR: tuple[System, ...] = (
    # External Secrets Operator, "AWS Secrets Manager", PushSecret
    # (https://external-secrets.io/latest/provider/aws-secrets-manager/).
    documented(
        "the tag of secrets that the operator manages",
        "External Secrets writes only to secrets that it manages, and this secret lacks its tag: add the tag "
        "managed-by = external-secrets, or push to a different name.",
        "aws secretsmanager tag-resource --secret-id NAME --tags Key=managed-by,Value=external-secrets (for a "
        "parameter, aws ssm add-tags-to-resource). After that, the operator replaces the value.",
        "secret not managed by external-secrets",
        title="Tag the secret, or push to a different name",
    ),
)
