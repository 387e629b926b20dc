"""In a policy of Version 2008-10-17, a variable is plain text."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

DENIED = (
    "User: arn:aws:iam::111122223333:user/kim is not authorized to perform: s3:GetObject on resource: "
    "arn:aws:s3:::home/kim/a because no identity-based policy allows the s3:GetObject action\npolicy of kim:\n"
)
ON_HOME, ON_DOCS = "arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::docs/*"
SAID = "plain text, not a variable, and"


def summary(version: str, *resources: str) -> str:
    statements = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": each} for each in resources]
    (failure,) = read_text(DENIED + json.dumps({"Version": version, "Statement": statements}))
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("version", "resources", "said"),
    [
        ("2008-10-17", [ON_HOME], True),
        ("2012-10-17", [ON_HOME], False),
        ("2008-10-17", [ON_DOCS], False),
        ("2008-10-17", [ON_HOME, "arn:aws:s3:::home/*"], False),
        ("2008-10-17", ["arn:aws:s3:::home-${AWS::AccountId}/*"], False),
    ],
)
def test_an_allow_with_a_variable_matches_nothing(version: str, resources: list[str], said: bool) -> None:
    assert (SAID in summary(version, *resources)) is said


@pytest.mark.parametrize(("version", "said"), [("2008-10-17", True), ("2012-10-17", False)])
def test_a_question_about_such_a_policy_is_answered_with_its_version(version: str, said: bool) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ON_HOME}
    document = json.dumps({"Version": version, "Statement": [statement]})
    (failure,) = read_text(f"Does this let each user read only their own folder?\n{document}\n")
    assert (SAID in collect_offline(failure).verdict.summary) is said
