"""The Deny in a text's policy that refuses, and what passes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.diagnosis import PASTED
from tests.support.denials.pasted import ROLE, allow, deny_document, diagnosed, policy, refused, refused_by_deny

BUCKET = "arn:aws:s3:::north-ledger"


RUN = ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:210987654321:instance/*")


PUT = ("s3:PutObject", f"{BUCKET}/a.csv")


TOKENS = {"StringNotEquals": {"ec2:MetadataHttpTokens": "required"}}


FROM_OFFICE = {
    "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.64/29"]},
    "Bool": {"aws:ViaAWSService": "false"},
}


RESERVED = "arn:aws:iam::210987654321:role/aws-reserved/sso.amazonaws.com"


OLD_SET = {"ArnNotLike": {"aws:PrincipalArn": f"{RESERVED}/AWSReservedSSO_Data_3c55d19ab07e2f68"}}


EXPORTER = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/exporter"}}


SAYS = {
    "an address": (
        refused_by_deny(
            ("s3:ListBucket", BUCKET),
            "identity-based policy",
            deny_document("*", Resource="*", Condition=FROM_OFFICE),
            "$ curl -s https://checkip.amazonaws.com\n198.51.100.73\n$ aws s3 ls s3://north-ledger/\n",
        ),
        "(here it is 198.51.100.73)",
        "call from that network",
    ),
    "an address of the caller's that is new": (
        refused_by_deny(
            ("s3:ListBucket", BUCKET),
            "identity-based policy",
            deny_document("*", Resource="*", Condition=FROM_OFFICE),
            "office egress changed to 198.51.100.73 yesterday\n$ aws s3 ls s3://north-ledger/\n",
        ),
        "(here it is 198.51.100.73)",
        "one of the caller's own addresses, the statement's owner must add 198.51.100.73/32",
    ),
    "an endpoint": (
        "aws s3 cp s3://north-ledger/x . --endpoint-url https://bucket.vpce-0aa11bb22cc33dd44-9q8w7e6r.s3.eu-west-1."
        "vpce.amazonaws.com\nfatal error: An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        "bucket policy: "
        + deny_document(
            "s3:*",
            Principal="*",
            Resource=[BUCKET, f"{BUCKET}/*"],
            Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0aa11bb22cc33dd45"}},
        ),
        "(here it is vpce-0aa11bb22cc33dd44)",
        "look alike: find out which of the two is right",
    ),
    "NotResource": (
        refused_by_deny(PUT, "identity-based policy", deny_document("s3:*", NotResource=["arn:aws:s3:::south-*"])),
        "on everything except arn:aws:s3:::south-*",
        f"add {BUCKET}/* to the NotResource",
    ),
    "NotResource of the same bucket": (
        refused_by_deny(
            ("s3:DeleteObject", f"{BUCKET}/daily/a.tar"),
            "identity-based policy",
            deny_document("s3:Delete*", NotResource=f"{BUCKET}/tmp/*"),
        ),
        "on everything except",
        f"add {BUCKET}/daily/* to the NotResource",
    ),
    "NotResource without the objects": (
        refused_by_deny(PUT, "identity-based policy", deny_document("s3:*", NotResource=[BUCKET])),
        f"except {BUCKET}",
        f"add {BUCKET}/* to NotResource",
    ),
    "a header": (
        refused_by_deny(
            PUT,
            "resource-based policy",
            deny_document(
                "s3:PutObject",
                Principal="*",
                Resource=f"{BUCKET}/*",
                Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
            ),
            f"aws s3 cp a.csv s3://north-ledger/ --sse AES256\nupload failed: {''}",
        ),
        "is not aws:kms (here it is AES256)",
        "--sse aws:kms",
    ),
    "an option of another client": (
        refused_by_deny(
            PUT,
            "resource-based policy",
            deny_document(
                "s3:PutObject",
                Principal="*",
                Resource=f"{BUCKET}/*",
                Condition={"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
            ),
            "s5cmd cp --sse AES256 a.csv s3://north-ledger/\n",
        ),
        "is not aws:kms (here it is AES256)",
        "--sse aws:kms",
    ),
    "a boundary and NotPrincipal": (
        refused_by_deny(
            ("s3:GetObject", f"{BUCKET}/a"),
            "resource-based policy",
            deny_document(
                "s3:*", NotPrincipal={"AWS": ["arn:aws:iam::210987654321:role/exporter"]}, Resource=[f"{BUCKET}/*"]
            ),
            "since today every role has a permissions boundary\n",
        ),
        "always denies a principal with a permissions boundary",
        '"aws:PrincipalArn": "arn:aws:iam::210987654321:role/exporter"',
    ),
    "a Region": (
        refused_by_deny(
            ("states:CreateStateMachine", "arn:aws:states:eu-south-2:210987654321:stateMachine:refunds"),
            "service control policy",
            deny_document(
                [], Resource="*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-3"]}}
            ).replace('"Action": []', '"NotAction": ["iam:*", "sts:*"]'),
        ),
        "(here it is eu-south-2)",
        "the organization's administrators must add eu-south-2 to the Regions of the condition",
    ),
    "a Region in an identity-based policy": (
        refused_by_deny(
            ("sqs:CreateQueue", "arn:aws:sqs:us-west-2:210987654321:jobs"),
            "identity-based policy",
            deny_document("sqs:*", Resource="*", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}}),
        ),
        "(here it is us-west-2)",
        "the statement's owner must add us-west-2 to the Regions",
    ),
    "a boundary that only the condition names": (
        refused_by_deny(
            ("iam:CreateRole", "arn:aws:iam::210987654321:role/bills"),
            "identity-based policy",
            deny_document(
                "iam:CreateRole",
                Resource="*",
                Condition={"StringNotEquals": {"iam:PermissionsBoundary": "arn:aws:iam::210987654321:policy/border"}},
            ),
        ),
        "iam:PermissionsBoundary is not arn:aws:iam::210987654321:policy/border, or is missing",
        "--permissions-boundary arn:aws:iam::210987654321:policy/border",
    ),
    "a boundary of another role, as get-role answers": (
        refused_by_deny(
            ("iam:CreateUser", "arn:aws:iam::210987654321:user/bot"),
            "identity-based policy",
            deny_document(
                "iam:CreateUser",
                Resource="*",
                Condition={"StringNotEquals": {"iam:PermissionsBoundary": "arn:aws:iam::210987654321:policy/edge"}},
            ),
            '"PermissionsBoundary": {"PermissionsBoundaryType": "Policy"}\n',
        ),
        "iam:PermissionsBoundary is not arn:aws:iam::210987654321:policy/edge",
        "To avoid this Deny, the request needs iam:PermissionsBoundary",
    ),
    "a key that is missing": (
        refused_by_deny(
            RUN,
            "service control policy",
            deny_document("ec2:RunInstances", Resource="*", Condition=TOKENS),
        ),
        "is not required, or is missing",
        "HttpTokens=required",
    ),
    "a folder without a star in NotResource": (
        refused_by_deny(PUT, "identity-based policy", deny_document("s3:PutObject", NotResource=[f"{BUCKET}/"])),
        f"on everything except {BUCKET}/",
        f"write {BUCKET}/* in NotResource",
    ),
    "a permission set that was created again": (
        refused_by_deny(
            PUT, "resource-based policy", deny_document("s3:PutObject", Principal="*", Resource="*", Condition=OLD_SET)
        ).replace("exporter/job-18", "AWSReservedSSO_Data_81fd0c2e7a6b9435/ann"),
        "of the same permission set but has another suffix",
        "AWSReservedSSO_Data_* in place of",
    ),
    "a role's path that the text shows": (
        refused_by_deny(
            ("cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-west-1:210987654321:trail/t"),
            "service control policy",
            deny_document("cloudtrail:StopLogging", Resource="*", Condition=EXPORTER),
            '"arn:aws:iam::210987654321:role/emergency/exporter"\n',
        ),
        "here it is arn:aws:iam::210987654321:role/emergency/exporter",
        "write the ARN with the path in the condition",
    ),
    "a bucket that everybody is locked out of": (
        refused_by_deny(
            ("s3:DeleteBucketPolicy", BUCKET),
            "resource-based policy",
            deny_document(
                "s3:*", NotPrincipal={"Service": "logging.s3.amazonaws.com"}, Resource=[BUCKET, f"{BUCKET}/*"]
            ),
        ),
        "for everyone except logging.s3.amazonaws.com",
        "as the root user of the account",
    ),
    "a password that is changed before there is MFA": (
        refused_by_deny(
            ("iam:ChangePassword", "arn:aws:iam::210987654321:user/ann"),
            "identity-based policy",
            json.dumps(
                {
                    "Effect": "Deny",
                    "NotAction": ["iam:EnableMFADevice"],
                    "Resource": "*",
                    "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
                }
            ),
        ),
        "denies iam:ChangePassword",
        "Add iam:ChangePassword and iam:GetAccountPasswordPolicy to the NotAction",
    ),
}


@pytest.mark.parametrize(("text", "said", "fix"), SAYS.values(), ids=SAYS)
def test_the_deny_says_what_it_leaves_out_and_what_passes(text: str, said: str, fix: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause.endswith(".explicit-deny")
    assert said in answer.verdict.summary
    assert fix in str(answer.fixes[0].change)
    assert not answer.first_look


def test_a_key_that_the_resource_never_has_is_a_fault_of_the_statement() -> None:
    document = deny_document("ec2:RunInstances", Resource="arn:aws:ec2:*:*:launch-template/*", Condition=TOKENS)
    request = ("ec2:RunInstances", "arn:aws:ec2:eu-west-1:210987654321:launch-template/lt-0ab1")
    answer = diagnosed(refused_by_deny(request, "service control policy", document))
    assert "It is sent for the instance and not for the launch-template." in answer.verdict.summary
    assert "StringNotEqualsIfExists" in str(answer.fixes[0].change)
    assert "HttpTokens=required" not in str(answer.fixes)


def test_a_condition_that_does_not_hold_is_not_said_to_refuse() -> None:
    hops = {"NumericGreaterThan": {"ec2:MetadataHttpPutResponseHopLimit": "3"}}
    both = [
        {"Sid": name, "Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*", "Condition": condition}
        for name, condition in (("Tokens", TOKENS), ("Hops", hops))
    ]
    answer = diagnosed(refused_by_deny(RUN, "service control policy", json.dumps({"Statement": both})))
    assert "statement Tokens denies" in answer.verdict.summary
    assert "Statement Hops also denies the request if" in answer.verdict.summary


def test_a_deny_whose_condition_the_text_does_not_decide_is_named() -> None:
    tagged = {"StringEquals": {"aws:ResourceTag/env": "prod"}}
    keep = {"Sid": "Keep", "Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*", "Condition": tagged}
    boundary = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, keep]})
    request = ("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:210987654321:instance/i-0b2")
    answer = diagnosed(f"{refused(*request, 'with an explicit deny in a permissions boundary')}\nboundary:\n{boundary}")
    assert "statement Keep denies ec2:TerminateInstances where aws:ResourceTag/env is prod" in answer.verdict.summary
    assert "look at the tag env of the resource (a tag that was just set" in str(answer.fixes[0].change)
    assert not answer.first_look


def test_an_option_that_the_deny_is_about_is_left_out() -> None:
    public = deny_document("s3:PutObject", Resource="*", Condition={"StringEquals": {"s3:x-amz-acl": "public-read"}})
    command = "aws s3 cp a.csv s3://north-ledger/a.csv --acl public-read\nupload failed: "
    answer = diagnosed(refused_by_deny(PUT, "identity-based policy", public, command))
    assert "leave out --acl" in str(answer.fixes[0].change)


def test_a_policy_without_a_deny_is_not_said_to_be_the_one_that_refused() -> None:
    allows = json.dumps({"Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]})
    table = ("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:210987654321:table/cfg")
    answer = diagnosed(refused_by_deny(table, "identity-based policy", allows))
    assert PASTED not in [step.id for step in answer.steps]


def test_no_boundary_is_none() -> None:
    document = deny_document("s3:*", NotPrincipal={"AWS": [ROLE]}, Resource=[f"{BUCKET}/*"])
    answer = diagnosed(
        refused_by_deny(
            ("s3:GetObject", f"{BUCKET}/a"), "resource-based policy", document, "the role has no permissions boundary\n"
        )
    )
    assert "permissions boundary" not in answer.verdict.summary


def test_the_key_of_a_condition_in_words_may_begin_with_a_small_letter() -> None:
    document = "Bucket:\n Deny * s3:* Condition StringNotEquals aws:sourceVpce = vpce-0b31fa99c2"
    answer = diagnosed(refused_by_deny(("s3:GetObject", f"{BUCKET}/a"), "resource-based policy", document))
    assert "denies s3:GetObject where aws:sourceVpce is not vpce-0b31fa99c2" in answer.verdict.summary


@pytest.mark.parametrize(
    ("request_", "resource"),
    [
        (("ec2:CreateSnapshot", "arn:aws:ec2:eu-west-1:210987654321:volume/vol-1"), "arn:aws:ec2:*::snapshot/*"),
        (("ec2:CreateSubnet", "arn:aws:ec2:eu-west-1:210987654321:vpc/vpc-1"), "arn:aws:ec2:*:*:subnet/*"),
        (("ec2:RunInstances", "arn:aws:ec2:eu-west-1::image/ami-1"), "arn:aws:ec2:*:*:instance/*"),
    ],
)
def test_a_deny_of_untagged_requests_is_limited_to_what_the_call_can_tag(
    request_: tuple[str, str], resource: str
) -> None:
    document = deny_document(request_[0], Resource="*", Condition={"Null": {"aws:RequestTag/Owner": "true"}})
    answer = diagnosed(refused_by_deny(request_, "service control policy", document))
    assert "sends no tags for the" in answer.verdict.summary
    assert resource in str(answer.fixes[0].change) and "IfExists" not in str(answer.fixes[0].change)


def test_what_the_call_creates_is_tagged_in_the_call() -> None:
    document = deny_document("ec2:RunInstances", Resource="*", Condition={"Null": {"aws:RequestTag/Owner": "true"}})
    answer = diagnosed(refused_by_deny(RUN, "service control policy", document))
    assert "set the tag Owner in the call itself" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    ("service", "action"), [("S3", "s3:CreateBucket"), ("SQS", "sqs:CreateQueue"), ("Lambda", "lambda:CreateFunction")]
)
def test_a_deny_whose_list_of_actions_is_shortened_denies_what_it_names(service: str, action: str) -> None:
    document = deny_document([action, "..."], Resource="*", Condition={"Null": {"aws:RequestTag/unit": "true"}})
    answer = diagnosed(
        f"{service} controller: AccessDenied, explicit deny in a service control policy. SCP:\n{document}"
    )
    assert answer.verdict.cause == "scp.explicit-deny"
    assert "a tag that a program adds after the call has no effect on the call" in str(answer.fixes[0].change)


@pytest.mark.parametrize("actions", [["..."], ["<actions>"]])
def test_a_deny_without_its_actions_says_nothing(actions: list[str]) -> None:
    answer = diagnosed(refused_by_deny(PUT, "service control policy", deny_document(actions, Resource="*")))
    assert not answer.fixes and "statement" not in answer.verdict.summary.removeprefix("A Deny statement")


def _of_an_api(account: str, caller: str, document: str) -> str:
    api = f"arn:aws:execute-api:eu-west-2:{account}:q8v3k1x0ab/prod/GET/claims"
    refusal = refused("execute-api:Invoke", api, "with an explicit deny", caller)
    return f"{refusal}\n\nresource policy on the API:\n{document}"


@pytest.mark.parametrize("resource", ["execute-api:/*", "execute-api:/prod/GET/*", "arn:aws:execute-api:*:*:q8v3*"])
@pytest.mark.parametrize("caller", ["anonymous", ROLE])
def test_an_api_s_resource_policy_is_evaluated(resource: str, caller: str) -> None:
    """API Gateway masks the account, and accepts a short form of its own ARNs."""
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-0b6a91f3d7c2e8054"}}
    document = deny_document("execute-api:Invoke", Principal="*", Resource=resource, Condition=condition)
    answer = diagnosed(_of_an_api("********4321", caller, document))
    assert answer.verdict.cause == "resource.explicit-deny"
    assert "through that endpoint" in str(answer.fixes[0].change) and "deployed again" in str(answer.fixes[0].change)


def test_another_method_of_an_api_is_not_denied() -> None:
    document = deny_document("execute-api:Invoke", Principal="*", Resource="execute-api:/prod/POST/*")
    assert "In the policy" not in diagnosed(_of_an_api("********4321", "anonymous", document)).verdict.summary


def test_a_masked_account_is_not_made_up() -> None:
    document = policy(allow("execute-api:Invoke", "arn:aws:execute-api:eu-west-2:*:other/*"))
    api = "arn:aws:execute-api:eu-west-2:********1111:q8v3k1x0ab/prod/GET/claims"
    answer = diagnosed(f"{refused('execute-api:Invoke', api, '')}\nidentity policy:\n{document}")
    assert '"arn:aws:execute-api:eu-west-2:*:q8v3k1x0ab/prod/GET/claims"' in str(answer.fixes[0].change)


def test_values_beside_the_policy_are_read_where_lines_are_quoted() -> None:
    """curl quotes the request's lines with >: what the text names after the policy is still found."""
    condition = {"StringNotEquals": {"aws:SourceVpce": "vpce-0b6a91f3d7c2e8054"}}
    document = deny_document("execute-api:Invoke", Principal="*", Resource="execute-api:/*", Condition=condition)
    shown = _of_an_api("********4321", "anonymous", document)
    answer = diagnosed(f"> GET /prod/claims HTTP/2\n> Host: x\n{shown}\nthe VPN has vpce-0f28d7b60c4415e93")
    assert "(here it is vpce-0f28d7b60c4415e93)" in answer.verdict.summary


