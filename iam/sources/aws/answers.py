"""What an answer of AWS always contains: one that lacks it was cut off, is empty, or came from something else.

botocore makes an empty answer of a JSON service's body that it cannot parse (`botocore.parsers.BaseJSONParser`): a
captive portal's page with status 200 would read as "there are none". Here that is a read that failed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from botocore.exceptions import BotoCoreError

from iam.arn import account_of


class NotAnAnswer(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """An answer that cannot be AWS's own, or not the whole of it. ``reason``, in a few words, says what is wrong."""

    fmt = "{reason}"


# By boto3's service and the operation: what an answer always has, however little there is (API reference of each).
# A dot leads into a structure. () for an answer that may have nothing: there the body itself is looked at. The
# answer of a read that is not here is refused: put it here first.
ALWAYS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "accessanalyzer": {
            "GetFindingV2": ("findingDetails",),
            "ListAnalyzers": ("analyzers",),
            "ListFindingsV2": ("findings",),
            "ValidatePolicy": ("findings",),
        },
        "athena": {
            "GetQueryExecution": ("QueryExecution.Status.State",),
            "GetQueryResults": ("ResultSet.ResultSetMetadata",),
            "GetWorkGroup": ("WorkGroup.Name",),
        },
        # A vault without a policy is an error, ResourceNotFoundException.
        "backup": {"GetBackupVaultAccessPolicy": ("BackupVaultName", "Policy")},
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
        "dynamodb": {"GetResourcePolicy": ("Policy",), "ListTables": ("TableNames",)},
        "ec2": {
            "DescribeIamInstanceProfileAssociations": ("IamInstanceProfileAssociations",),
            "DescribeInstances": ("Reservations",),
            "DescribeVpcEndpoints": ("VpcEndpoints",),
        },
        "ecr": {"DescribeRepositories": ("repositories",), "GetRepositoryPolicy": ("policyText",)},
        "ecs": {"DescribeTaskDefinition": ("taskDefinition.family",), "ListTaskDefinitions": ("taskDefinitionArns",)},
        "efs": {"DescribeFileSystemPolicy": ("FileSystemId", "Policy")},
        "eks": {
            "DescribePodIdentityAssociation": ("association.roleArn",),
            "ListClusters": ("clusters",),
            "ListPodIdentityAssociations": ("associations",),
        },
        # The bus has a policy or not; its name it always has.
        "events": {"DescribeEventBus": ("Name",)},
        "glue": {
            "GetDatabases": ("DatabaseList",),
            "GetPartitions": ("Partitions",),
            "GetTable": ("Table.Name",),
            "GetTables": ("TableList",),
        },
        "iam": {
            "CreateGroup": ("Group.Arn",),
            "CreateInstanceProfile": ("InstanceProfile.Arn",),
            "CreateOpenIDConnectProvider": ("OpenIDConnectProviderArn",),
            "CreatePolicy": ("Policy.Arn",),
            "CreatePolicyVersion": ("PolicyVersion.VersionId",),
            "CreateRole": ("Role.Arn", "Role.RoleId"),
            "CreateUser": ("User.Arn",),
            "GenerateServiceLastAccessedDetails": ("JobId",),
            "GetAccountAuthorizationDetails": ("RoleDetailList", "UserDetailList", "GroupDetailList", "Policies"),
            "GetAccountSummary": ("SummaryMap",),
            "GetGroup": ("Group.GroupName", "Group.Arn"),
            "GetGroupPolicy": ("PolicyName", "PolicyDocument"),
            "GetInstanceProfile": ("InstanceProfile.InstanceProfileName", "InstanceProfile.Roles"),
            "GetLoginProfile": ("LoginProfile.UserName",),
            "GetOpenIDConnectProvider": ("Url",),
            "GetPolicy": ("Policy.Arn", "Policy.DefaultVersionId"),
            "GetPolicyVersion": ("PolicyVersion.VersionId", "PolicyVersion.Document"),
            "GetRole": ("Role.RoleName", "Role.Arn", "Role.AssumeRolePolicyDocument"),
            "GetRolePolicy": ("PolicyName", "PolicyDocument"),
            "GetSAMLProvider": ("CreateDate",),
            "GetServerCertificate": (
                "ServerCertificate.ServerCertificateMetadata.ServerCertificateName",
                "ServerCertificate.ServerCertificateMetadata.Arn",
            ),
            "GetServiceLastAccessedDetails": ("JobStatus",),
            "GetServiceLinkedRoleDeletionStatus": ("Status",),
            "GetUser": ("User.UserName", "User.Arn"),
            "GetUserPolicy": ("PolicyName", "PolicyDocument"),
            "ListAccessKeys": ("AccessKeyMetadata",),
            "ListAccountAliases": ("AccountAliases",),
            "ListAttachedGroupPolicies": ("AttachedPolicies",),
            "ListAttachedRolePolicies": ("AttachedPolicies",),
            "ListAttachedUserPolicies": ("AttachedPolicies",),
            "ListGroupPolicies": ("PolicyNames",),
            "ListGroups": ("Groups",),
            "ListGroupsForUser": ("Groups",),
            "ListInstanceProfiles": ("InstanceProfiles",),
            "ListInstanceProfilesForRole": ("InstanceProfiles",),
            "ListMFADevices": ("MFADevices",),
            "ListOpenIDConnectProviders": ("OpenIDConnectProviderList",),
            "ListPolicies": ("Policies",),
            "ListPolicyVersions": ("Versions",),
            "ListRolePolicies": ("PolicyNames",),
            "ListRoles": ("Roles",),
            "ListSAMLProviders": ("SAMLProviderList",),
            "ListSSHPublicKeys": ("SSHPublicKeys",),
            "ListServerCertificates": ("ServerCertificateMetadataList",),
            "ListServiceSpecificCredentials": ("ServiceSpecificCredentials",),
            "ListSigningCertificates": ("Certificates",),
            "ListUserPolicies": ("PolicyNames",),
            "ListUsers": ("Users",),
            "ListVirtualMFADevices": ("VirtualMFADevices",),
            "SimulatePrincipalPolicy": ("EvaluationResults",),
        },
        "iam-toolbox": {
            "GetRequestAuthorizationDetails": ("requestContext", "evaluations", "policies"),
            "GetRequestAuthorizationPolicy": ("policyDocument",),
        },
        "kinesis": {"GetResourcePolicy": ("Policy",)},
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
        "opensearch": {"DescribeDomain": ("DomainStatus.DomainName",)},
        "organizations": {
            "DescribeOrganization": ("Organization.Id",),
            "DescribePolicy": ("Policy.PolicySummary", "Policy.Content"),
            "ListParents": ("Parents",),
            "ListPoliciesForTarget": ("Policies",),
        },
        "resourcegroupstaggingapi": {"GetResources": ("ResourceTagMappingList",)},
        "s3": {
            "GetBucketPolicy": ("Policy",),
            "GetPublicAccessBlock": ("PublicAccessBlockConfiguration.BlockPublicPolicy",),
            "ListBuckets": ("Buckets",),
            "ListObjectsV2": ("Name",),
        },
        "s3control": {"GetAccessPoint": ("Bucket",), "GetAccessPointPolicy": ("Policy",)},
        # ResourcePolicy is missing where the secret has none.
        "secretsmanager": {"GetResourcePolicy": ("ARN",), "ListSecrets": ("SecretList",)},
        "sns": {"GetTopicAttributes": ("Attributes.TopicArn",), "ListTopics": ("Topics",)},
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

