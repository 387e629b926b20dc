"""Changes that lock their caller out: each is announced, each happens in a world that enforces policies, and somebody
else undoes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.check.run import judged
from diagnostics.plans import changes
from diagnostics.plans.deletion import role_deletion
from diagnostics.plans.role_change import change_plan
from iam.account import Account, InlinePolicy, Role, User
from iam.changes.apply import CallStatus
from iam.changes.builders.policies import attach, delete_inline, put_inline
from iam.changes.journal import End, journals, read_journal
from iam.changes.plan import Plan
from iam.gate.checks.lockout import lockout_findings
from iam.gate.planned_change import PlannedChange
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from tests.support.gate.let_through import apply, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN = "saml-admin"
"""The role that the demo's org-admin calls as."""
Make = Callable[[OpenedAccount], Plan]


def document(*statements: dict[str, Any]) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


def changed(change: changes.Change, *names: str) -> Make:
    return lambda opened: change_plan(names or [OWN], change, opened)


def of_user(name: str, make: Callable[[User, Account], Plan]) -> Make:
    def plan(opened: OpenedAccount) -> Plan:
        user = opened.reader.user(name).value
        assert user is not None
        return make(user, opened.account)

    return plan


NO_IAM = document({"Effect": "Deny", "Action": "iam:*", "Resource": "*"})
NOT_HERE = document(
    {
        "Effect": "Deny",
        "Action": ["iam:Delete*", "iam:Put*"],
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::111122223333:role/human/{OWN}"}},
    }
)
ONLY_LAMBDA = document(
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
)
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"

# Who calls (None: the org-admin), the change, the rule that announces it, and whether the caller's undo is then denied.
WAYS: dict[str, tuple[str | None, Make, str, bool]] = {
    "disable the own role": (None, changed(changes.Disable()), "lockout.undo", True),
    "detach the own policy": (None, changed(changes.Detach(ADMINISTRATOR)), "lockout.undo", True),
    "bound the own role": (None, changed(changes.SetBoundary(READ_ONLY)), "lockout.undo", True),
    "deny oneself IAM": (None, changed(changes.PutInline("guard", NO_IAM)), "lockout.undo", True),
    "deny by a condition": (None, changed(changes.PutInline("guard", NOT_HERE)), "lockout.undo", True),
    # The demo's own session has no time of issue, so that this Deny does not meet it there; in AWS each has one.
    "revoke the own sessions": (None, changed(changes.Revoke()), "lockout.undo", False),
    "disable the own role first": (None, changed(changes.Disable(), OWN, "orders-api-lambda"), "lockout.call", True),
    "close the own trust": (None, changed(changes.EditTrust(ONLY_LAMBDA)), "lockout.way-in", False),
    "delete the own role": (None, lambda opened: role_deletion(OWN, opened), "lockout.way-in", True),
    "take the own inline policy": (
        "ben",
        of_user("ben", lambda user, account: delete_inline(user, "half", account)),
        "lockout.undo",
        True,
    ),
    "deny the own user": (
        "ben",
        of_user("ben", lambda user, account: put_inline(user, "guard", NO_IAM.text, account)),
        "lockout.undo",
        True,
    ),
}


@pytest.fixture
def rescued(demo_world: World) -> Callable[[str | None], tuple[AwsReader, AwsReader]]:
    """The caller's reader, and another administrator's."""
    from iam.demo.open import reader

    iam = reader(demo_world).aws.client("iam")
    everything = document({"Effect": "Allow", "Action": "*", "Resource": "*"}).text
    for user in ("ben", "alice"):
        iam.put_user_policy(UserName=user, PolicyName="half", PolicyDocument=everything)

    def both(user: str | None) -> tuple[AwsReader, AwsReader]:
        return reader(demo_world, as_user=user), reader(demo_world, as_user="alice")

    return both


