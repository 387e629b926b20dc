"""What a change newly allows, against requests made by brute force from the patterns themselves."""

from __future__ import annotations

import itertools
import json
import random
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iam.account import Account
from iam.policy.arn_regions import meet, within
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.compare import AccessChange, access_change
from iam.service_reference import action as listed
from tests.support.question_accounts import ID, allow, deny, opened, role, snapshot

ROLE = f"arn:aws:iam::{ID}:role/r1"
OBJECTS = "arn:aws:s3:::b/*"
PUBLIC = "arn:aws:s3:::b/public/*"
REPOSITORY = f"arn:aws:ecr:us-east-1:{ID}:repository/app"


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Account:
    folder: Path = tmp_path_factory.mktemp("account")
    return opened(folder, snapshot([role("r1", allow("s3:GetObject"))]))[0]


def policy(*statements: dict[str, Any]) -> NamedPolicy:
    return NamedPolicy(Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})))


def compared(before: Policies, after: Policies, account: Account, resource: str = "*") -> AccessChange:
    return access_change(before, after, Request(ROLE, "s3:GetObject", resource), account)


def said(change: AccessChange) -> set[tuple[str, str]]:
    return {(name, one.resource) for one in change.newly_allowed for name in one.names()}


ELSEWHERE = [
    (Policies(boundary=(policy(allow("s3:*", PUBLIC)),)), "arn:aws:s3:::b/public/rolescope-probe"),
    (
        Policies(identity=(policy({"Effect": "Deny", "Action": "s3:*", "NotResource": PUBLIC}),)),
        "arn:aws:s3:::b/public/rolescope-probe",
    ),
    (Policies(identity=(policy(deny("s3:*", "arn:aws:s3:::b/*-*")),)), "arn:aws:s3:::b/rolescope-probe"),
]


@pytest.mark.parametrize(("before", "where"), ELSEWHERE)
def test_patterns_of_another_layer_hide_nothing(before: Policies, where: str, account: Account) -> None:
    granted = policy(allow("s3:GetObject", OBJECTS))
    after = Policies((*before.identity, granted), boundary=before.boundary)
    change = compared(before, after, account)
    assert said(change) == {("s3:GetObject", where)}
    asked = Request(ROLE, "s3:GetObject", change.newly_allowed[0].witness)
    assert evaluate(asked, after).allowed and not evaluate(asked, before).allowed


def test_an_action_counts_on_what_it_takes(account: Account) -> None:
    after = Policies((policy(allow(["s3:ListBucket", "s3:GetObject", "s3:ListAllMyBuckets"], OBJECTS)),))
    assert said(compared(Policies(), after, account)) == {("s3:GetObject", "arn:aws:s3:::b/rolescope-probe")}
    everywhere = Policies((policy(allow(["s3:ListBucket", "s3:ListAllMyBuckets"], "*")),))
    found = said(compared(Policies(), everywhere, account))
    assert found == {("s3:ListBucket", "arn:aws:s3:::rolescope-probe"), ("s3:ListAllMyBuckets", "*")}


def test_a_repository_policy_governs_its_repository(account: Account) -> None:
    def opened_to(*names: str) -> Policies:
        return Policies(
            resource=policy({"Effect": "Allow", "Principal": {"AWS": list(names)}, "Action": "ecr:BatchGetImage"})
        )

    change = compared(opened_to("444455556666"), opened_to("444455556666", ROLE), account, REPOSITORY)
    assert said(change) == {("ecr:BatchGetImage", REPOSITORY)}


def test_a_boundary_that_goes_away_opens_what_it_did_not_name(account: Account) -> None:
    identity = (policy(allow(["s3:GetObject", "ec2:StopInstances"])),)
    before, after = Policies(identity, boundary=(policy(allow("s3:*")),)), Policies(identity)
    assert {name for name, _ in said(compared(before, after, account))} == {"ec2:StopInstances"}


def test_a_statement_that_changes_its_layer_is_a_change(account: Account) -> None:
    wide, narrow = policy(allow("s3:GetObject")), policy(allow("s3:GetObject", OBJECTS))
    before, after = Policies((wide,), boundary=(narrow,)), Policies((narrow,), boundary=(wide, narrow))
    assert not compared(before, after, account).newly_allowed
    assert compared(Policies((wide,), boundary=(narrow,)), Policies((wide,), boundary=(wide,)), account).newly_allowed


