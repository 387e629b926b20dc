"""Messages of EKS Pod Identity."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"

POD_IDENTITY_TOKENS: tuple[ServiceSentence, ...] = (
    # Amazon EKS API Reference, "AssumeRoleForPodIdentity".
    *(
        row(
            "assumeroleforpodidentity",
            rf"AssumeRoleForPodIdentity\b[^\n]{{0,240}}?\b{code}|\b{code}\b[^\n]{{0,80}}?AssumeRoleForPodIdentity",
            "the pod, which has no credentials yet",
            reason,
            summary,
            UsualCause(cause, check, Who.RESOURCE_OWNER),
            page=f"{_DOCS}/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html",
            cause="not-iam",
            ground=Ground.STATED,
        )
        for code, reason, summary, cause, check in (
            ("ExpiredTokenException", "the pod's service account token has expired",
             "The pod's Kubernetes service account token has expired, so EKS Pod Identity gives no credentials. AWS "
             "credentials and policies are not the cause.",
             "Kubernetes renews the token in its file: the program must read the file again each time, which current "
             "AWS SDKs do. Compare the node's clock, and start the pod again.", None),
            ("InvalidTokenException", "the pod's service account token is not valid",
             "EKS does not accept the pod's Kubernetes service account token: the token is for another cluster or "
             "audience, or was changed. No IAM policy is the cause.",
             "Let the Pod Identity webhook mount the token (audience pods.eks.amazonaws.com) instead of mounting your "
             "own volume, and call the agent of the same cluster.", None),
            ("ResourceNotFoundException", "the service account has no Pod Identity association",
             "The pod's service account has no Pod Identity association in this cluster, or the association was "
             "deleted: create it for exactly this namespace and service account.",
             "aws eks create-pod-identity-association --cluster-name CLUSTER --namespace NAMESPACE --service-account "
             "NAME --role-arn ROLE, then start the pods again.",
             "aws eks list-pod-identity-associations --cluster-name CLUSTER"),
        )
    ),
)  # fmt: skip

POD_IDENTITY: tuple[ServiceSentence, ...] = (
    row(
        "trust policy of the role provided is invalid",
        r"Trust policy of the role provided is invalid",
        "EKS Pod Identity, which assumes the association's role",
        "the role's trust policy does not let EKS Pod Identity assume it",
        "EKS Pod Identity cannot assume this role: its trust policy must let pods.eks.amazonaws.com perform "
        "sts:AssumeRole and sts:TagSession.",
        UsualCause(
            "The role trusts another principal, most often the cluster's OIDC provider. Add a statement for "
            "pods.eks.amazonaws.com with sts:AssumeRole and sts:TagSession; the existing statement can stay.",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
        cause="trust.action-mismatch",
        ground=Ground.LIKENESS,
        asks=(
            OwnRequest("pods.eks.amazonaws.com", "sts:AssumeRole"),
            OwnRequest("pods.eks.amazonaws.com", "sts:TagSession"),
        ),
    ),
)
