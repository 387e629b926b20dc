"""A bad document for each code, and what is right in its place. Rows: code, kind, bad, good.

``bad`` and ``good`` are elements of one statement, put over a sound one of the kind; a list is several statements, a
text or a ``Whole`` the document itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

ACCOUNT = "111122223333"
GITHUB = "token.actions.githubusercontent.com"
GITHUB_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
EKS_ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{EKS}"
SAML_ARN = f"arn:aws:iam::{ACCOUNT}:saml-provider/Idp"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app/api"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders"
DROP = object()
"""The value of an element that the statement is to be without."""


@dataclass(frozen=True)
class Whole:
    value: Any


_SOUND: dict[str, dict[str, Any]] = {
    "identity": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE},
    "trust": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    "resource": {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sqs:SendMessage", "Resource": "*"},
    "scp": {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"},
    "rcp": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"},
}
_SOUND["boundary"] = _SOUND["identity"]


def text_of(kind: str, change: Any) -> str:
    if isinstance(change, str):
        return change
    if isinstance(change, Whole):
        return json.dumps(change.value)
    changes = change if isinstance(change, list) else [change]
    statements = [
        {key: value for key, value in {**_SOUND[kind], **one}.items() if value is not DROP} for one in changes
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def when(operator: str, key: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}, **more}


def web(provider: str, condition: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return {**found, "Condition": condition} if condition else found


def github(subject: Any, **more: Any) -> dict[str, Any]:
    return web(GITHUB_ARN, {"StringLike": {f"{GITHUB}:sub": subject, **more}})


def other(condition: dict[str, Any]) -> dict[str, Any]:
    return {"Principal": {"AWS": "arn:aws:iam::444455556666:root"}, **condition}


def service(name: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {"Principal": {"Service": f"{name}.amazonaws.com"}, **condition}


def saml(audience: Any) -> dict[str, Any]:
    provider = {"Federated": "arn:aws:iam::111122223333:saml-provider/P"}
    return {"Principal": provider, "Action": "sts:AssumeRoleWithSAML", **when("StringEquals", "SAML:aud", audience)}


EXTERNAL_ID = "sts:ExternalId"
GITLAB_ARN = "arn:aws:iam::111122223333:oidc-provider/gitlab.com"
ANYWHERE = {
    "Principal": {"Service": "rolesanywhere.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
}
PASS, SLR = "iam:PassRole", "iam:CreateServiceLinkedRole"
PASSED = when("StringEquals", "iam:PassedToService", "lambda.amazonaws.com", Action=PASS, Resource="*")
NAMED_SLR = when("StringEquals", "iam:AWSServiceName", "ecs.amazonaws.com", Action=SLR, Resource="*")
SOURCE = when("StringEquals", "aws:SourceAccount", ACCOUNT)

CASES: list[tuple[str, str, Any, Any]] = [
    # Elements.
    ("JSON_SYNTAX_ERROR", "identity", '{"Version": "2012-10-17",', {}),
    ("JSON_SYNTAX_ERROR", "identity", '{"Version": "2012-10-17", "Statement": [], "Statement": []}', {}),
    ("DATA_TYPE_MISMATCH", "identity", "[]", {}),
    ("DATA_TYPE_MISMATCH", "identity", {"Action": {"a": 1}}, {"Action": ["dynamodb:GetItem"]}),
    ("DATA_TYPE_MISMATCH", "identity", {"Condition": []}, when("Bool", "aws:SecureTransport", True)),
    ("INVALID_POLICY_ELEMENT", "identity", {"Resources": "*"}, {}),
    ("INVALID_VERSION", "identity", Whole({"Version": "2012-10-18", "Statement": []}), {}),
    ("MISSING_VERSION", "identity", Whole({"Statement": [_SOUND["identity"]]}), {}),
    ("MISSING_STATEMENT", "identity", Whole({"Version": "2012-10-17"}), {}),
    ("MISSING_ACTION", "identity", {"Action": DROP}, {"Action": DROP, "NotAction": "dynamodb:*", "Resource": TABLE}),
    ("MISSING_RESOURCE", "identity", {"Resource": DROP}, {}),
    # AWS's own examples of ECR repository and SNS topic policies have no Resource.
    ("MISSING_RESOURCE", "scp", {"Resource": DROP}, {}),
    ("MISSING_EFFECT", "resource", {"Resource": DROP, "Action": "ecr:PutImage", "Effect": DROP}, {"Resource": DROP}),
    ("MISSING_EFFECT", "trust", {"Effect": DROP}, {}),
    ("INVALID_EFFECT", "identity", {"Effect": "allow"}, {}),
    ("MISSING_PRINCIPAL", "trust", {"Principal": DROP}, {}),
    ("MISSING_PRINCIPAL", "resource", {"Principal": DROP}, {}),
    ("UNSUPPORTED_ELEMENT_COMBINATION", "identity", {"NotAction": "s3:*"}, {}),
    ("UNSUPPORTED_SID", "identity", {"Sid": "with blank"}, {"Sid": "WithoutBlank1"}),
    ("EMPTY_SID_VALUE", "identity", {"Sid": ""}, {"Sid": "A"}),
    ("UNIQUE_SIDS_REQUIRED", "identity", [{"Sid": "A"}, {"Sid": "A", "Action": "dynamodb:Query"}], [{"Sid": "A"}]),
    ("UNIQUE_SIDS_RECOMMENDED", "resource", [{"Sid": "A"}, {"Sid": "A", "Action": "sqs:*"}], [{"Sid": "A"}]),
    ("EMPTY_ARRAY_ACTION", "identity", {"Action": []}, {}),
    ("EMPTY_ARRAY_RESOURCE", "identity", {"Resource": []}, {}),
    ("EMPTY_ARRAY_PRINCIPAL", "resource", {"Principal": {"AWS": []}}, {}),
    ("EMPTY_OBJECT_PRINCIPAL", "resource", {"Principal": {}}, {}),
    ("EMPTY_OBJECT_CONDITION", "identity", {"Condition": {}}, {}),
    ("POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", "identity", {"Resource": [f"{TABLE}{n}" for n in range(200)]}, {}),
    (
        "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
        "trust",
        {"Principal": {"AWS": [f"{ROLE}{n}" for n in range(60)]}},
        {},
    ),
    ("POLICY_SIZE_EXCEEDS_SCP_QUOTA", "scp", {"Resource": [f"{TABLE}{n}" for n in range(200)]}, {}),
    ("POLICY_SIZE_EXCEEDS_RCP_QUOTA", "rcp", {"Resource": [f"arn:aws:s3:::b{'x' * 50}{n}" for n in range(90)]}, {}),
    (
        "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
        "resource",
        {"Principal": {"AWS": [f"{ROLE}{n}" for n in range(600)]}},
        {},
    ),
    # Actions.
    ("INVALID_ACTION", "identity", {"Action": "dynamodb:GetItm"}, {}),
    ("INVALID_ACTION", "identity", {"Action": "dynamodb:Nothing*"}, {"Action": "dynamodb:Get*"}),
    ("INVALID_ACTION", "identity", {"Action": "GetItem"}, {"Action": "DynamoDB:getitem"}),
    ("INVALID_SERVICE_IN_ACTION", "identity", {"Action": "dynamdb:GetItem"}, {}),
    ("WILDCARD_IN_SERVICE_NAME", "identity", {"Action": "dyn*:GetItem"}, {"Action": "*", "Effect": "Deny"}),
    # Resources.
    ("INVALID_ARN_PREFIX", "identity", {"Resource": "table/orders"}, {}),
    ("MISSING_ARN_FIELD", "identity", {"Resource": "arn:aws:dynamodb:orders"}, {}),
    (
        "INVALID_PARTITION",
        "identity",
        {"Resource": TABLE.replace("aws", "amazon", 1)},
        {"Resource": "arn:aws-cn:s3:::b"},
    ),
    ("INVALID_ARN_SERVICE_CASE", "identity", {"Resource": TABLE.replace("dynamodb", "DynamoDB")}, {}),
    ("INVALID_SERVICE", "identity", {"Resource": TABLE.replace("dynamodb", "dynamo")}, {}),
    (
        "INVALID_ARN_RESOURCE",
        "identity",
        {"Resource": f"arn:aws:iam::{ACCOUNT}:u*"},
        {"Resource": f"arn:aws:iam::{ACCOUNT}:user/*"},
    ),
    ("INVALID_ARN_RESOURCE", "identity", {"Resource": TABLE.replace("table/", "ta*e/")}, {"Resource": f"{TABLE}*"}),
    (
        "INVALID_ARN_RESOURCE",
        "identity",
        {"Resource": TABLE.replace("table/", "tables/")},
        {"Resource": f"{TABLE}/index/*"},
    ),
    ("ARN_REGION_NOT_ALLOWED", "identity", {"Resource": f"arn:aws:iam:us-east-1:{ACCOUNT}:role/x"}, {"Resource": ROLE}),
    (
        "ARN_ACCOUNT_NOT_ALLOWED",
        "identity",
        {"Resource": f"arn:aws:s3::{ACCOUNT}:bucket"},
        {"Resource": "arn:aws:s3:::b"},
    ),
    ("MISSING_ARN_REGION", "identity", {"Resource": f"arn:aws:dynamodb::{ACCOUNT}:table/x"}, {}),
    ("MISSING_ARN_ACCOUNT", "identity", {"Resource": "arn:aws:iam:::role/x"}, {"Resource": "arn:aws:iam::*:role/x"}),
    ("INVALID_ARN_REGION", "identity", {"Resource": TABLE.replace("us-east-1", "useast1")}, {}),
    ("INVALID_ARN_ACCOUNT", "identity", {"Resource": TABLE.replace(ACCOUNT, "1234")}, {}),
    # Conditions.
    (
        "INVALID_CONDITION_OPERATOR",
        "identity",
        when("StringEqual", "aws:username", "a"),
        when("StringEquals", "aws:username", "a"),
    ),
    (
        "NULL_WITH_IF_EXISTS",
        "identity",
        when("NullIfExists", "aws:username", "true"),
        when("Null", "aws:username", "true"),
    ),
    (
        "NULL_WITH_QUALIFIER",
        "identity",
        when("ForAllValues:Null", "aws:TagKeys", "true"),
        when("Null", "aws:TagKeys", "true"),
    ),
    (
        "EMPTY_ARRAY_CONDITION",
        "identity",
        when("StringEquals", "aws:username", []),
        when("StringEquals", "aws:username", ["a"]),
    ),
    ("EMPTY_ARRAY_CONDITION_FORALLVALUES", "identity", when("ForAllValues:StringEquals", "aws:TagKeys", []), {}),
    ("EMPTY_ARRAY_CONDITION_FORANYVALUE", "identity", when("ForAnyValue:StringEquals", "aws:TagKeys", []), {}),
    ("EMPTY_ARRAY_CONDITION_IFEXISTS", "identity", when("StringEqualsIfExists", "aws:username", []), {}),
    ("INVALID_CONDITION_KEY_FORMAT", "identity", when("StringEquals", "username", "a"), {}),
    ("INVALID_GLOBAL_CONDITION_KEY", "identity", when("StringEquals", "aws:usrname", "a"), {}),
    (
        "UNSUPPORTED_GLOBAL_CONDITION_KEY",
        "identity",
        when("ArnEquals", "aws:ARN", ROLE),
        when("ArnEquals", "aws:PrincipalArn", ROLE),
    ),
    (
        "DEPRECATED_GLOBAL_CONDITION_KEY",
        "identity",
        when("ArnLike", "aws:ARN", ROLE),
        when("ArnLike", "aws:PrincipalArn", ROLE),
    ),
    (
        "MISSING_TAG_KEY_IN_CONDITION",
        "identity",
        when("StringEquals", "aws:ResourceTag/", "a"),
        when("StringEquals", "aws:ResourceTag/team", "a"),
    ),
    (
        "INVALID_SERVICE_CONDITION_KEY",
        "identity",
        when("StringEquals", "s3:prefixes", "a"),
        when("StringEquals", "s3:ExistingObjectTag/a", "a"),
    ),
    (
        "INVALID_SERVICE",
        "identity",
        when("StringEquals", "nowhere:key", "a"),
        when("StringEquals", "accounts.google.com:aud", "a"),
    ),
    (
        "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
        "identity",
        when(
            "StringEquals", "aws:username", "a", Condition={"StringEquals": {"aws:username": "a", "AWS:UserName": "b"}}
        ),
        {},
    ),
    (
        "MISSING_QUALIFIER",
        "identity",
        when("StringEquals", "aws:TagKeys", "a"),
        when("ForAllValues:StringEquals", "aws:TagKeys", "a"),
    ),
    (
        "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
        "identity",
        when("ForAllValues:StringEquals", "aws:username", "a"),
        when("ForAllValues:StringEquals", "aws:username", "a", Effect="Deny"),
    ),
    (
        "TYPE_MISMATCH",
        "identity",
        when("StringEquals", "aws:SecureTransport", "true"),
        when("Bool", "aws:SecureTransport", "true"),
    ),
    (
        "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
        "identity",
        when("StringLike", "aws:PrincipalArn", f"{ROLE}*"),
        when("ArnLike", "aws:PrincipalArn", f"{ROLE}*"),
    ),
    ("UNTRUSTWORTHY_CONDITION_KEY", "identity", when("StringLike", "aws:UserAgent", "x*"), {}),
    ("TYPE_MISMATCH_BOOLEAN", "identity", when("Bool", "aws:SecureTransport", "yes"), {}),
    ("INVALID_CONDITION_MULTIPLE_BOOLEAN", "identity", when("Bool", "aws:SecureTransport", ["true", "false"]), {}),
    (
        "INVALID_CONDITION_DATA_TYPE",
        "identity",
        when("NumericEquals", "aws:MultiFactorAuthAge", [1, "2"]),
        when("NumericEquals", "aws:MultiFactorAuthAge", ["1", "2"]),
    ),
    (
        "TYPE_MISMATCH_NUMBER",
        "identity",
        when("NumericLessThan", "aws:MultiFactorAuthAge", "soon"),
        when("NumericLessThan", "aws:MultiFactorAuthAge", 900),
    ),
    (
        "REDUNDANT_CONDITION_VALUE_NUM",
        "identity",
        when("NumericLessThan", "aws:MultiFactorAuthAge", [1, 2]),
        when("NumericEquals", "aws:MultiFactorAuthAge", [1, 2]),
    ),
    (
        "TYPE_MISMATCH_DATE",
        "identity",
        when("DateLessThan", "aws:CurrentTime", "tomorrow"),
        when("DateLessThan", "aws:CurrentTime", "2026-01-31"),
    ),
    (
        "INVALID_DATE_VALUE",
        "identity",
        when("DateLessThan", "aws:CurrentTime", "1767225600"),
        when("DateLessThan", "aws:CurrentTime", "2026"),
    ),
    (
        "TYPE_MISMATCH_IP_RANGE",
        "identity",
        when("IpAddress", "aws:SourceIp", "203.0.113"),
        when("IpAddress", "aws:SourceIp", "203.0.113.0/24"),
    ),
    (
        "IMPROVE_IP_RANGE",
        "identity",
        when("IpAddress", "aws:SourceIp", "203.0.113.9/24"),
        when("IpAddress", "aws:SourceIp", "2001:db8::/32"),
    ),
    ("PRIVATE_IP_ADDRESS", "identity", when("IpAddress", "aws:SourceIp", "10.0.0.0/8"), {}),
    ("PRIVATE_NOT_IP_ADDRESS", "identity", when("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"), {}),
    ("PRIVATE_IP_ADDRESS_SUBSET", "identity", when("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "203.0.113.0/24"]), {}),
    (
        "PRIVATE_NOT_IP_ADDRESS_SUBSET",
        "identity",
        when("NotIpAddress", "aws:SourceIp", ["fc00::/8", "203.0.113.0/24"]),
        {},
    ),
    ("TYPE_MISMATCH_STRING", "identity", when("BinaryEquals", "iot:Key", "!"), {}),
    (
        "WILDCARD_WITHOUT_LIKE_OPERATOR",
        "identity",
        when("StringEquals", "aws:username", "a*"),
        when("StringEquals", "aws:username", "${*}"),
    ),
    (
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        "identity",
        when("StringEquals", "iam:PassedToService", "lambda", Action=PASS, Resource=ROLE),
        PASSED,
    ),
    (
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        "identity",
        when("StringEquals", "kms:ViaService", "s3.amazonaws.com"),
        when("StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com"),
    ),
    (
        "INVALID_VPC_FORMAT",
        "identity",
        when("StringEquals", "aws:SourceVpc", "net-1"),
        when("StringEquals", "aws:SourceVpc", "vpc-12345678"),
    ),
    (
        "INVALID_VPCE_FORMAT",
        "identity",
        when("StringEquals", "aws:SourceVpce", "vpce-1"),
        when("StringEquals", "aws:SourceVpce", "vpce-11223344556677889"),
    ),
    (
        "INVALID_REGION",
        "identity",
        when("StringEquals", "aws:RequestedRegion", "europe"),
        when("StringLike", "aws:RequestedRegion", "eu-*"),
    ),
    (
        "MISSING_PAIRED_CONDITION_KEYS",
        "identity",
        when("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"),
        {
            "Condition": {
                "IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"},
                "StringEquals": {"aws:SourceVpc": "vpc-12345678"},
            }
        },
    ),
    ("UNSUPPORTED_ACTION_FOR_CONDITION_KEY", "identity", {**PASSED, "Action": [PASS, "ec2:RunInstances"]}, PASSED),
    (
        "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
        "identity",
        when("StringLike", "s3:prefix", "home/*", Action="s3:GetObject", Resource="arn:aws:s3:::b/*"),
        when("StringLike", "s3:prefix", "home/*", Action="s3:ListBucket", Resource="arn:aws:s3:::b"),
    ),
    (
        "UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
        "resource",
        when("StringEquals", "s3:x-amz-acl", "private", Action=["s3:PutObject", "s3:ListBucket"]),
        when("StringEqualsIfExists", "s3:x-amz-acl", "private", Action=["s3:PutObject", "s3:Get*"]),
    ),
    (
        "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        "resource",
        when("StringEquals", "aws:PrincipalOrgID", "o-a1b2c3", Principal={"Service": "cloudfront.amazonaws.com"}),
        when("StringEquals", "aws:SourceOrgID", "o-a1b2c3", Principal={"Service": "cloudfront.amazonaws.com"}),
    ),
    (
        "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        "trust",
        when("StringEquals", "aws:PrincipalTag/team", "a", Principal={"Service": "lambda.amazonaws.com"}),
        when("StringEquals", "aws:PrincipalTag/team", "a", Principal={"AWS": ROLE}),
    ),
    (
        "IRRELEVANT_CONDITION_KEY_IN_POLICY",
        "resource",
        when("StringEquals", "s3:ResourceAccount", ACCOUNT, Action="s3:GetObject", Resource="arn:aws:s3:::b/*"),
        when("StringEquals", "aws:PrincipalAccount", ACCOUNT, Action="s3:GetObject", Resource="arn:aws:s3:::b/*"),
    ),
    (
        "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
        "resource",
        {"Action": "s3:GetObject", "Resource": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1"},
        {"Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*", "*"]},
    ),
    (
        "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        "identity",
        when(
            "StringEquals", "aws:ResourceTag/a", "b", Action=["ec2:StopInstances", "s3:ListAllMyBuckets"], Resource="*"
        ),
        when("StringEquals", "aws:ResourceTag/a", "b", Action="ec2:StopInstances", Resource="*"),
    ),
    (
        "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        "scp",
        when("StringEquals", "aws:ResourceTag/a", "b", Action="s3:ListAllMyBuckets"),
        when("StringNotEquals", "aws:ResourceTag/a", "b", Action="s3:ListAllMyBuckets"),
    ),
    (
        "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        "identity",
        when("StringLike", "aws:ResourceTag/a", "b*", Action=DROP, NotAction="iam:*", Resource="*"),
        when("StringLike", "aws:ResourceTag/a", "b*", Action="ec2:*", Resource="*"),
    ),
    (
        "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
        "identity",
        when("StringLike", "aws:ResourceTag/a", "b*", Action=DROP, NotAction="iam:*", Resource="*", Effect="Deny"),
        when("StringLike", "aws:ResourceTag/a", "b*", Action="ec2:*", Resource="*", Effect="Deny"),
    ),
    (
        "S3_PREFIX_IN_NEGATIVE_CONTEXT",
        "identity",
        when("StringLike", "s3:prefix", "a/*", Effect="Deny", Action="s3:ListBucket", Resource="*"),
        when("StringLike", "s3:prefix", "a/*", Action="s3:ListBucket", Resource="arn:aws:s3:::b"),
    ),
    (
        "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
        "identity",
        when("ForAllValues:StringEquals", "dynamodb:Attributes", ["a"]),
        {
            "Condition": {
                "ForAllValues:StringEquals": {"dynamodb:Attributes": ["a"]},
                "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
            }
        },
    ),
    # Variables.
    (
        "MISSING_BRACE_IN_VARIABLE",
        "identity",
        {"Resource": "arn:aws:s3:::b/${aws:username/*"},
        {"Resource": "arn:aws:s3:::b/${aws:username}/*"},
    ),
    (
        "MISSING_QUOTE_IN_VARIABLE",
        "identity",
        {"Resource": "arn:aws:s3:::b/${aws:username, none}"},
        {"Resource": "arn:aws:s3:::b/${aws:username, 'none'}"},
    ),
    ("UNSUPPORTED_SPACE_IN_VARIABLE", "identity", {"Resource": "arn:aws:s3:::b/${aws:user name}"}, {}),
    ("EMPTY_VARIABLE", "identity", {"Resource": "arn:aws:s3:::b/${}"}, {}),
    ("VARIABLE_UNSUPPORTED_IN_ELEMENT", "identity", {"Action": "dynamodb:${aws:username}"}, {}),
    (
        "VARIABLE_UNSUPPORTED_IN_VERSION",
        "identity",
        Whole(
            {"Version": "2008-10-17", "Statement": [{**_SOUND["identity"], "Resource": "arn:aws:s3:::${aws:username}"}]}
        ),
        {},
    ),
    (
        "INVALID_VARIABLE_FOR_OPERATOR",
        "identity",
        when("NumericEquals", "aws:MultiFactorAuthAge", "${aws:username}"),
        {},
    ),
    # Principals.
    ("UNSUPPORTED_PRINCIPAL", "identity", {"Principal": "*"}, {}),
    ("UNSUPPORTED_PRINCIPAL", "boundary", {"Principal": "*"}, {}),
    ("INVALID_PRINCIPAL_FORMAT", "resource", {"Principal": ROLE}, {"Principal": "*"}),
    ("INVALID_PRINCIPAL_KEY", "resource", {"Principal": {"Role": ROLE}}, {}),
    ("UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "resource", {"Principal": {"AWS": f"{ROLE}*"}}, {"Principal": {"AWS": "*"}}),
    ("FEDERATED_PRINCIPAL_NOT_SUPPORTED", "resource", {"Principal": {"Federated": SAML_ARN}}, {}),
    ("INVALID_ROLE_REFERENCE", "trust", {"Principal": {"AWS": "AROAEXAMPLE00000000"}}, {"Principal": {"AWS": ROLE}}),
    (
        "INVALID_USER_REFERENCE",
        "resource",
        {"Principal": {"AWS": "AIDAEXAMPLE00000000"}},
        {"Principal": {"AWS": ACCOUNT}},
    ),
    ("INVALID_SERVICE_PRINCIPAL_FORMAT", "trust", {"Principal": {"Service": "lambda"}}, {}),
    ("INVALID_ARN_PREFIX", "trust", {"Principal": {"AWS": "ben"}}, {}),
    ("INVALID_ARN_ACCOUNT", "trust", {"Principal": {"AWS": "arn:aws:iam::1:role/x"}}, {}),
    (
        "INVALID_ARN_ACCOUNT",
        "resource",
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/jo"}},
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"}},
    ),
    (
        "ALLOW_WITH_NOT_PRINCIPAL",
        "resource",
        {"Principal": DROP, "NotPrincipal": {"AWS": ROLE}},
        {"Principal": DROP, "NotPrincipal": {"AWS": ROLE}, "Effect": "Deny"},
    ),
    (
        "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
        "resource",
        {"Principal": {"Service": "sns.amazonaws.com"}},
        {"Principal": {"Service": "sns.amazonaws.com"}, **SOURCE},
    ),
    (
        "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
        "resource",
        {"Principal": {"Service": "sns.amazonaws.com"}, **when("StringEquals", "aws:Referer", "x")},
        {},
    ),
    # Trust policies.
    ("ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", "trust", {"Resource": "*"}, {}),
    ("ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL", "trust", {"Principal": DROP, "NotPrincipal": {"AWS": ROLE}}, {}),
    (
        "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
        "trust",
        {"Principal": "*"},
        {"Principal": "*", "Effect": "Deny"},
    ),
    ("ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", "trust", {"Principal": {"AWS": "*"}}, {}),
    (
        "UNSUPPORTED_ACTION_IN_POLICY",
        "trust",
        {"Action": ["sts:AssumeRole", "s3:GetObject"]},
        {"Action": ["sts:AssumeRole", "sts:TagSession"]},
    ),
    (
        "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        "trust",
        web("GitHub"),
        {"Principal": {"Federated": SAML_ARN}, "Action": "sts:AssumeRoleWithSAML"},
    ),
    (
        "MISMATCHED_ACTION_FOR_PRINCIPAL",
        "trust",
        {"Principal": {"Federated": SAML_ARN}, "Action": "sts:AssumeRoleWithWebIdentity"},
        {},
    ),
    ("MISMATCHED_ACTION_FOR_PRINCIPAL", "trust", {"Action": "sts:AssumeRoleWithSAML"}, {}),
    (
        "MISMATCHED_ACTION_FOR_PRINCIPAL",
        "trust",
        {"Principal": {"Federated": EKS_ARN}},
        web(EKS_ARN, {"StringEquals": {f"{EKS}:sub": "x"}}),
    ),
    (
        "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
        "trust",
        web(EKS_ARN),
        web(EKS_ARN, {"StringEquals": {f"{EKS}:sub": "x"}}),
    ),
    ("MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", "trust", web("accounts.google.com"), {}),
    ("MISSING_GITHUB_REPO_CONDITION_KEY", "trust", web(GITHUB_ARN), github("repo:o/r:ref:refs/heads/main")),
    (
        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        "trust",
        github("repo:o/*"),
        github("repo:o@1/r@2:ref:refs/heads/main"),
    ),
    (
        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        "trust",
        github("repo:o/r:environment:*"),
        github("repo:o/r:environment:prod"),
    ),
    (
        "CONFIRM_AUDIENCE_CLAIM_TYPE",
        "trust",
        web(EKS_ARN, {"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}}),
        {
            "Principal": {"Federated": SAML_ARN},
            "Action": "sts:AssumeRoleWithSAML",
            **when("StringEquals", "SAML:aud", "x"),
        },
    ),
    (
        "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
        "trust",
        web(EKS_ARN, {"ForAnyValue:StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}}),
        {},
    ),
    (
        "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
        "trust",
        {"Principal": {"Service": "rolesanywhere.amazonaws.com"}},
        {
            "Principal": {"Service": "rolesanywhere.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        },
    ),
    (
        "MISSING_ACTION_FOR_CONDITION_KEY",
        "trust",
        {"Principal": {"AWS": ROLE}, **when("StringEquals", "aws:RequestTag/team", "a")},
        {
            "Principal": {"AWS": ROLE},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            **when("StringEquals", "aws:RequestTag/team", "a"),
        },
    ),
    (
        "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
        "trust",
        {"Principal": {"AWS": [ROLE, f"arn:aws:sts::{ACCOUNT}:assumed-role/api/s"]}},
        {"Principal": {"AWS": [ROLE]}},
    ),
    ("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "trust", {"Principal": {"Service": "scheduler.amazonaws.com"}}, {}),
    # Organizations.
    ("SCP_SYNTAX_ERROR_PRINCIPAL", "scp", {"Principal": "*"}, {}),
    ("RCP_SYNTAX_ERROR_PRINCIPAL", "rcp", {"Principal": {"AWS": ROLE}}, {}),
    ("RCP_SYNTAX_ERROR_ALLOW", "rcp", {"Effect": "Allow", "Resource": "arn:aws:s3:::b"}, {}),
    ("RCP_SYNTAX_ERROR_ALLOW", "rcp", {"Effect": "Allow"}, {"Effect": "Allow", "Action": "*"}),
    ("RCP_SYNTAX_ERROR_NOTACTION", "rcp", {"Action": DROP, "NotAction": "s3:*"}, {}),
    ("RCP_SYNTAX_ERROR_ACTION", "rcp", {"Action": "ec2:RunInstances"}, {}),
    (
        "RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY",
        "rcp",
        when("StringNotEquals", "aws:PrincipalOrgID", "o-1"),
        {
            "Condition": {
                "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            }
        },
    ),
    (
        "RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY",
        "rcp",
        when("StringNotEquals", "aws:SourceOrgID", "o-1"),
        {},
    ),
    # Given too widely.
    ("PASS_ROLE_WITH_STAR_IN_RESOURCE", "identity", {"Action": PASS, "Resource": "*"}, PASSED),
    (
        "PASS_ROLE_WITH_STAR_IN_RESOURCE",
        "identity",
        {"Action": PASS, "Resource": "arn:aws:iam::*:role/*"},
        {"Action": PASS, "Resource": ROLE},
    ),
    (
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "identity",
        {"Action": "iam:Pass*", "Resource": "*"},
        {"Action": "iam:Get*", "Resource": "*"},
    ),
    ("PASS_ROLE_WITH_NOT_RESOURCE", "identity", {"Action": PASS, "Resource": DROP, "NotResource": ROLE}, {}),
    (
        "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "identity",
        {"Action": "iam:*", "Resource": DROP, "NotResource": ROLE},
        {},
    ),
    (
        "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        "identity",
        {"Action": DROP, "NotAction": "s3:*", "Resource": DROP, "NotResource": ROLE},
        {},
    ),
    (
        "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "identity",
        {"Action": DROP, "NotAction": "s3:*", "Resource": "*"},
        {"Action": DROP, "NotAction": "iam:*", "Resource": "*"},
    ),
    ("CREATE_SLR_WITH_STAR_IN_RESOURCE", "identity", {"Action": SLR, "Resource": "*"}, NAMED_SLR),
    (
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
        "identity",
        {"Action": "iam:Create*", "Resource": "*"},
        {"Action": "iam:CreateRole", "Resource": "*"},
    ),
    ("CREATE_SLR_WITH_NOT_RESOURCE", "identity", {"Action": SLR, "Resource": DROP, "NotResource": ROLE}, {}),
    (
        "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "identity",
        {"Action": "*", "Resource": DROP, "NotResource": ROLE},
        {},
    ),
    (
        "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE",
        "identity",
        {"Action": DROP, "NotAction": "s3:*", "Resource": DROP, "NotResource": ROLE},
        {},
    ),
    (
        "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
        "identity",
        {"Action": DROP, "NotAction": "s3:*", "Resource": "*"},
        {},
    ),
    # What keeps nobody out, and what nobody can meet.
    (
        "EXTERNAL_ID_OF_WILDCARDS",
        "trust",
        other(when("StringLike", EXTERNAL_ID, "*")),
        other(when("StringEquals", EXTERNAL_ID, "hl-9")),
    ),
    (
        "EXTERNAL_ID_OF_WILDCARDS",
        "trust",
        other(when("StringLike", EXTERNAL_ID, ["hl-9", "?*"])),
        other(when("StringLike", EXTERNAL_ID, "hl-*")),
    ),
    (
        "EXTERNAL_ID_IS_ACCOUNT",
        "trust",
        other(when("StringEquals", EXTERNAL_ID, "111122223333")),
        other(when("StringEquals", EXTERNAL_ID, "1111-2222")),
    ),
    (
        "EXTERNAL_ID_IS_ACCOUNT",
        "trust",
        other(when("StringLike", EXTERNAL_ID, "444455556666")),
        service("firehose", when("StringEquals", EXTERNAL_ID, "111122223333")),
    ),
    (
        "SERVICE_EXTERNAL_ID_NEVER_SENT",
        "trust",
        service("firehose", when("StringEquals", EXTERNAL_ID, "stream")),
        service("firehose", when("StringEquals", EXTERNAL_ID, "111122223333")),
    ),
    (
        "SERVICE_EXTERNAL_ID_NEVER_SENT",
        "trust",
        service("elasticbeanstalk", when("StringEquals", EXTERNAL_ID, "ElasticBeanstalk")),
        service("elasticbeanstalk", when("StringEquals", EXTERNAL_ID, "elasticbeanstalk")),
    ),
    (
        "OPTIONAL_KEY_WITH_IF_EXISTS",
        "trust",
        other(when("BoolIfExists", "aws:MultiFactorAuthPresent", "true")),
        other(when("Bool", "aws:MultiFactorAuthPresent", "true")),
    ),
    (
        "OPTIONAL_KEY_WITH_IF_EXISTS",
        "trust",
        other(when("StringEqualsIfExists", EXTERNAL_ID, "hl-9")),
        other(when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-exampleorgid")),
    ),
    (
        "OPTIONAL_KEY_WITH_IF_EXISTS",
        "identity",
        when("NumericLessThanIfExists", "aws:MultiFactorAuthAge", "900"),
        {**when("BoolIfExists", "aws:MultiFactorAuthPresent", "false"), "Effect": "Deny"},
    ),
    (
        "ROLES_ANYWHERE_WITHOUT_TRUST_ANCHOR",
        "trust",
        ANYWHERE,
        {
            **ANYWHERE,
            **when("ArnEquals", "aws:SourceArn", "arn:aws:rolesanywhere:eu-west-1:111122223333:trust-anchor/a"),
        },
    ),
    (
        "ROLES_ANYWHERE_WITHOUT_TRUST_ANCHOR",
        "trust",
        {**ANYWHERE, **when("StringEquals", "aws:RequestedRegion", "eu-west-1")},
        {**ANYWHERE, **when("StringEquals", "aws:PrincipalTag/x509Subject/CN", "host")},
    ),
    (
        "SAML_AUDIENCE_NEVER_SENT",
        "trust",
        saml("https://signin.aws.amazom.com/saml"),
        saml("https://signin.aws.amazon.com/saml"),
    ),
    (
        "SAML_AUDIENCE_NEVER_SENT",
        "trust",
        saml("https://eu-west-1.signin.aws.amazon.com"),
        saml("https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPEXAMPLE"),
    ),
    (
        "SAML_AUDIENCE_WITHOUT_EFFECT",
        "trust",
        saml(["https://signin.aws.amazon.com/saml", "https://example.com/saml"]),
        saml(["https://signin.aws.amazon.com/saml", "https://signin.amazonaws-us-gov.com/saml"]),
    ),
    (
        "UNKNOWN_REGION",
        "identity",
        {"Resource": f"arn:aws:dynamodb:us-east-9:{ACCOUNT}:table/orders"},
        {"Resource": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"},
    ),
    (
        "ARN_OPERATOR_WITHOUT_ARN",
        "identity",
        when("ArnLike", "aws:PrincipalArn", "role/app"),
        when("ArnLike", "aws:PrincipalArn", [f"arn:aws:iam::{ACCOUNT}:role/app", "*"]),
    ),
    (
        "ARN_OPERATOR_WITHOUT_ARN",
        "identity",
        when("ArnNotEquals", "aws:PrincipalArn", "app"),
        when("ArnNotEquals", "aws:PrincipalArn", "arn:*:iam::*:role/${aws:PrincipalTag/team}"),
    ),
    (
        "UNKNOWN_REGION",
        "identity",
        when("StringEquals", "aws:RequestedRegion", "us-east-9"),
        when("StringEquals", "aws:RequestedRegion", ["eu-west-1", "cn-north-1", "us-gov-west-1"]),
    ),
    (
        "UNKNOWN_REGION",
        "identity",
        when("StringEquals", "aws:RequestedRegion", ["eu-west-1", "eu-mid-1"]),
        when("StringLike", "aws:RequestedRegion", "eu-*"),
    ),
    (
        "UNKNOWN_VARIABLE",
        "identity",
        {"Resource": f"{TABLE}${{aws:usrname}}"},
        {"Resource": f"{TABLE}${{aws:username}}"},
    ),
    (
        "UNKNOWN_VARIABLE",
        "identity",
        when("StringEquals", "aws:PrincipalTag/team", "${aws:PrincipleTag/team}"),
        when("StringEquals", "aws:PrincipalTag/team", "${aws:RequestTag/team}"),
    ),
    (
        "UNKNOWN_VARIABLE_WITH_DEFAULT",
        "identity",
        {"Resource": f"{TABLE}${{aws:usrname, 'none'}}"},
        {"Resource": f"{TABLE}${{aws:username, 'none'}}"},
    ),
    ("SUBJECT_NEVER_ISSUED", "trust", github("repo:o/r:ref:main"), github("repo:o/r:ref:refs/heads/main")),
    (
        "SUBJECT_NEVER_ISSUED",
        "trust",
        web(GITHUB_ARN, {"StringEquals": {f"{GITHUB}:sub": "repo:o/r:*"}}),
        github("repo:o/r:*"),
    ),
    (
        "SUBJECT_NEVER_ISSUED",
        "trust",
        web(GITLAB_ARN, {"StringLike": {"gitlab.com:sub": "project:o/r:*"}}),
        web(GITLAB_ARN, {"StringLike": {"gitlab.com:sub": "project_path:o/r:*"}}),
    ),
    (
        "SUBJECT_WITHOUT_EFFECT",
        "trust",
        github(["repo:o/r:ref:main", "repo:o/r:environment:prod"]),
        github(["repo:o/r:pull_request", "repo:o/r:environment:prod"]),
    ),
    (
        "SUBJECT_OPEN_TO_STRANGERS",
        "trust",
        github("repo:o*/r:ref:refs/heads/main"),
        github("repo:o/*:ref:refs/heads/main"),
    ),
    (
        "SUBJECT_OPEN_TO_STRANGERS",
        "trust",
        github("repo:*", **{f"{GITHUB}:environment": "prod"}),
        github("repo:*", **{f"{GITHUB}:repository_owner_id": "123456"}),
    ),
    (
        "SUBJECT_OPEN_TO_STRANGERS",
        "trust",
        web(GITLAB_ARN, {"StringLike": {"gitlab.com:sub": "project_path:*"}}),
        web(GITLAB_ARN, {"StringLike": {"gitlab.com:sub": "project_path:*", "gitlab.com:namespace_id": "77"}}),
    ),
    # What adds nothing.
    (
        "REDUNDANT_ACTION",
        "identity",
        {"Action": ["dynamodb:Get*", "dynamodb:GetItem"]},
        {"Action": ["dynamodb:Get*", "dynamodb:Query"]},
    ),
    ("REDUNDANT_ACTION", "identity", {"Action": ["dynamodb:Query", "DynamoDB:query"]}, {}),
    ("REDUNDANT_RESOURCE", "identity", {"Resource": [TABLE, f"{TABLE}*"]}, {"Resource": [TABLE, f"{TABLE}/index/*"]}),
    ("REDUNDANT_STATEMENT", "identity", [{"Sid": "A"}, {"Sid": "B"}], [{"Sid": "A"}, {"Sid": "B", "Effect": "Deny"}]),
]