def test_other_conditions_are_neither_equal_nor_nothing(account: Account) -> None:
    def from_vpc(name: str) -> Policies:
        return Policies((policy(allow("s3:GetObject", OBJECTS, Condition={"StringEquals": {"aws:SourceVpc": name}})),))

    assert not compared(from_vpc("vpc-1"), from_vpc("vpc-1"), account)
    change = compared(from_vpc("vpc-1"), from_vpc("vpc-2"), account)
    assert change.loosened and change.tightened and not change.newly_allowed
    assert [block.values for block in change.loosened[0].conditions] == [("vpc-2",)]
    assert not change.loosened[0].unless or change.loosened[0].unless[0].values == ("vpc-1",)


TANGLED = [f"arn:aws:s3:::b/*{a}*{b}*{c}*" for a, b, c in itertools.permutations("abcdef", 3)]


def test_patterns_of_one_element_are_not_told_apart(account: Account) -> None:
    change = compared(Policies(), Policies((policy(allow("s3:GetObject", OBJECTS), deny("s3:*", TANGLED)),)), account)
    assert change.fully_computed and said(change) == {("s3:GetObject", "arn:aws:s3:::b/rolescope-probe")}


def test_what_is_too_tangled_is_not_called_nothing(account: Account) -> None:
    denies = [
        deny("s3:*", pattern, Condition={"StringEquals": {f"aws:ResourceTag/{number}": "x"}})
        for number, pattern in enumerate(TANGLED)
    ]
    start = time.process_time()
    change = compared(Policies(), Policies((policy(allow("s3:GetObject", OBJECTS), *denies),)), account)
    assert change and not change.fully_computed
    assert time.process_time() - start < 2


