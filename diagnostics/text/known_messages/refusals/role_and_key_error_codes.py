"""Errors of services about a role, a key or a service-linked role, by their codes and sentences.

The services' API references explain what the errors mean.
"""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_EMR = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-roles-custom.html"
_VPC_PROJECT = f"{_API}/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html"
_TRAIL = f"{_API}/awscloudtrail/latest/APIReference/API_CreateTrail.html"


_NAMED_ACTION = r"(?-i:[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z]{2,}\b)"
_NO_KEY = r"\bKMS key \[\s*(?P<value>None|null|nil|undefined|\"\")\s*\]"
_MANAGED_BY_AWS = r"(?:\bKeyManager[\"']?\s*[:=]?\s*[\"']?AWS\b|(?<![\w/])(?:alias/)?aws/rds\b)"
_ELSEWHERE = r"(?:\bcross[- _]?account|\b(?:another|other|second|DR|target|destination) account\b)"
SERVICE_CODES: tuple[ServiceSentence, ...] = (
    row(
        "not authorized to perform describe",
        r"Not authorized to perform (?:DescribeSecurityGroups|DescribeSubnets|DescribeVpcs|DescribeDhcpOptions"
        r"|DescribeNetworkInterfaces)\b",
        "the service role of the CodeBuild project",
        "the project's service role lacks EC2 permissions",
        "CodeBuild makes this call with the project's service role, not with the caller: allow that role the EC2 "
        "actions of a project in a VPC.",
        UsualCause("The service role needs ec2:DescribeSecurityGroups, DescribeSubnets, DescribeVpcs, "
                   "DescribeDhcpOptions, DescribeNetworkInterfaces, CreateNetworkInterface and DeleteNetworkInterface "
                   "on *, and ec2:CreateNetworkInterfacePermission with ec2:AuthorizedService = "
                   "codebuild.amazonaws.com. If a template creates the policy and the project together, let the "
                   "project depend on the policy.",
                   needs=("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
                          "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface",
                          "ec2:DeleteNetworkInterface", "ec2:CreateNetworkInterfacePermission")),
        # The message: https://github.com/aws/aws-cdk/issues/2652.
        page=_VPC_PROJECT,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "has insufficient ec2 permissions",
        r"[Ss]ervice role (?P<principal>arn:\S+|[\w+=,.@-]+) has insufficient EC2 permissions",
        "the service role of the EMR cluster",
        "the cluster's service role lacks EC2 permissions",
        "The service role {principal} of the EMR cluster lacks EC2 permissions, not whoever creates the cluster.",
        UsualCause("Tag the cluster, its subnet, its VPC and your own security groups with "
                   "for-use-with-amazon-emr-managed-policies = true, and create the cluster again: only then does "
                   "AmazonEMRServicePolicy_v2 allow EC2 calls on them. A tag on the cluster is not enough.",
                   "aws ec2 describe-tags --filters Name=key,Values=for-use-with-amazon-emr-managed-policies",
                   shown_by=r"\A(?![\s\S]*for-use-with-amazon-emr-managed-policies)[\s\S]*"
                            r"(?<!not )(?<!no )AmazonEMRServicePolicy_v2\b",
                   decides="The service role {principal} of the EMR cluster has AmazonEMRServicePolicy_v2, which works "
                           "only on resources with the tag for-use-with-amazon-emr-managed-policies = true: most "
                           "likely the cluster, the subnet or the VPC lacks it."),
        UsualCause("With AmazonEMRServicePolicy_v2 the cluster must be created with the tag "
                   "for-use-with-amazon-emr-managed-policies = true, and the subnet, the security groups and the VPC "
                   "need that tag, too. If you use your own policy, allow the EC2 actions that EMR's message or the "
                   "event in CloudTrail names."),
        page=_EMR,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "is not authorized to call ec2",
        r"(?:User )?account is not authorized to call EC2(?!:)",
        "whoever creates the EMR cluster",
        "the creator of the cluster lacks permissions to find and pass its roles",
        "Whoever creates the EMR cluster lacks permissions in EC2, or the permissions to find and pass the cluster's "
        "roles.",
        UsualCause("Allow whoever creates the cluster to perform iam:PassRole on the service role and on the instance "
                   "profile's role, iam:ListRoles, iam:GetInstanceProfile, and the EC2 actions of EMR's managed "
                   "policy for users."),
        page=_EMR,
    ),
    row(
        "invalid instanceprofile",
        r"\bInvalid InstanceProfile: (?P<name>[\w+=,.@/-]*[\w+=@-])",
        "the EMR cluster",
        "EMR does not accept the instance profile {name}",
        "EMR does not accept the instance profile {name}: this profile does not exist in this account, or has a "
        "different name from its role, which EMR does not support.",
        UsualCause("Give EMR an instance profile that has the same name as its role, and contains that role.",
                   "aws iam list-instance-profiles --query "
                   "'InstanceProfiles[].[InstanceProfileName,Roles[].RoleName]'"),
        page=_EMR,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "role for auto scaling could not be created",
        r"default Service-Linked Role for Auto Scaling could not be created",
        "whoever creates the Auto Scaling group",
        "the caller is not allowed to create Auto Scaling's service-linked role",
        "This account has no service-linked role for Auto Scaling yet, and the caller is not allowed to create it.",
        UsualCause("Somebody with iam:CreateServiceLinkedRole must create it once: aws iam create-service-linked-role "
                   "--aws-service-name autoscaling.amazonaws.com. No other permission was refused."),
        page=f"{_API}/autoscaling/ec2/userguide/autoscaling-service-linked-role.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
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
    row(
        "inaccessible-encryption-credentials",
        r"\bstat(?:us|e)\b[^\n]{0,12}inaccessible-encryption-credentials(?:-recoverable)?\b"
        r"|Status\W{1,6}inaccessible-encryption-credentials|\binaccessible-encryption-credentials\S* stat(?:us|e)\b",
        "the database, which cannot use its KMS key",
        "the database's KMS key is disabled, is scheduled for deletion, or no longer allows the database",
        "The database stopped because it can no longer use its KMS key: the key is disabled or scheduled for deletion, "
        "or its policy or grant for the database was removed.",
        UsualCause("Check the key's state and policy now: enable the key, or cancel its deletion, and restore the "
                   "grant. If the database's status ends in -recoverable, start it afterwards; otherwise only a backup "
                   "helps.",
                   "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        page=f"{_API}/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    row(
        "accessdeniedfordependency",
        r"\bAccessDeniedForDependency(?:Exception)?\b(?=[\s\S]{0,400}?(?:organizations?\b|service-linked|ServiceLinkedRole))",
        "whoever calls Organizations",
        "the caller is not allowed to create the service-linked role of Organizations",
        "The caller lacks iam:CreateServiceLinkedRole for organizations.amazonaws.com, which this operation also "
        "needs.",
        UsualCause("Allow this action with the condition iam:AWSServiceName = organizations.amazonaws.com. The "
                   "Organizations action itself was not refused."),
        page=f"{_API}/organizations/latest/APIReference/API_CreateOrganization.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    of_codes(
        "InvalidCloudWatchLogsRoleArn",
        "the role with which CloudTrail writes to CloudWatch Logs",
        "CloudTrail cannot use the role for CloudWatch Logs",
        "CloudTrail cannot use the role for CloudWatch Logs: it does not exist, does not trust CloudTrail, or is not "
        "allowed to write to the log group.",
        "The role must trust cloudtrail.amazonaws.com, and needs logs:CreateLogStream and logs:PutLogEvents on the "
        "trail's log streams. Whoever configures the trail with this role needs iam:PassRole on it. After creating "
        "the role, wait a few seconds.",
        _TRAIL,
        check="aws cloudtrail describe-trails --query 'trailList[].[Name,CloudWatchLogsRoleArn]'",
    ),
    # AWS CloudTrail API Reference, "RegisterOrganizationDelegatedAdmin": InsufficientIAMAccessPermissionException.
    of_codes(
        "InsufficientDependencyServiceAccessPermission NoManagementAccountSLRExists InsufficientIAMAccessPermission",
        "whoever makes the organization's trail",
        "the caller lacks permissions in Organizations, or for the service-linked role",
        "An organization's trail needs permissions in Organizations and a service-linked role, and one of them is "
        "missing.",
        "Allow the caller to perform organizations:EnableAWSServiceAccess, "
        "organizations:ListAWSServiceAccessForOrganization, organizations:DescribeOrganization, iam:GetRole and "
        "iam:CreateServiceLinkedRole, in the management account or a delegated administrator's.",
        _TRAIL,
        who=Who.ORG_ADMIN,
    ),
    of_codes(
        "CloudTrailAccessNotEnabled ServiceAccessNotEnabled",
        "the organization",
        "trusted access of the service is not turned on in Organizations",
        "Trusted access for the service is not turned on in Organizations. No permission of the caller is missing.",
        "In the management account, turn on trusted access: aws organizations enable-aws-service-access "
        "--service-principal SERVICE.amazonaws.com, or in the service's own console.",
        _TRAIL,
        check="aws organizations list-aws-service-access-for-organization",
        who=Who.ORG_ADMIN,
        refuses=False,
    ),
    row(
        "kmskeynotaccessiblefault",
        r"\bKMSKeyNotAccessibleFault\b",
        "the service, or whoever called it",
        "the KMS key cannot be used",
        "The KMS key cannot be used: it does not exist in this Region, is disabled, or its policy does not allow the "
        "caller.",
        # Amazon RDS User Guide, "Sharing encrypted snapshots for Amazon RDS"
        # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html).
        UsualCause(
            "Copy the snapshot with a customer managed key, let that key's policy allow the other account, and share "
            "that copy; nobody can change the policy of an AWS managed key. Then give the ARNs of these keys in the "
            "settings: {value} is no key.",
            "aws kms describe-key --key-id KEY --query KeyMetadata.KeyManager",
            Who.RESOURCE_OWNER,
            shown_by=rf"\A(?=[\s\S]*{_MANAGED_BY_AWS})(?=[\s\S]*{_ELSEWHERE})[\s\S]*?{_NO_KEY}",
            decides="The call names no key (“{value}”), and the data is encrypted, with an AWS managed key: a snapshot "
            "under that key cannot be shared with another account.",
        ),
        UsualCause(
            "Give the ARN of a key in the setting, or leave the setting out if the source is not encrypted "
            "(StorageEncrypted is false). An encrypted snapshot needs a key of the Region that it is copied to.",
            "aws rds describe-db-cluster-snapshots --query 'DBClusterSnapshots[].[StorageEncrypted,KmsKeyId]'",
            Who.CALLER,
            shown_by=_NO_KEY,
            decides="The call names no key: the value that it sends is “{value}”. Check the setting it comes from.",
        ),
        UsualCause(
            "Check the key's ARN, Region and state. The caller (or the role of an export) needs kms:DescribeKey, "
            "kms:CreateGrant, kms:GenerateDataKey* and kms:Decrypt on it, and the key policy of another account's key "
            "must also allow that principal.",
            "aws kms describe-key --key-id KEY",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    ),
    of_codes(
        "SNSNoAuthorization",
        "the service that publishes to the topic",
        "the topic does not let the service, or the caller, publish",
        "The topic's policy does not let the service, or the caller, publish to it.",
        "The topic's policy must allow sns:Publish to the service (events.rds.amazonaws.com, redshift.amazonaws.com) "
        "and the caller. The policy of another account's topic must name both.",
        f"{_API}/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html",
        check="aws sns get-topic-attributes --topic-arn TOPIC",
        who=Who.RESOURCE_OWNER,
        actions=("sns:Publish",),
    ),
    of_codes(
        "S3AccessDeniedFault",
        "the role of the DMS endpoint",
        "DMS is not allowed to use the S3 object",
        "DMS is not allowed to use the S3 object with the role that it was given.",
        "The role must trust dms.amazonaws.com, and needs the S3 actions on the bucket and its objects, and the use of "
        "their KMS key.",
        f"{_API}/dms/latest/APIReference/API_CreateEndpoint.html",
    ),
    of_codes(
        "EC2AccessDeniedException",
        "the function's execution role",
        "the function's execution role is not allowed to set up its network interface",
        "Lambda is not allowed to set up the function's network interface with its execution role.",
        "Attach AWSLambdaVPCAccessExecutionRole to the function's execution role. A Deny on EC2's network interfaces "
        "(in an SCP or a policy of the role) has the same effect.",
        f"{_API}/lambda/latest/api/API_Invoke.html",
        check="aws lambda get-function-configuration --function-name FUNCTION --query Role",
    ),
    of_codes(
        "EFSMountFailure S3FilesMountFailure",
        "the function's execution role",
        "the function could not mount its file system",
        "The function could not mount its file system: a permission is missing, or its configuration is wrong.",
        "Allow the execution role to perform elasticfilesystem:ClientMount and ClientWrite on the file system (S3 "
        "Files: s3files:ClientMount, s3files:ClientWrite). Then check the file system's policy, and the access point's "
        "user, path and mode.",
        f"{_API}/lambda/latest/api/API_Invoke.html",
        check="aws lambda get-function-configuration --function-name FUNCTION --query '[Role,FileSystemConfigs]'",
    ),
    of_codes(
        "WAFServiceLinkedRoleError",
        "AWS WAF",
        "the service-linked role of AWS WAF is locked temporarily",
        "The service-linked role of AWS WAF is locked: a logging configuration was just changed, or the role was "
        "deleted.",
        "Try again after 20 seconds. If the role was deleted, wait 15 minutes or more. Changing a policy does not "
        "help.",
        f"{_API}/waf/latest/APIReference/API_PutLoggingConfiguration.html",
        who=Who.CALLER,
        refuses=False,
    ),
    # Amazon EKS API Reference, "RegisterCluster": ResourcePropagationDelayException.
    of_codes(
        "ServiceLinkedRoleFailure ResourcePropagationDelay",
        "the service",
        "a new service-linked role is not ready yet",
        "The service-linked role was created a moment ago and is not ready yet.",
        "Make the call again after a minute. Changing a policy does not help.",
        f"{_API}/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html",
        who=Who.CALLER,
        refuses=False,
    ),
    of_codes(
        "ServiceLinkedRoleNotFoundFault",
        "the service",
        "the service-linked role does not exist in this account",
        "The service-linked role that the service needs does not exist in this account.",
        "Somebody with iam:CreateServiceLinkedRole must create this role once: aws iam create-service-linked-role "
        "--aws-service-name SERVICE.amazonaws.com (elasticache, memorydb, dax).",
        f"{_API}/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html",
        check="aws iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'",
        refuses=False,
    ),
    of_codes(
        "WorkspacesDefaultRoleNotFound",
        "WorkSpaces",
        "the role workspaces_DefaultRole does not exist in this account",
        "The account has no role workspaces_DefaultRole, which the first registration of a directory needs.",
        "Create the role with exactly this name: it must trust workspaces.amazonaws.com, and have the managed policies "
        "AmazonWorkSpacesServiceAccess and AmazonWorkSpacesSelfServiceAccess.",
        f"{_API}/workspaces/latest/api/API_RegisterWorkspaceDirectory.html",
        check="aws iam get-role --role-name workspaces_DefaultRole",
        refuses=False,
    ),
    of_codes(
        "UnableToAccessSecretException",
        "Amazon ECR, which reads the secret of the pull through cache",
        "ECR is not allowed to read the secret of the upstream registry",
        "Amazon ECR is not allowed to read the secret of the pull through cache rule.",
        "The secret's name must begin with ecr-pullthroughcache/. The secret must be in the registry's account and "
        "Region, and its own policy and KMS key must not deny ECR's service-linked role.",
        f"{_API}/AmazonECR/latest/APIReference/API_CreatePullThroughCacheRule.html",
        who=Who.RESOURCE_OWNER,
    ),
    of_codes(
        "UnmatchedPolicyPermission",
        "AWS RAM",
        "no managed permission of RAM has the permissions of the resource's policy",
        "RAM has no managed permission with the permissions of the resource's own policy. No permission is missing.",
        "First run aws ram promote-permission-created-from-policy, then promote-resource-share-created-from-policy.",
        f"{_API}/ram/latest/APIReference/API_PromoteResourceShareCreatedFromPolicy.html",
        who=Who.CALLER,
        refuses=False,
    ),
    of_codes(
        "IncorrectKeyException InvalidCiphertextException",
        "KMS",
        "the key or the encryption context is not the one that encrypted the data",
        "KMS cannot decrypt the data: the key or the encryption context is not the one that encrypted it, or the data "
        "is damaged. No permission is missing.",
        "Leave out the key's ID (unless the key is asymmetric), or name the key that encrypted the data. Pass the same "
        "encryption context, in the same letter case, and pass the data in its binary form (not as base64 text).",
        f"{_API}/kms/latest/APIReference/API_Decrypt.html",
        who=Who.CALLER,
        refuses=False,
    ),
    of_codes(
        "InvalidKMSKeyException",
        "the caller",
        "the caller is not allowed to decrypt with the KMS key, or the key is mistyped",
        "The KMS key was entered wrongly, or the caller has no permission to decrypt with it.",
        "Check the key's ARN and Region, and allow the caller to perform kms:Decrypt and kms:GenerateDataKey on it.",
        f"{_API}/textract/latest/dg/API_StartDocumentAnalysis.html",
        check="aws kms describe-key --key-id KEY",
    ),
    row(
        "cannot be invoked. check the specified function arn",
        r"Lambda function (?:arn:\S+ )?cannot be invoked\. Check the specified function ARN",
        "AWS Config, which invokes the rule's function",
        "AWS Config cannot invoke the function",
        "AWS Config cannot invoke the function of the rule: the function's own policy does not allow the call, or the "
        "rule names a different ARN.",
        UsualCause("Add a statement to the function's policy: config.amazonaws.com, lambda:InvokeFunction, the account "
                   "as aws:SourceAccount (aws lambda add-permission). In a template, make the rule depend on that "
                   "permission.",
                   "aws lambda get-policy --function-name FUNCTION", Who.RESOURCE_OWNER),
        page=f"{_API}/config/latest/APIReference/API_PutConfigRule.html",
        actions=("lambda:InvokeFunction",),
    ),
    # The text names the role and its actions: whoever made the call is not refused.
    row(
        (" role requires", " role needs", " role must have", " role is missing", " role lacks"),
        rf"(?:the|your|its) (?P<refused>(?:[\w-]+ ){{0,3}}?role) (?:requires?|needs?|must have|is missing|lacks)"
        rf"(?: the)?(?: following| required)?(?: permissions?| actions?)?(?: for| to(?: perform| call)?)?:? "
        rf"[\"'`\[]?(?P<asked>{_NAMED_ACTION}(?:[\"'`,\s]+(?:and )?[\"'`]?{_NAMED_ACTION}){{0,11}})",
        "the {refused}",
        "the {refused} lacks {asked}",
        "The text says that the {refused} lacks {asked}: change that role, not the caller's policies.",
        UsualCause("Allow the {refused} {asked}; an action that supports no resources (ecr:GetAuthorizationToken) "
                   "needs Resource \"*\"."),
        UsualCause("The call was given the wrong role, or the role's policy was attached a moment ago.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        cause="identity.no-action",
        ground=Ground.PARTLY,
    ),
    row(
        ("service-linked role", "service linked role"),
        r"(?:permissions?|authorized) to create (?:(?:a|the) )?service[- ]linked role"
        r"(?: (?:for|in) [\w .-]{2,60}?(?=[.,;:\"'\n]|$)"
        r"|(?=[.,;:\"'\n]|$))|Failed (?:creating|to create) (?:a |the )?service[- ]linked role",
        "the caller",
        "the caller is not allowed to create a service-linked role",
        "The service has no service-linked role in this account yet, and the caller is not allowed to create it "
        "(iam:CreateServiceLinkedRole).",
        UsualCause("A custom resource calls with the role of its Lambda function: allow that role to perform "
                   "iam:CreateServiceLinkedRole, preferably with the condition iam:AWSServiceName = the service's "
                   "principal. Or create the service-linked role once beforehand. The deployer's own permissions do "
                   "not matter.",
                   None, shown_by=r"\bcustom resource\b", needs_evidence=True),
        UsualCause("The service is used for the first time in this account (or its role was deleted), and the caller "
                   "is not allowed to create that role: have somebody with iam:CreateServiceLinkedRole create it once.",
                   "aws iam list-roles --path-prefix /aws-service-role/ --query 'Roles[].RoleName'"),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
