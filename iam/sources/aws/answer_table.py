"""The members that AWS's responses always contain although botocore's models do not require them.

The members of single calls' responses are in `iam.sources.aws.read_calls`. Source: each service's API reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from iam.sources.aws.read_calls import READ_CALLS

_Answers = Mapping[str, Mapping[str, tuple[str, ...]]]

_CREATED: Mapping[str, tuple[str, ...]] = {
    "CreateGroup": ("Group.GroupName=GroupName",),
    "CreateInstanceProfile": ("InstanceProfile.InstanceProfileName=InstanceProfileName",),
    "CreateOpenIDConnectProvider": ("OpenIDConnectProviderArn",),
    "CreatePolicy": ("Policy.PolicyName=PolicyName",),
    "CreatePolicyVersion": ("PolicyVersion.VersionId",),
    "CreateRole": ("Role.RoleName=RoleName",),
    "CreateUser": ("User.UserName=UserName",),
}


def _answers() -> _Answers:
    found = {
        service: {operation: call.always for operation, call in operations.items() if call.always is not None}
        for service, operations in READ_CALLS.items()
    }
    return {**found, "iam": {**_CREATED, **found["iam"]}}


ANSWERS: _Answers = MappingProxyType(_answers())
"""The members that a response always contains, by boto3's service name and the operation.

`ReadCall.always` says how a row is written. The response of a read that is not in this table is rejected.
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
            # UserPolicyList is missing if the user has no inline policy.
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
            # Missing while the job runs, and if it failed.
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
"""Members (``Shape.member``) that the model requires but AWS sometimes leaves out, by service and operation."""

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

   Such a value cannot be interpreted if it is newer than botocore's list. For every other field, new values are normal,
because AWS adds instance types and runtimes monthly.
"""