@pytest.mark.parametrize("way", WAYS)
def test_a_lock_out_is_announced_happens_and_is_undone_by_somebody_else(
    way: str, rescued: Callable[[str | None], tuple[AwsReader, AwsReader]], tmp_path: Path
) -> None:
    user, make, code, denied = WAYS[way]
    mine, other = rescued(user)
    account = list(mine.accounts())[-1]
    plan = make(OpenedAccount(account, mine))
    verdict = judged(plan, OpenedAccount(account, mine))
    codes = [each.code for each in verdict.findings]
    assert code in codes, [(each.code, each.text) for each in verdict.findings]
    assert verdict.plan.type_name and verdict.plan.opens
    assert "lockout.account" not in codes and "lockout.role" not in codes
    if code == "lockout.undo":
        [found] = [each for each in verdict.findings if each.code == code]
        assert "alice" in found.way_out or "could undo it" in found.way_out

    *_, last = apply(plan, mine, writable=False, directory=tmp_path)
    assert (last.status is CallStatus.FAILED) == (code == "lockout.call" or way == "delete the own role"), last.sentence
    [record] = journals(tmp_path)
    *_, last = roll_back(record.path, mine, writable=False)
    assert (last.status is CallStatus.FAILED) == denied, last.sentence
    if denied:
        list(roll_back(record.path, other, writable=False))
    assert read_journal(record.path).end is End.ROLLED_BACK


@pytest.mark.parametrize(
    "change",
    [changes.Disable(), changes.SetTags({"team": "x"}), changes.SessionLength(7200), changes.Describe("other")],
)
def test_what_locks_nobody_out_says_nothing_of_it(change: changes.Change, demo_world: World) -> None:
    from iam.demo.open import reader

    mine = reader(demo_world)
    account = list(mine.accounts())[-1]
    names = ["orders-api-lambda"] if isinstance(change, changes.Disable) else [OWN]
    opened = OpenedAccount(account, mine)
    found = judged(change_plan(names, change, opened), opened).findings
    assert not [each for each in found if each.code.startswith("lockout.")]


TRUST = document({"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"})
ALL = InlinePolicy("all", document({"Effect": "Allow", "Action": "*", "Resource": "*"}))
ADMIN = Role(
    "admin", "arn:aws:iam::111122223333:role/admin", trust=TRUST, inline=(ALL,), attached=(), tags={}, path="/"
)
BOB = User("bob", "arn:aws:iam::111122223333:user/bob", inline=(ALL,), attached=(), groups=())


@pytest.mark.parametrize(
    ("users", "roles", "left"),
    [
        ((BOB,), (), False),
        ((BOB,), (ADMIN,), True),
        # A role that only a service can assume is nobody.
        ((BOB,), (ADMIN.__class__("x", ADMIN.arn, trust=ONLY_LAMBDA, inline=(ALL,), attached=(), tags={}),), False),
        ((BOB, User("eve", "arn:aws:iam::111122223333:user/eve", inline=(), attached=(), groups=())), (), False),
    ],
)
def test_the_last_administrator_is_said_to_be_the_last(
    users: tuple[User, ...], roles: tuple[Role, ...], left: bool, demo_reader: AwsReader
) -> None:
    account = list(demo_reader.accounts())[-1]
    alone = replace(account, users=users, roles=roles, groups=(), organization=None)
    for plan in (
        delete_inline(BOB, "all", alone),
        put_inline(BOB, "guard", NO_IAM.text, alone),
    ):
        found = lockout_findings(PlannedChange.of(plan, alone, demo_reader))
        assert ("lockout.account" in {each.code for each in found}) is not left


@pytest.mark.parametrize("unread", [{"users": None}, {"incomplete": frozenset({"roles"})}])
def test_nobody_is_the_last_where_some_could_not_be_read(unread: dict[str, Any], demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    alone = replace(account, users=(), roles=(ADMIN,), groups=(), organization=None)
    plan = put_inline(ADMIN, "guard", NO_IAM.text, alone)
    for part, said in ((alone, True), (replace(alone, **unread), False)):
        found = lockout_findings(PlannedChange.of(plan, part, demo_reader))
        assert ("lockout.account" in {each.code for each in found}) is said


def test_attaching_more_is_no_lock_out(demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    alone = replace(account, users=(BOB,), roles=(), groups=())
    plan = attach(BOB, READ_ONLY, alone)
    assert not list(lockout_findings(PlannedChange.of(plan, alone, demo_reader)))
