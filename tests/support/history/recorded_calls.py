"""CloudTrail records of change calls, reworded: names, accounts and documents are others, the shape is the source's.

``PUBLIC`` are the shapes of records that AWS's pages or public repositories show; ``BY_PARAMETERS`` those of calls of
which no record was found: their parameters are the API's own names in CloudTrail's spelling. Of each stands what the
reader must find: entity, and the documents with their states.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

ACCOUNT = "210987654321"
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::crates/*"]}
    ],
}
TEXT = json.dumps(DOCUMENT)
SPREAD = json.dumps(DOCUMENT, indent=4)
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::998877665544:root"}, "Action": "sts:AssumeRole"}
    ],
}
TRUST_TEXT = json.dumps(TRUST)
_IAM_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html"
_STRATUS = "https://stratus-red-team.cloud/attack-techniques/AWS/"
_PANTHER = "https://github.com/panther-labs/panther-analysis"
_ORG_GUIDE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html"
_KMS_GUIDE = "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html"
_SQS_GUIDE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html"
_S3_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html"


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One record and what it means. ``expected`` has a state for each document: a JSON text, a name, "" for present,
    None for absent, ``...`` for unknown; keys are ``PART`` or ``PART/NAME``."""

    source: str
    event: str
    parameters: Any
    entity: str | None
    expected: dict[str, Any]
    page: str
    response: Any = None
    error: str | None = None
    resources: Any = None
    region: str = "us-east-1"
    lifecycle: str | None = None

    def record(self, number: int = 0) -> dict[str, Any]:
        """The whole record."""
        return {
            "eventVersion": "1.08",
            "userIdentity": {
                "type": "AssumedRole",
                "principalId": "AROAEXAMPLE7CRATES:mila",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/platform/mila",
                "accountId": ACCOUNT,
                "sessionContext": {"attributes": {"mfaAuthenticated": "true", "creationDate": "2026-05-02T07:00:00Z"}},
            },
            "eventTime": f"2026-05-02T08:{number // 60 % 60:02d}:{number % 60:02d}Z",
            "eventSource": f"{self.source}.amazonaws.com",
            "eventName": self.event,
            "awsRegion": self.region,
            "sourceIPAddress": "198.51.100.7",
            "userAgent": "aws-cli/2.31.4",
            **({"errorCode": self.error, "errorMessage": "Refused."} if self.error else {}),
            "requestParameters": self.parameters,
            "responseElements": self.response,
            "requestID": f"5d1f{number:012d}",
            "eventID": f"0c7b0000-0000-4000-8000-{number:012d}",
            "readOnly": False,
            **({"resources": self.resources} if self.resources else {}),
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        }


def _iam(
    event: str, parameters: Any, entity: str | None, expected: dict[str, Any], page: str, **more: Any
) -> RecordedCall:
    return RecordedCall("iam", event, parameters, entity, expected, page, **more)


_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/CrateReaders"
_SCP = f"arn:aws:organizations::{ACCOUNT}:policy/o-crates0001/service_control_policy/p-crate001"
_SET = "arn:aws:sso:::permissionSet/ssoins-1122334455667788/ps-00aa11bb22cc33dd"
_QUEUE_URL = f"https://sqs.us-east-2.amazonaws.com/{ACCOUNT}/crate-intake"
_QUEUE = f"arn:aws:sqs:us-east-2:{ACCOUNT}:crate-intake"
_STATEMENT = {
    "Sid": "anybody",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "lambda:InvokeFunction",
    "Resource": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:crate-sorter",
}

