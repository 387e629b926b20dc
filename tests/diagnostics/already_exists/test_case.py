"""A conflict in a text of another account: nothing of the account that is open is proposed for it."""

from __future__ import annotations

import pytest

from diagnostics.diagnosis import Confidence
from tests.support.demo.opened import opened
from tests.support.denials.invented import Read, diagnosis_of

HERE, THERE = "111122223333", "444455556666"
PROVIDER = (
    "Error: creating IAM OIDC Provider: operation error IAM: CreateOpenIDConnectProvider, https response error "
    "StatusCode: 409, EntityAlreadyExists: Provider with url https://token.actions.githubusercontent.com already "
    "exists.\n\n  with module.gha.aws_iam_openid_connect_provider.github,\n"
)
ROLE = (
    "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name {} already exists."
)


@pytest.fixture(scope="module")
def demo() -> Read:
    return opened(None)


@pytest.mark.parametrize(
    "words",
    [
        f"This is the second repository in account {THERE}.",
        f'account_id = "{THERE}"',
        f"The pipeline deploys to AWS account number {THERE}, where another team has its own.",
        f"(Account: {THERE})",
    ],
)
def test_an_account_in_words_is_the_one_of_the_text(words: str, demo: Read) -> None:
    found = diagnosis_of(f"{PROVIDER}\n{words}", demo)
    assert found.verdict.confidence is Confidence.LIKELY and THERE in found.verdict.summary
    assert [fix.title.partition(";")[0] for fix in found.fixes] == [
        f"leave this account: the text mentions account {THERE}"
    ]
    assert not any(HERE in fix.text for fix in found.fixes)


@pytest.mark.parametrize(
    "words",
    [
        "",
        f"This is account {HERE}; the trust policy names account {THERE}.",
        f"It trusts arn:aws:iam::{THERE}:root and account 222233334444, in account 333344445555.",
        f"Run {THERE} of the workflow.",
    ],
)
def test_an_account_that_may_be_this_one_is_looked_into(words: str, demo: Read) -> None:
    found = diagnosis_of(f"{PROVIDER}\n{words}", demo)
    assert found.verdict.confidence is Confidence.CERTAIN
    assert found.fixes[0].title.startswith("reuse the provider")
    assert any("nothing else manages it" in each for each in found.fixes[0].cautions)


@pytest.mark.parametrize("name", ["AWSAFTExecution/AWSAFTService", "teams/deploy"])
def test_what_exists_has_no_faulty_name(name: str, demo: Read) -> None:
    found = diagnosis_of(ROLE.format(name), demo)
    assert (found.verdict.cause, found.verdict.confidence) == ("name.taken", Confidence.LIKELY)
    assert [fix.title.split()[0] for fix in found.fixes] == ["leave"]


@pytest.mark.parametrize("name", ["teams/alice", "teams/nobody"])
def test_parts_that_were_not_looked_up_are_not_called_missing(name: str, demo: Read) -> None:
    """The account has the user alice, but only the parts of a role's name are looked up."""
    found = diagnosis_of(ROLE.format(name).replace("Role", "User"), demo)
    assert found.verdict.cause == "name.taken" and "here" not in found.verdict.summary
    shown = diagnosis_of(ROLE.format("teams/orders-ecs-task"), demo)
    assert "orders-ecs-task exists in this account." in shown.verdict.summary


def test_a_quota_of_another_limit_is_not_asked_for_from_this_account_s(demo: Read) -> None:
    found = diagnosis_of("LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10", demo)
    assert found.verdict.confidence is Confidence.LIKELY and "In this account the quota is 20" in found.verdict.summary
    assert [fix.title.split()[0] for fix in found.fixes] == ["leave", "request-quota"]
    assert "--desired-value 12" in found.fixes[1].text
    same = diagnosis_of("LimitExceeded: Cannot exceed quota for PoliciesPerRole: 20", demo)
    assert same.verdict.confidence is Confidence.CERTAIN and "In this account" not in same.verdict.summary
