"""Messages of Amazon EKS."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

EKS_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "have the amazon eks managed policies associated",
        r"role (?:provided )?doesn't have the Amazon EKS Managed Policies associated",
        "the role that is passed to EKS",
        "the role lacks EKS's managed policies",
        "The role that is passed to EKS lacks the managed policies that the message names. The caller's "
        "policies are not the cause.",
        UsualCause("Attach these policies: AmazonEKSClusterPolicy to a cluster's role, AmazonEKSWorkerNodePolicy and "
                   "AmazonEC2ContainerRegistryReadOnly (or PullOnly) to a node's. If the same deployment attaches "
                   "them, make the cluster or node group depend on the attachments. The cluster's role and the "
                   "node's role must be two different roles."),
        page=f"{_API}/eks/latest/userguide/cluster-iam-role.html",
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    row(
        "failing to authenticate or authorize with your kubernetes",
        r"managed nodes (?:is|are) failing to authenticate or authorize with your Kubernetes cluster API server",
        "the node's role, in the cluster",
        "the cluster does not know the node's role, or EKS's own user",
        "The Kubernetes API does not accept the nodes' role, or EKS's own access to the cluster was removed. No IAM "
        "policy is missing.",
        UsualCause("Give the node's role an access entry of type EC2_LINUX (or its line in aws-auth, without the "
                   "role's path). Restore the cluster role binding eks:node-manager if somebody deleted it.",
                   "aws eks list-access-entries --cluster-name CLUSTER", Who.RESOURCE_OWNER),
        page=f"{_API}/eks/latest/userguide/troubleshooting.html",
    ),
)  # fmt: skip