_POLICY_AS_BODY = ("s3", "GetBucketPolicy")
_READS = ("Describe", "Get", "List", "Lookup", "Search", "Simulate", "Validate")
_BEGINNING = 1000


def watch(client: Any, account: Callable[[], str] = lambda: "", *, any_read: bool = False) -> None:
    """Have every call of a boto3 client raise `NotAnAnswer` for an answer that lacks what it always has, or is about
    another account than ``account`` ("": not known yet). ``any_read``: reads that are not in `ALWAYS` are taken, too,
    as far as what answers can be AWS."""
    events = client.meta.events
    events.register("before-parse", partial(_check_body, any_read))
    # Kept strongly by the emitter, which lives as long as the client.
    service = str(client.meta.service_model.service_name)
    events.register("response-received", partial(_check_keys, service))
    if service == "iam":
        events.register("response-received", partial(_check_account, account))


def _check_body(any_read: bool, operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """Raise for what botocore's parser would fall over, or take for a whole answer."""
    service, operation = str(operation_model.service_model.service_name), str(operation_model.name)
    body: bytes = response_dict["body"]
    status = int(response_dict["status_code"])
    failed = status >= 300
    if failed and status < 500 and is_web_page(body):  # a proxy's refusal is not AWS's; what is 500 is tried again
        raise NotAnAnswer(reason=f"a web page with status {status}")
    always = ALWAYS.get(service, {}).get(operation)
    if always is None and operation.startswith(_READS) and not (failed or any_read):
        raise NotAnAnswer(reason=f"what {operation} always answers is not in {__name__}")
    match operation_model.service_model.resolved_protocol:
        case "json" | "rest-json" if failed:
            right = not isinstance(_json(body), list | str | int | float)
        case "json" | "rest-json" if always:
            right = body.lstrip()[:1] == b"{"  # where it is cut off botocore parses nothing, and the keys are missing
        case "query" | "ec2" if not failed:
            right = f"{operation}Response".encode() in body[:_BEGINNING]
        case "rest-xml" if (service, operation) != _POLICY_AS_BODY:
            right = failed or not (is_web_page(body) or (any_read and not body.strip()))
        case _:
            right = failed or isinstance(_json(body), dict)
    if not right:
        raise NotAnAnswer(reason=_kind_of(body))


def _json(body: bytes) -> Any:
    """What the body says, or None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def is_web_page(body: bytes) -> bool:
    return body[:_BEGINNING].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _kind_of(body: bytes) -> str:
    if not body.strip():
        return "an empty answer"
    if is_web_page(body):
        return "a web page"
    return "an answer of another kind or a part of one"


def _check_keys(service: str, event_name: str, parsed_response: Mapping[str, Any] | None = None, **_: Any) -> None:
    """Raise for a success that lacks one of the keys."""
    if parsed_response is None or parsed_response["ResponseMetadata"]["HTTPStatusCode"] >= 300:
        return
    for path in ALWAYS.get(service, {}).get(event_name.rpartition(".")[2], ()):
        found: Any = parsed_response
        for key in path.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is None:
            raise NotAnAnswer(reason=f"an answer without {path.rpartition('.')[2]}")


_ENTITIES = ("Role", "User", "Group", "InstanceProfile", "Policy")


def _check_account(account: Callable[[], str], parsed_response: Mapping[str, Any] | None = None, **_: Any) -> None:
    """Raise for IAM's entities of another account than the one that is read: the credentials are others now."""
    for kind in _ENTITIES if parsed_response and account() else ():
        for key in (kind, "Policies" if kind == "Policy" else f"{kind}s", f"{kind}DetailList"):
            found = parsed_response.get(key) if parsed_response else None
            first = found[0] if isinstance(found, list) and found else found
            owner = account_of(str(first.get("Arn"))) if isinstance(first, Mapping) else None
            if owner not in (None, account()):
                raise NotAnAnswer(reason=f"an answer about account {owner}")
