"""The trust policy of a StackSet's execution role, beside CloudFormation's message that the role is missing."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import diagnosed

MESSAGE = (
    "Account 444455556666 should have '{}' role with trust relationship to Role 'StackSetAdmin'.\n"
    "the StackSet is in 111122223333\n"
)


def trust(*principals: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize("role", ["StackSetExec", "AWSControlTowerExecution"])
@pytest.mark.parametrize(
    "principal", ["arn:aws:iam::444455556666:root", "444455556666", "arn:aws:iam::444455556666:role/StackSetAdmin"]
)
def test_a_trust_policy_without_the_administrator_account_is_corrected(role: str, principal: str) -> None:
    answer = diagnosed(f"{MESSAGE.format(role)}{trust(principal)}")
    assert answer.verdict.summary.startswith(f"Correct the trust policy of {role} in account 444455556666")
    assert "arn:aws:iam::111122223333:role/StackSetAdmin" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "principals",
    [
        ("arn:aws:iam::111122223333:root",),
        ("arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:role/StackSetAdmin"),
        ("*",),
    ],
)
def test_a_trust_policy_that_names_it_is_not_blamed(principals: tuple[str, ...]) -> None:
    assert not diagnosed(f"{MESSAGE.format('StackSetExec')}{trust(*principals)}").verdict.summary.startswith("Correct")


def test_without_another_account_in_the_text_the_trust_policy_is_not_blamed() -> None:
    message = MESSAGE.format("StackSetExec").partition("\n")[0]
    text = f"{message}\n{trust('arn:aws:iam::444455556666:root')}"
    assert not diagnosed(text).verdict.summary.startswith("Correct")


@pytest.mark.parametrize("other", ["", "\nthe other accounts trust arn:aws:iam::111122223333:root, they work"])
def test_the_id_of_a_deleted_administration_role_is_replaced(other: str) -> None:
    answer = diagnosed(f"{MESSAGE.format('StackSetExec')}{trust('AROAZ7Q2MKX4TLWHVC5RD')}{other}")
    assert answer.verdict.cause == "trust.orphan-principal"
    assert "AROAZ7Q2MKX4TLWHVC5RD, the ID of a role that was deleted" in answer.verdict.summary
    assert "arn:aws:iam::111122223333:role/StackSetAdmin" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    ("named", "deleted"),
    [
        ("AROAQ3EGTX7YUWV2LMNOP", True),
        ("AIDAQ3EGTX7YUWV2LMNOP", True),
        ("arn:aws:iam::902215587730:role/AROAWAY", False),
    ],
)
def test_a_role_that_trusts_only_a_deleted_principal(named: str, deleted: bool) -> None:
    text = (
        "Error creating connector: Unable to assume role arn:aws:iam::590183427716:role/lake-reader\n"
        f"Statement:\n- Action: sts:AssumeRole\n  Effect: Allow\n  Principal:\n    AWS: {named}\n"
    )
    assert (diagnosed(text).verdict.cause == "trust.orphan-principal") is deleted
