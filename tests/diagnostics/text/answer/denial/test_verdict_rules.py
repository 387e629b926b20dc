"""What the verdict says of a Deny that protects a guard."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.iam_sentence import summary


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("iam:DeleteRolePermissionsBoundary", "Find out which action the boundary denies"),
        ("iam:PutUserPermissionsBoundary", "Find out which action the boundary denies"),
        ("guardduty:DeleteDetector", "usually protects GuardDuty: keep it"),
        ("organizations:LeaveOrganization", "usually protects the organization's policies"),
        ("cloudtrail:StopLogging", "ask whoever manages the trail"),
        ("iam:DeleteRole", ""),
        ("guardduty:GetDetector", ""),
    ],
)
def test_a_deny_that_protects_a_guard_is_kept(action: str, meant: str) -> None:
    said = summary("dev", action, "on resource: * with an explicit deny in an identity-based policy")
    assert meant in said
    assert ("keep it" in said) is bool(meant)
    missing = summary("dev", action, f"because no identity-based policy allows the {action} action")
    assert "keep it" not in missing


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("KMS.AccessDeniedException", "KMS"),
        ("[ERROR] upload of a.pdf failed: KMS.AccessDeniedException", "KMS"),
        ("record 7 was not written: DynamoDB.AccessDeniedException (request 4c1)", "DynamoDB"),
        ("SQS: AccessDenied while polling", "SQS"),
        ("could not load the parameter, Ssm.AccessDenied", "Ssm"),
    ],
)
def test_a_code_with_its_service_is_a_denial_by_that_service(text: str, service: str) -> None:
    (failure,) = read_text(text)
    assert collect_offline(failure).verdict.summary.startswith(f"{service} refused the request.")


@pytest.mark.parametrize(
    "text", ["java.nio.file.AccessDeniedException: /etc/x", "com.acme.Auth.AccessDeniedHandler ok"]
)
def test_a_class_with_such_a_name_is_no_denial_by_a_service(text: str) -> None:
    (failure,) = read_text(text)
    assert "refused the request." not in collect_offline(failure).verdict.summary


REFUSED = '{"Message":"User is not authorized to access this resource with an explicit deny"}\n'
DENY = '{"Effect":"Deny","Resource":"arn:aws:execute-api:us-east-1:111122223333:x1/*/POST/*"}'


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{REFUSED}log of our custom authorizer: {DENY}", "has a Deny on arn:aws:execute-api:us-east-1:111122223333"),
        (f'authoriser said {{"Resource": "/live/*/admin/*", "Effect": "Deny"}}\n{REFUSED}', "has a Deny on /live/*/"),
        (f"$ curl https://x1.execute-api.us-east-1.amazonaws.com/live/a\n{REFUSED}", "the authorizer returned a Deny"),
    ],
)
def test_a_deny_of_an_authorizer_is_not_one_of_iam(text: str, meant: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "not-iam"
    assert meant in verdict.summary


def test_a_deny_of_an_scp_is_not_the_authorizers() -> None:
    scp = '{"Sid": "NoLeave", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}'
    for deny in (scp, 'SCP of the OU: {"Effect": "Deny", "Action": "*", "Resource": "*"}'):
        text = f"{REFUSED}our authorizer logs nothing.\n{deny}"
        assert "returned has a Deny" not in collect_offline(read_text(text)[0]).verdict.summary


def test_a_deny_of_the_apis_own_policy_is_not_one_of_an_authorizer() -> None:
    text = (
        "User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:"
        f"********3333:x1/live/GET/a with an explicit deny\n{DENY}\nThe API has no authorizer."
    )
    assert "Lambda authorizer" not in collect_offline(read_text(text)[0]).verdict.summary


DECRYPT = (
    "KMS Message: User: arn:aws:sts::111122223333:assumed-role/fn/fn is not authorized to perform: kms:Decrypt on "
    "resource: arn:aws:kms:eu-west-1:111122223333:key/6b because no resource-based policy allows the kms:Decrypt action"
)
VARIABLES = "Lambda was unable to decrypt the environment variables because KMS access was denied. "
MANAGED = '["AWS", "Default key that protects my Lambda functions when no other key is defined"]'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{VARIABLES}{DECRYPT}\n$ aws kms describe-key\n{MANAGED}", "Set the function's execution role to another"),
        (f'{DECRYPT}\n"KeyManager": "AWS"', "nobody can change its policy"),
        (f'{DECRYPT}\n"KeyManager": "CUSTOMER"', "A key administrator must add the permission to the key policy"),
    ],
)
def test_nobody_is_sent_to_the_policy_of_an_aws_managed_key(text: str, said: str) -> None:
    answer = collect_offline(read_text(text)[0]).verdict.summary
    assert said in answer
    assert ("key administrator" in answer) is ("CUSTOMER" in text)
