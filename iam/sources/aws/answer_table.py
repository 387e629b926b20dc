"""What AWS's responses are certain to contain beyond what botocore's models require, for each read and create call.

botocore's models list the members that a response must have, but many require less than the services always send, and
none says which members repeat a parameter of the request. Source: each service's API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from iam.facts.workloads import WORKLOAD_KINDS

_Answers = Mapping[str, Mapping[str, tuple[str, ...]]]

_ANSWERS: _Answers = MappingProxyType(
    {
        "accessanalyzer": {
            "GetFindingV2": ("id=id",),
            "ListAnalyzers": (),
            "ListFindingsV2": (),
            "ValidatePolicy": (),
        },
        "athena": {
            "GetQueryExecution": ("QueryExecution.QueryExecutionId=QueryExecutionId", "QueryExecution.Status.State"),
            "GetQueryResults": ("ResultSet.ResultSetMetadata",),
            "GetWorkGroup": ("WorkGroup.Name=WorkGroup",),
        },
        # A vault without a policy is an error, ResourceNotFoundException.
        "backup": {"GetBackupVaultAccessPolicy": ("BackupVaultName=BackupVaultName", "Policy")},
        "cloudformation": {
            "DescribeStackResources": ("StackResources",),
            "DescribeStacks": ("Stacks",),
            "ListStackResources": ("StackResourceSummaries",),
            "ListStacks": ("StackSummaries",),
        },
        "cloudtrail": {
            "DescribeQuery": ("QueryStatus",),
            "GetEventDataStore": ("EventDataStoreArn",),
            "GetQueryResults": ("QueryStatus",),
            "ListEventDataStores": ("EventDataStores",),
            "LookupEvents": ("Events",),
        },
        "config": {
            "GetResourceConfigHistory": ("configurationItems",),
            "ListDiscoveredResources": ("resourceIdentifiers",),
        },
        "dynamodb": {"GetResourcePolicy": ("Policy",), "ListTables": ("TableNames",)},
        "ec2": {
            "DescribeIamInstanceProfileAssociations": ("IamInstanceProfileAssociations",),
            "DescribeRegions": ("Regions", "Regions[].RegionName"),
            "DescribeInstances": ("Reservations", "Reservations[].Instances[].InstanceId=InstanceIds"),
            "DescribeVpcEndpoints": ("VpcEndpoints",),
        },
        "ecr": {
            "DescribeRepositories": ("repositories",),
            "GetRepositoryPolicy": ("repositoryName=repositoryName", "policyText"),
        },
        "ecs": {
            "DescribeTaskDefinition": ("taskDefinition.taskDefinitionArn=taskDefinition",),
            "ListTaskDefinitions": ("taskDefinitionArns",),
        },
        "efs": {"DescribeFileSystemPolicy": ("FileSystemId=FileSystemId", "Policy")},
        "eks": {
            "DescribePodIdentityAssociation": (
                "association.associationId=associationId",
                "association.clusterName=clusterName",
                "association.namespace",
                "association.roleArn",
                "association.serviceAccount",
            ),
            "ListClusters": ("clusters",),
            "ListPodIdentityAssociations": ("associations", "associations[].clusterName=clusterName"),
        },
        # The bus has a policy or not; its name it always has.
        "events": {"DescribeEventBus": ("Name=Name",)},
        "glue": {
            "GetDatabases": (),
            "GetPartitions": ("Partitions",),
            "GetTable": ("Table.Name=Name",),
            "GetTables": ("TableList",),
        },
        "iam": {
            "CreateGroup": ("Group.GroupName=GroupName",),
            "CreateInstanceProfile": ("InstanceProfile.InstanceProfileName=InstanceProfileName",),
            "CreateOpenIDConnectProvider": ("OpenIDConnectProviderArn",),
            "CreatePolicy": ("Policy.PolicyName=PolicyName",),
            "CreatePolicyVersion": ("PolicyVersion.VersionId",),
            "CreateRole": ("Role.RoleName=RoleName",),
            "CreateUser": ("User.UserName=UserName",),
            "GenerateServiceLastAccessedDetails": ("JobId",),
            "GetAccountAuthorizationDetails": (
                "RoleDetailList",
                "UserDetailList",
                "GroupDetailList",
                "Policies",
                "Policies[].PolicyVersionList[].Document",
            ),
            "GetAccountPasswordPolicy": ("PasswordPolicy",),
            "GetAccountSummary": ("SummaryMap",),
            "GetGroup": ("Group.GroupName=GroupName",),
            "GetGroupPolicy": ("GroupName=GroupName", "PolicyName=PolicyName"),
            "GetInstanceProfile": ("InstanceProfile.InstanceProfileName=InstanceProfileName",),
            "GetLoginProfile": ("LoginProfile.UserName=UserName",),
            "GetOpenIDConnectProvider": ("Url$OpenIDConnectProviderArn",),
            "GetPolicy": ("Policy.Arn=PolicyArn",),
            "GetPolicyVersion": ("PolicyVersion.VersionId=VersionId", "PolicyVersion.Document"),
            "GetRole": ("Role.RoleName=RoleName", "Role.AssumeRolePolicyDocument"),
            "GetRolePolicy": ("RoleName=RoleName", "PolicyName=PolicyName"),
            "GetSAMLProvider": ("CreateDate",),
            "GetServerCertificate": (
                "ServerCertificate.ServerCertificateMetadata.ServerCertificateName=ServerCertificateName",
            ),
            "GetServiceLastAccessedDetails": (),
            "GetServiceLinkedRoleDeletionStatus": (),
            # The account's root user, which has no name, is asked for without one.
            "GetUser": ("User.UserName?UserName",),
            "GetUserPolicy": ("UserName=UserName", "PolicyName=PolicyName"),
            "ListAccessKeys": ("AccessKeyMetadata[].UserName=UserName",),
            "ListAccountAliases": (),
            "ListAttachedGroupPolicies": ("AttachedPolicies",),
            "ListAttachedRolePolicies": ("AttachedPolicies",),
            "ListAttachedUserPolicies": ("AttachedPolicies",),
            "ListGroupPolicies": (),
            "ListGroups": (),
            "ListGroupsForUser": (),
            "ListInstanceProfiles": (),
            "ListInstanceProfilesForRole": ("InstanceProfiles[].Roles[].RoleName=RoleName",),
            "ListMFADevices": ("MFADevices[].UserName=UserName",),
            "ListOpenIDConnectProviders": ("OpenIDConnectProviderList",),
            "ListPolicies": ("Policies",),
            "ListPolicyVersions": ("Versions",),
            "ListRolePolicies": (),
            "ListRoles": (),
            "ListSAMLProviders": ("SAMLProviderList",),
            "ListSSHPublicKeys": ("SSHPublicKeys", "SSHPublicKeys[].UserName=UserName"),
            "ListServerCertificates": (),
            "ListServiceSpecificCredentials": (
                "ServiceSpecificCredentials",
                "ServiceSpecificCredentials[].UserName=UserName",
            ),
            "ListSigningCertificates": ("Certificates[].UserName=UserName",),
            "ListUserPolicies": (),
            "ListUsers": (),
            "ListVirtualMFADevices": (),
            "SimulatePrincipalPolicy": ("EvaluationResults", "EvaluationResults[].EvalActionName=ActionNames"),
        },
        "iam-toolbox": {"GetRequestAuthorizationDetails": (), "GetRequestAuthorizationPolicy": ()},
        "kinesis": {"GetResourcePolicy": ()},
        "kms": {
            "DescribeKey": ("KeyMetadata.KeyId",),
            "GetKeyPolicy": ("Policy",),
            "ListGrants": ("Grants",),
            "ListKeys": ("Keys",),
        },
        "lambda": {
            "GetLayerVersionPolicy": ("Policy",),
            "GetPolicy": ("Policy",),
            "ListFunctions": ("Functions",),
        },
        "opensearch": {"DescribeDomain": ("DomainStatus.DomainName=DomainName",)},
        "organizations": {
            "DescribeOrganization": ("Organization.Id",),
            "DescribePolicy": ("Policy.PolicySummary.Id=PolicyId", "Policy.Content"),
            "ListAccountsForParent": ("Accounts",),
            "ListOrganizationalUnitsForParent": ("OrganizationalUnits",),
            "ListParents": ("Parents",),
            "ListPolicies": ("Policies",),
            "ListPoliciesForTarget": ("Policies",),
            "ListRoots": ("Roots",),
            "ListTargetsForPolicy": ("Targets",),
        },
        "resourcegroupstaggingapi": {
            "GetResources": ("ResourceTagMappingList", "ResourceTagMappingList[].ResourceARN=ResourceARNList"),
        },
        "s3": {
            "GetBucketPolicy": ("Policy",),
            "GetPublicAccessBlock": ("PublicAccessBlockConfiguration.BlockPublicPolicy",),
            "ListBuckets": ("Buckets",),
            "ListObjectsV2": ("Name=Bucket",),
        },
        "s3control": {"GetAccessPoint": ("Name=Name", "Bucket"), "GetAccessPointPolicy": ("Policy",)},
        # ResourcePolicy is missing where the secret has none.
        "secretsmanager": {"GetResourcePolicy": ("ARN",), "ListSecrets": ("SecretList",)},
        "sns": {"GetTopicAttributes": ("Attributes.TopicArn=TopicArn",), "ListTopics": ("Topics",)},
        # https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Operations.html
        "sso-admin": {
            "DescribePermissionSet": (
                "PermissionSet.Name",
                "PermissionSet.PermissionSetArn=PermissionSetArn",
            ),
            "ListAccountsForProvisionedPermissionSet": ("AccountIds",),
            "ListInstances": ("Instances",),
            "ListPermissionSetsProvisionedToAccount": ("PermissionSets",),
        },
        # Where there are no queues there is no list of them.
        "sqs": {
            "GetQueueAttributes": ("Attributes.QueueArn",),
            "GetQueueUrl": ("QueueUrl",),
            "ListQueues": (),
        },
        "sts": {
            "AssumeRole": ("Credentials.AccessKeyId",),
            "DecodeAuthorizationMessage": ("DecodedMessage",),
            "GetCallerIdentity": ("Arn", "Account"),
        },
    }
)


def _with_workloads() -> _Answers:
    """Return the table, extended by what the calls of `iam.facts.workloads` always return."""
    found = {service: dict(operations) for service, operations in _ANSWERS.items()}
    for kind in WORKLOAD_KINDS:
        for number, (service, operation, _) in enumerate(kind.operations()):
            found.setdefault(service, {}).setdefault(operation, (kind.always(number),))
    return found


ANSWERS: _Answers = MappingProxyType(_with_workloads())
"""The members that a response always contains, by boto3's service name and the operation.

