"""Policies as lists, as statements side by side, as SCPs, and what to change in them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

WHY = "because no identity-based policy allows the {} action"
WHO = "arn:aws:sts::111122223333:assumed-role/loader/run"


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


def refused(action: str, on: str) -> str:
    return f"User: {WHO} is not authorized to perform: {action} on resource: {on} {WHY.format(action)}"


LISTS = [
    (refused("sqs:DeleteMessage", "arn:aws:sqs:eu-west-1:111122223333:in"),
     "policy:\n- sqs:ReceiveMessage, GetQueueAttributes on arn:aws:sqs:eu-west-1:111122223333:in\n"
     "- sqs:DeleteMessage on arn:aws:sqs:eu-west-1:111122223333:out",
     "statement 2 names arn:aws:sqs:eu-west-1:111122223333:out"),
    (refused("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"),
     "allowed:\n* dynamodb:GetItem and PutItem on table/carts\n* dynamodb:Query on table/orders",
     "covers table/orders"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "policy", "words"), LISTS)
def test_a_list_is_read_and_concluded(text: str, policy: str, words: str) -> None:
    found = answer(f"{text}\n{policy}")
    assert found.verdict.cause == "identity.resource-mismatch"
    assert words in found.verdict.summary
    assert found.fixes[0].title.startswith("Allow ")


def test_a_sentence_is_no_list() -> None:
    text = refused("sqs:DeleteMessage", "arn:aws:sqs:eu-west-1:111122223333:in")
    assert "The policy in the text" not in answer(f"- {text}").verdict.summary


SIDE_BY_SIDE = [
    '{"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "arn:aws:s3:::lake"},\n'
    '{"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "arn:aws:s3:::lake/*"}',
    '{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}\n'
    '{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::lake/*"}',
]  # fmt: skip


@pytest.mark.parametrize("policy", SIDE_BY_SIDE)
def test_statements_side_by_side_are_counted_together(policy: str) -> None:
    found = answer(f"{refused('s3:GetObject', 'arn:aws:s3:::lake/a')}\n{policy}")
    assert "statement 2 names s3:PutObject, not s3:GetObject" in found.verdict.summary
    assert found.fixes[0].title == "Allow s3:GetObject on arn:aws:s3:::lake/*"


@pytest.mark.parametrize("key", ["aws:SourceAccount", "aws:SourceArn"])
def test_a_key_of_services_never_matches_the_callers_own_requests(key: str) -> None:
    policy = (
        '{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*", '
        f'"Condition": {{"StringLike": {{"{key}": "111122223333"}}}}}}'
    )
    found = answer(f"{refused('ssm:GetParameter', 'arn:aws:ssm:eu-west-1:111122223333:parameter/x')}\n{policy}")
    assert f"requires {key}, which only requests from AWS services" in found.verdict.summary


GUARDRAILS = [
    ("guardduty:DeleteDetector", "SCP of the OU", "scp", "org-admin"),
    ("kms:ScheduleKeyDeletion", "permissions boundary of our roles", "boundary", "account-admin"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "called", "layer", "who"), GUARDRAILS)
def test_a_deny_of_another_layer_is_read(action: str, called: str, layer: str, who: str) -> None:
    policy = (
        f'{{"Sid": "Keep", "Effect": "Deny", "Action": ["{action}"], "Resource": "*", "Condition": '
        '{"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/${PREFIX}-admin"]}}}'
    )
    found = answer(f"{action} AccessDeniedException\ncaller: {WHO}\n{called}:\n{policy}")
    assert found.verdict.cause == f"{layer}.explicit-deny"
    assert "unless loader is one of them" in found.verdict.summary
    assert found.fixes[0].who.value == who


def test_a_tag_that_a_variable_needs() -> None:
    policy = (
        '{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*", "Condition": '
        '{"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}}}'
    )
    found = answer(f"{refused('ssm:GetParameter', 'arn:aws:ssm:eu-west-1:111122223333:parameter/x')}\n{policy}")
    assert [each.title for each in found.fixes] in ([], ["Give the resource the tag team"])


ALLOWS = [
    ("s3:GetObject", "arn:aws:s3:::lake/a", "arn:aws:s3:::lake/*"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:in", "*"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "on", "allowed"), ALLOWS)
def test_no_cause_says_that_a_pasted_allow_is_missing(action: str, on: str, allowed: str) -> None:
    policy = f'{{"Statement": [{{"Effect": "Allow", "Action": "{action}", "Resource": "{allowed}"}}]}}'
    causes = [look.cause for look in answer(f"{refused(action, on)}\n{policy}").first_look]
    assert causes
    assert not any(each.startswith("None of the caller's") for each in causes)


GAPS = [
    (refused("bedrock:InvokeModel", "*"), "model: eu.amazon.nova-lite-v1:0",
     "arn:aws:bedrock:*::foundation-model/*", "sqs:SendMessage", "inference-profile/eu.amazon.nova-lite-v1:0"),
    (refused("ec2:CreateTags", "arn:aws:ec2:eu-west-1:111122223333:volume/*"), "restored from snap-0a1b2c3d4e",
     "arn:aws:ec2:*:*:volume/*", "ec2:CreateVolume", "must also name snapshot/*"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "call", "on", "allowed", "words"), GAPS)
def test_the_second_resource_of_a_call(text: str, call: str, on: str, allowed: str, words: str) -> None:
    policy = f'{{"Statement": [{{"Effect": "Allow", "Action": "{allowed}", "Resource": "{on}"}}]}}'
    assert words in answer(f"{text}\n{call}\n{policy}").verdict.summary
    named = policy.replace(on, "*")
    assert words not in answer(f"{text}\n{call}\n{named}").verdict.summary


@pytest.mark.parametrize(("action", "service"), [("sqs:SendMessage", "s3"), ("kms:Sign", "dynamodb")])
def test_a_policy_of_another_service_gets_a_fix(action: str, service: str) -> None:
    policy = (
        f'{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "{service}:*", "Resource": "*"}}]}}'
    )
    found = answer(f"{refused(action, '*')}\n{policy}")
    assert f"names only {service}" in found.verdict.summary
    assert found.fixes[0].title == f"Allow {action}"


def test_an_external_id_is_no_claim_of_a_token() -> None:
    policy = (
        '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "sts:AssumeRole", '
        '"Condition": {"StringEquals": {"sts:ExternalId": "x-1"}}}'
    )
    who, role = "arn:aws:iam::444455556666:user/ci", "arn:aws:iam::111122223333:role/app"
    found = answer(f"User: {who} is not authorized to perform: sts:AssumeRole on resource: {role}\n{policy}")
    assert "token" not in found.verdict.summary


def test_a_pattern_of_a_claim_is_said_to_be_one() -> None:
    policy = (
        '{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/ci.example.org"}, '
        '"Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringLike": {"ci.example.org:sub": "project:*"}, '
        '"StringEquals": {"ci.example.org:aud": "b"}}}'
    )
    found = answer(f"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\n{policy}")
    assert "whose sub matches project:*" in found.verdict.summary


@pytest.mark.parametrize("issuer", ["ci.example.org", "gitlab.example.net"])
def test_what_a_trust_policy_accepts_is_said(issuer: str) -> None:
    policy = (
        f'{{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/{issuer}"}}, '
        '"Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": '
        f'{{"{issuer}:aud": "sts.amazonaws.com", "{issuer}:sub": "project:a"}}}}}}'
    )
    found = answer(f"AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\n{policy}")
    assert "accepts only tokens whose aud is sts.amazonaws.com and whose sub is project:a" in found.verdict.summary


WRITTEN = [
    "worker policy: Allow sqs:ReceiveMessage, sqs:SendMessage on arn:aws:sqs:eu-west-1:111122223333:in",
    "# loader allows sqs:ReceiveMessage, sqs:GetQueueUrl, iam:PassRole",
    "the role has sqs:ReceiveMessage and sqs:GetQueueUrl, ...",
    "loader role policy: sqs:ReceiveMessage, sqs:GetQueueUrl, ...",
    "Permissions: sqs:ReceiveMessage on *",
    "our role has sqs:ReceiveMessage and sqs:GetQueueUrl on the queue, plus kms:Decrypt",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_policy_in_words_is_read(written: str) -> None:
    found = answer(f"{refused('sqs:DeleteMessage', 'arn:aws:sqs:eu-west-1:111122223333:in')}\n{written}")
    assert found.verdict.cause == "identity.no-action"
    assert "sqs:ReceiveMessage" in found.verdict.summary
    assert found.fixes[0].title.startswith("Allow sqs:DeleteMessage on ")
    assert not found.first_look


@pytest.mark.parametrize(
    "words",
    [
        "Make sure the policy allows sqs:ReceiveMessage",
        "the role needs sqs:ReceiveMessage",
        "the queue policy allows sqs:ReceiveMessage",
        "does the policy allow sqs:ReceiveMessage?",
        "our SCP has sqs:ReceiveMessage in it",
        "the role has sqs:ReceiveMessage denied",
    ],
)
def test_advice_and_other_policies_are_no_list(words: str) -> None:
    found = answer(f"{refused('sqs:DeleteMessage', 'arn:aws:sqs:eu-west-1:111122223333:in')}\n{words}")
    assert "The policy in the text does not allow" not in found.verdict.summary


def test_a_call_in_a_list_is_no_action() -> None:
    denied = refused("s3:PutObject", "arn:aws:s3:::big/a.bin")
    found = answer(f"{denied}\npolicy: Allow s3:CreateMultipartUpload, s3:UploadPart on arn:aws:s3:::big/*")
    assert (
        "s3:CreateMultipartUpload and s3:UploadPart are not IAM actions, so they allow nothing" in found.verdict.summary
    )
    assert found.fixes[0].title == "Write s3:PutObject in statement 1"
