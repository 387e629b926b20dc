"""What AWS allows by itself: no policy has to name it, and none is the cause of a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.policy.reserved import needs_no_permission
from iam.questions.index import index_of
from iam.questions.who_can import who_can
from tests.support.accounts import alder
from tests.support.accounts.alder import deny, session, user, user_arn
from tests.support.denials.invented import denied, diagnosis_of, read


@pytest.mark.parametrize(
    ("action", "kinds"), [("sts:GetSessionToken", {"user"}), ("STS:getcalleridentity", {"user", "role"})]
)
def test_who_can_lists_everybody_whom_aws_lets(tmp_path: Path, action: str, kinds: set[str]) -> None:
    content = alder.snapshot()
    content["UserDetailList"].append(user("zoe", inline={"none": {"Version": "2012-10-17", "Statement": [deny("*")]}}))
    account, reader = read(tmp_path / "alder.json", content)
    found = who_can(index_of(account, reader), action)
    everybody = {one.arn for one in (*account.roles, *(account.users or ()))} if len(kinds) == 2 else None
    listed = {one.arn for one in found.principals}
    assert user_arn("zoe") in listed and {one.kind for one in found.principals} == kinds
    assert everybody is None or listed == everybody
    assert any("docs.aws.amazon.com" in note for note in found.notes)


@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:GetFederationToken", "s3:GetObject", "sts:Get*"])
def test_what_policies_decide_is_not_free(action: str) -> None:
    assert needs_no_permission(action) is None


def test_a_refusal_of_it_is_no_question_of_policies(tmp_path: Path) -> None:
    account = read(tmp_path / "alder.json", alder.snapshot())
    found = diagnosis_of(denied(user_arn("mira"), "sts:GetSessionToken", "*"), account)
    assert found.verdict.cause == "credentials.invalid" and "no policy" in found.verdict.summary
    found = diagnosis_of(denied(session("auditor"), "sts:GetCallerIdentity", "*"), account)
    assert found.verdict.cause == "credentials.invalid"
