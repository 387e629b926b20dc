"""What a plan opens to strangers, and who becomes an administrator by it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from iam.account import Account, AttachedPolicy, Group, InlinePolicy, ManagedPolicy, PolicyVersion, Role, User
from iam.changes.builders.policies import together
from iam.changes.call import Call
from iam.changes.gained import new_administrators, openings
from iam.changes.plan import Plan, make_plan, plan_from_value, plan_to_value
from iam.creation.plan import create_role
from iam.creation.spec import NewPolicy, RoleSpec
from iam.gate.checks.opens import access_findings
from iam.gate.verdict import judge
from iam.policy.document import Document
from iam.sources.reader.account_reader import AccountReader

OWN = "111122223333"
AWS = "arn:aws:iam::aws:policy/"
ADMINISTRATOR = f"{AWS}AdministratorAccess"
GITHUB = f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"
ALL = Document(json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))


def statement(principal: Any, condition: Any = None, effect: str = "Allow", action: str = "sts:AssumeRole") -> Any:
    found = {"Effect": effect, "Principal": principal, "Action": action}
    return found if condition is None else {**found, "Condition": condition}


def text(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def update(before: str, after: str) -> Call:
    undo = Call("UpdateAssumeRolePolicy", {"RoleName": "r", "PolicyDocument": before}, "Back.")
    return Call("UpdateAssumeRolePolicy", {"RoleName": "r", "PolicyDocument": after}, "Change.", undo=undo)


def create(trust: str) -> Call:
    return Call("CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": trust}, "Create.")


NOTHING = text(statement({"Service": "lambda.amazonaws.com"}))
EXTERNAL = {"StringEquals": {"sts:ExternalId": "x1"}}
BRANCHES = {"StringLike": {"token.actions.githubusercontent.com:sub": ["repo:o/r:*", "repo:o/s:*"]}}
BRANCH = {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:o/r:*"}}
WEB = "sts:AssumeRoleWithWebIdentity"


@pytest.mark.parametrize(
    ("trust", "says"),
    [
        (statement({"AWS": "*"}), "Everybody, in any AWS account, may assume r."),
        (statement("*"), "Everybody, in any AWS account, may assume r."),
        (statement("*", action="sts:*"), "Everybody, in any AWS account, may assume r."),
        (statement({"AWS": "444455556666"}), "Another account, 444455556666, may assume r."),
        (statement({"AWS": "arn:aws:iam::444455556666:root"}, EXTERNAL), "if sts:ExternalId StringEquals x1."),
        (statement({"AWS": "arn:aws:iam::444455556666:role/a"}), "role/a, of another account, may assume r."),
        (
            statement({"Federated": GITHUB}, BRANCH, action=WEB),
            "Anyone who signs in through token.actions.githubusercontent.com",
        ),
        (
            statement({"Federated": "cognito-identity.amazonaws.com"}, action=WEB),
            "Anyone who signs in through cognito-identity.amazon",
        ),
        (statement("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), "if aws:PrincipalOrgID StringEquals o-1."),
    ],
)
def test_a_stranger_who_gains_is_named_and_the_name_is_asked_for(trust: Any, says: str) -> None:
    for call in (create(text(trust)), update(NOTHING, text(trust))):
        plan = passed_by(make_plan("p", "P.", [call], account_id=OWN))
        assert says in plan.to_read_first[0]
        assert plan.type_name == "r"
        assert plan_from_value(plan_to_value(plan)).opens == plan.opens


@pytest.mark.parametrize(
    "trust",
    [
        statement({"Service": "lambda.amazonaws.com"}),
        statement({"AWS": OWN}),
        statement({"AWS": f"arn:aws:iam::{OWN}:root"}),
        statement({"AWS": f"arn:aws:iam::{OWN}:user/a"}),
        statement("*", {"StringEquals": {"aws:PrincipalAccount": OWN}}),
        statement("*", effect="Deny"),
        statement("*", action="sts:TagSession"),
    ],
)
def test_who_is_no_stranger_asks_for_no_name(trust: Any) -> None:
    plan = passed_by(make_plan("p", "P.", [create(text(trust))], account_id=OWN))
    assert (plan.opens, plan.type_name) == ((), None)


THEM = {"AWS": "arn:aws:iam::444455556666:root"}


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [
        ([statement(THEM)], [statement(THEM)], False),
        ([statement(THEM)], [statement(THEM, EXTERNAL)], False),
        ([statement(THEM, EXTERNAL)], [statement(THEM)], True),
        ([statement(THEM)], [statement({"AWS": "arn:aws:iam::444455556666:role/a"})], False),
        ([statement({"AWS": "arn:aws:iam::444455556666:role/a"})], [statement(THEM)], True),
        ([statement("*")], [statement(THEM)], False),
        ([statement(THEM)], [statement("*")], True),
        ([statement({"Federated": GITHUB}, BRANCHES)], [statement({"Federated": GITHUB}, BRANCH)], False),
        ([statement({"Federated": GITHUB}, BRANCH)], [statement({"Federated": GITHUB}, BRANCHES)], True),
        ([statement(THEM), statement("*", effect="Deny")], [statement(THEM)], True),
    ],
)
def test_only_what_a_stranger_did_not_have_counts(before: list[Any], after: list[Any], opens: bool) -> None:
    changed = update(text(*before), text(*after))
    assert bool(openings([changed], OWN)) is opens


ROLE = Role("r", f"arn:aws:iam::{OWN}:role/r", inline=(), attached=())
USER = User("u", f"arn:aws:iam::{OWN}:user/u", inline=(), attached=(), groups=("g",))
GROUP = Group("g", f"arn:aws:iam::{OWN}:group/g", inline=(), attached=())
POLICY_ARN = f"arn:aws:iam::{OWN}:policy/p"


def account(role: Role = ROLE, group: Group = GROUP, document: Document = ALL) -> Account:
    version = PolicyVersion("v1", document, True)
    policy = ManagedPolicy("p", POLICY_ARN, versions=(version,), default_version_id="v1")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Account(OWN, "test", now, roles=(role,), users=(USER,), groups=(group,), policies=(policy,))


def passed_by(plan: Plan, before: Account | None = None) -> Plan:
    """The plan with what the gate finds of the access that it opens."""
    reader = cast(AccountReader, None)  # which this check does not ask
    return judge(plan, account() if before is None else before, reader, [access_findings]).plan


def attached(arn: str) -> tuple[AttachedPolicy, ...]:
    return (AttachedPolicy("a", arn),)


SOME = Document(text({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))
LIMITED = replace(ROLE, attached=attached(ADMINISTRATOR), boundary_arn=f"arn:aws:iam::{OWN}:policy/limit")


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (account(), account(replace(ROLE, attached=attached(ADMINISTRATOR))), "r"),
        (account(), account(replace(ROLE, attached=attached(POLICY_ARN))), "r"),
        (account(), account(replace(ROLE, inline=(InlinePolicy("i", ALL),))), "r"),
        (account(), account(group=replace(GROUP, attached=attached(ADMINISTRATOR))), "u"),
        (account(LIMITED), account(replace(LIMITED, boundary_arn=None)), "r"),
        (
            account(replace(ROLE, attached=attached(POLICY_ARN)), document=SOME),
            account(replace(ROLE, attached=attached(POLICY_ARN))),
            "r",
        ),
        (account(), account(LIMITED), None),
        (account(), account(replace(ROLE, inline=(InlinePolicy("i", SOME),))), None),
        (account(replace(ROLE, attached=attached(ADMINISTRATOR))), account(), None),
        (
            account(replace(ROLE, attached=attached(POLICY_ARN))),
            account(replace(ROLE, attached=attached(ADMINISTRATOR))),
            None,
        ),
    ],
)
def test_who_becomes_an_administrator_is_named(before: Account, after: Account, name: str | None) -> None:
    assert [each.name for each in new_administrators(before, after)] == ([] if name is None else [name])


def test_a_role_is_created_as_an_administrator_only_after_its_name_was_typed() -> None:
    trust = Document(NOTHING)
    empty = replace(account(), roles=())
    plain = create_role(RoleSpec("r", trust, attached=(f"{AWS}ReadOnlyAccess",)), empty)
    judged = passed_by(plain, empty)
    assert (judged.opens, judged.type_name) == ((), None)
    tagged = make_plan("tag", "Tag.", [Call("TagRole", {"RoleName": "r", "Tags": {"a": "b"}}, "Tag.")])
    for spec in (
        RoleSpec("r", trust, attached=(ADMINISTRATOR,)),
        RoleSpec("r", trust, attached=(POLICY_ARN,)),
        RoleSpec("r", trust, inline=(InlinePolicy("i", ALL),)),
        RoleSpec("r", trust, new_policies=(NewPolicy("new", ALL),)),
    ):
        plan = passed_by(together("two", [create_role(spec, empty), tagged]), empty)
        assert (
            plan.to_read_first[0]
            == "r becomes an administrator: it can perform every action on every resource (* on *)."
        )
        assert plan.type_name == "r"
