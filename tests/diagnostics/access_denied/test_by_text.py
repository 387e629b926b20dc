"""A text of another account, with an account open: what the text shows decides wherever nothing was read of it."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import NOT_READ, Confidence, Diagnosis
from tests.support.demo.opened import opened
from tests.support.denials.invented import Read, denied, diagnosis_of, no

THERE = "444455556666"
READ_SECRET = "secretsmanager:GetSecretValue"
HERE = "111122223333"
ROLE = f"arn:aws:sts::{THERE}:assumed-role/nightly/run"
USER = f"arn:aws:iam::{THERE}:user/layers"
GONE = f"arn:aws:iam::{HERE}:user/hanako"
ELSEWHERE = f"The caller belongs to account {THERE}, so the caller's policies can be read only in that account."


@pytest.fixture(scope="module")
def demo() -> Read:
    return opened(None)


def _statement(effect: str, action: str, resource: str, **more: object) -> str:
    return json.dumps({"Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}]}, indent=1)


def _lacks(who: str, action: str, resource: str, policy: str) -> str:
    return (
        f"{denied(who, action, resource, no('identity-based policy', action))}\n\nThe policy of the caller:\n{policy}"
    )


def _deny(action: str, bucket: str, condition: dict[str, dict[str, str]]) -> str:
    said = denied(ROLE, action, f"arn:aws:s3:::{bucket}/a", "with an explicit deny in a resource-based policy")
    policy = _statement("Deny", action, f"arn:aws:s3:::{bucket}/*", Principal="*", Condition=condition, Sid="Only")
    return f"{said}\n\nBucket policy:\n{policy}"


SUBNETS = f"arn:aws:rds:eu-west-1:{THERE}:subgrp:shop-a"
KEY = f"arn:aws:kms:eu-west-1:{THERE}:key/0f6c81d4-90ab-4f6e-b1a7-5c3a90ed7712"
ENCRYPTED = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}
SESSION = {"StringNotLike": {"aws:PrincipalArn": f"arn:aws:sts::{THERE}:assumed-role/nightly/*"}}
PASSES = {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}

TEXTS = {
    "another resource": (
        _lacks(
            ROLE,
            "rds:CreateDBInstance",
            SUBNETS,
            _statement("Allow", "rds:CreateDBInstance", f"arn:aws:rds:eu-west-1:{THERE}:db:shop-*"),
        ),
        ELSEWHERE,
    ),
    "an alias": (
        _lacks(
            ROLE,
            "kms:Decrypt",
            KEY,
            _statement("Allow", "kms:Decrypt", f"arn:aws:kms:eu-west-1:{THERE}:alias/curated"),
        ),
        ELSEWHERE,
    ),
    "NotAction": (
        _lacks(
            USER,
            "lambda:PublishLayerVersion",
            f"arn:aws:lambda:eu-west-1:{THERE}:layer:geo",
            json.dumps({"Statement": [{"Effect": "Allow", "NotAction": ["iam:*", "lambda:*Layer*"], "Resource": "*"}]}),
        ),
        ELSEWHERE,
    ),
    "a condition": (
        _lacks(
            ROLE,
            "iam:PassRole",
            f"arn:aws:iam::{THERE}:role/task",
            _statement("Allow", "iam:PassRole", "*", Condition=PASSES),
        )
        + "\n\naws ecs run-task --cluster c --task-definition nightly:3",
        ELSEWHERE,
    ),
    "another action": (
        _lacks(
            USER,
            "sqs:ReceiveMessage",
            f"arn:aws:sqs:eu-west-1:{THERE}:jobs",
            _statement("Allow", "sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{THERE}:jobs"),
        ),
        ELSEWHERE,
    ),
    "a bucket's Deny of a header": (_deny("s3:PutObject", "their-scans", ENCRYPTED), ELSEWHERE),
    "a bucket's Deny of a session": (_deny("s3:PutObject", "their-vault", SESSION), ELSEWHERE),
    "a bucket of this account's name": (_deny("s3:GetObject", "their-assets", SESSION), ELSEWHERE),
    "a user that is not here": (
        _lacks(
            GONE,
            "iam:CreateVirtualMFADevice",
            f"arn:aws:iam::{HERE}:mfa/my-phone",
            _statement("Allow", "iam:CreateVirtualMFADevice", "arn:aws:iam::*:mfa/${aws:username}"),
        ),
        "The account has no user hanako.",
    ),
    "a role that is not here": (
        denied(f"arn:aws:sts::{HERE}:assumed-role/pull-images/i-1", "ecr:GetAuthorizationToken", "*", "")
        + " because no identity-based policy allows the ecr:GetAuthorizationToken action\n\nNo pod starts.",
        "The account has no role pull-images.",
    ),
    "no caller": (
        "An error occurred (AccessDeniedException) when calling the CreateQueue operation: Access denied\n\n"
        "Its policy:\n" + _statement("Allow", "sqs:SendMessage", "*"),
        "",
    ),
    "a trust policy that needs MFA": (
        denied(USER, "sts:AssumeRole", f"arn:aws:iam::{THERE}:role/breakglass")
        + "\n\nThe trust policy of breakglass:\n"
        + json.dumps(
            {
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": USER},
                        "Action": "sts:AssumeRole",
                        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
                    }
                ]
            }
        ),
        ELSEWHERE,
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_text_decides_where_the_account_has_nothing_of_it(name: str, demo: Read) -> None:
    text, aside = TEXTS[name]
    alone, found = collect_offline(read_text(text)[0]), diagnosis_of(text, demo)
    assert found.verdict.summary == f"{alone.verdict.summary} {aside}".strip()
    assert (found.verdict.cause, found.verdict.confidence) == (alone.verdict.cause, alone.verdict.confidence)
    assert alone.verdict.cause != "unreadable"
    assert [fix.title for fix in found.fixes][: len(alone.fixes)] == [fix.title for fix in alone.fixes]
    assert not any(fix.title.startswith("Ask the ") for fix in found.fixes)
    assert [look.cause for look in found.first_look] == [look.cause for look in alone.first_look]
    assert not any(step.id == NOT_READ for step in found.steps)
    assert "harbor" not in _shown(found)  # a bucket of this account is no other name for one of another


def _shown(found: Diagnosis) -> str:
    return found.verdict.summary + json.dumps([(fix.title, fix.text) for fix in found.fixes])


def test_what_was_read_is_stronger_than_the_text(demo: Read) -> None:
    """The caller is of this account: its own policies are evaluated, whatever policy the text shows."""
    who = f"arn:aws:sts::{HERE}:assumed-role/orders-ecs-task/job"
    text = _lacks(
        who,
        "sqs:PurgeQueue",
        f"arn:aws:sqs:us-east-1:{HERE}:orders-events",
        _statement("Allow", "sqs:PurgeQueue", f"arn:aws:sqs:us-east-1:{HERE}:other"),
    )
    found = diagnosis_of(text, demo)
    assert found.verdict.cause == "identity.no-action" and not found.verdict.by_text
    assert any(fix.verified for fix in found.fixes)


def test_what_aws_states_of_a_caller_elsewhere_is_as_sure_as_without_an_account(demo: Read) -> None:
    text = denied(ROLE, "sqs:PurgeQueue", "*", no("identity-based policy", "sqs:PurgeQueue")) + "\n\nIt worked before."
    alone, found = collect_offline(read_text(text)[0]), diagnosis_of(text, demo)
    assert (found.verdict.cause, found.verdict.confidence) == ("identity.no-action", Confidence.LIKELY)
    assert found.verdict.summary == f"{alone.verdict.summary} {ELSEWHERE}"
    assert found.fixes[0].title.startswith(f"Ask the administrators of account {THERE}")


def test_a_message_that_stands_alone_says_why_nothing_can_be_read(demo: Read) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{THERE}:jobs"
    found = diagnosis_of(denied(ROLE, "sqs:PurgeQueue", queue, no("identity-based policy", "sqs:PurgeQueue")), demo)
    assert found.verdict.cause == "unreadable" and found.verdict.summary.endswith(ELSEWHERE)
    assert found.fixes[0].title.startswith(f"Ask the administrators of account {THERE}")


ADMIN = f"arn:aws:sts::{HERE}:assumed-role/saml-admin/rk"
DENIED = "with an explicit deny in a resource-based policy"


def test_a_deny_that_only_http_matches_is_no_more_than_likely(demo: Read) -> None:
    """The bucket's only Deny is for calls without TLS: AWS says that a Deny matched, and calls use TLS by default."""
    found = diagnosis_of(denied(ADMIN, "s3:PutObject", "arn:aws:s3:::harbor-assets/a", DENIED), demo)
    assert found.verdict.cause == "resource.explicit-deny" and found.verdict.confidence is Confidence.LIKELY
    assert "TlsOnly" in found.verdict.summary and [each.key for each in found.verdict.questions] == [
        "aws:SecureTransport"
    ]


