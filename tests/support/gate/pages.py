"""What policies of twenty-one pages of the IAM User Guide say, with their placeholders filled in: good input.

Facts read on 2026-11-29 from ``https://docs.aws.amazon.com/IAM/latest/UserGuide/NAME.html``.
"""

from __future__ import annotations

import json
from typing import Any

from iam.policy.document import Document

_ANY = "*"
_TABLE = "arn:aws:dynamodb:*:*:table/MyTable"
_VOLUMES = ["ec2:AttachVolume", "ec2:DetachVolume"]
_EC2 = "arn:aws:ec2:*:*:"
_COGNITO = "${cognito-identity.amazonaws.com:sub}"


def _says(effect: str, action: Any, resource: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    said = {"Effect": effect, "Action": action, "Resource": resource, **more}
    return said if condition is None else {**said, "Condition": condition}


def _allow(action: Any, resource: Any = _ANY, condition: Any = None, **more: Any) -> dict[str, Any]:
    return _says("Allow", action, resource, condition, **more)


def _owned(action: list[str], tag: str) -> dict[str, Any]:
    condition = {"StringEqualsIgnoreCase": {f"rds:{tag}/Owner": "${aws:username}"}}
    return _allow([f"rds:{each}" for each in action], _ANY, condition)


_EXAMPLES: dict[str, Any] = {
    "aws-dates": _allow(
        "s3:ListAllMyBuckets",
        _ANY,
        {
            "DateGreaterThan": {"aws:CurrentTime": "2026-07-01T00:00:00Z"},
            "DateLessThan": {"aws:CurrentTime": "2027-12-31T23:59:59Z"},
        },
    ),
    "aws_deny-ip": _says("Deny", _ANY, _ANY, {"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}}),
    "aws_deny-requested-region": [
        {
            "Sid": "DenyAllOutsideEU",
            "Effect": "Deny",
            "NotAction": ["cloudfront:*", "iam:*", "route53:*", "support:*"],
            "Resource": _ANY,
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}},
        }
    ],
    "dynamodb_specific-table": [
        _allow(
            [
                "dynamodb:List*",
                "dynamodb:DescribeReservedCapacity*",
                "dynamodb:DescribeLimits",
                "dynamodb:DescribeTimeToLive",
            ],
            Sid="ListAndDescribe",
        ),
        _allow(
            [
                "dynamodb:BatchGet*",
                "dynamodb:DescribeStream",
                "dynamodb:DescribeTable",
                "dynamodb:Get*",
                "dynamodb:Query",
                "dynamodb:Scan",
                "dynamodb:BatchWrite*",
                "dynamodb:CreateTable",
                "dynamodb:Delete*",
                "dynamodb:Update*",
                "dynamodb:PutItem",
            ],
            _TABLE,
            Sid="SpecificTable",
        ),
    ],
    "dynamodb_rows": _allow(
        ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
        [_TABLE],
        {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [_COGNITO]}},
    ),
    "dynamodb_attributes": _allow(
        [
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        ],
        [_TABLE],
        {
            "ForAllValues:StringEquals": {"dynamodb:Attributes": ["column-name-1", "column-name-2"]},
            "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
        },
    ),
    "ec2_ebs-owner": [
        _allow(_VOLUMES, f"{_EC2}instance/*", {"StringEquals": {"aws:ResourceTag/Department": "Development"}}),
        _allow(_VOLUMES, f"{_EC2}volume/*", {"StringEquals": {"aws:ResourceTag/VolumeUser": "${aws:username}"}}),
    ],
    "ec2_securitygroups-vpc": [
        _allow(
            [
                "ec2:AuthorizeSecurityGroupEgress",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:DeleteSecurityGroup",
                "ec2:RevokeSecurityGroupEgress",
                "ec2:RevokeSecurityGroupIngress",
                "ec2:ModifySecurityGroupRules",
            ],
            f"{_EC2}security-group/*",
            {"ArnEquals": {"ec2:Vpc": f"{_EC2}vpc/vpc-0a1b2c3d"}},
        ),
        _allow(["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs", "ec2:DescribeSecurityGroupRules"]),
    ],
    "ec2_tag-owner": [
        _allow(
            ["ec2:StartInstances", "ec2:StopInstances"],
            f"{_EC2}instance/*",
            {"StringEquals": {"ec2:ResourceTag/Owner": "${aws:username}"}},
        ),
        _allow("ec2:DescribeInstances"),
    ],
    "ec2_region": _allow("ec2:*", _ANY, {"StringEquals": {"ec2:Region": "eu-west-1"}}),
    "iam-passrole-service": _allow(
        "iam:PassRole", _ANY, {"StringEquals": {"iam:PassedToService": "cloudwatch.amazonaws.com"}}
    ),
    "s3_rw-bucket": [
        _allow(["s3:ListBucket"], ["arn:aws:s3:::bucket-name"], Sid="ListObjectsInBucket"),
        _allow("s3:*Object", ["arn:aws:s3:::bucket-name/*"], Sid="AllObjectActions"),
    ],
    "s3_deny-except-bucket": [
        _allow("s3:*", ["arn:aws:s3:::bucket-name", "arn:aws:s3:::bucket-name/*"]),
        {
            "Effect": "Deny",
            "NotAction": "s3:*",
            "NotResource": ["arn:aws:s3:::bucket-name", "arn:aws:s3:::bucket-name/*"],
        },
    ],
    "s3_cognito-bucket": [
        _allow(
            "s3:ListBucket",
            ["arn:aws:s3:::bucket-name"],
            {"StringLike": {"s3:prefix": [f"cognito/application-name/{_COGNITO}"]}},
            Sid="ListYourObjects",
        ),
        _allow(
            ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            [f"arn:aws:s3:::bucket-name/cognito/application-name/{_COGNITO}/*"],
            Sid="ReadWriteDeleteYourObjects",
        ),
    ],
    "rds_region": [_allow("rds:*", ["arn:aws:rds:eu-west-1:*:*"]), _allow(["rds:Describe*"], [_ANY])],
    "lambda-access-dynamodb": [
        _allow(
            [
                "dynamodb:BatchGetItem",
                "dynamodb:GetItem",
                "dynamodb:Query",
                "dynamodb:Scan",
                "dynamodb:BatchWriteItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem",
            ],
            "arn:aws:dynamodb:*:*:table/SampleTable",
            Sid="ReadWriteTable",
        ),
        _allow("dynamodb:GetRecords", "arn:aws:dynamodb:*:*:table/SampleTable/stream/* ", Sid="GetStreamRecords"),
        _allow(["logs:CreateLogStream", "logs:PutLogEvents"], Sid="WriteLogStreamsAndGroups"),
        _allow("logs:CreateLogGroup", Sid="CreateLogGroup"),
    ],
    "s3_rw-bucket-console": [
        _allow(
            [
                "s3:GetAccountPublicAccessBlock",
                "s3:GetBucketAcl",
                "s3:GetBucketLocation",
                "s3:GetBucketPolicyStatus",
                "s3:GetBucketPublicAccessBlock",
                "s3:ListAllMyBuckets",
            ],
            Sid="ConsoleAccess",
        ),
        _allow("s3:ListBucket", ["arn:aws:s3:::bucket-name"], Sid="ListObjectsInBucket"),
        _allow("s3:*Object", ["arn:aws:s3:::bucket-name/*"], Sid="AllObjectActions"),
    ],
    "ec2_volumes-instance": _allow(
        _VOLUMES,
        [f"{_EC2}volume/*", f"{_EC2}instance/*"],
        {"ArnEquals": {"ec2:SourceInstanceARN": f"{_EC2}instance/i-0a1b2c3d"}},
    ),
    "ec2_instances-subnet": [
        _allow(["ec2:Describe*", "ec2:GetConsole*"]),
        _allow(
            "ec2:RunInstances",
            [
                f"{_EC2}subnet/subnet-0a1b2c3d",
                *(f"{_EC2}{kind}/*" for kind in ("network-interface", "instance", "volume", "key-pair")),
                f"{_EC2}security-group/*",
                "arn:aws:ec2:*::image/ami-*",
            ],
        ),
    ],
    "rds_tag-owner": [
        _allow(["rds:Describe*", "rds:List*"]),
        _owned(["DeleteDBInstance", "RebootDBInstance", "ModifyDBInstance"], "db-tag"),
        _owned(["ModifyOptionGroup", "DeleteOptionGroup"], "og-tag"),
        _owned(["ModifyDBParameterGroup", "ResetDBParameterGroup"], "pg-tag"),
        _owned(["DeleteDBSnapshot", "RestoreDBInstanceFromDBSnapshot"], "snapshot-tag"),
    ],
}


def _document(statements: Any) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": statements}))


PAGES: dict[str, Document] = {
    f"reference_policies_examples_{name}": _document(said) for name, said in _EXAMPLES.items()
}
"""Identity policies, by the page's name."""

EXTERNAL_ID = _document(
    {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": "444455556666"},
        "Condition": {"StringEquals": {"sts:ExternalId": "12345"}},
    }
)
"""The trust policy of the page ``confused-deputy``."""
