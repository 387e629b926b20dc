"""Accounts with every layer of policies."""

from __future__ import annotations

from typing import Any

ACCOUNT = "111122223333"


ROLE = f"arn:aws:iam::{ACCOUNT}:role/app/api"


SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/api/s1"


USER = f"arn:aws:iam::{ACCOUNT}:user/ben"


MANAGED = f"arn:aws:iam::{ACCOUNT}:policy/assets"


AWS_MANAGED = "arn:aws:iam::aws:policy/NewerThanAnyList"


BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/limit"


BUCKET = "arn:aws:s3:::harbor"


def allow(action: str, **more: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, **({"Resource": "*"} | more)}],
    }


def policy(arn: str, document: Any) -> dict[str, Any]:
    return {
        "PolicyName": arn.rpartition("/")[2],
        "Arn": arn,
        "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}],
    }


def level(target: str, *documents: tuple[str, Any]) -> dict[str, Any]:
    return {
        "Target": target,
        "Policies": [{"Arn": f"arn:p/{name}", "Name": name, "Document": one} for name, one in documents],
    }


def base() -> dict[str, Any]:
    """A role, a user with a group, a boundary, an organization of two levels, a bucket's policy."""
    full = ("FullAWSAccess", allow("*"))
    return {
        "RoleDetailList": [
            {
                "RoleName": "api",
                "Arn": ROLE,
                "Path": "/app/",
                "RoleId": "AROAEXAMPLE",
                "AssumeRolePolicyDocument": allow("sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})
                | {"Version": "2012-10-17"},
                "RolePolicyList": [{"PolicyName": "inline", "PolicyDocument": allow("s3:GetObject")}],
                "AttachedManagedPolicies": [
                    {"PolicyName": "assets", "PolicyArn": MANAGED},
                    {"PolicyName": "NewerThanAnyList", "PolicyArn": AWS_MANAGED},
                ],
                "PermissionsBoundary": {"PermissionsBoundaryArn": BOUNDARY},
            },
            {
                "RoleName": "AWSServiceRoleForX",
                "Arn": f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
                "Path": "/aws-service-role/x.amazonaws.com/",
            },
        ],
        "UserDetailList": [
            {
                "UserName": "ben",
                "Arn": USER,
                "GroupList": ["ops"],
                "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": allow("sqs:*")}],
            }
        ],
        "GroupDetailList": [
            {
                "GroupName": "ops",
                "Arn": f"arn:aws:iam::{ACCOUNT}:group/ops",
                "GroupPolicyList": [{"PolicyName": "groups", "PolicyDocument": allow("ec2:*")}],
                "AttachedManagedPolicies": [{"PolicyName": "assets", "PolicyArn": MANAGED}],
            }
        ],
        "Policies": [
            policy(MANAGED, allow("s3:PutObject")),
            policy(AWS_MANAGED, allow("s3:List*")),
            policy(BOUNDARY, allow("s3:*")),
        ],
        "Rolescope": {
            "Account": {"Id": ACCOUNT},
            "Organization": {
                "Id": "o-1",
                "ManagementAccountId": "777788889999",
                "Path": ["r-1"],
                "ServiceControlPolicies": [level("r-1", full), level(ACCOUNT, full, ("no-ec2", allow("s3:*")))],
                "ResourceControlPolicies": [
                    level("r-1", ("only-us", allow("s3:*", Principal="*"))),
                    level(ACCOUNT),
                ],
            },
            "ResourcePolicies": {BUCKET: allow("s3:GetObject", Principal="*")},
            "VpcEndpoints": [
                {"Id": "vpce-1", "ServiceName": "com.amazonaws.us-east-1.s3", "Document": allow("s3:*", Principal="*")}
            ],
        },
    }
