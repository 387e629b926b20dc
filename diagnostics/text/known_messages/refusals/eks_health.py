"""Messages of Amazon EKS about the health of clusters, node groups and nodes."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_EKS = f"{_DOCS}/eks/latest/userguide"
_HEALTH = f"{_EKS}/troubleshooting.html"
_ROLE_OF_CLUSTER = "aws eks describe-cluster --name CLUSTER --query cluster.roleArn"


def _health(
    code: str, message: str, reason: str, summary: str, cause: str, check: str | None = None
) -> ServiceSentence:
    """Return the row of a cluster health issue; ``code`` has the issue's codes from the guide and from the API."""
    codes = "|".join(code.split())
    return row(
        (*code.lower().split(), message.lower()),
        rf"\b(?:{codes})\b(?=[\s\S]{{0,400}}?\bcluster\b)|(?:\bcluster\b|\bhealth\b)[\s\S]{{0,400}}?\b(?:{codes})\b"
        rf"|{message}",
        "EKS, which manages the cluster",
        reason,
        summary,
        UsualCause(cause, check, Who.RESOURCE_OWNER),
        page=_HEALTH,
        cause="not-iam",
        ground=Ground.STATED,
    )


EKS_HEALTH: tuple[ServiceSentence, ...] = (
    # Amazon EKS User Guide, "Cluster health FAQs and error codes with resolution paths".
    _health(
        "KMS_KEY_DISABLED KmsKeyDisabled",
        "KMS Key associated with your cluster is disabled",
        "the KMS key of the cluster is disabled",
        "The KMS key that encrypts the EKS cluster's secrets is disabled. Enable it again: no policy has to change.",
        "Run aws kms enable-key --key-id KEY in the account of the key, then check the cluster's health again.",
        "aws kms describe-key --key-id KEY --query KeyMetadata.KeyState",
    ),
    _health(
        "KMS_KEY_NOT_FOUND KmsKeyNotFound",
        "find the AWS KMS key associated with your cluster",
        "the KMS key of the cluster no longer exists",
        "The KMS key that encrypts the EKS cluster's secrets was deleted. The cluster cannot be recovered: delete the "
        "cluster and create it again.",
        "If the key is only pending deletion, cancel the deletion at once (aws kms cancel-key-deletion, then "
        "enable-key).",
        "aws kms describe-key --key-id KEY --query KeyMetadata.KeyState",
    ),
    _health(
        "KMS_GRANT_REVOKED KmsGrantRevoked",
        "Grants for the AWS KMS Key associated with your cluster are revoked",
        "the grants on the cluster's KMS key were revoked",
        "The grants with which EKS uses the cluster's KMS key were revoked. The cluster cannot be recovered: delete "
        "the cluster and create it again.",
        "A statement in the key policy does not replace the grants. In CloudTrail, RevokeGrant shows who revoked them.",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=RevokeGrant",
    ),
    _health(
        "STS_REGIONAL_ENDPOINT_DISABLED StsRegionalEndpointDisabled",
        "STS regional endpoint is disabled. Enable the endpoint for Amazon EKS",
        "the account has deactivated STS in this Region",
        "The account has deactivated AWS STS in this Region, which EKS needs to manage the cluster: activate it.",
        "An administrator activates it in the IAM console, Account settings, Security Token Service (STS). No policy "
        "has to change.",
    ),
    _health(
        "OPT_IN_REQUIRED Ec2ServiceNotSubscribed",
        "Your account doesn't have an Amazon EC2 service subscription",
        "the account is not subscribed to Amazon EC2",
        "The account is not subscribed to Amazon EC2, which the EKS cluster needs: complete the account's sign-up.",
        "Check the account's settings and its payment method. No policy has to change.",
    ),
    # Amazon EKS API Reference, "ClusterIssue".
    _health(
        "KmsKeyMarkedForDeletion",
        "KMS key associated with your cluster is marked for deletion",
        "the KMS key of the cluster is scheduled for deletion",
        "The KMS key that encrypts the EKS cluster's secrets is scheduled for deletion: cancel the deletion now, "
        "because without the key the cluster cannot be recovered.",
        "Run aws kms cancel-key-deletion --key-id KEY, then aws kms enable-key --key-id KEY. No policy has to change.",
        "aws kms describe-key --key-id KEY --query KeyMetadata.[KeyState,DeletionDate]",
    ),
    _health(
        "IamRoleNotFound",
        "find the IAM role associated with your cluster",
        "the cluster's role no longer exists",
        "The EKS cluster's role was deleted: create it again with the same name and path. The caller's policies are "
        "not the cause.",
        "The role must trust eks.amazonaws.com (sts:AssumeRole) and have AmazonEKSClusterPolicy.",
        _ROLE_OF_CLUSTER,
    ),
    row(
        ("assume_role_access_denied", "assume the role associated with your cluster",
         "cluster management service-linked-role"),
        r"\bASSUME_ROLE_ACCESS_DENIED(?:_USING_SLR)?\b|couldn.t assume the role associated with your cluster"
        r"|couldn.t assume the Amazon EKS cluster management service-linked-role",
        "EKS, which assumes the cluster's role",
        "EKS cannot assume the cluster's role",
        "EKS cannot assume the cluster's role: it was deleted, or its trust policy does not let eks.amazonaws.com "
        "assume it.",
        UsualCause("Check whether the role still exists; if not, create it again with the same name. Its trust policy "
                   "must let eks.amazonaws.com perform sts:AssumeRole, and AmazonEKSClusterPolicy must be attached. "
                   "The service-linked role AWSServiceRoleForAmazonEKS is created again with aws iam "
                   "create-service-linked-role --aws-service-name eks.amazonaws.com.", _ROLE_OF_CLUSTER,
                   Who.RESOURCE_OWNER),
        page=_HEALTH,
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("eks.amazonaws.com"),
    ),
    row(
        ("permission_access_denied", "for amazon eks to perform required management operations"),
        r"\bPERMISSION_ACCESS_DENIED(?:_USING_SLR)?\b(?=[\s\S]{0,400}?\bcluster\b)"
        r"|does not grant sufficient permissions for Amazon EKS to perform required management operations",
        "the cluster's role",
        "the cluster's role lacks permissions that EKS needs",
        "The role of the EKS cluster lacks permissions that EKS needs to manage the cluster, or another policy denies "
        "them.",
        UsualCause("Attach AmazonEKSClusterPolicy to the cluster's role, and check that no SCP or permissions boundary "
                   "denies its actions.", _ROLE_OF_CLUSTER),
        page=_HEALTH,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon EKS User Guide, "Managed node group error codes".
    *(
        of_codes(
            code,
            "EKS, which manages the node group",
            f"the {thing} of the node group no longer exists",
            f"The {thing} of the managed node group was deleted, or renamed. The caller's policies are not the cause.",
            f"Create the {thing} again with the same name and settings{more}; then the node group can recover.",
            _HEALTH,
            check=check,
            who=Who.RESOURCE_OWNER,
            refuses=False,
        )
        for code, thing, more, check in (
            ("IamNodeRoleNotFound", "IAM role",
             " (trust for ec2.amazonaws.com, AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryPullOnly). If the "
             "role was created again, it also needs a new access entry",
             "aws eks describe-nodegroup --cluster-name CLUSTER --nodegroup-name NODEGROUP --query nodegroup.nodeRole"),
            ("IamInstanceProfileNotFound", "instance profile", ", and put the node role in it",
             "aws iam list-instance-profiles --query 'InstanceProfiles[].InstanceProfileName'"),
        )
    ),
    row(
        ("instances failed to join the kubernetes cluster", "unable to register with your amazon eks cluster"),
        r"Instances failed to join the kubernetes cluster"
        r"|instances are unable to register with your Amazon EKS cluster",
        "the node's role, or its network",
        "the nodes did not join the cluster",
        "The nodes started and did not join the EKS cluster: most often the node role lacks permissions or access to "
        "the cluster, or the nodes can reach neither the cluster's endpoint nor AWS. The permissions of whoever "
        "created the node group are not the cause.",
        UsualCause("In aws-auth, write the role's ARN without its path: {arn} has one, so the nodes match no line "
                   "(arn:aws:iam::ACCOUNT:role/{name}). An access entry needs the ARN with its path instead.", None,
                   Who.RESOURCE_OWNER,
                   shown_by=r"\brolearn\W{1,4}(?P<arn>arn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)+(?P<name>[\w+=,.@-]*\w))",
                   decides="aws-auth needs the ARN of the nodes' role without its path, and {arn} has one: write "
                   "arn:aws:iam::ACCOUNT:role/{name}. Until then the cluster does not accept the nodes."),
        # Amazon EKS User Guide, "Amazon EKS node IAM role"
        # (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
        *(
            UsualCause(f"Attach {policy} to the node's role: the list of its policies in the text does not have it.",
                       None, Who.ACCOUNT_ADMIN,
                       shown_by=r"\A(?=[\s\S]*\b(?:list-attached-role-policies|AttachedPolic\w+|attached (?:to|polic))"
                       rf"[\s\S]{{0,800}}\b{shown}\b)(?![\s\S]*\b{names}\b)",
                       decides=f"The list of the node role's policies in the text has no {policy}: attach it to the "
                       "role. Until then the nodes do not join the cluster, or cannot pull their images.")
            for policy, names, shown in (
                ("AmazonEC2ContainerRegistryPullOnly", r"AmazonEC2ContainerRegistry\w+",
                 "(?:AmazonEKSWorkerNodePolicy|AmazonEKS_CNI_Policy)"),
                ("AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodePolicy",
                 r"(?:AmazonEC2ContainerRegistry\w+|AmazonEKS_CNI_Policy)"),
            )
        ),
        UsualCause("The node's role needs AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly (or "
                   "ReadOnly), and, if the VPC CNI has no role of its own, AmazonEKS_CNI_Policy. It also needs an "
                   "access entry of the type EC2_LINUX, or its line in aws-auth.",
                   "aws eks list-access-entries --cluster-name CLUSTER", Who.RESOURCE_OWNER),
        UsualCause("The nodes cannot reach the cluster's endpoint (private access is off, or the CIDR list lacks their "
                   "NAT address), or cannot reach the internet or the VPC endpoints of ECR, S3, EC2 and STS.",
                   "aws eks describe-cluster --name CLUSTER --query cluster.resourcesVpcConfig", Who.RESOURCE_OWNER),
        UsualCause("STS is not activated in this Region, or the user data names another cluster. The kubelet's log on "
                   "a node shows which of the two it is.", None, Who.RESOURCE_OWNER),
        page=_HEALTH,
        # Instances that EC2 ended at their launch cannot join, whatever their role and network allow.
        unless=r"Client\.(?:InvalidKMSKey\.InvalidState|InternalError|VolumeLimitExceeded|InvalidSnapshot)\b",
    ),
)  # fmt: skip
