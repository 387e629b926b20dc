"""What the gate says of the caller's permissions where they depend on what the account does not show."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.check.run import judged
from diagnostics.plans import changes
from diagnostics.plans.role_change import change_plan
from iam.changes.builders.policies import put_inline
from iam.gate.finding import GateFinding, Level
from iam.gate.rule import Outcome
from iam.sources.reader.opened import OpenedAccount

if TYPE_CHECKING:
    from iam.demo.aws.world import World

ANY: dict[str, Any] = {"Action": "*", "Resource": "*"}
WITH_MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
WITHOUT_MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
ELSEWHERE = {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
TAGGED = {"StringEquals": {"aws:RequestTag/team": "ferry"}}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{**ANY, **each} for each in statements]})


@pytest.fixture
def as_ben(demo_world: World) -> Callable[..., OpenedAccount]:
    from iam.demo.open import reader

    def opened(*statements: dict[str, Any]) -> OpenedAccount:
        iam = reader(demo_world).aws.client("iam")
        for name in iam.list_user_policies(UserName="ben")["PolicyNames"]:
            iam.delete_user_policy(UserName="ben", PolicyName=name)
        iam.put_user_policy(UserName="ben", PolicyName="own", PolicyDocument=policy(*statements))
        own = reader(demo_world, as_user="ben")
        (*_, account) = own.accounts()
        return OpenedAccount(account, own)

    return opened


def of_permission(found: tuple[GateFinding, ...]) -> list[GateFinding]:
    return [each for each in found if each.code == "permission" and each.level is not Level.OK]


@pytest.mark.parametrize(
    ("statement", "key", "right", "wrong"),
    [
        ({"Effect": "Allow", "Condition": WITH_MFA}, "aws:MultiFactorAuthPresent", "true", "false"),
        (
            {"Effect": "Allow", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
            "aws:SourceIp",
            "192.0.2.7",
            "198.51.100.1",
        ),
    ],
)
def test_what_depends_on_the_session_is_unknown_and_refuses_nothing(
    as_ben: Callable[..., OpenedAccount], statement: dict[str, Any], key: str, right: str, wrong: str
) -> None:
    opened = as_ben(statement)
    verdict = judged(change_plan(["gha-plan-readonly"], changes.SetTags({"a": "b"}), opened), opened)
    (found,) = of_permission(verdict.findings)
    assert (found.outcome, key in found.text) == (Outcome.UNKNOWN, True), found
    assert not verdict.refused
    # With what the operator assumes it is known, and the answer names that: also when the value is another one.
    for value, refused in ((right, False), (wrong, True)):
        assuming = replace(opened, assumed={key: (value,), "aws:PrincipalTag/other": ("x",)})
        plan = change_plan(["gha-plan-readonly"], changes.SetTags({"a": "b"}), assuming)
        said = [each for each in judged(plan, assuming).findings if each.code == "permission"]
        assert [(each.outcome is Outcome.REFUSED, f"{key} {value}" in each.text) for each in said] == [(refused, True)]
        assert "aws:PrincipalTag/other" not in said[0].text


def test_what_the_call_itself_sends_is_known(as_ben: Callable[..., OpenedAccount]) -> None:
    """The plan's tags are the request's: a condition on another value is not met, whatever the session is."""
    opened = as_ben({"Effect": "Allow", "Condition": TAGGED})
    verdict = judged(change_plan(["gha-plan-readonly"], changes.SetTags({"a": "b"}), opened), opened)
    (found,) = of_permission(verdict.findings)
    assert found.outcome is Outcome.REFUSED


@pytest.mark.parametrize(("condition", "locked"), [(WITHOUT_MFA, False), (ELSEWHERE, False), (None, True)])
def test_only_a_deny_that_certainly_meets_the_caller_locks_it_out(
    as_ben: Callable[..., OpenedAccount], condition: dict[str, Any] | None, locked: bool
) -> None:
    opened = as_ben({"Effect": "Allow"})
    user = opened.reader.user("ben").value
    assert user is not None
    deny = {"Effect": "Deny", "Action": "iam:*"} | ({"Condition": condition} if condition else {})
    plan = put_inline(user, "guard", policy(deny), opened.account)
    assert ("lockout.undo" in {each.code for each in judged(plan, opened).findings}) is locked
