"""Rows for drivers and operators that read secrets."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

SECRETS_DRIVERS: tuple[System, ...] = (
    # AWS Secrets and Configuration Provider, auth and provider packages
    # (https://github.com/aws/secrets-store-csi-driver-provider-aws).
    documented(
        "the CSI driver's tokenRequests",
        "The CSI driver passes the pod's token to the AWS provider only if its CSIDriver object has tokenRequests, "
        "which is missing. No role was assumed.",
        "In the chart of the Secrets Store CSI driver, set tokenRequests with the audiences sts.amazonaws.com (IRSA) "
        "and pods.eks.amazonaws.com (Pod Identity). The role's trust policy was not evaluated.",
        "serviceAccount.tokens not provided - ensure tokenRequests is configured in CSIDriver",
        "token for audience {} not found - ensure tokenRequests includes this audience in CSIDriver",
        title="Set tokenRequests of the CSI driver",
    ),
    documented(
        "the Region of the SecretProviderClass",
        "The SecretProviderClass uses the Region {name}, but the ARN of the secret or parameter has a different one: "
        "set parameters.region to the ARN's Region. AWS was not called.",
        "Without parameters.region, the provider uses the node's Region.",
        "ARN region must match region {name}:",
        title="Set the region of the SecretProviderClass",
    ),
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
