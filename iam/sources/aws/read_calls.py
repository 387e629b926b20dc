"""Every call by which rolescope reads an account: its purpose, and what its response is certain to contain.

botocore's models list the members that a response must have. Many models require less than the services always send,
and none says which members repeat a parameter of the request. Source: each service's API reference. The response of a
read that is not in this table is rejected, and `iam.own_permissions` derives the permissions that rolescope needs from
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from iam.facts.workloads import WORKLOAD_KINDS


class Depth(StrEnum):
    """A purpose for which rolescope is used. Each may include other purposes (`iam.own_permissions.depths`)."""

    BROWSE = "browse"
    DIAGNOSE = "diagnose"
    REVIEW = "review"
    USE = "use"
    CREATE = "create"
    CHANGE = "change"
    TRAIL = "trail"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Depth.BROWSE: "the lists, a complete role, who uses it, who may do what",
    Depth.DIAGNOSE: "denials and taken names, the review, snapshots",
    Depth.REVIEW: "what runs as the roles, for the review and snapshots",
    Depth.USE: "sessions of the account's roles",
    Depth.CREATE: "new roles with their instance profiles and identity providers, and undoing their creation",
    Depth.CHANGE: "every change that a plan may contain",
    Depth.TRAIL: "recorded calls in trails, queried where they are stored: Athena, CloudTrail Lake",
}


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A call that reads. ``depth`` is the purpose for which it is made.

    ``always`` names the members that its response always contains beyond what botocore's model requires. A dot leads
    into a structure, ``[]`` into each item of a list. A suffix names the request parameter that a value must match:
    after ``=`` the parameter with the same value (a list: one of its values), after ``$`` the parameter whose value
    ends with it, after ``?`` an optional parameter: without that parameter, the member may be missing. None if the
    response is not checked, because the call only starts or stops a query whose result other calls read.
    """

    depth: Depth
    always: tuple[str, ...] | None


def _browse(*always: str) -> ReadCall:
    return ReadCall(Depth.BROWSE, always)


def _diagnose(*always: str) -> ReadCall:
    return ReadCall(Depth.DIAGNOSE, always)


def _review(*always: str) -> ReadCall:
    return ReadCall(Depth.REVIEW, always)


def _use(*always: str) -> ReadCall:
    return ReadCall(Depth.USE, always)


def _trail(*always: str) -> ReadCall:
    return ReadCall(Depth.TRAIL, always)


_NOT_CHECKED = ReadCall(Depth.TRAIL, None)
_ReadCalls = Mapping[str, Mapping[str, ReadCall]]

