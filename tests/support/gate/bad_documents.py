"""More than a hundred bad documents that no code of AWS's ValidatePolicy was looked up for: (kind, what, change).

``change`` is put over a sound statement of the kind (`tests.support.texts.lint_cases.text_of`).
"""

# A row is a line.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from tests.support.texts.lint_cases import ACCOUNT, DROP, EKS, EKS_ARN, GITHUB, GITHUB_ARN, SAML_ARN, TABLE, Whole

_WEB = "sts:AssumeRoleWithWebIdentity"
_AUD = {f"{GITHUB}:aud": "sts.amazonaws.com"}

_ACTIONS = (
    *("s3:GetObjekt", "dynamodb:GetItems", "ec2:RunInstance", "iam:PassRoles", "sqs:SendMessages", "sns:Publsh"),
    *(
        "kms:Decript",
        "logs:PutLogEvent",
        "secretsmanager:GetSecret",
        "lambda:Invok",
        "dynamodb:Getitem1",
        "s3:Get-Object",
    ),
    *("s3GetObject", "s3:", ":GetObject", "foo:Bar", "cloudwatchlogs:PutLogEvents", "dynamo:GetItem", "iam PassRole"),
    *("dynamodb:GetItem,PutItem", "dynamodb.GetItem", "dynamodb:GetItem "),
)
_RESOURCES = (
    *("arn:aws:dynamodb:us-east-1:1111:table/orders", "arn:aws:dynamodb:us-east-9:111122223333:table/orders"),
    *("arn:aws:dynamodb:us-east-1:111122223333:tables/orders", "arn:aws:sqs:us-east-1:111122223333:orders"),
    *(
        "dynamodb:table/orders",
        "table/orders",
        "orders",
        "",
        "arn:aws-cn:dynamodb:cn-north-1:111122223333:table/orders",
    ),
    *("arn:aws:dynamodb:111122223333:us-east-1:table/orders", "arn:aws:dynamodb", "arn:aws:s3:::bucket"),
    *("arn:aws:dynamodb:us-east-1:111122223333:table/${aws:usrname}", "${aws:username}"),
)
_CONDITIONS: tuple[tuple[str, Any], ...] = (
    ("an operator that does not exist", {"StringEqual": {"aws:username": "a"}}),
    ("an operator of another language", {"Equals": {"aws:username": "a"}}),
    ("an address out of range", {"IpAddress": {"aws:SourceIp": "300.1.1.1"}}),
    ("an address with a port", {"IpAddress": {"aws:SourceIp": "10.0.0.1:443"}}),
    ("a prefix that is too long", {"IpAddress": {"aws:SourceIp": "10.0.0.0/40"}}),
    ("a date in words", {"DateLessThan": {"aws:CurrentTime": "yesterday"}}),
    ("a date of another order", {"DateLessThan": {"aws:CurrentTime": "31/12/2026"}}),
    ("a truth that is neither", {"Bool": {"aws:SecureTransport": "maybe"}}),
    ("a number in words", {"NumericLessThan": {"aws:MultiFactorAuthAge": "ten"}}),
    ("an ARN that is none", {"ArnLike": {"aws:PrincipalArn": "role/app"}}),
    ("a global key misspelled", {"StringEquals": {"aws:SourceIpp": "a"}}),
    ("a global key in another form", {"StringEquals": {"aws:RequestedRegions": "eu-west-1"}}),
    ("a key without a service", {"StringEquals": {"username": "a"}}),
    ("a key of another service", {"StringEquals": {"s3:prefix": "a"}}),
    ("a key of a service that does not exist", {"StringEquals": {"foo:bar": "a"}}),
    ("Null with a word", {"Null": {"aws:TokenIssueTime": "yes"}}),
    ("a variable that no request has", {"StringEquals": {"aws:PrincipalTag/team": "${aws:usrname}"}}),
    ("all of the values of a key that has one", {"ForAllValues:StringEquals": {"aws:PrincipalTag/team": ["a"]}}),
    ("a text operator for an address", {"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}}),
    ("a number operator for a text", {"NumericEquals": {"aws:username": "1"}}),
    ("a set operator that does not exist", {"ForEachValue:StringEquals": {"aws:TagKeys": "a"}}),
    ("a condition that is a list", [{"StringEquals": {"aws:username": "a"}}]),
    ("a condition that is a text", "aws:username"),
    ("an operator without keys", {"StringEquals": "aws:username"}),
    ("a Region that does not exist", {"StringEquals": {"aws:RequestedRegion": "us-east-9"}}),
)
_STATEMENTS: tuple[tuple[str, Any], ...] = (
    ("an effect in lower case", {"Effect": "allow"}),
    ("no effect", {"Effect": DROP}),
    ("an effect of another language", {"Effect": "Permit"}),
    ("both kinds of actions", {"NotAction": "iam:*"}),
    ("both kinds of resources", {"NotResource": "*"}),
    ("a principal", {"Principal": "*"}),
    ("a Sid with a dash", {"Sid": "read-only"}),
    ("a Sid with a space", {"Sid": "read only"}),
    ("a member that does not exist", {"Effects": "Allow"}),
    ("a member in lower case", {"condition": {}}),
    ("no action", {"Action": DROP}),
    ("an empty list of actions", {"Action": []}),
    ("no resource", {"Resource": DROP}),
    ("an empty list of resources", {"Resource": []}),
    ("a number for an action", {"Action": 1}),
    ("an object for a resource", {"Resource": {"Ref": "Table"}}),
    ("two statements with one Sid", [{"Sid": "a"}, {"Sid": "a"}]),
    ("no statement", Whole({"Version": "2012-10-17"})),
    ("a list of no statements", Whole({"Version": "2012-10-17", "Statement": []})),
    ("a version of the future", Whole({"Version": "2030-01-01", "Statement": []})),
    ("a list instead of a document", Whole([])),
    ("JSON that ends early", '{"Version": "2012-10-17", "Statement": [{'),
    ("YAML", "Version: 2012-10-17\nStatement: []"),
    ("everything", {"Action": "*", "Resource": "*"}),
    ("everything but IAM", {"Action": DROP, "NotAction": "iam:*", "Resource": "*"}),
    ("everything but one table", {"Resource": DROP, "NotResource": TABLE}),
    ("any role for any service", {"Action": "iam:PassRole", "Resource": "*"}),
    ("its own policies", {"Action": "iam:PutRolePolicy", "Resource": "*"}),
    ("any policy for any role", {"Action": "iam:AttachRolePolicy", "Resource": "*"}),
    (
        "new versions of policies",
        {"Action": ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"], "Resource": "*"},
    ),
    ("all of IAM", {"Action": "iam:*", "Resource": "*"}),
    ("any role of any account", {"Action": "sts:AssumeRole", "Resource": "*"}),
    ("keys of anybody", {"Action": "iam:CreateAccessKey", "Resource": "*"}),
)


def _federated(condition: Any, provider: str = GITHUB_ARN, action: str = _WEB) -> dict[str, Any]:
    return {"Principal": {"Federated": provider}, "Action": action, "Condition": condition}


def _subject(value: str, operator: str = "StringLike") -> dict[str, Any]:
    return _federated({"StringEquals": _AUD, operator: {f"{GITHUB}:sub": value}})


_TRUST: tuple[tuple[str, Any], ...] = (
    ("everybody", {"Principal": "*"}),
    ("every account", {"Principal": {"AWS": "*"}}),
    ("all but one", {"Principal": DROP, "NotPrincipal": {"AWS": ACCOUNT}}),
    ("another account", {"Principal": {"AWS": "444455556666"}}),
    ("an account of 11 digits", {"Principal": {"AWS": "44445555666"}}),
    ("a service misspelled", {"Principal": {"Service": "lamda.amazonaws.com"}}),
    ("a service by its short name", {"Principal": {"Service": "lambda"}}),
    ("a service of China", {"Principal": {"Service": "lambda.amazonaws.com.cn"}}),
    ("a service as an account", {"Principal": {"AWS": "lambda.amazonaws.com"}}),
    ("any service", {"Principal": {"Service": "*"}}),
    ("a kind that does not exist", {"Principal": {"Role": "app"}}),
    ("a role by its name", {"Principal": {"AWS": "app"}}),
    ("a role that does not exist", {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/nobody"}}),
    ("a user that does not exist", {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"}}),
    ("roles by a pattern", {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/*"}}),
    ("a group", {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:group/admins"}}),
    ("a deleted role", {"Principal": {"AWS": "AROAEXAMPLEEXAMPLE123"}}),
    ("no principal", {"Principal": DROP}),
    ("an empty principal", {"Principal": {}}),
    ("an empty list of principals", {"Principal": {"AWS": []}}),
    ("an action of another service", {"Action": "s3:GetObject"}),
    ("a resource", {"Resource": "*"}),
    ("SAML for a service", {"Action": "sts:AssumeRoleWithSAML"}),
    ("a web identity for a service", {"Action": _WEB}),
    ("a plain assume for a provider", {"Principal": {"Federated": GITHUB_ARN}}),
    ("only a Deny", {"Effect": "Deny"}),
    ("a time that is over", {"Condition": {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}}),
    ("any external ID", {"Principal": {"AWS": "444455556666"}, "Condition": {"StringLike": {"sts:ExternalId": "*"}}}),
    ("the own account as external ID", {"Principal": {"AWS": "444455556666"}, "Condition": {"StringEquals": {"sts:ExternalId": ACCOUNT}}}),
    ("MFA if it exists", {"Principal": {"AWS": ACCOUNT}, "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}}),
    ("GitHub without a subject", _federated({"StringEquals": _AUD})),
    ("GitHub without a condition", {"Principal": {"Federated": GITHUB_ARN}, "Action": _WEB}),
    ("any subject", _subject("*")),
    ("any repository", _subject("repo:*")),
    ("a whole organization", _subject("repo:acme/*")),
    ("a pattern that is compared as a text", _subject("repo:acme/shop:*", "StringEquals")),
    ("a subject that GitHub never gives", _subject("ref:main")),
    ("a subject with two slashes", _subject("repo:acme/shop/main")),
    ("a provider that does not exist", _federated({"StringEquals": {"gitlab.com:sub": "project_path:a/b:ref_type:branch:ref:main", "gitlab.com:aud": "x"}}, f"arn:aws:iam::{ACCOUNT}:oidc-provider/gitlab.com")),
    ("a provider by its address", _federated({"StringEquals": _AUD}, f"https://{GITHUB}")),
    ("EKS without a subject", _federated({"StringEquals": {f"{EKS}:aud": "sts.amazonaws.com"}}, EKS_ARN)),
    ("SAML with a mistyped audience", _federated({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/sam"}}, SAML_ARN, "sts:AssumeRoleWithSAML")),
    ("SAML by a web identity", _federated({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}, SAML_ARN)),
)  # fmt: skip

BAD_DOCUMENTS: tuple[tuple[str, str, Any], ...] = (
    *(("identity", f"the action {each!r}", {"Action": each}) for each in _ACTIONS),
    *(("identity", f"the resource {each!r}", {"Resource": each}) for each in _RESOURCES),
    *(("identity", what, {"Condition": condition}) for what, condition in _CONDITIONS),
    *(("identity", what, change) for what, change in _STATEMENTS),
    *(("trust", what, change) for what, change in _TRUST),
)
