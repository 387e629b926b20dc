"""Causes that the text contradicts are left out, and the one that it shows leads."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

ROLE = "arn:aws:iam::111122223333:role"
CDK = (
    "Could not assume role in target account using current credentials (which are for account {}) User: "
    "arn:aws:iam::{}:user/x is not authorized to perform: sts:AssumeRole on resource: "
    f"{ROLE}/cdk-hnb659fds-deploy-role-111122223333-eu-west-1 . Please make sure that this role exists."
)
ENCRYPTED = (
    "The bucket policy demands {} on uploads.\nUser: arn:aws:iam::111122223333:user/x is not authorized to perform: "
    "s3:PutObject on resource: arn:aws:s3:::b/k with an explicit deny in a resource-based policy"
)
TASK = "f1c2b3a49d8e7f60a1b2c3d4e5f60718"
PASSED = (
    'invokedBy: "{}"\nUser: arn:aws:sts::111122223333:assumed-role/run-nightly/'
    f"{TASK} is not authorized to perform: iam:PassRole on resource: {ROLE}/nightly because no identity-based policy "
    "allows the iam:PassRole action"
)
SPOT = "errorCode: Client.AuthFailure.ServiceLinkedRoleCreationNotPermitted"
NAMED = "User: x is not authorized to perform: iam:UpdateRole on resource: {} because no permissions boundary allows it"


def answered(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


def causes(text: str) -> str:
    return " ".join(each.cause for each in answered(text).first_look)


@pytest.mark.parametrize(("account", "named"), [("444455556666", True), ("111122223333", False)])
def test_credentials_of_another_account_than_cdk_s_role_lead(account: str, named: bool) -> None:
    first = answered(CDK.format(account, account)).first_look[0].cause
    assert first.startswith(f"The credentials belong to account {account}") is named


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "x is not authorized to perform: iam:GetRole ... with an explicit deny in an identity-based policy",
            False,
        ),
        ("x is not authorized to perform: s3:PutObject ... with an explicit deny in a resource-based policy", False),
        ("User: x is not authorized to perform: iam:GetRole ...", True),
        ("User: x is not authorized to perform: iam:GetR... with an explicit deny in an identity-based policy", True),
    ],
)
def test_words_left_out_before_a_stated_reason_cut_off_no_action(text: str, cut: bool) -> None:
    assert ("cut off" in answered(text).verdict.summary) is cut


@pytest.mark.parametrize(
    ("demanded", "sent"),
    [
        ("server-side encryption, s3:x-amz-server-side-encryption = aws:kms,", False),
        ("server-side encryption", False),
        ("server-side encryption, the call has x-amz-server-side-encryption: AES256", True),
    ],
)
def test_a_policy_s_condition_is_no_header_of_the_call(demanded: str, sent: bool) -> None:
    assert ("already requests encryption" in causes(ENCRYPTED.format(demanded))) is sent


@pytest.mark.parametrize(
    ("invoker", "task"),
    [
        ("events.amazonaws.com", False),
        ("ecs-tasks.amazonaws.com", True),
        ("", True),
    ],
)
def test_a_session_of_another_service_is_no_task_s(invoker: str, task: bool) -> None:
    assert ("A role of an ECS task made the call" in causes(PASSED.format(invoker))) is task


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        (f"we want spot\n\n{SPOT}", True),
        (f"Spot capacity is never used.\n\n{SPOT}\n\nIs this mine to fix?", True),
        (SPOT, False),
    ],
)
def test_the_code_alone_names_the_role_of_spot_instances(text: str, spot: bool) -> None:
    assert ("spot.amazonaws.com" in causes(text)) is spot
    assert "service" in causes(text)


@pytest.mark.parametrize(
    ("name", "advice"),
    [("role …-AuthorizedRole-…", False), (f"{ROLE}/…-AuthorizedRole-…", False), (f"{ROLE}/app-Authoriz…", True)],
)
def test_a_name_without_its_beginning_was_shortened_by_its_author(name: str, advice: bool) -> None:
    assert ("only the beginning is known" in causes(NAMED.format(name))) is advice


@pytest.mark.parametrize(("status", "continues"), [("UPDATE_ROLLBACK_FAILED", True), ("ROLLBACK_FAILED", False)])
def test_a_stack_whose_rollback_failed_is_continued(status: str, continues: bool) -> None:
    said = causes(f"{NAMED.format(f'{ROLE}/app')}\nthe stack is in account {status}")
    assert ("continue-update-rollback" in said) is continues
    assert ("delete it before" in said) is not continues


@pytest.mark.parametrize(
    ("principal", "program"),
    [
        ("Calling [toJSON] on an [Output<T>] is not supported.", True),
        ("[object Object]", True),
        ("undefined", True),
        (f"{ROLE}/undefined-users", False),
    ],
)
def test_a_program_s_text_is_no_missing_principal(principal: str, program: bool) -> None:
    text = f'CreateRole: MalformedPolicyDocument: Invalid principal in policy: "AWS":"{principal}"'
    assert ("The program put this text into the policy" in answered(text).verdict.summary + causes(text)) is program
