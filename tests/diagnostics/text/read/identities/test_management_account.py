"""A call of AWS Organizations in a member account."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

MEMBER, MANAGEMENT = "444455556666", "111122223333"
REFUSED = (
    f"User: arn:aws:sts::{MEMBER}:assumed-role/ops/ana is not authorized to perform: organizations:%s on resource: *"
)


@pytest.mark.parametrize(
    ("action", "shown", "said"),
    [
        ("CreateAccount", f'"MasterAccountId": "{MANAGEMENT}"', True),
        ("CreateAccount", f'describe-organization --query Organization.MasterAccountId\n"{MANAGEMENT}"', True),
        ("MoveAccount", f"our management account is {MANAGEMENT}", True),
        ("MoveAccount", f"({MEMBER} = security tooling, management is {MANAGEMENT})", True),
        ("MoveAccount", f"management: {MANAGEMENT}", True),
        ("MoveAccount", f"cost management asks about {MANAGEMENT}", False),
        ("CreateAccount", f'"MasterAccountId": "{MEMBER}"', False),
        ("DescribeOrganization", f'"MasterAccountId": "{MANAGEMENT}"', False),
        ("CreateAccount", f"another account: {MANAGEMENT}", False),
    ],
)  # fmt: skip
def test_the_management_account_is_named_where_the_text_shows_it(action: str, shown: str, said: bool) -> None:
    summary = collect_offline(read_text(f"{REFUSED % action}\n{shown}")[0]).verdict.summary
    assert (f"management account is {MANAGEMENT}" in summary) == said


def test_a_call_of_another_service_is_left_alone() -> None:
    text = f"{REFUSED % 'x'}".replace("organizations:x", "s3:CreateBucket") + f'\n"MasterAccountId": "{MANAGEMENT}"'
    assert "management account" not in collect_offline(read_text(text)[0]).verdict.summary


ANSWER = "You don't have permissions to access this resource."
CLI = f"An error occurred (AccessDeniedException) when calling the ListAccounts operation: {ANSWER}\n"
SDK = (
    "Error: operation error Organizations: ListRoots, https response error StatusCode: 400, RequestID: 1, "
    f"AccessDeniedException: {ANSWER}\n"
)
SELF = "$ aws sts get-caller-identity --query Account --output text\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'{CLI}"MasterAccountId": "{MANAGEMENT}"\n{SELF}{MEMBER}\n', True),
        (
            f"{CLI}aws organizations describe-organization --query 'Organization.[Id,MasterAccountId]' --output text\n"
            f"o-7m3p9x1kqz\t{MANAGEMENT}\n{SELF}{MEMBER}\n",
            True,
        ),
        (f'{SDK}"MasterAccountId": "{MANAGEMENT}"\n"Arn": "arn:aws:sts::{MEMBER}:assumed-role/ops/ana"\n', True),
        (f'{CLI}"MasterAccountId": "{MANAGEMENT}"\n{SELF}{MANAGEMENT}\n', False),
        (f'{CLI}"MasterAccountId": "{MANAGEMENT}"\n', False),
    ],
)
def test_an_answer_without_a_caller_is_compared_with_the_account_of_the_text(text: str, said: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert (f"made in account {MEMBER}, and the organization's management account is {MANAGEMENT}" in summary) == said


OF_POLICIES = f"An error occurred (AccessDeniedException) when calling the {{}} operation: {ANSWER}\n"
WHO = f'"Arn": "arn:aws:sts::{MEMBER}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/lee"\n'


@pytest.mark.parametrize("operation", ["CreatePolicy", "AttachPolicy", "ListAccounts"])
def test_an_operation_without_its_service_is_one_of_organizations(operation: str) -> None:
    text = f'{OF_POLICIES.format(operation)}{WHO}"MasterAccountId": "{MANAGEMENT}"'
    assert f"management account is {MANAGEMENT}" in collect_offline(read_text(text)[0]).verdict.summary


def test_an_operation_of_iam_is_left_alone() -> None:
    text = (
        "An error occurred (AccessDenied) when calling the CreatePolicy operation: Access denied\n"
        f'{WHO}"MasterAccountId": "{MANAGEMENT}"'
    )
    assert "management account" not in collect_offline(read_text(text)[0]).verdict.summary
