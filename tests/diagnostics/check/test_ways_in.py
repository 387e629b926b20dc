"""Ways into a role that are closed: for good, or until a date."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.check.run import check
from iam.creation.spec import RoleSpec
from iam.gate.finding import Level
from iam.policy.document import Document
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.bad_specs import small_account

AFTER, BEFORE = "DateGreaterThan", "DateLessThan"
NOW = "aws:CurrentTime"
ROOT = {"AWS": "arn:aws:iam::111122223333:root"}


def closed(tmp_path: Path, *statements: dict[str, Any]) -> list[tuple[Level, str]]:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(small_account("aws")))
    reader = open_snapshot(path)
    listed = [{"Effect": "Allow", "Action": "sts:AssumeRole", **each} for each in statements]
    spec = RoleSpec("later", Document(json.dumps({"Version": "2012-10-17", "Statement": listed})))
    found = check(spec, reader.account, reader)
    return [(each.level, each.text) for each in found if each.code in ("trust.closed", "trust.way-closed")]


@pytest.mark.parametrize("principal", [{"Service": "lambda.amazonaws.com"}, ROOT])
@pytest.mark.parametrize(
    ("key", "operator", "value"),
    [
        (NOW, AFTER, "2999-01-02T03:04:00Z"),
        (NOW, "DateGreaterThanEquals", "2999-01-02T05:04:00+02:00"),
        ("aws:EpochTime", "NumericGreaterThan", "32472241440"),
    ],
)
def test_a_trust_that_begins_later_is_a_warning_with_the_date(
    principal: dict[str, str], key: str, operator: str, value: str, tmp_path: Path
) -> None:
    ((level, text),) = closed(tmp_path, {"Principal": principal, "Condition": {operator: {key: value}}})
    assert level is Level.WARNING
    assert "before 2999-01-02 03:04 UTC" in text


def test_what_never_opens_is_an_error(tmp_path: Path) -> None:
    over = {
        "Principal": ROOT,
        "Condition": {AFTER: {NOW: "2999-01-01T00:00:00Z"}, BEFORE: {NOW: "2998-01-01T00:00:00Z"}},
    }
    ended = {"Principal": ROOT, "Condition": {BEFORE: {NOW: "2020-01-01T00:00:00Z"}}}
    for statement in (over, ended):
        assert [level for level, _ in closed(tmp_path, statement)] == [Level.ERROR]


def test_a_window_that_is_to_come_opens(tmp_path: Path) -> None:
    window = {AFTER: {NOW: "2998-01-01T00:00:00Z"}, BEFORE: {NOW: "2999-01-01T00:00:00Z"}}
    ((level, text),) = closed(tmp_path, {"Principal": ROOT, "Condition": window})
    assert (level, "2998-01-01" in text) == (Level.WARNING, True)


def test_a_deny_that_ends_is_not_taken_for_an_opening(tmp_path: Path) -> None:
    deny = {"Effect": "Deny", "Principal": ROOT, "Condition": {AFTER: {NOW: "2020-01-01T00:00:00Z"}}}
    assert [level for level, _ in closed(tmp_path, {"Principal": ROOT}, deny)] == [Level.ERROR]


# P10: "nobody could use the role" is said of no role that the review calls open to strangers.
@pytest.mark.parametrize(
    ("condition", "is_closed"),
    [
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}, False),
        ({"StringEquals": {"aws:PrincipalAccount": "999988887777"}}, False),
        ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/team/*"}}, False),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:group/*"}}, True),
        ({"StringLike": {"aws:PrincipalArn": "*:role/deploy"}}, False),
        ({"StringLike": {"aws:PrincipalAccount": "9999*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}, False),
        ({"StringLike": {"aws:PrincipalAccount": "12345"}}, True),
    ],
)
def test_everybody_under_a_condition_is_somebody(tmp_path: Path, condition: Any, is_closed: bool) -> None:
    assert bool(closed(tmp_path, {"Principal": "*", "Condition": condition})) is is_closed
