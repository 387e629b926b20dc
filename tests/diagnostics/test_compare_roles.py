"""Two roles by what only one of them may, and what is not claimed where something is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.compare_roles import RolesCompared, compare_roles
from tests.support.accounts.questions import allow, opened, role, snapshot, trust


def compared(tmp_path: Path, *, unread_trust: bool = False) -> RolesCompared:
    one, two = role("one", allow("sqs:SendMessage")), role("two", allow("sns:Publish"))
    account, reader = opened(tmp_path, snapshot([one, two]))
    first, second = account.role("one"), account.role("two")
    assert first is not None and second is not None
    return compare_roles(first, replace(second, trust=None) if unread_trust else second, account, reader)


def test_what_only_one_may(tmp_path: Path) -> None:
    found = compared(tmp_path)
    assert any("sqs:SendMessage" in line for line in found.only_first)
    assert any("sns:Publish" in line for line in found.only_second)
    assert not found.trusted_by_first and not found.trusted_by_second


def test_nothing_is_said_of_who_assumes_them_where_a_trust_policy_was_not_read(tmp_path: Path) -> None:
    found = compared(tmp_path, unread_trust=True)
    assert "The trust policy of two could not be read." in found.doubts
    assert not found.trusted_by_first and not found.trusted_by_second


def of_tags(
    tmp_path: Path, *statements: dict[str, Any], first: str | None = "red", second: str | None = "blue", **more: Any
) -> RolesCompared:
    """Two roles of the same policies that differ in their tag team."""
    made = [
        role(name, *statements, Tags=[{"Key": "team", "Value": team}] if team else [], **more)
        for name, team in (("one", first), ("two", second))
    ]
    account, reader = opened(tmp_path, snapshot(made))
    one, two = account.role("one"), account.role("two")
    assert one is not None and two is not None
    return compare_roles(one, two, account, reader)


TEAM = "aws:PrincipalTag/team"
ARN = "arn:aws:s3:::data/"


@pytest.mark.parametrize(
    ("statement", "first", "second", "lines"),
    [
        (allow("sqs:SendMessage", Condition={"StringEquals": {TEAM: "red"}}), "red", "blue", (["sqs:SendMessage"], [])),
        (allow("sqs:SendMessage", Condition={"StringEquals": {TEAM: "red"}}), "red", "red", ([], [])),
        (allow("sqs:SendMessage", Condition={"StringEquals": {TEAM: "red"}}), "red", None, (["sqs:SendMessage"], [])),
        (allow("sqs:SendMessage", Condition={"Null": {TEAM: "true"}}), "red", None, ([], ["sqs:SendMessage"])),
        (
            allow("sqs:SendMessage", Condition={"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/two"}}),
            "red",
            "red",
            ([], ["sqs:SendMessage"]),
        ),
        (allow("s3:GetObject", f"{ARN}${{{TEAM}}}/*"), "red", "blue", ([f"{ARN}red/"], [f"{ARN}blue/"])),
        (allow("s3:GetObject", f"{ARN}${{{TEAM}}}/*"), "red", None, ([f"{ARN}red/"], [])),
        (allow("s3:GetObject", f"{ARN}${{{TEAM}, 'all'}}/*"), "red", None, ([f"{ARN}red/"], [f"{ARN}all/"])),
        (allow("s3:GetObject", f"{ARN}${{{TEAM}}}/*"), None, None, ([], [])),
    ],
)
def test_each_is_judged_as_itself(
    tmp_path: Path, statement: dict[str, Any], first: str, second: str, lines: tuple[list[str], list[str]]
) -> None:
    found = of_tags(tmp_path, statement, first=first, second=second)
    for said, expected in zip((found.only_first, found.only_second), lines, strict=True):
        assert len(said) == len(expected) and all(words in line for line, words in zip(said, expected, strict=True))
    assert found.doubts == () and found.otherwise == ()


def test_the_same_condition_on_a_resources_tag_is_another_one_for_each(tmp_path: Path) -> None:
    same = allow("sqs:SendMessage", Condition={"StringEquals": {"aws:ResourceTag/team": f"${{{TEAM}}}"}})
    found = of_tags(tmp_path, same)
    assert any("sqs:SendMessage" in line for line in (*found.otherwise, *found.only_first)) and found.doubts == ()
    assert of_tags(tmp_path, same, second="red") == RolesCompared()


def test_what_a_session_brings_is_judged_alike_and_said(tmp_path: Path) -> None:
    statement = allow("sqs:SendMessage", Condition={"StringEquals": {TEAM: "red"}})
    taking = trust({"Service": "lambda.amazonaws.com"}, ["sts:AssumeRole", "sts:TagSession"])
    found = of_tags(tmp_path, statement, first=None, second=None, AssumeRolePolicyDocument=taking)
    assert found.doubts == (f"{TEAM} may differ from session to session; the same value was assumed for both roles.",)
    assert not found.only_first and not found.only_second


def test_a_condition_is_said_and_regions_of_one_resource_are_one_line(tmp_path: Path) -> None:
    passing = allow(
        "iam:PassRole",
        "arn:aws:iam::111122223333:role/app/*",
        Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
    )
    topics = [f"arn:aws:sns:{region}:111122223333:news" for region in ("eu-west-1", "us-east-1")]
    made = [role("one", allow("sqs:SendMessage")), role("two", passing, allow("sns:Publish", topics))]
    account, reader = opened(tmp_path, snapshot(made))
    one, two = account.role("one"), account.role("two")
    assert one is not None and two is not None
    assert set(compare_roles(one, two, account, reader).only_second) == {
        "iam:PassRole on arn:aws:iam::111122223333:role/app/*, if iam:PassedToService is lambda.amazonaws.com",
        "sns:Publish on arn:aws:sns:eu-west-1:111122223333:news (and in us-east-1)",
    }


def test_most_actions_are_counted_before_they_are_listed(tmp_path: Path) -> None:
    account, reader = opened(tmp_path, snapshot([role("one", allow("*")), role("two", allow("sqs:*"))]))
    one, two = account.role("one"), account.role("two")
    assert one is not None and two is not None
    first, second = (compare_roles(*pair, account, reader).only_first for pair in ((one, two), (two, one)))
    assert first[0].endswith("actions that AWS lists, each on at least one resource:")
    assert second == ()