def test_the_deny_in_the_text_comes_before_one_that_only_an_unusual_value_matches(demo: Read) -> None:
    text = _deny("s3:PutObject", "harbor-assets", ENCRYPTED).replace(ROLE, ADMIN) + "\n\naws s3 cp a s3://harbor-assets"
    found = diagnosis_of(text, demo)
    first, _, last = found.verdict.summary.partition("In the current policies")
    assert "statement Only" in first and "TlsOnly" not in first and "TlsOnly" in last
    assert not any("exempt" in fix.title or "TLS" in fix.title for fix in found.fixes)
    assert found.verdict.questions == ()


def test_a_command_that_looks_the_caller_up_is_for_the_caller_s_account(demo: Read) -> None:
    """A role of the same name in this account would answer for another one."""
    there = f"arn:aws:sts::{THERE}:assumed-role/orders-ecs-task/job"
    message = denied(there, "ecr:GetAuthorizationToken", "*", no("identity-based policy", "ecr:GetAuthorizationToken"))
    for text in (message, f"{message}\n\nNo pod starts."):
        looks = [look for look in diagnosis_of(text, demo).first_look if look.check]
        assert looks and all(look.where == f", with credentials of account {THERE}" for look in looks)
        here = diagnosis_of(text.replace(THERE, HERE), demo)
        assert not any(look.where for look in here.first_look)