PUBLIC = (
    _iam(
        "UpdateAssumeRolePolicy",
        {"policyDocument": json.dumps(TRUST, indent=2), "roleName": "crate-mover"},
        "role/crate-mover",
        {"trust": TRUST_TEXT},
        f"{_STRATUS}aws.persistence.iam-backdoor-role/",
    ),
    _iam(
        "UpdateAssumeRolePolicy",
        {"policyDocument": TRUST_TEXT},
        None,
        {},
        f"{_PANTHER} (a record without the role's name)",
        lifecycle="opaque",
    ),
    _iam(
        "AttachUserPolicy",
        {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "userName": "mila"},
        "user/mila",
        {"attached/arn:aws:iam::aws:policy/AdministratorAccess": ""},
        f"{_STRATUS}aws.persistence.iam-create-admin-user/",
    ),
    _iam(
        "AttachUserPolicy",
        {"userName": "mila", "policyArn": "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2"},
        "user/mila",
        {"attached/arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2": ""},
        _PANTHER,
    ),
    _iam(
        "CreateUser",
        {"tags": [{"key": "Team", "value": "crates"}], "userName": "mila"},
        "user/mila",
        {"tag/Team": "crates"},
        f"{_STRATUS}aws.persistence.iam-create-admin-user/",
        response={
            "user": {
                "arn": f"arn:aws:iam::{ACCOUNT}:user/mila",
                "createDate": "May 2, 2026 8:00:00 AM",
                "path": "/",
                "tags": [{"key": "Team", "value": "crates"}],
                "userId": "AIDAEXAMPLE7MILA",
                "userName": "mila",
            }
        },
        lifecycle="created",
    ),
    _iam(
        "CreateUser",
        {"path": "/", "userName": "otto"},
        "user/otto",
        {},
        _PANTHER,
        response={"user": {"arn": f"arn:aws:iam::{ACCOUNT}:user/otto", "path": "/", "userName": "otto"}},
        lifecycle="created",
    ),
    _iam(
        "AttachRolePolicy",
        {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "roleName": "crate-mover"},
        "role/crate-mover",
        {"attached/arn:aws:iam::aws:policy/AdministratorAccess": ""},
        f"{_STRATUS}aws.persistence.iam-create-backdoor-role/",
    ),
    _iam(
        "CreateRole",
        {
            "assumeRolePolicyDocument": json.dumps(TRUST, indent=2),
            "permissionsBoundary": "arn:aws:iam::aws:policy/AWSDenyAll",
            "roleName": "crate-mover",
        },
        "role/crate-mover",
        {"trust": TRUST_TEXT, "boundary": "arn:aws:iam::aws:policy/AWSDenyAll"},
        f"{_STRATUS}aws.persistence.iam-create-backdoor-role/",
        response={
            "role": {
                "arn": f"arn:aws:iam::{ACCOUNT}:role/crate-mover",
                "assumeRolePolicyDocument": quote(json.dumps(TRUST, indent=2)),
                "roleName": "crate-mover",
            }
        },
        lifecycle="created",
    ),
    _iam(
        "CreateRole",
        {
            "path": "/aws-reserved/sso.amazonaws.com/",
            "roleName": "AWSReservedSSO_Crates_00aa11bb22cc33dd",
            "assumeRolePolicyDocument": '{  "Version": "2012-10-17",  "Statement": {    "Effect": "Allow", '
            '"Action": [ "sts:AssumeRoleWithSAML", "sts:TagSession" ], "Principal": {"Federated": '
            f'"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_DO_NOT_DELETE"}}, "Condition": {{"StringEquals": '
            '{"SAML:aud": "https://signin.aws.amazon.com/saml"}}  }}',
            "maxSessionDuration": 43200,
        },
        "role/AWSReservedSSO_Crates_00aa11bb22cc33dd",
        {
            "trust": json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Effect": "Allow",
                        "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_DO_NOT_DELETE"},
                        "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
                    },
                }
            )
        },
        "a public collection of Identity Center's records",
        lifecycle="created",
    ),
    _iam("CreateRole", {"roleName": "crate-new"}, "role/crate-new", {"trust": ...}, _PANTHER, lifecycle="created"),
    _iam(
        "CreateRole",
        {"assumeRolePolicyDocument": TRUST_TEXT, "roleName": "crate-mover"},
        "role/crate-mover",
        {},
        _IAM_GUIDE,
        error="EntityAlreadyExistsException",
    ),
    _iam(
        "PutUserPolicy",
        {"policyDocument": TEXT, "userName": "mila", "policyName": "crate-read"},
        "user/mila",
        {"inline/crate-read": TEXT},
        _PANTHER,
    ),
    _iam(
        "PutUserPolicy",
        {"userName": "mila", "policyName": "crate-read", "policyDocument": SPREAD.replace("    ", "\t")},
        "user/mila",
        {"inline/crate-read": TEXT},
        _PANTHER,
    ),
    _iam(
        "DeleteGroupPolicy",
        {"policyName": "crates", "groupName": "movers"},
        "group/movers",
        {"inline/crates": None},
        _PANTHER,
    ),
    _iam(
        "DeleteGroupPolicy",
        {"policyName": "crates", "groupName": "movers"},
        "group/movers",
        {},
        _PANTHER,
        error="NoSuchEntity",
    ),
    _iam("CreateServiceLinkedRole", None, None, {}, _PANTHER, error="AccessDenied"),
    _iam("CreateServiceLinkedRole", None, None, {}, _PANTHER, lifecycle="opaque"),
    _iam(
        "CreateServiceLinkedRole",
        {"aWSServiceName": "elasticfilesystem.amazonaws.com"},
        "role/AWSServiceRoleForAmazonElasticFileSystem",
        {"trust": TRUST_TEXT},
        "https://docs.aws.amazon.com/efs/latest/ug/logging-using-cloudtrail.html",
        response={
            "role": {
                "assumeRolePolicyDocument": quote(TRUST_TEXT),
                "arn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/elasticfilesystem.amazonaws.com/"
                "AWSServiceRoleForAmazonElasticFileSystem",
                "roleName": "AWSServiceRoleForAmazonElasticFileSystem",
            }
        },
        lifecycle="opaque",
    ),
    _iam("AddUserToGroup", {"userName": "otto", "groupName": "movers"}, "user/otto", {"member/movers": ""}, _IAM_GUIDE),
    _iam(
        "SetDefaultPolicyVersion",
        {"policyArn": _POLICY, "versionId": "v3"},
        f"policy/{_POLICY}",
        {"default": "v3"},
        "a public write-up of CloudGoat's iam_privesc_by_rollback",
    ),
    _iam(
        "CreatePolicyVersion",
        {"policyArn": _POLICY, "policyDocument": SPREAD, "setAsDefault": True},
        f"policy/{_POLICY}",
        {"version/v2": TEXT, "default": "v2"},
        "public write-ups of iam:CreatePolicyVersion",
        response={
            "policyVersion": {"versionId": "v2", "isDefaultVersion": True, "createDate": "May 2, 2026 8:00:00 AM"}
        },
    ),
    _iam(
        "CreatePolicyVersion",
        {"policyArn": _POLICY, "policyDocument": TEXT, "setAsDefault": True},
        f"policy/{_POLICY}",
        {"default": ...},
        "the same, without the answer",
        lifecycle="opaque",
    ),
    _iam(
        "TagRole",
        {"roleName": "crate-mover", "tags": [{"key": "stage", "value": "two"}, {"key": "crate", "value": "7"}]},
        "role/crate-mover",
        {"tag/stage": "two", "tag/crate": "7"},
        "a public test of a tool that watches roles",
    ),
    _iam(
        "DetachRolePolicy",
        {"roleName": "crate-mover", "policyArn": _POLICY},
        "role/crate-mover",
        {f"attached/{_POLICY}": None},
        "a public collection of Identity Center's records",
    ),
    _iam(
        "DeleteUserPermissionsBoundary",
        {"userName": "otto"},
        "user/otto",
        {"boundary": None},
        "a public record of Unit 42's lab",
    ),
    RecordedCall(
        "s3",
        "PutBucketPolicy",
        {
            "bucketName": "crates",
            "bucketPolicy": {"Version": "2012-10-17", "Statement": DOCUMENT["Statement"]},
            "host": ["s3.us-west-2.amazonaws.com"],
            "policy": [""],
        },
        "resource/arn:aws:s3:::crates",
        {"policy": TEXT},
        _PANTHER,
        region="us-west-2",
    ),
    RecordedCall("s3", "PutBucketPolicy", {"bucketPolicy": DOCUMENT}, None, {}, _PANTHER, lifecycle="opaque"),
    RecordedCall(
        "s3",
        "DeleteBucketPolicy",
        {"bucketName": "crates"},
        "resource/arn:aws:s3:::crates",
        {"policy": None},
        _S3_GUIDE,
    ),
    RecordedCall(
        "s3",
        "DeleteBucketPolicy",
        {"bucketName": "crates", "Host": "crates.s3.us-east-1.amazonaws.com", "policy": ""},
        "resource/arn:aws:s3:::crates",
        {"policy": None},
        "a public record of a remediation's tests",
    ),
    RecordedCall(
        "s3",
        "DeleteBucket",
        {"host": ["s3-us-east-2.amazonaws.com"], "bucketName": "crates"},
        "resource/arn:aws:s3:::crates",
        {},
        _PANTHER,
        error="",
        lifecycle="deleted",
    ),
    RecordedCall(
        "kms",
        "PutKeyPolicy",
        {
            "keyId": "5566aabb-12ab-34cd-56ef-000011112222",
            "policyName": "default",
            "policy": TEXT,
            "bypassPolicyLockoutSafetyCheck": False,
        },
        f"resource/arn:aws:kms:us-west-2:{ACCOUNT}:key/5566aabb-12ab-34cd-56ef-000011112222",
        {"policy": TEXT},
        _KMS_GUIDE,
        resources=[
            {
                "accountId": ACCOUNT,
                "type": "AWS::KMS::Key",
                "ARN": f"arn:aws:kms:us-west-2:{ACCOUNT}:key/5566aabb-12ab-34cd-56ef-000011112222",
            }
        ],
        region="us-west-2",
    ),
    RecordedCall("kms", "PutKeyPolicy", {"policy": DOCUMENT}, None, {}, _PANTHER, lifecycle="opaque"),
    RecordedCall(
        "kms",
        "CreateKey",
        {
            "policy": TEXT,
            "bypassPolicyLockoutSafetyCheck": False,
            "description": "crates",
            "keyUsage": "ENCRYPT_DECRYPT",
            "origin": "AWS_KMS",
        },
        f"resource/arn:aws:kms:us-west-2:{ACCOUNT}:key/5566aabb-12ab-34cd-56ef-000011112222",
        {"policy": TEXT},
        _KMS_GUIDE,
        response={
            "keyMetadata": {
                "aWSAccountId": ACCOUNT,
                "keyId": "5566aabb-12ab-34cd-56ef-000011112222",
                "arn": f"arn:aws:kms:us-west-2:{ACCOUNT}:key/5566aabb-12ab-34cd-56ef-000011112222",
            }
        },
        region="us-west-2",
        lifecycle="created",
    ),
    RecordedCall(
        "sqs",
        "SetQueueAttributes",
        {"attributes": {"Policy": TEXT}, "queueUrl": _QUEUE_URL},
        f"resource/{_QUEUE}",
        {"policy": TEXT},
        "a public test of a tool that translates events",
        region="us-east-2",
    ),
    RecordedCall(
        "sqs",
        "SetQueueAttributes",
        {"queueUrl": _QUEUE_URL, "attributes": {"Policy": "", "DelaySeconds": "0", "KmsMasterKeyId": ""}},
        f"resource/{_QUEUE}",
        {"policy": None},
        "a public console log",
        region="us-east-2",
    ),
    RecordedCall(
        "sqs",
        "SetQueueAttributes",
        {"attributes": {"VisibilityTimeout": "100"}, "queueUrl": _QUEUE_URL},
        f"resource/{_QUEUE}",
        {},
        _SQS_GUIDE,
        region="us-east-2",
    ),
    RecordedCall(
        "sqs",
        "AddPermission",
        {"actions": ["SendMessage"], "aWSAccountIds": ["998877665544"], "label": "intake", "queueUrl": _QUEUE_URL},
        f"resource/{_QUEUE}",
        {"policy": ...},
        _SQS_GUIDE,
        region="us-east-2",
    ),
    RecordedCall(
        "sqs",
        "RemovePermission",
        {"label": "intake", "queueUrl": _QUEUE_URL},
        f"resource/{_QUEUE}",
        {"policy": ...},
        _SQS_GUIDE,
        region="us-east-2",
    ),
    RecordedCall(
        "sqs",
        "CreateQueue",
        {"queueName": "crate-intake"},
        f"resource/{_QUEUE}",
        {},
        _SQS_GUIDE,
        response={"queueUrl": _QUEUE_URL},
        region="us-east-2",
        lifecycle="opaque",
    ),
    RecordedCall(
        "sqs",
        "DeleteQueue",
        {"queueUrl": _QUEUE_URL},
        f"resource/{_QUEUE}",
        {},
        _SQS_GUIDE,
        region="us-east-2",
        lifecycle="deleted",
    ),
    RecordedCall(
        "lambda",
        "AddPermission20150331v2",
        {"action": "lambda:InvokeFunction", "functionName": "crate-sorter", "principal": "*", "statementId": "anybody"},
        f"resource/arn:aws:lambda:us-east-1:{ACCOUNT}:function:crate-sorter",
        {"policy": ...},
        f"{_STRATUS}aws.persistence.lambda-backdoor-function/",
        response={"statement": json.dumps(_STATEMENT)},
    ),
    RecordedCall(
        "lambda",
        "AddPermission20150331v2",
        {
            "functionName": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:crate-sorter",
            "statementId": "gateway",
            "action": "lambda:InvokeFunction",
            "principal": "apigateway.amazonaws.com",
            "sourceArn": f"arn:aws:execute-api:us-east-1:{ACCOUNT}:a1b2c3/*/POST/crates",
        },
        f"resource/arn:aws:lambda:us-east-1:{ACCOUNT}:function:crate-sorter",
        {"policy": ...},
        "a public write-up with CloudFormation's own call",
    ),
    RecordedCall(
        "lambda",
        "AddPermission20150331",
        {"functionName": "crate-sorter"},
        f"resource/arn:aws:lambda:us-east-1:{ACCOUNT}:function:crate-sorter",
        {"policy": ...},
        _PANTHER,
    ),
    RecordedCall(
        "ecr",
        "SetRepositoryPolicy",
        {"force": False, "policyText": TEXT, "repositoryName": "crates/app"},
        f"resource/arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/crates/app",
        {"policy": TEXT},
        _PANTHER,
        response={"policyText": SPREAD, "registryId": ACCOUNT, "repositoryName": "crates/app"},
        region="eu-west-1",
    ),
    RecordedCall(
        "secretsmanager",
        "PutResourcePolicy",
        {
            "blockPublicPolicy": True,
            "resourcePolicy": SPREAD,
            "secretId": f"arn:aws:secretsmanager:us-west-2:{ACCOUNT}:secret:crates/db-Ab12Cd",
        },
        f"resource/arn:aws:secretsmanager:us-west-2:{ACCOUNT}:secret:crates/db-Ab12Cd",
        {"policy": TEXT},
        _PANTHER,
        region="us-west-2",
    ),
    RecordedCall(
        "secretsmanager", "PutResourcePolicy", {"resourcePolicy": DOCUMENT}, None, {}, _PANTHER, lifecycle="opaque"
    ),
    RecordedCall(
        "organizations",
        "CreatePolicy",
        {"name": "no-ec2", "description": "", "type": "SERVICE_CONTROL_POLICY", "content": TEXT},
        "organization-policy/p-crate001",
        {"policy": TEXT},
        "a public collection of an organization's records",
        response={
            "policy": {
                "policySummary": {
                    "id": "p-crate001",
                    "type": "SERVICE_CONTROL_POLICY",
                    "awsManaged": False,
                    "arn": _SCP,
                    "name": "no-ec2",
                },
                "content": TEXT,
            }
        },
        lifecycle="created",
    ),
    RecordedCall(
        "organizations",
        "UpdatePolicy",
        {"content": TEXT, "policyId": "p-crate001", "description": "", "name": "no-ec2"},
        "organization-policy/p-crate001",
        {"policy": TEXT},
        "a public collection of an organization's records",
        response={"policy": {"policySummary": {"id": "p-crate001", "arn": _SCP, "name": "no-ec2"}, "content": TEXT}},
    ),
    RecordedCall(
        "organizations",
        "UpdatePolicy",
        {"content": "HIDDEN_DUE_TO_SECURITY_REASONS", "policyId": "p-crate001"},
        "organization-policy/p-crate001",
        {"policy": ...},
        "as the organization's own resource policy is recorded in a public collection",
        response={"policy": {"content": "HIDDEN_DUE_TO_SECURITY_REASONS"}},
    ),
    RecordedCall(
        "organizations",
        "AttachPolicy",
        {"targetId": "444433332222", "policyId": "p-crate001"},
        "organization-target/444433332222",
        {"attached/p-crate001": ""},
        "a public collection of an organization's records",
    ),
    RecordedCall(
        "organizations",
        "AttachPolicy",
        {"policyId": "p-crate001", "targetId": "ou-crat-11112222"},
        "organization-target/ou-crat-11112222",
        {},
        _ORG_GUIDE,
        error="PolicyTypeNotEnabledException",
    ),
    RecordedCall(
        "organizations",
        "DetachPolicy",
        {"targetId": "444433332222", "policyId": "p-crate001"},
        "organization-target/444433332222",
        {"attached/p-crate001": None},
        "a public collection of an organization's records",
    ),
    RecordedCall(
        "organizations",
        "DisablePolicyType",
        {"rootId": "r-crat", "policyType": "SERVICE_CONTROL_POLICY"},
        "organization-target/r-crat",
        {},
        "a public collection of an organization's records",
        lifecycle="opaque",
    ),
    RecordedCall(
        "organizations",
        "MoveAccount",
        {"accountId": "444433332222", "destinationParentId": "ou-crat-33334444", "sourceParentId": "ou-crat-11112222"},
        "organization-target/444433332222",
        {"unit": "ou-crat-33334444"},
        "a public Lambda function's own example",
    ),
    RecordedCall(
        "sso",
        "CreatePermissionSet",
        {"name": "Crates", "instanceArn": "arn:aws:sso:::instance/ssoins-1122334455667788", "sessionDuration": "PT8H"},
        f"permission-set/{_SET}",
        {},
        "a public collection of Identity Center's records",
        response={"permissionSet": {"name": "Crates", "permissionSetArn": _SET, "sessionDuration": "PT8H"}},
        lifecycle="created",
    ),
    RecordedCall(
        "iam",
        "PutRolePolicy",
        {"omitted": True, "originalSize": 131072, "reason": "requestParameters too large"},
        None,
        {},
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
        lifecycle="opaque",
    ),
)

