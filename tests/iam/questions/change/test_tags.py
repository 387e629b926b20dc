"""What a tag of a role or user changes, for itself and for others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.fix import Calls
from diagnostics.plans.fix import plan_for_fix
from iam.questions.change.compare import KINDS, AccessChange
from iam.questions.change.tags import TagChanges, tag_changes
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts import alder
from tests.support.accounts.alder import QUEUE, allow, deny, document, role, role_arn, service, session, user, user_arn
from tests.support.denials.invented import denied, diagnosis_of, no, read
from tests.support.oracles import principal_changes

BUCKET = "arn:aws:s3:::alder-team"
RED = {"StringEquals": {"aws:PrincipalTag/team": "red"}}


def _content(*statements: dict[str, Any], tags: dict[str, str] | None = None) -> dict[str, Any]:
    content = alder.snapshot()
    content["RoleDetailList"].append(role("crew", service("lambda"), inline={"own": document(*statements)}, tags=tags))
    keeper = document(allow("iam:PassRole", "*", None, StringEquals={"iam:ResourceTag/team": "red"}))
    content["RoleDetailList"].append(role("keeper", service("lambda"), inline={"pass": keeper}))
    mine = document(allow("s3:GetObject", f"{BUCKET}/${{aws:PrincipalTag/team}}/*"))
    content["UserDetailList"].append(user("gus", inline={"mine": mine}, tags={"team": "blue"}))
    return content


def _changes(path: Path, content: dict[str, Any], name: str, **tags: str) -> TagChanges:
    account, reader = read(path / "alder.json", content)
    was = account.user(name) or account.role(name)
    assert was is not None
    return tag_changes(was, replace(was, tags=tags), account, reader)


def _actions(change: AccessChange, kind: str) -> set[tuple[str, str]]:
    return {(action, one.pattern) for one in getattr(change, kind) for action in one.names()}


def test_every_statement_that_compares_the_tag_decides_by_it(tmp_path: Path) -> None:
    content = _content(
        allow("s3:GetObject", f"{BUCKET}/*", None, **RED),
        allow("sqs:SendMessage", QUEUE, None, **RED),
        deny("sqs:SendMessage", QUEUE, None, StringEquals={"aws:PrincipalTag/mood": "sour"}),
    )
    found = _changes(tmp_path, content, "crew", team="red").of
    assert _actions(found[role_arn("crew")], "newly_allowed") >= {
        ("s3:GetObject", f"{BUCKET}/*"),
        ("sqs:SendMessage", QUEUE),
    }
    assert ("iam:PassRole", role_arn("crew")) in _actions(found[role_arn("keeper")], "newly_allowed")
    sour = _changes(tmp_path, content, "crew", team="red", mood="sour").of
    assert _actions(sour[role_arn("crew")], "newly_allowed") == {("s3:GetObject", f"{BUCKET}/*")}


def test_another_value_takes_what_the_old_one_gave(tmp_path: Path) -> None:
    found = _changes(tmp_path, _content(), "gus", team="red").of[user_arn("gus")]
    assert _actions(found, "newly_allowed") == {("s3:GetObject", f"{BUCKET}/red/*")}
    assert _actions(found, "newly_denied") == {("s3:GetObject", f"{BUCKET}/blue/*")}


def test_a_tag_that_nothing_compares_changes_nothing(tmp_path: Path) -> None:
    found = _changes(tmp_path, _content(allow("s3:GetObject", f"{BUCKET}/*", None, **RED)), "crew", mood="sour")
    assert not any(getattr(change, kind) for change in found.of.values() for kind in KINDS)


def test_a_trust_policy_that_compares_the_tag_counts(tmp_path: Path) -> None:
    content = _content(allow("sts:AssumeRole", "*"))
    content["RoleDetailList"].append(
        role("red-only", alder.trust({"AWS": f"arn:aws:iam::{alder.ID}:root"}, **RED), inline={})
    )
    found = _changes(tmp_path, content, "crew", team="red").of[role_arn("crew")]
    assert ("sts:AssumeRole", role_arn("red-only")) in _actions(found, "newly_allowed")


def test_the_fix_and_its_plan_say_what_else_the_tag_opens(tmp_path: Path) -> None:
    content = _content(allow("s3:GetObject", f"{BUCKET}/*", None, **RED), allow("sqs:SendMessage", QUEUE, None, **RED))
    account = read(tmp_path / "alder.json", content)
    text = denied(session("crew"), "s3:GetObject", f"{BUCKET}/a", no("identity-based policy", "s3:GetObject"))
    found = diagnosis_of(text, account)
    tagging = next(fix for fix in found.fixes if isinstance(fix.change, Calls))
    assert any("sqs:SendMessage" in line for line in tagging.gains)
    assert any("iam:PassRole" in line and "keeper" in line for line in tagging.gains)
    plan = plan_for_fix(tagging, OpenedAccount(*account))
    gained = {action for grant in plan.effects.gained for action in grant.actions}
    assert {"s3:GetObject", "sqs:SendMessage", "iam:PassRole"} <= gained
    assert not any("not computed" in said for said in plan.effects.said)


def test_random_changes_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Tags, boundaries, groups and session tags by chance, over every principal and resource of each account."""
    assert principal_changes.check(25, 3, None) == 0, capsys.readouterr().out