A dot leads into a structure, ``[]`` into each item of a list. A suffix names the request parameter that a value must
match: after ``=`` the parameter with the same value (a list: one of its values), after ``$`` the parameter whose value
ends with it, after ``?`` an optional parameter: without that parameter, the member may be missing. The response of a
read that is not in this table is rejected: add it here first.
"""

SHAPES: _Answers = MappingProxyType(
    {
        "cloudformation": {"StackSummary": ("StackId",)},
        "cloudtrail": {"Event": ("EventName", "EventTime")},
        "config": {
            "ConfigurationItem": ("configurationItemCaptureTime",),
            "ResourceIdentifier": ("resourceId",),
        },
        "ec2": {
            "IamInstanceProfile": ("Arn",),
            "IamInstanceProfileAssociation": ("AssociationId", "IamInstanceProfile", "InstanceId", "State"),
            "Instance": ("InstanceId", "State"),
            "Reservation": ("Instances",),
            "VpcEndpoint": ("ServiceName", "VpcEndpointId"),
        },
        "ecr": {"Repository": ("repositoryArn",)},
        "ecs": {"TaskDefinition": ("family", "revision", "taskDefinitionArn")},
        "eks": {"PodIdentityAssociationSummary": ("associationId",)},
        "iam": {
            "AccessKeyMetadata": ("AccessKeyId", "Status", "UserName"),
            "AttachedPolicy": ("PolicyArn", "PolicyName"),
            "GroupDetail": ("Arn", "AttachedManagedPolicies", "GroupName", "GroupPolicyList"),
            "ManagedPolicyDetail": ("Arn", "DefaultVersionId", "PolicyVersionList"),  # the name is in the ARN
            "OpenIDConnectProviderListEntry": ("Arn",),
            "Policy": ("Arn", "DefaultVersionId", "PolicyName"),
            "PolicyDetail": ("PolicyDocument", "PolicyName"),
            "PolicyVersion": ("IsDefaultVersion", "VersionId"),
            "RoleDetail": (
                "Arn",
                "AssumeRolePolicyDocument",
                "AttachedManagedPolicies",
                "InstanceProfileList",
                "RoleName",
                "RolePolicyList",
            ),
            "SAMLProviderListEntry": ("Arn",),
            "TrackedActionLastAccessed": ("ActionName",),
            # UserPolicyList is missing where the user has no inline policy.
            "UserDetail": ("Arn", "AttachedManagedPolicies", "GroupList", "UserName"),
        },
        "kms": {"GrantListEntry": ("GrantId",), "KeyListEntry": ("KeyArn",)},
        "lambda": {"FunctionConfiguration": ("FunctionArn", "FunctionName", "Role")},
        "organizations": {
            "Account": ("Id",),
            "OrganizationalUnit": ("Id",),
            "Parent": ("Id",),
            "PolicySummary": ("Id",),
            "PolicyTargetSummary": ("TargetId",),
            "Root": ("Id",),
        },
        "resourcegroupstaggingapi": {"ResourceTagMapping": ("ResourceARN",)},
        "s3": {"Bucket": ("Name",)},
        "secretsmanager": {"SecretListEntry": ("ARN",)},
        "sns": {"Topic": ("TopicArn",)},
        "sso-admin": {"InstanceMetadata": ("InstanceArn",)},
    }
)
"""The members that structures always contain, by service and botocore's shape, anywhere in a response."""

NOT_ALWAYS: _Answers = MappingProxyType(
    {
        "iam": {
            # While the job runs, and where it failed.
            "GetServiceLastAccessedDetails": (
                "GetServiceLastAccessedDetailsResponse.JobCompletionDate",
                "GetServiceLastAccessedDetailsResponse.ServicesLastAccessed",
            ),
            # The root user has neither.
            "GetUser": ("User.Path", "User.UserName"),
            "ListVirtualMFADevices": ("User.Path", "User.UserName"),
        }
    }
)
"""The members (``Shape.member``) that the model requires but AWS sometimes leaves out, by service and operation."""

ENUMERATIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "athena": {"QueryExecutionState": "the state"},
        "cloudtrail": {"QueryStatus": "the state"},
        "iam": {
            "DeletionTaskStatusType": "the status",
            "jobStatusType": "the status",
            "PolicyEvaluationDecisionType": "the decision",
            "statusType": "the status",
        },
    }
)
"""Names for values whose meaning decides the result, by service and botocore's shape.

Such a value cannot be interpreted if it is newer than botocore's list. For all other values, new ones are normal: AWS
adds instance types and runtimes monthly.
"""
