"""The session in a data access policy is compared with the caller's."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

OF_COLLECTION = (
    "Error: elastic: Error 403 (Forbidden): User does not have permissions for the requested resource "
    "[type=authorization_exception]\n"
)
POLICY = (
    '[{"Rules":[{"ResourceType":"index","Resource":["index/docs/*"],"Permission":["aoss:*"]}],'
    '"Principal":["arn:aws:iam::998877665544:role/kb", "%s"]}]\n'
)
CALLER = '$ aws sts get-caller-identity\n{"Arn": "arn:aws:sts::998877665544:assumed-role/ci/run-2"}\n'


def test_the_session_of_a_data_access_policy_is_compared_with_the_callers() -> None:
    principal = "arn:aws:sts::998877665544:assumed-role/ci/run-1"
    assert "name the role, arn:aws:iam::998877665544:role/ci" in answer_to(
        f"{OF_COLLECTION}{POLICY % principal}{CALLER}"
    )


@pytest.mark.parametrize(
    "principal",
    (
        "arn:aws:iam::998877665544:role/build/ci",
        "arn:aws:sts::998877665544:assumed-role/ci/*",
        "arn:aws:sts::998877665544:assumed-role/ci/run-2",
        "arn:aws:iam::998877665544:role/admin",
    ),
)
def test_a_caller_that_is_named_or_another_role_is_no_other_session(principal: str) -> None:
    assert "name the role" not in answer_to(f"{OF_COLLECTION}{POLICY % principal}{CALLER}")