_CALLS: _ReadCalls = {
    "accessanalyzer": {
        "GetFindingV2": _diagnose("id=id"),
        "ListAnalyzers": _diagnose(),
        "ListFindingsV2": _diagnose(),
        "ValidatePolicy": _diagnose(),
    },
    "athena": {
        "GetQueryExecution": _trail("QueryExecution.QueryExecutionId=QueryExecutionId", "QueryExecution.Status.State"),
        "GetQueryResults": _trail("ResultSet.ResultSetMetadata"),
        "GetWorkGroup": _trail("WorkGroup.Name=WorkGroup"),
        "StartQueryExecution": _NOT_CHECKED,
        "StopQueryExecution": _NOT_CHECKED,
    },
    # For a vault without a policy, AWS returns an error, ResourceNotFoundException.
    "backup": {"GetBackupVaultAccessPolicy": _diagnose("BackupVaultName=BackupVaultName", "Policy")},
    "cloudformation": {
        "DescribeStackResources": _browse("StackResources"),
        "DescribeStacks": _browse("Stacks"),
        "ListStackResources": _diagnose("StackResourceSummaries"),
        "ListStacks": _diagnose("StackSummaries"),
    },
    "cloudtrail": {
        "CancelQuery": _NOT_CHECKED,
        "DescribeQuery": _trail("QueryStatus"),
        "GetEventDataStore": _trail("EventDataStoreArn"),
        "GetQueryResults": _trail("QueryStatus"),
        "ListEventDataStores": _trail("EventDataStores"),
        "LookupEvents": _browse("Events"),
        "StartQuery": _NOT_CHECKED,
    },
    "config": {
        "GetResourceConfigHistory": _diagnose("configurationItems"),
        "ListDiscoveredResources": _diagnose("resourceIdentifiers"),
    },
    "dynamodb": {"GetResourcePolicy": _diagnose("Policy"), "ListTables": _diagnose("TableNames")},
    "ec2": {
        "DescribeRegions": _review("Regions", "Regions[].RegionName"),
        "DescribeIamInstanceProfileAssociations": _diagnose("IamInstanceProfileAssociations"),
        "DescribeInstances": _browse("Reservations", "Reservations[].Instances[].InstanceId=InstanceIds"),
        "DescribeVpcEndpoints": _diagnose("VpcEndpoints"),
    },
    "ecr": {
        "DescribeRepositories": _diagnose("repositories"),
        "GetRepositoryPolicy": _diagnose("repositoryName=repositoryName", "policyText"),
    },
    "ecs": {
        "DescribeTaskDefinition": _browse("taskDefinition.taskDefinitionArn=taskDefinition"),
        "ListTaskDefinitions": _browse("taskDefinitionArns"),
    },
    "efs": {"DescribeFileSystemPolicy": _diagnose("FileSystemId=FileSystemId", "Policy")},
    "eks": {
        "DescribePodIdentityAssociation": _browse(
            "association.associationId=associationId",
            "association.clusterName=clusterName",
            "association.namespace",
            "association.roleArn",
            "association.serviceAccount",
        ),
        "ListClusters": _browse("clusters"),
        "ListPodIdentityAssociations": _browse("associations", "associations[].clusterName=clusterName"),
    },
    # An event bus always has a name, but not always a policy.
    "events": {"DescribeEventBus": _diagnose("Name=Name")},
    "glue": {
        "GetDatabases": _trail(),
        "GetPartitions": _trail("Partitions"),
        "GetTable": _trail("Table.Name=Name"),
        "GetTables": _trail("TableList"),
    },
    "iam": {
        "GenerateServiceLastAccessedDetails": _browse("JobId"),
        "GetAccountAuthorizationDetails": _browse(
            "RoleDetailList", "UserDetailList", "GroupDetailList", "Policies", "Policies[].PolicyVersionList[].Document"
        ),
        "GetAccountPasswordPolicy": _diagnose("PasswordPolicy"),
        "GetAccountSummary": _browse("SummaryMap"),
        "GetGroup": _diagnose("Group.GroupName=GroupName"),
        "GetGroupPolicy": _diagnose("GroupName=GroupName", "PolicyName=PolicyName"),
        "GetInstanceProfile": _diagnose("InstanceProfile.InstanceProfileName=InstanceProfileName"),
        "GetLoginProfile": _diagnose("LoginProfile.UserName=UserName"),
        "GetOpenIDConnectProvider": _browse("Url$OpenIDConnectProviderArn"),
        "GetPolicy": _browse("Policy.Arn=PolicyArn"),
        "GetPolicyVersion": _browse("PolicyVersion.VersionId=VersionId", "PolicyVersion.Document"),
        "GetRole": _browse("Role.RoleName=RoleName", "Role.AssumeRolePolicyDocument"),
        "GetRolePolicy": _browse("RoleName=RoleName", "PolicyName=PolicyName"),
        "GetSAMLProvider": _diagnose("CreateDate"),
        "GetServerCertificate": _diagnose(
            "ServerCertificate.ServerCertificateMetadata.ServerCertificateName=ServerCertificateName"
        ),
        "GetServiceLastAccessedDetails": _browse(),
        "GetServiceLinkedRoleDeletionStatus": _diagnose(),
        # The request for the account's root user, which has no name, contains no name.
        "GetUser": _diagnose("User.UserName?UserName"),
        "GetUserPolicy": _diagnose("UserName=UserName", "PolicyName=PolicyName"),
        "ListAccessKeys": _diagnose("AccessKeyMetadata[].UserName=UserName"),
        "ListAccountAliases": _browse(),
        "ListAttachedGroupPolicies": _diagnose("AttachedPolicies"),
        "ListAttachedRolePolicies": _browse("AttachedPolicies"),
        "ListAttachedUserPolicies": _diagnose("AttachedPolicies"),
        "ListGroupPolicies": _diagnose(),
        "ListGroups": _browse(),
        "ListGroupsForUser": _diagnose(),
        "ListInstanceProfiles": _browse(),
        "ListInstanceProfilesForRole": _browse("InstanceProfiles[].Roles[].RoleName=RoleName"),
        "ListMFADevices": _diagnose("MFADevices[].UserName=UserName"),
        "ListOpenIDConnectProviders": _browse("OpenIDConnectProviderList"),
        "ListPolicies": _browse("Policies"),
        "ListPolicyVersions": _browse("Versions"),
        "ListRolePolicies": _browse(),
        "ListRoles": _browse(),
        "ListSAMLProviders": _browse("SAMLProviderList"),
        "ListSSHPublicKeys": _diagnose("SSHPublicKeys", "SSHPublicKeys[].UserName=UserName"),
        "ListServerCertificates": _diagnose(),
        "ListServiceSpecificCredentials": _diagnose(
            "ServiceSpecificCredentials", "ServiceSpecificCredentials[].UserName=UserName"
        ),
        "ListSigningCertificates": _diagnose("Certificates[].UserName=UserName"),
        "ListUserPolicies": _diagnose(),
        "ListUsers": _browse(),
        "ListVirtualMFADevices": _diagnose(),
        "SimulatePrincipalPolicy": _diagnose("EvaluationResults", "EvaluationResults[].EvalActionName=ActionNames"),
    },
    "iam-toolbox": {"GetRequestAuthorizationDetails": _diagnose(), "GetRequestAuthorizationPolicy": _diagnose()},
    "kinesis": {"GetResourcePolicy": _diagnose()},
    "kms": {
        "DescribeKey": _diagnose("KeyMetadata.KeyId"),
        "GetKeyPolicy": _diagnose("Policy"),
        "ListGrants": _diagnose("Grants"),
        "ListKeys": _diagnose("Keys"),
    },
    "lambda": {
        "GetLayerVersionPolicy": _diagnose("Policy"),
        "GetPolicy": _diagnose("Policy"),
        "ListFunctions": _browse("Functions"),
    },
    "opensearch": {"DescribeDomain": _diagnose("DomainStatus.DomainName=DomainName")},
    "organizations": {
        "DescribeOrganization": _browse("Organization.Id"),
        "DescribePolicy": _browse("Policy.PolicySummary.Id=PolicyId", "Policy.Content"),
        "ListAccountsForParent": _diagnose("Accounts"),
        "ListOrganizationalUnitsForParent": _diagnose("OrganizationalUnits"),
        "ListParents": _browse("Parents"),
        "ListPolicies": _diagnose("Policies"),
        "ListPoliciesForTarget": _browse("Policies"),
        "ListRoots": _diagnose("Roots"),
        "ListTargetsForPolicy": _diagnose("Targets"),
    },
    "resourcegroupstaggingapi": {
        "GetResources": _diagnose("ResourceTagMappingList", "ResourceTagMappingList[].ResourceARN=ResourceARNList"),
    },
    "s3": {
        "GetBucketPolicy": _diagnose("Policy"),
        "GetPublicAccessBlock": _diagnose("PublicAccessBlockConfiguration.BlockPublicPolicy"),
        "ListBuckets": _diagnose("Buckets"),
        "ListObjectsV2": _trail("Name=Bucket"),
    },
    "s3control": {"GetAccessPoint": _diagnose("Name=Name", "Bucket"), "GetAccessPointPolicy": _diagnose("Policy")},
    # ResourcePolicy is missing if the secret has none.
    "secretsmanager": {"GetResourcePolicy": _diagnose("ARN"), "ListSecrets": _diagnose("SecretList")},
    "sns": {"GetTopicAttributes": _diagnose("Attributes.TopicArn=TopicArn"), "ListTopics": _diagnose("Topics")},
    # https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Operations.html
    "sso-admin": {
        "DescribePermissionSet": _diagnose("PermissionSet.Name", "PermissionSet.PermissionSetArn=PermissionSetArn"),
        "ListAccountsForProvisionedPermissionSet": _diagnose("AccountIds"),
        "ListInstances": _diagnose("Instances"),
        "ListPermissionSetsProvisionedToAccount": _diagnose("PermissionSets"),
    },
    # If there are no queues, the response contains no list.
    "sqs": {
        "GetQueueAttributes": _diagnose("Attributes.QueueArn"),
        "GetQueueUrl": _diagnose("QueueUrl"),
        "ListQueues": _diagnose(),
    },
    "sts": {
        "AssumeRole": _use("Credentials.AccessKeyId"),
        "DecodeAuthorizationMessage": _diagnose("DecodedMessage"),
        "GetCallerIdentity": _browse("Arn", "Account"),
    },
}


def _with_workloads() -> _ReadCalls:
    """Return the table with the calls of `iam.facts.workloads`, which the review makes."""
    found = {service: dict(operations) for service, operations in _CALLS.items()}
    for kind in WORKLOAD_KINDS:
        for number, (service, operation, _) in enumerate(kind.operations()):
            found.setdefault(service, {}).setdefault(operation, _review(kind.always(number)))
    return found


READ_CALLS: _ReadCalls = MappingProxyType(_with_workloads())
"""All calls except the write calls of plans, by boto3's service name and the operation."""