@pytest.mark.parametrize(
    ("condition", "owner"),
    [
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"BoolIfExists": {"aws:SecureTransport": True}}, True),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, True),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, False),
        ({"BoolIfExists": {"aws:ViaAWSService": "true"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}, "NumericLessThan": {"s3:TlsVersion": "1.2"}}, False),
    ],
)
def test_a_deny_of_the_safe_calls_is_corrected_by_its_owner(condition: Any, owner: bool) -> None:
    shown = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*", "Condition": condition}
            ],
        }
    )
    queue = ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:210987654321:jobs")
    answer = diagnosed(refused_by_deny(queue, "resource-based", shown))
    assert any("is inverted" in str(fix.change) for fix in answer.fixes) is owner


TLS_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OnlyTls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": ["arn:aws:s3:::drop-off", "arn:aws:s3:::drop-off/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
)


@pytest.mark.parametrize(
    ("setting", "plain"),
    [
        ("drop-off /mnt fuse.s3fs _netdev,url=http://s3.eu-north-1.amazonaws.com 0 0", True),
        ("spark.hadoop.fs.s3a.endpoint http://s3.us-west-2.amazonaws.com", True),
        ("endpoint: http://s3.amazonaws.com", True),
        ("fs.s3a.connection.ssl.enabled=false", True),
        ("url=https://s3.eu-north-1.amazonaws.com", False),
        ('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">', False),
        ("uri: http://acs.amazonaws.com/groups/global/AllUsers", False),
        ("url: http://drop-off.s3-website-eu-west-1.amazonaws.com", False),
    ],
)
def test_a_setting_without_tls_is_denied_by_a_statement_that_requires_it(setting: str, plain: bool) -> None:
    listed = ("s3:ListBucket", "arn:aws:s3:::drop-off")
    answer = diagnosed(f"{setting}\n{refused_by_deny(listed, 'resource-based', TLS_ONLY)}")
    assert any("call over https" in str(fix.change) for fix in answer.fixes) is plain
    assert any("write https:// instead" in str(fix.change) for fix in answer.fixes) is ("http://" in setting and plain)


