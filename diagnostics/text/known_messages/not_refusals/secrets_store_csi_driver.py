"""Rows for the Secrets Store CSI driver and its AWS provider."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

SECRETS_STORE_CSI_DRIVER: tuple[System, ...] = (
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
)
