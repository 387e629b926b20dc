"""Messages of Amazon EKS about roles, trust policies and Fargate."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_EKS = f"{_API}/eks/latest/userguide"

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

EKS_TRUST_AND_FARGATE: tuple[ServiceSentence, ...] = (
    # Amazon EKS User Guide, "Amazon EKS node IAM role", "Amazon EKS cluster IAM role".
    row(
        "were not found in the trust relationships of",
        r"service principals \[(?P<principals>[\w., -]+)\] were not found in the trust relationships of "
        r"(?P<setting>\w+) role (?P<resource>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-])",
        "EKS, which checks the role's trust policy",
        "the trust policy of the role lacks {principals}",
        "The trust policy of {resource} ({setting}) must let {principals} assume it: add that service to its "
        "principals. The permissions of whoever creates the node group or cluster are not the cause.",
        UsualCause('Add {"Effect": "Allow", "Principal": {"Service": "{principals}"}, "Action": "sts:AssumeRole"}. If '
                   "the role belongs to something else (a pod or the cluster), set {setting} to the right role.",
                   None, Who.RESOURCE_OWNER),
        page=f"{_EKS}/create-node-role.html",
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
    # Amazon EKS User Guide, "Troubleshoot Amazon EKS Connector issues".
    row(
        "initiate eks-connector: invalidactivation",
        r"initiate eks-connector: InvalidActivation",
        "the EKS Connector",
        "the connector's activation is wrong or expired",
        "AWS does not accept the EKS Connector's activation: the ID or code in the manifest is wrong, or was not used "
        "within three days. No IAM policy is the cause.",
        UsualCause("Compare activationId and activationCode in the manifest with what RegisterCluster returned (the "
                   "code is base64-encoded in the secret). If the activation has expired, deregister the cluster, "
                   "register it again, and apply the new manifest.",
                   "aws eks describe-cluster --name CLUSTER --query cluster.connectorConfig", Who.RESOURCE_OWNER),
        page=f"{_EKS}/troubleshooting-connector.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("podexecutionrole trust policy", "pod execution role trust policy"),
        r"Misconfigured Pod\s?Execution\s?Role Trust Policy",
        "EKS on Fargate, which assumes the pod execution role",
        "the pod execution role does not trust Fargate",
        "The pod execution role's trust policy does not let Fargate assume the role: add "
        "eks-fargate-pods.amazonaws.com to it.",
        UsualCause("Principal {\"Service\": \"eks-fargate-pods.amazonaws.com\"}, sts:AssumeRole. A condition on "
                   "aws:SourceArn must match arn:aws:eks:REGION:ACCOUNT:fargateprofile/CLUSTER/*.",
                   "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
                   Who.RESOURCE_OWNER),
        page=f"{_EKS}/pod-execution-role.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=(OwnRequest("eks-fargate-pods.amazonaws.com", "sts:AssumeRole"),),
    ),
    row(
        "pod execution role is not found in auth config",
        r"Pod execution role is not found in auth config or does not have all required permissions",
        "the pod execution role, in the cluster",
        "the cluster does not know the Fargate profile's role, or the role lacks permissions",
        "The cluster does not know the pod execution role of the Fargate profile, or the role lacks "
        "AmazonEKSFargatePodExecutionRolePolicy. The pod's own role does not matter here.",
        UsualCause("Restore the role's line in aws-auth (username system:node:{{SessionName}}, groups "
                   "system:bootstrappers, system:nodes and system:node-proxier), or give it an access entry of the "
                   "type FARGATE_LINUX. The role must still exist.", "aws eks list-access-entries --cluster-name "
                                                                     "CLUSTER",
                   Who.RESOURCE_OWNER),
        UsualCause("Attach AmazonEKSFargatePodExecutionRolePolicy to the role, and make it trust "
                   "eks-fargate-pods.amazonaws.com."),
        page=f"{_EKS}/pod-execution-role.html",
    ),
)  # fmt: skip
