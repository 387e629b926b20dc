"""Rows for EKS Pod Identity: its agent and its associations."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.mountpoint import CSI, NO_CREDENTIALS, POD_IDENTITY
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

POD_IDENTITY_ASSOCIATIONS: tuple[System, ...] = (
    # Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity": conditions on the tags
    # that Pod Identity sends (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html).
    made_system(
        "the trust policy of the pod identity association's role",
        "First try the trust policy without the condition on aws:SourceArn, and keep aws:SourceAccount. To limit the "
        "role to some pods, use the tags that Pod Identity sends (aws:RequestTag/kubernetes-namespace, "
        "aws:RequestTag/kubernetes-service-account). The log of eks-pod-identity-agent and the events "
        "AssumeRoleForPodIdentity in CloudTrail show the refusal. S3 was not called.",
        rf"\A(?=[\s\S]*{POD_IDENTITY})(?=[\s\S]*pods\.eks\.amazonaws\.com[\s\S]{{0,600}}aws:SourceArn)"
        rf"[\s\S]*?{NO_CREDENTIALS}",
        "no signing credentials",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The pod got no credentials: most likely the condition on aws:SourceArn in the role's trust policy "
        "does not match what EKS Pod Identity sends. S3 was not called.",
        title="Take the condition on aws:SourceArn out of the trust policy",
        sure=False,
    ),
    made_system(
        "the pod identity association",
        "Compare the association's namespace and service account with the pod's (with authenticationSource: pod, the "
        "pod that mounts; otherwise kube-system:s3-csi-driver-sa), and let the role's trust policy allow "
        "pods.eks.amazonaws.com sts:AssumeRole and sts:TagSession without further conditions. The log of "
        "eks-pod-identity-agent shows a refusal.",
        rf"\A(?=[\s\S]*{CSI})(?=[\s\S]*{POD_IDENTITY})[\s\S]*?{NO_CREDENTIALS}",
        "no signing credentials",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The Mountpoint CSI driver got no credentials from EKS Pod Identity: compare the association with the "
        "pod's service account, and check the role's trust policy. S3 was not called.",
        unless=r"pods\.eks\.amazonaws\.com[\s\S]{0,600}aws:SourceArn",
        title="Check the association and the role's trust policy",
        sure=False,
    ),
)