def test_a_role_of_eks_is_no_role_of_a_workflow(demo: Read) -> None:
    text = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    found = diagnosis_of(f"environment: develop\n\nAssuming role with OIDC\n{text}", demo)
    assert "gha-deploy-storefront" in found.verdict.summary
    assert "inventory-irsa" not in found.verdict.summary and "cognito" not in found.verdict.summary


def test_nothing_is_allowed_on_a_key_that_is_not_there(demo: Read) -> None:
    key = f"arn:aws:kms:us-east-1:{HERE}:key/0f6c81d4-90ab-4f6e-b1a7-5c3a90ed7712"
    who = f"arn:aws:sts::{HERE}:assumed-role/kms-reports-reader/ingest-7"
    message = denied(who, "kms:GenerateDataKey", key, no("identity-based policy", "kms:GenerateDataKey"))
    text = f"upload failed: An error occurred (AccessDenied) when calling the PutObject operation: {message}"
    found = diagnosis_of(text, demo)
    assert found.fixes[0].title.startswith("Look for the right name")
    assert not any(key in fix.text for fix in found.fixes[1:])


@pytest.mark.parametrize("account", [THERE, "222233334444"])
def test_a_zone_of_another_account_leaves_nothing_to_ask_the_caller_s_account_for(account: str, demo: Read) -> None:
    owner = "333344445555"
    said = denied(f"arn:aws:sts::{account}:assumed-role/cert-manager/1", "route53:ChangeResourceRecordSets", None)
    text = (
        f"{said}\nissuer:\n  route53:\n    hostedZoneID: Z0613904QK2V7D\n\n"
        f"$ aws route53 get-hosted-zone --id Z0613904QK2V7D --profile network # network = {owner}\nexample.org.\n"
    )
    alone, found = collect_offline(read_text(text)[0]), diagnosis_of(text, demo)
    assert owner in alone.verdict.summary and found.verdict.summary == alone.verdict.summary
    assert [fix.title for fix in found.fixes] == [fix.title for fix in alone.fixes]
    assert found.first_look == ()