BY_PARAMETERS = (
    _iam(
        "PutRolePolicy",
        {"roleName": "crate-mover", "policyName": "read", "policyDocument": quote(TEXT)},
        "role/crate-mover",
        {"inline/read": TEXT},
        "API_PutRolePolicy",
    ),
    _iam(
        "PutRolePolicy",
        {"roleName": "crate-mover", "policyName": "read", "policyDocument": TEXT[:60]},
        "role/crate-mover",
        {"inline/read": ...},
        "API_PutRolePolicy, cut off",
    ),
    _iam(
        "DeleteRolePolicy",
        {"roleName": "crate-mover", "policyName": "read"},
        "role/crate-mover",
        {"inline/read": None},
        "API_DeleteRolePolicy",
    ),
    _iam(
        "PutRolePermissionsBoundary",
        {"roleName": "crate-mover", "permissionsBoundary": _POLICY},
        "role/crate-mover",
        {"boundary": _POLICY},
        "API_PutRolePermissionsBoundary",
    ),
    _iam(
        "UntagRole",
        {"roleName": "crate-mover", "tagKeys": ["stage"]},
        "role/crate-mover",
        {"tag/stage": None},
        "API_UntagRole",
    ),
    _iam("DeleteRole", {"roleName": "crate-mover"}, "role/crate-mover", {}, "API_DeleteRole", lifecycle="deleted"),
    _iam(
        "RemoveUserFromGroup",
        {"userName": "otto", "groupName": "movers"},
        "user/otto",
        {"member/movers": None},
        "API_RemoveUserFromGroup",
    ),
    _iam(
        "CreatePolicy",
        {"policyName": "CrateReaders", "path": "/team/", "policyDocument": TEXT},
        f"policy/arn:aws:iam::{ACCOUNT}:policy/team/CrateReaders",
        {"version/v1": TEXT, "default": "v1"},
        "API_CreatePolicy",
        lifecycle="created",
    ),
    _iam(
        "DeletePolicyVersion",
        {"policyArn": _POLICY, "versionId": "v1"},
        f"policy/{_POLICY}",
        {"version/v1": None},
        "API_DeletePolicyVersion",
    ),
    _iam(
        "UpdateUser",
        {"userName": "otto", "newUserName": "otto2"},
        "user/otto",
        {},
        "API_UpdateUser",
        lifecycle="opaque",
    ),
    RecordedCall(
        "sns",
        "SetTopicAttributes",
        {"topicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:crates", "attributeName": "Policy", "attributeValue": TEXT},
        f"resource/arn:aws:sns:us-east-1:{ACCOUNT}:crates",
        {"policy": TEXT},
        "API_SetTopicAttributes",
    ),
    RecordedCall(
        "sns",
        "SetTopicAttributes",
        {"topicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:crates", "attributeName": "DisplayName", "attributeValue": "x"},
        f"resource/arn:aws:sns:us-east-1:{ACCOUNT}:crates",
        {},
        "API_SetTopicAttributes",
    ),
    RecordedCall(
        "events",
        "PutPermission",
        {"eventBusName": "default", "statementId": "all", "policy": TEXT},
        f"resource/arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default",
        {"policy": TEXT},
        "API_PutPermission",
    ),
    RecordedCall(
        "events",
        "PutPermission",
        {"action": "events:PutEvents", "principal": "998877665544", "statementId": "one"},
        f"resource/arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default",
        {"policy": ...},
        "API_PutPermission",
    ),
    RecordedCall(
        "events",
        "RemovePermission",
        {"removeAllPermissions": True},
        f"resource/arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default",
        {"policy": None},
        "API_RemovePermission",
    ),
    RecordedCall(
        "glue",
        "PutResourcePolicy",
        {"policyInJson": TEXT, "enableHybrid": "TRUE"},
        f"resource/arn:aws:glue:us-east-1:{ACCOUNT}:catalog",
        {"policy": TEXT},
        "API_PutResourcePolicy",
    ),
    RecordedCall(
        "ec2",
        "ModifyVpcEndpoint",
        {"ModifyVpcEndpointRequest": {"VpcEndpointId": "vpce-0a1b2c", "PolicyDocument": TEXT}},
        "vpc-endpoint/vpce-0a1b2c",
        {"policy": TEXT},
        "API_ModifyVpcEndpoint, wrapped as EC2's newer records are",
    ),
    RecordedCall(
        "ec2",
        "ModifyVpcEndpoint",
        {"vpcEndpointId": "vpce-0a1b2c", "policyDocument": TEXT},
        "vpc-endpoint/vpce-0a1b2c",
        {"policy": TEXT},
        "API_ModifyVpcEndpoint",
    ),
    RecordedCall(
        "sso",
        "PutInlinePolicyToPermissionSet",
        {
            "instanceArn": "arn:aws:sso:::instance/ssoins-1122334455667788",
            "permissionSetArn": _SET,
            "inlinePolicy": TEXT,
        },
        f"permission-set/{_SET}",
        {"inline": TEXT},
        "API_PutInlinePolicyToPermissionSet",
    ),
)