@pytest.mark.parametrize(
    ("command", "request_", "said"),
    (
        (
            "$ aws budgets describe-budgets --region eu-west-1 --account-id 210987654321\n",
            ("budgets:ViewBudget", "arn:aws:budgets::210987654321:budget/*"),
            "here it is us-east-1",
        ),
        (
            "$ aws globalaccelerator list-accelerators --region eu-west-1\n",
            ("globalaccelerator:ListAccelerators", "*"),
            "here it is us-west-2",
        ),
    ),
)
def test_the_region_of_a_service_with_one_endpoint_is_not_that_of_the_option(
    command: str, request_: tuple[str, str], said: str
) -> None:
    document = policy(
        {
            "Sid": "EuropeOnly",
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
        }
    )
    found = diagnosed(refused_by_deny(request_, "service control policy", document, command))
    assert "statement EuropeOnly denies" in found.verdict.summary and said in found.verdict.summary
    assert "to its NotAction" in str(found.fixes[0].change)


def test_the_region_of_the_option_is_that_of_a_regional_service() -> None:
    document = deny_document("kms:*", Resource="*", Condition={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})
    asked = ("kms:ListKeys", "*")
    text = refused_by_deny(asked, "service control policy", document, "$ aws kms list-keys --region eu-west-3\n")
    assert "here it is eu-west-3" in diagnosed(text).verdict.summary
