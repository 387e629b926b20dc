"""The row for requests to the EKS Pod Identity agent."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

POD_IDENTITY_AGENT: tuple[System, ...] = (
    # EKS User Guide, "Understand how EKS Pod Identity works": the SDK sends the token of the file to the agent
    # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
    made_system(
        "the EKS Pod Identity agent",
        "At each request, read the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names (its token is rotated), and "
        f"send the token as the header Authorization. An AWS SDK does this automatically. {NONE_MISSING}",
        r"\b400\s+Bad\s+Request[^\n]{0,120}169\.254\.170\.23/v1/credentials"
        r"|169\.254\.170\.23/v1/credentials\W[^\n]{0,120}\b400\b",
        "/v1/credentials",
        verdict="The EKS Pod Identity agent did not accept the request for credentials: most likely it has no token in "
        "the header Authorization. Role and association are not the cause of a 400.",
        title="Send the pod's token to the agent",
        sure=False,
    ),
)