ACTIONS = ["s3:GetObject", "s3:Get*", "s3:*", "s3:ListBucket", "sqs:SendMessage", "sqs:*", "iam:PassRole", "s3:Put*"]
ASKED = ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "sqs:SendMessage", "iam:PassRole", "s3:GetBucketPolicy"]
PATTERNS = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::a*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::a/p/*",
    "arn:aws:s3:::*/p/*",
    "arn:aws:s3:::a/*.txt",
    "arn:aws:s3:::a/*-*",
    "arn:aws:s3:::a/?",
    "arn:aws:s3:::a/??*",
    "arn:aws:s3:::ab",
    "arn:aws:s3:::a/p/x.txt",
    "arn:aws:s3*",
    "arn:aws:sqs:*:*:q-*",
    "arn:aws:sqs:eu-*:*:*",
    f"arn:aws:sqs:*:{ID}:*-dead",
    f"arn:aws:iam::{ID}:role/*",
    f"arn:aws:iam::{ID}:role/team/*",
    "arn:aws:iam::*:role/*-admin",
    "arn:*:*:*:*:*a*",
]
FILLS = ["", "a", "q", "ab", "a-b", "p/x", "p/x.txt", "z.txt", "eu-west-1", ID, "team/x-admin", "q-dead"]


def _universe(chosen: random.Random) -> list[str]:
    """Concrete ARNs of the patterns, each star replaced by several texts."""
    found = set()
    for pattern in PATTERNS:
        pieces = pattern.split("*")
        for _ in range(12):
            text = pieces[0] + "".join(chosen.choice(FILLS) + piece for piece in pieces[1:])
            found.add(text.replace("?", chosen.choice("ax-")))
    found |= {f"arn:aws:sqs:{r}:{ID}:{q}" for r in ("eu-west-1", "us-east-1") for q in ("q-x", "q-dead", "z")}
    return sorted(each for each in found if each.count(":") >= 5)


def _real(action: str, arn: str) -> bool:
    """An ARN of a type that the action takes, in the account, with the fields that the type has."""
    known = listed(action)
    assert known is not None
    for kind in known.resource_types:
        shape, parts = kind.arn.split(":", 5), arn.split(":", 5)
        same = all(bool(a) == bool(b) for a, b in zip(shape[3:5], parts[3:5], strict=True))
        if same and parts[4] in ("", ID) and parts[1] == "aws" and kind.fits(arn):
            return True
    return False


def _statement(chosen: random.Random, principal: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": chosen.choice(["Allow", "Allow", "Deny"])}
    made[chosen.choice(["Action"] * 4 + ["NotAction"])] = chosen.sample(ACTIONS, chosen.randint(1, 2))
    made[chosen.choice(["Resource"] * 3 + ["NotResource"])] = chosen.sample(PATTERNS, chosen.randint(1, 2))
    if principal:
        made["Principal"] = {"AWS": chosen.choice(["*", ROLE, ID, "444455556666"])}
    return made


def _layers(chosen: random.Random) -> Policies:
    def some(most: int) -> NamedPolicy:
        return policy(*(_statement(chosen) for _ in range(chosen.randint(1, most))))

    return Policies(
        identity=(some(3),),
        boundary=(some(2),) if chosen.random() < 0.4 else None,
        session=some(2) if chosen.random() < 0.2 else None,
        scps=((policy(allow("*"), _statement(chosen)),), (some(2),)) if chosen.random() < 0.3 else None,
        resource=policy(_statement(chosen, True)) if chosen.random() < 0.3 else None,
    )


def _changed(chosen: random.Random, before: Policies) -> Policies:
    layer = chosen.choice(["identity", "identity", "boundary", "resource"])
    if layer == "resource":
        return replace(before, resource=policy(_statement(chosen, True)))
    if layer == "boundary":
        boundary = None if before.boundary is not None and chosen.random() < 0.5 else (policy(_statement(chosen)),)
        return replace(before, boundary=boundary)
    return replace(before, identity=(*before.identity, policy(_statement(chosen))))


def _differs(action: str, arn: str, was: Policies, now: Policies) -> bool:
    """Whether the engine refuses it first and then allows it. A bucket's policy is its bucket's: of other resources'
    nothing was read."""
    if (was.resource or now.resource) and arn != "arn:aws:s3:::a" and not arn.startswith("arn:aws:s3:::a/"):
        was, now = (replace(each, resource=None, unread=frozenset({"resource"})) for each in (was, now))
    asked = Request(ROLE, action, arn)
    return evaluate(asked, now).allowed and not evaluate(asked, was).allowed


PAIRS = 40
OWN = "arn:aws:s3:::a/p/x.txt"


def test_nothing_is_said_only_where_there_is_nothing(account: Account) -> None:
    chosen = random.Random(11)
    universe = {action: [arn for arn in _universe(chosen) if _real(action, arn)] for action in ASKED}
    assert all(len(arns) > 5 for arns in universe.values())
    took, witnesses, unsure = [], 0, 0
    compared(Policies(), Policies((policy(allow(["s3:*", "sqs:*", "iam:*"])),)), account)
    for number in range(PAIRS):
        before = _layers(chosen)
        after = _changed(chosen, before)
        start = time.process_time()
        change = compared(before, after, account, OWN)
        took.append(time.process_time() - start)
        unsure += not change.fully_computed
        for kind, was in (("newly_allowed", before), ("newly_denied", after)):
            now = after if was is before else before
            named = {name for one in getattr(change, kind) for name in one.names()}
            for action, arns in universe.items():
                for arn in arns:
                    if _differs(action, arn, was, now):
                        witnesses += 1
                        assert action in named or not change.fully_computed, (number, kind, arn)
            for one in getattr(change, kind):
                if one.witness == "*":  # which a Deny with NotResource may spare in part
                    continue
                assert _differs(next(iter(one.names())), one.witness, was, now), (number, kind, one.witness)
    print(witnesses, unsure, sorted(took)[len(took) // 2], sorted(took)[int(len(took) * 0.99)], max(took))
    assert witnesses > PAIRS and unsure <= PAIRS // 20


def test_regions_meet_where_texts_match_both() -> None:
    """Against all texts of a small alphabet."""
    chosen = random.Random(3)
    texts = ["".join(each) for length in range(5) for each in itertools.product("ab:", repeat=length)]
    head = "arn:aws:s3:::"
    for _ in range(150):
        one, other = ("".join(chosen.choice("ab*?*:") for _ in range(chosen.randint(1, 5))) for _ in range(2))
        regions = [each for half in meet(_space(), head + one) for each in meet(half, head + other)]
        for text in texts:
            both = bool(meet(head + text, head + one)) and bool(meet(head + text, head + other))
            assert both == any(within(region, head + text) for region in regions), (one, other, text)


def _space() -> str:
    return "arn:aws:s3:::\ue010"
