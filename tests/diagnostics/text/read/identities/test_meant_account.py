"""Calls with the credentials of another account than the text means are said to be that, first and alone."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

DEV, PROD = "204417730918", "771203948812"


def denied(account: str = DEV, role: str = "Dev", thing: str = "table/orders") -> str:
    return (
        f"An error occurred (AccessDeniedException) when calling the DescribeTable operation: User: arn:aws:sts::{DEV}:"
        f"assumed-role/{role}/lena is not authorized to perform: dynamodb:DescribeTable on resource: "
        f"arn:aws:dynamodb:eu-central-1:{account}:{thing} because no identity-based policy allows the "
        "dynamodb:DescribeTable action"
    )


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize(
    "words",
    [
        f"the table is in our production account ({PROD})",
        f"# table lives in prod = {PROD}, I am OnCall there",
    ],
)
def test_a_resource_of_another_account_was_looked_for_in_the_callers(words: str) -> None:
    found = answer(f"{denied()}\n{words}")
    assert found.verdict.summary.startswith(
        f"The call looked for the table in account {DEV}, the account of Dev, but the text"
    )
    assert "allow the action in" not in found.verdict.summary
    assert found.fixes[0].title.startswith(f"Call with a profile of account {PROD}")
    assert not found.first_look


@pytest.mark.parametrize(
    "words",
    [
        f"logs of the table go to account {PROD}",
        f"works in prod ({PROD}), fails in staging",
        f"the table is not in {PROD}",
        f"the key is in {PROD}",
        f"the table is in {DEV}",
        f"one table is in {DEV}, one table is in {PROD}",
        f"a copy of the table in {PROD} works",
        f"the table is in {PROD}: arn:aws:dynamodb:eu-central-1:{PROD}:table/orders",
    ],
)
def test_other_numbers_say_nothing_of_the_resource(words: str) -> None:
    assert "The call looked for" not in answer(f"{words}\n{denied()}").verdict.summary


def test_the_profile_of_the_resources_account_may_be_named_in_words() -> None:
    text = f"$ echo $AWS_PROFILE\nacme-test\n{denied(PROD)}\nthe role for {PROD} is in profile acme-live"
    assert "call with --profile acme-live" in answer(text).verdict.summary


ASSUMED = (
    "$ aws sts assume-role --role-arn arn:aws:iam::777100200300:role/deployer --role-session-name x\n"
    '{ "Credentials": {}, "AssumedRoleUser": {"Arn":"arn:aws:sts::777100200300:assumed-role/deployer/x"} }\n'
)


def test_printed_credentials_are_not_used_by_themselves() -> None:
    found = answer(ASSUMED + denied())
    assert "whose credentials assume-role returned: they were printed and not used" in found.verdict.summary
    assert found.fixes[0].title == "Make the call as deployer"
    for taken in ("export AWS_ACCESS_KEY_ID=ASIA\n", "eval $(./env.sh)\n"):
        assert "were printed" not in answer(ASSUMED + taken + denied()).verdict.summary
    assert "were printed" not in answer(ASSUMED + denied(role="deployer").replace(DEV, "777100200300")).verdict.summary


def test_the_resources_own_name_may_be_said_to_be_elsewhere() -> None:
    assert answer(f"{denied()}\norders runs in {PROD}, nothing here").verdict.summary.startswith(
        "The call looked for the"
    )


DECRYPT = (
    "An error occurred (AccessDeniedException) when calling the Decrypt operation: The ciphertext refers to a customer "
    "master key that does not exist, does not exist in this region, or you are not allowed to access.\n"
)
KEY = "encrypted-with arn:aws:kms:eu-west-1:619307258841:key/2b8f4e6c-13d7-4a90-b5c2-7e0d9f1a3c58\n"


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("   profile   staging   manual   --profile\naccount of staging is 274196503388, prod is 619307258841", "prod"),
        ("$ aws kms decrypt --profile dev\ndev = 274196503388\nlive = 619307258841", "live"),
        ("AWS_PROFILE: stage\n| stage | 274196503388 |\n| main | 619307258841 |", "main"),
        # Near misses: the profile's account is the key's, is not shown, or no name has the key's account.
        ("$ aws kms decrypt --profile prod\naccount of staging is 274196503388, prod is 619307258841", ""),
        ("$ aws kms decrypt --profile dev\nstaging is 274196503388, prod is 619307258841", ""),
        ("$ aws kms decrypt --profile dev\ndev = 274196503388", ""),
    ],
)
def test_the_profile_of_the_keys_account(said: str, other: str) -> None:
    summary = answer(f"{DECRYPT}{KEY}{said}").verdict.summary
    assert f"call with --profile {other}" in summary if other else "call with --profile" not in summary


@pytest.mark.parametrize(
    ("caller", "account", "beside", "other"),
    [
        ("user/mira", PROD, "", "ops"),
        ("user/mira", PROD, "$ aws s3 ls --profile ops", ""),
        ("user/mira", PROD, "$ aws dynamodb describe-table --profile dev", ""),
        ("user/mira", "908173625544", "", ""),
        ("role/app", PROD, "", ""),
    ],
)
def test_a_person_who_used_no_profile_uses_that_of_the_resources_account(
    caller: str, account: str, beside: str, other: str
) -> None:
    text = denied(PROD).replace(f"sts::{DEV}:assumed-role/Dev/lena", f"iam::{DEV}:{caller}")
    text = text.replace("no identity-based policy", "no resource-based policy")
    summary = answer(f"{text}\n[profile ops]\nsso_account_id = {account}\n{beside}").verdict.summary
    assert f"call with --profile {other}" in summary if other else "call with --profile" not in summary
