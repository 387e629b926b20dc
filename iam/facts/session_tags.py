"""Session tags that AWS's services set by themselves."""

from __future__ import annotations

POD_IDENTITY_TAGS = frozenset(
    {
        "eks-cluster-arn",
        "eks-cluster-name",
        "kubernetes-namespace",
        "kubernetes-service-account",
        "kubernetes-pod-name",
        "kubernetes-pod-uid",
    }
)
"""The tags of a session that EKS Pod Identity creates. A session of a service account with a web identity has none.

Amazon EKS User Guide, "Grant Pods access to AWS resources based on tags"
(https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html).
"""
