"""Sentences about clusters: Amazon EKS and its health checks, and AWS Batch."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
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
_BATCH = f"{_DOCS}/batch/latest/userguide"
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


CLUSTERS: tuple[ServiceSentence, ...] = (
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
    # Amazon ECS Developer Guide, "Using service-linked roles for Amazon ECS".
    row(
        "validate the specified targetgrouparn",
        r"Unable to assume role and validate the specified targetGroupArn",
        "ECS, which assumes the service's role for the load balancer",
        "ECS cannot use the service's role to look at the target group",
        "ECS could not look at the target group with the service's role, which is neither the task role nor the "
        "execution role: leave the role out, so that ECS uses its service-linked role AWSServiceRoleForECS.",
        UsualCause("If the service names no role, the account lacks AWSServiceRoleForECS, or that role was created a "
                   "moment ago: aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com, then try "
                   "again.",
                   "aws iam get-role --role-name AWSServiceRoleForECS"),
        UsualCause("If the service names a role (role, iam_role), that role must trust ecs.amazonaws.com and have "
                   "AmazonEC2ContainerServiceRole, attached before the service is created. Also check that the target "
                   "group exists in this account and Region.",
                   None, Who.RESOURCE_OWNER),
        page=f"{_DOCS}/AmazonECS/latest/developerguide/using-service-linked-roles.html",
    ),
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
    # AWS Batch User Guide, "Jobs stuck in RUNNABLE status": the instances must be able to register with the cluster.
    row(
        "none of the instances joined the underlying ecs cluster",
        r"none of the instances joined the underlying ECS Cluster",
        "the container instances of the compute environment",
        "no instance of the compute environment joined its ECS cluster",
        "The instances start but do not join the ECS cluster: most often their subnet does not reach ECS, or their "
        "instance profile lacks AmazonEC2ContainerServiceforEC2Role. Batch's service role and the job's role are not "
        "the cause.",
        UsualCause("The instances need a way to ECS: a public IP address and an internet gateway, a NAT gateway, or "
                   "VPC endpoints for ecs, ecs-agent, ecs-telemetry, ecr.api, ecr.dkr, logs and S3.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,computeResources.subnets,"
                   "computeResources.securityGroupIds]'", Who.RESOURCE_OWNER),
        UsualCause("computeResources.instanceRole must name an instance profile whose role trusts ec2.amazonaws.com "
                   "and has AmazonEC2ContainerServiceforEC2Role.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,computeResources.instanceRole]'"),
        UsualCause("A custom image or launch template starts no ECS agent, or joins another cluster: use an "
                   "ECS-optimized image, and let Batch set ECS_CLUSTER. Then disable and enable the compute "
                   "environment.", None, Who.RESOURCE_OWNER),
        page=f"{_BATCH}/job_stuck_in_runnable.html",
    ),
    # AWS Batch User Guide, "INVALID compute environment".
    row(
        "client_error - not authorized to perform sts:assumerole",
        r"CLIENT_ERROR - Not authorized to perform sts:AssumeRole",
        "AWS Batch, which assumes the service role",
        "AWS Batch cannot assume the service role of the compute environment",
        "AWS Batch cannot assume the compute environment's service role: its name or ARN is wrong (often the path is "
        "missing), or the role does not trust batch.amazonaws.com.",
        UsualCause("Give the compute environment the role's full ARN with its path (…:role/service-role/…): aws batch "
                   "update-compute-environment --service-role ARN. The role must exist and trust batch.amazonaws.com. "
                   "Those who submit jobs need no further permission.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,serviceRole,statusReason]'"),
        page=f"{_BATCH}/invalid_compute_environment.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("batch.amazonaws.com"),
    ),
    row(
        ("iamfleetrole is invalid", "iamfleetroleinvalid"),
        r"SpotFleetRequestConfig\.IamFleetRole is invalid|\biamFleetRoleInvalid\b",
        "the role of the Spot Fleet",
        "EC2 does not accept the Spot Fleet's role",
        "EC2 cannot use the Spot Fleet role: its name or ARN is wrong, it does not trust spotfleet.amazonaws.com, or "
        "it lacks permissions to launch or end instances.",
        UsualCause("Use the role's full ARN (in AWS Batch, spotIamFleetRole of the compute environment). The role "
                   "must exist, trust spotfleet.amazonaws.com, and have AmazonEC2SpotFleetTaggingRole.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,computeResources.spotIamFleetRole]'"),
        page=f"{_BATCH}/invalid_compute_environment.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("spotfleet.amazonaws.com"),
    ),
)  # fmt: skip
