"""Questions against brute force: every principal asked, every action decided one by one."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from iam.key_presence import key_presence
from iam.layers import gather
from iam.policy.condition_keys import Presence
from iam.policy.evaluate import evaluate
from iam.policy.principal import Kind
from iam.policy.request import Policies, Request
from iam.questions.access import access
from iam.questions.catalogue import catalogue
from iam.questions.change.compare import Changed, access_change
from iam.questions.index import AccountIndex
from iam.questions.who_can import who_can
from tests.support.accounts.questions import (
    ID,
    bounded,
    document,
    indexed,
    managed,
    opened,
    role,
    scps,
    snapshot,
    trust,
    user,
)

ACTIONS = ["s3:GetObject", "s3:Get*", "s3:*", "*", "dynamodb:Query", "iam:PassRole", "sts:AssumeRole", "s3:ListBucket"]
RESOURCES = ["*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::*", f"arn:aws:iam::{ID}:role/*"]
KEYS = [None, None, None, ("StringEquals", "aws:RequestedRegion", "us-east-1"), ("Bool", "aws:SecureTransport", "true")]
KEYS += [("StringLike", "aws:PrincipalArn", "*role/r1"), ("StringNotEquals", "aws:SourceVpc", "vpc-1")]


@st.composite
def statements(draw: st.DrawFn, principal: bool = False) -> dict[str, Any]:
    chosen: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Allow", "Deny"]))}
    element = draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))
    chosen[element] = draw(st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=2))
    chosen[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(st.sampled_from(RESOURCES))
    condition = draw(st.sampled_from(KEYS))
    if condition:
        chosen["Condition"] = {condition[0]: {condition[1]: condition[2]}}
    if principal:
        names = ["*", f"arn:aws:iam::{ID}:role/r1", ID, f"arn:aws:iam::{ID}:user/u1", "arn:aws:iam::444455556666:root"]
        chosen["Principal"] = {"AWS": draw(st.sampled_from(names))}
    return chosen


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, Any]:
    some = st.lists(statements(), min_size=1, max_size=3)
    roles = [role(f"r{n}", *draw(some)) for n in range(3)]
    roles[0] |= bounded("limit") if draw(st.booleans()) else {}
    roles[1]["AssumeRolePolicyDocument"] = trust(
        {"AWS": draw(st.sampled_from([ID, "*", f"arn:aws:iam::{ID}:role/r2"]))}
    )
    organization = scps(draw(some), draw(some)) if draw(st.booleans()) else None
    bucket = document(*draw(st.lists(statements(principal=True), min_size=1, max_size=2)))
    resources = {"arn:aws:s3:::a": bucket} if draw(st.booleans()) else {}
    return snapshot(roles, [user("u1", *draw(some))], [managed("limit", *draw(some))], resources, organization)


QUESTIONS = [
    ("s3:GetObject", "arn:aws:s3:::a/x"),
    ("s3:GetObject", "*"),
    ("s3:Get*", "arn:aws:s3:::a/x"),
    ("iam:PassRole", f"arn:aws:iam::{ID}:role/r1"),
    ("sts:AssumeRole", f"arn:aws:iam::{ID}:role/r1"),
    ("sts:AssumeRole", "*"),
    ("s3:ListBucket", "arn:aws:s3:::*"),
]


@settings(max_examples=40, deadline=None)
@given(content=accounts(), question=st.sampled_from(QUESTIONS))
def test_the_index_never_changes_an_answer(content: dict[str, Any], question: tuple[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = indexed(Path(folder), content)
        assert who_can(index, *question) == who_can(index, *question, exhaustive=True)


@settings(max_examples=40, deadline=None)
@given(content=accounts(), question=st.sampled_from([one for one in QUESTIONS if "*" not in one[0] + one[1]]))
def test_with_every_key_told_the_answer_is_the_engines(content: dict[str, Any], question: tuple[str, str]) -> None:
    told = {"aws:RequestedRegion": ("us-east-1",), "aws:SourceVpc": ("vpc-1",)}
    with tempfile.TemporaryDirectory() as folder:
        account, reader = opened(Path(folder), content)
        answer = who_can(AccountIndex(account, reader), *question, told)
        expected = set()
        for entity in (*account.roles, *(account.users or ())):
            gathered = gather(Request(entity.arn, *question, context=told), account, reader)
            if evaluate(gathered.request, gathered.policies).allowed:
                expected.add(entity.arn)
        assert {one.arn for one in answer.principals} == expected
        assert all(one.verdict.value == "allowed" for one in answer.principals)


def _policies(index: AccountIndex, name: str) -> tuple[Any, Policies]:
    principal = index.principals[index.by_arn[f"arn:aws:iam::{ID}:role/{name}"]]
    return principal.entity, principal.policies(Policies())


@settings(max_examples=12, deadline=None)
@given(content=accounts(), seed=st.integers(0, 1_000))
def test_the_matrix_is_what_the_engine_says_of_each_action(content: dict[str, Any], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = indexed(Path(folder), content)
        entity, policies = _policies(index, "r0")
        found = access(entity, policies, index.account)
        known = catalogue()
        assert key_presence(Kind.ROLE, entity, index.account)("aws:username") is Presence.NEVER
        some = [known.position("s3:GetObject"), known.position("iam:PassRole"), known.position("dynamodb:Query")]
        some += random.Random(seed).sample(range(len(known.lower)), 40)
        for position in some:
            assert position is not None
            answer = who_can(index, known.names[position], exhaustive=False)
            one = next((each for each in answer.principals if each.arn == entity.arn), None)
            bit = 1 << position
            said = "allowed" if found.allowed & bit else "conditional" if found.conditional & bit else None
            if content["Rolescope"]["Organization"] is None and not known.names[position].startswith("sts:"):
                # A resource of another service is no answer to "any": the matrix leaves it out, who-can does not.
                assert said in (one.verdict.value if one else None, None)


def _names(changed: tuple[Changed, ...]) -> set[str]:
    return {name for each in changed for name in each.names()}


@settings(max_examples=12, deadline=None)
@given(before=st.lists(statements(), min_size=1, max_size=2), after=st.lists(statements(), min_size=1, max_size=2))
def test_a_change_is_what_the_engine_decides_otherwise(before: list[Any], after: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        account, reader = opened(Path(folder), snapshot([role("r1", *before), role("r2", *after)]))
        index = AccountIndex(account, reader)
        entity, old = _policies(index, "r1")
        _, new = _policies(index, "r2")
        request = Request(entity.arn, "s3:GetObject", "*")
        change = access_change(old, new, request, account, entity=entity, resources=["arn:aws:s3:::a/x"])
        back = access_change(new, old, request, account, entity=entity, resources=["arn:aws:s3:::a/x"])
        # In which pieces it is told may differ: the cuts of a resource depend on the side that they begin with.
        assert _names(change.newly_allowed) == _names(back.newly_denied)
        assert _names(change.loosened) == _names(back.tightened)
        told = {"aws:RequestedRegion": ("us-east-1",), "aws:SourceVpc": ("vpc-2",), "aws:SecureTransport": ("true",)}
        told["aws:PrincipalArn"] = (entity.arn,)
        asked = Request(entity.arn, "s3:GetObject", "arn:aws:s3:::a/x", context=told)
        sure = access_change(old, new, asked, account, entity=entity, resources=[asked.resource])
        was, now = (evaluate(asked, policies).allowed for policies in (old, new))
        named = {action for one in sure.newly_allowed if one.resource == asked.resource for action in one.names()}
        assert ("s3:GetObject" in named) == (now and not was)