def test_a_secret_named_by_a_foreign_caller_is_not_looked_for_in_this_account(demo: Read) -> None:
    denial = denied(ROLE, READ_SECRET, "billing/new", no("identity-based policy", READ_SECRET))
    diagnosis = diagnosis_of(denial, demo)
    assert HERE not in diagnosis.verdict.summary
    assert "does not exist" not in diagnosis.verdict.summary


def test_a_secret_is_looked_for_in_the_region_of_the_call(demo: Read) -> None:
    caller = f"arn:aws:sts::{HERE}:assumed-role/batch-vpc-worker/i-0abc"
    denial = denied(caller, READ_SECRET, "billing/new", no("identity-based policy", READ_SECRET))
    command = "aws secretsmanager get-secret-value --secret-id billing/new --region eu-west-1"
    diagnosis = diagnosis_of(f"$ {command}\n{denial}", demo)
    assert f"arn:aws:secretsmanager:eu-west-1:{HERE}:secret:billing/new" in diagnosis.verdict.summary


PROVIDER = f"arn:aws:iam::{THERE}:oidc-provider/gitlab.com"
SUBJECT = "project_path:kelp/platform/infra:ref_type:branch:ref:main"
TRUST = json.dumps(
    {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {"gitlab.com:sub": "project_path:kelp/infra:ref_type:branch:ref:*"}},
    }
)
NO_ROLE = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity"
)
TOKEN = f'{{"iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": "{SUBJECT}"}}'


def test_no_role_of_the_open_account_is_guessed_for_a_text_about_another_account(demo: Read) -> None:
    found = diagnosis_of(f"{TOKEN}\n{NO_ROLE}\n\ntrust:\n{TRUST}", demo)
    assert found.verdict.cause == "trust.condition-unmet" and SUBJECT in found.verdict.summary
    assert not found.verdict.questions and "Write" in found.fixes[0].text
    guessed = diagnosis_of(NO_ROLE, demo)
    assert any(question.key == "role" for question in guessed.verdict.questions)


def test_a_common_cause_in_the_text_is_said_if_the_policies_are_those_of_another_account(demo: Read) -> None:
    model = "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0"
    refused = denied(ROLE, "bedrock:InvokeModel", model, "with an explicit deny in a service control policy")
    text = f"modelId=us.anthropic.claude-sonnet-4-5-20250929-v1:0, region us-east-1\n{refused}"
    found = diagnosis_of(text, demo)
    assert "to which the inference profile routes" in collect_offline(read_text(text)[0]).verdict.summary
    assert "to which the inference profile routes" in found.verdict.summary and ELSEWHERE in found.verdict.summary


def test_a_resource_whose_account_is_masked_is_not_said_to_have_no_policy(demo: Read) -> None:
    api = "arn:aws:execute-api:eu-west-1:********4471:a1b2c3d4e5/prod/GET/orders"
    found = diagnosis_of(denied("anonymous", "execute-api:Invoke", api, "with an explicit deny"), demo)
    assert "there is no resource-based policy" not in found.verdict.summary
    assert any("masked" in step.summary for step in found.steps)


QUESTION = """{"Effect": "Allow", "Action": "ec2:CreateVolume", "Resource": "*", "Condition":
 {"ForAllValues:StringEquals": {"aws:TagKeys": ["CostCenter"]}}}
Does this statement force the tag CostCenter on each new volume?"""


def test_a_question_about_a_policy_has_the_same_answer_with_an_account(demo: Read) -> None:
    offline, found = collect_offline(read_text(QUESTION)[0]), diagnosis_of(QUESTION, demo)
    assert "ForAllValues" in offline.verdict.summary
    assert found.verdict.summary == offline.verdict.summary
