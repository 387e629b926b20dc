"""Which assumptions an answer is given, and that it names those on which it depends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_tree import TreeQuestion, access_tree
from diagnostics.assume import MayAssume
from diagnostics.assumptions import MFA, REGION, Assumption, Assumptions
from tests.support.accounts.questions import ID, allow, indexed, role, snapshot, user
from tests.support.oracles.assumed_questions import count

QUEUE = f"arn:aws:sqs:eu-west-1:{ID}:jobs"
IP = "aws:SourceIp"


def _when(operator: str, key: str, value: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:*", "Resource": "*", "Condition": {operator: {key: value}}}


DENIED_ELSEWHERE = _when("StringNotEquals", REGION, "us-east-1", "Deny")
WITH_MFA = _when("Bool", MFA, "true")
FROM_OFFICE = _when("NotIpAddress", IP, "203.0.113.0/24", "Deny")
YES, IF = MayAssume.YES, MayAssume.CONDITIONS


@pytest.mark.parametrize(
    ("statements", "assumed", "answer", "named"),
    [
        ([DENIED_ELSEWHERE], Assumptions("us-east-1"), [YES], ["us-east-1"]),
        ([DENIED_ELSEWHERE], Assumptions("ap-south-1"), [], ["ap-south-1"]),
        ([DENIED_ELSEWHERE], Assumptions(), [IF], []),
        ([DENIED_ELSEWHERE], Assumptions("ap-south-1", {REGION: "us-east-1"}), [YES], ["us-east-1"]),
        ([], Assumptions("us-east-1", {MFA: "true", IP: "203.0.113.7"}), [YES], []),
        ([FROM_OFFICE], Assumptions("us-east-1", {IP: "203.0.113.7"}), [YES], ["from 203.0.113.7"]),
        ([FROM_OFFICE], Assumptions("us-east-1", {IP: "198.51.100.1"}), [], ["from 198.51.100.1"]),
        ([FROM_OFFICE], Assumptions("us-east-1"), [IF], []),
        ([DENIED_ELSEWHERE, FROM_OFFICE], Assumptions("us-east-1"), [IF], ["us-east-1"]),
    ],
)
def test_an_answer_names_what_it_takes_for_granted(
    tmp_path: Path, statements: list[Any], assumed: Assumptions, answer: list[MayAssume], named: list[str]
) -> None:
    index = indexed(tmp_path, snapshot([role("reader", allow("s3:*"), *statements)], []))
    tree = access_tree(index, TreeQuestion("s3:GetObject"), assumptions=assumed)
    assert [one.answer for one in tree.roots] == answer
    assert [each.words for each in tree.assumptions] == named


def test_who_may_only_with_mfa_depends_on_it(tmp_path: Path) -> None:
    index = indexed(tmp_path, snapshot([], [user("ben", WITH_MFA), user("carla", allow("s3:*"))]))
    for value, found in (("true", {"user ben", "user carla"}), ("false", {"user carla"})):
        tree = access_tree(index, TreeQuestion("s3:GetObject"), assumptions=Assumptions("us-east-1", {MFA: value}))
        assert {one.title for one in tree.roots if one.answer is YES} == found
        assert tree.assumptions == (Assumption(MFA, value, given=True),)


def test_the_mfa_of_users_is_none_of_a_role(tmp_path: Path) -> None:
    index = indexed(tmp_path, snapshot([role("reader", WITH_MFA)], [user("ben", WITH_MFA)]))
    tree = access_tree(index, TreeQuestion("s3:GetObject"), assumptions=Assumptions("us-east-1", {MFA: "true"}))
    assert [(one.title, one.answer) for one in tree.roots] == [("user ben", YES)]


def test_a_value_that_the_question_states_is_no_assumption(tmp_path: Path) -> None:
    index = indexed(tmp_path, snapshot([role("reader", allow("s3:*"), DENIED_ELSEWHERE)], []))
    stated = {"aws:requestedregion": ("us-east-1",)}
    tree = access_tree(index, TreeQuestion("s3:GetObject"), stated, assumptions=Assumptions("ap-south-1"))
    assert [one.answer for one in tree.roots] == [YES] and tree.assumptions == ()


@pytest.mark.parametrize(
    ("action", "resource", "keys"),
    [
        ("s3:GetObject", "*", [REGION]),
        ("sqs:SendMessage", QUEUE, []),  # the ARN has the Region
        ("sqs:SendMessage", "*", [REGION]),
        ("iam:PassRole", "*", []),  # one endpoint in the partition
        ("*", "*", []),
    ],
)
def test_a_request_that_states_its_region_assumes_none(action: str, resource: str, keys: list[str]) -> None:
    assert [each.key for each in Assumptions("us-east-1").for_request(action, resource)] == keys


def test_who_may_whatever_the_region_is_stays(tmp_path: Path) -> None:
    """A queue of another Region than the assumed one is reached in its own."""
    only_there = {"Effect": "Allow", "Action": "sqs:*", "Resource": QUEUE}
    elsewhere = {**DENIED_ELSEWHERE, "Action": "sqs:*", "Condition": {"StringNotEquals": {REGION: "eu-west-1"}}}
    index = indexed(tmp_path, snapshot([role("worker", only_there, elsewhere)], []))
    tree = access_tree(index, TreeQuestion("sqs:SendMessage"), assumptions=Assumptions("us-east-1"))
    assert [one.answer for one in tree.roots] == [YES]


def test_answers_under_guardrails_are_those_of_the_specification() -> None:
    found = count(25, 41)
    assert not found.wrong
    assert found.all_before < found.all_after == 25 and found.turned
