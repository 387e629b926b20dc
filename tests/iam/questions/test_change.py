"""What a change newly allows, against requests made by brute force from the patterns themselves."""

from __future__ import annotations

import itertools
import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.effect_words import provided_words
from iam.account import Account
from iam.policy.arn_regions import meet, within
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.request import Holder, HolderKind, NamedPolicy, Policies, Request
from iam.questions.catalogue import catalogue
from iam.questions.change.carriers import effects_on_carriers
from iam.questions.change.compare import KEY_POLICY, TRUST_POLICY, AccessChange, access_change
from iam.questions.change.effects import ANOTHER_ACCOUNT
from tests.support.accounts.questions import ID, allow, bounded, deny, document, managed, opened, role, snapshot, user
from tests.support.timing import within_yards

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
    with within_yards(400):
        change = compared(Policies(), Policies((policy(allow("s3:GetObject", OBJECTS), *denies),)), account)
    assert change and not change.fully_computed


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


def test_an_exception_for_a_resource_is_none_for_actions_without_resources(account: Account) -> None:
    def but(*patterns: str) -> Policies:
        denied = {"Effect": "Deny", "Action": "s3:*", "NotResource": list(patterns)}
        return Policies((policy(allow("s3:*"), denied),))

    change = compared(but(PUBLIC), but(PUBLIC, OBJECTS), account)
    assert {one.pattern for one in change.newly_allowed} == {OBJECTS} and not change.newly_denied
    assert "s3:ListAllMyBuckets" not in {name for name, _ in said(change)}


def test_a_region_is_known_of_those_resources_that_have_one(account: Account) -> None:
    regions = {"Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}
    change = compared(Policies(), Policies((policy(allow("s3:GetObject", **regions)),)), account)
    found = {one.pattern: [block.key for block in one.conditions] for one in change.newly_allowed}
    access_points = f"arn:aws:s3:us-east-1:{ID}:accesspoint/*/object/*"
    assert found == {"arn:aws:s3:::*/*": ["aws:RequestedRegion"], access_points: []}


def test_a_guardrail_that_excepts_one_role_is_not_the_same_for_another(tmp_path: Path) -> None:
    """The two have the same policies: what tells them apart stands in the SCP alone."""
    same = allow("sqs:SendMessage")
    account, reader = opened(tmp_path, snapshot([role("one", same), role("two", same)]))
    scp = NamedPolicy(Document.from_value(document(allow("*"))), "guard", "arn:aws:organizations::1:policy/o-1/p-1")
    but_one = deny("sqs:*", Condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ID}:role/one"}})
    tighter = replace(scp, document=Document.from_value(document(allow("*"), but_one)))
    found = effects_on_carriers(Policies(scps=((scp,),)), Policies(scps=((tighter,),)), account, reader)
    assert {one.rpartition("/")[2] for each in found.found for one in each.principals} == {"two"}


def test_whom_a_resource_policy_names_is_not_the_same_as_another(tmp_path: Path) -> None:
    """A user that the queue's policy names is not limited there by the boundary, another with the same policies is."""
    queue = f"arn:aws:sqs:us-east-1:{ID}:q"
    users = [user(name, allow("sqs:SendMessage", queue), **bounded("limit")) for name in ("ann", "ben")]
    content = snapshot([], users, [managed("limit", allow("sqs:*"))])
    account, reader = opened(tmp_path, content)
    named = {"Principal": {"AWS": f"arn:aws:iam::{ID}:user/ann"}}
    queue_policy = NamedPolicy(Document.from_value(document(allow("sqs:SendMessage", queue, **named))), "policy", queue)
    limits = [
        NamedPolicy(Document.from_value(document(allow(action))), "limit", f"arn:aws:iam::{ID}:policy/limit")
        for action in ("sqs:*", "sqs:ReceiveMessage")
    ]
    before, after = (Policies(boundary=(limit,), resource=queue_policy) for limit in limits)
    found = effects_on_carriers(before, after, account, reader, resource=queue)
    lost = {name for one in found.found if one.resource == queue for name in one.principals}
    assert lost == {f"arn:aws:iam::{ID}:user/ben"}


def test_nothing_else_is_not_said_where_those_that_carry_the_policy_were_not_all_read(tmp_path: Path) -> None:
    shared = f"arn:aws:iam::{ID}:policy/shared"
    content = snapshot([role("one", allow("s3:*"))], [], [managed("shared", allow("sqs:*"))])
    whole, reader = opened(tmp_path, content)
    was, now = (Document.from_value(document(allow(action))) for action in ("sqs:*", "sns:*"))
    before, after = (Policies((NamedPolicy(each, "shared", shared),)) for each in (was, now))
    assert effects_on_carriers(before, after, whole, reader).complete
    bare = replace(whole.roles[0], attached=None, inline=None)
    for part in (
        replace(whole, users=None),
        replace(whole, incomplete=frozenset({"users"})),
        replace(whole, roles=(bare,)),
    ):
        assert not effects_on_carriers(before, after, part, reader).complete
    own = Holder(HolderKind.ROLE, "one", whole.roles[0].arn)
    mine, others = (Policies((NamedPolicy(each, "inline", None, own),)) for each in (was, now))
    assert effects_on_carriers(mine, others, replace(whole, users=None), reader, but=own.arn).complete


# G3: what another account, a key policy or a trust policy must allow too.
def test_another_account_s_part_is_named(account: Account) -> None:
    elsewhere = "arn:aws:sqs:us-east-1:444455556666:q"
    change = compared(Policies(), Policies((policy(allow("sqs:SendMessage", elsewhere)),)), account)
    assert [(one.names(), one.provided) for one in change.newly_allowed] == [(("sqs:SendMessage",), "444455556666")]
    back = compared(Policies((policy(allow("sqs:SendMessage", elsewhere)),)), Policies(), account)
    assert [one.provided for one in back.newly_denied] == ["444455556666"]
    other_role = "arn:aws:iam::444455556666:role/x"
    change = compared(Policies(), Policies((policy(allow("sts:AssumeRole", other_role)),)), account)
    assert [one.provided for one in change.newly_allowed] == ["444455556666"]


def test_a_key_s_and_a_role_s_own_policy_are_named(account: Account) -> None:
    key = f"arn:aws:kms:us-east-1:{ID}:key/k"
    change = compared(Policies(), Policies((policy(allow("kms:Decrypt", key)),)), account)
    assert [one.provided for one in change.newly_allowed] == [KEY_POLICY]
    change = compared(Policies(), Policies((policy(allow("sts:AssumeRole", f"arn:aws:iam::{ID}:role/x")),)), account)
    assert [one.provided for one in change.newly_allowed] == [TRUST_POLICY]
    change = compared(Policies(), Policies((policy(allow("s3:GetObject", OBJECTS)),)), account)
    assert [one.provided for one in change.newly_allowed] == [""]


# G5: what-if takes TLS for granted nowhere.
def test_a_deny_without_tls_takes_plain_http(account: Account) -> None:
    hardened = policy(deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}))
    granted = policy(allow("s3:GetObject", OBJECTS))
    change = compared(Policies((granted,)), Policies((granted, hardened)), account)
    assert not change.newly_denied and {one.pattern for one in change.tightened} == {OBJECTS}
    assert [block.values for one in change.tightened for block in one.conditions] == [("false",)]


def test_what_opens_later_is_a_gain_now(account: Account) -> None:
    def until(operator: str, moment: str) -> Policies:
        return Policies((policy(allow("s3:GetObject", OBJECTS, Condition={operator: {"aws:CurrentTime": moment}})),))

    later = compared(Policies(), until("DateGreaterThan", "2030-01-01T00:00:00Z"), account)
    assert [block.values for one in later.newly_allowed for block in one.conditions] == [("2030-01-01T00:00:00Z",)]
    assert not compared(Policies(), until("DateLessThan", "2020-01-01T00:00:00Z"), account)


# G6: resources that can exist.
PLACES = [
    # the resource that is named, and the patterns of what is gained
    ("arn:aws:sqs:*:orders", {f"arn:aws:sqs:*:{ID}:orders"}),
    ("arn:aws:sqs:*rders", set()),
    ("arn:aws:iam:*:role/x", {f"arn:aws:iam::{ID}:role/x"}),
    (f"arn:aws:sqs:us-*:{ID}:q", {f"arn:aws:sqs:us-*:{ID}:q"}),
    (f"arn:aws:sqs:zz-*:{ID}:q", set()),
    (f"arn:aws:sqs:us-east-?:{ID}:q", {f"arn:aws:sqs:us-east-?:{ID}:q"}),
    (f"arn:aws:sqs:eu-central-9:{ID}:q", {f"arn:aws:sqs:eu-central-9:{ID}:q"}),
    ("arn:aws:sqs:us-east-1:not-a-number:q", set()),
    ("arn:aws:sqs:us-east-1:4444*:q", {"arn:aws:sqs:us-east-1:4444*:q"}),
    ("arn:aws:sqs:us-east-1:44445555666?:q", {"arn:aws:sqs:us-east-1:44445555666?:q"}),
    ("arn:aws:sqs:us-east-1:*:q", {f"arn:aws:sqs:us-east-1:{ID}:q"}),
    ("arn:aws:iam::aws:policy/x", {"arn:aws:iam::aws:policy/x"}),
]


@pytest.mark.parametrize(("pattern", "gained"), PLACES)
def test_resources_are_in_regions_and_accounts_that_there_can_be(
    pattern: str, gained: set[str], account: Account
) -> None:
    change = compared(
        Policies(), Policies((policy(allow(["sqs:SendMessage", "iam:GetRole", "iam:GetPolicy"], pattern)),)), account
    )
    found = {one.pattern.replace("us-east-*", "us-east-?") for one in change.newly_allowed}
    assert change.fully_computed and found == gained
    known = re.compile(r"arn:aws:[a-z]+:([a-z]{2}-[a-z]+-\d)?:(\d{12}|aws):.+")
    assert all(known.fullmatch(one.witness) for one in change.newly_allowed)


def test_a_region_that_is_left_is_one_that_there_is(account: Account) -> None:
    queue = f"arn:aws:sqs:us-*:{ID}:q"
    east = policy(deny("sqs:*", ["arn:aws:sqs:us-east-?:*", "arn:aws:sqs:us-gov-*"]))
    change = compared(Policies((east,)), Policies((east, policy(allow("sqs:SendMessage", queue)))), account)
    assert [one.witness.split(":")[3] for one in change.newly_allowed] == ["us-west-1"]
    west = policy(deny("sqs:*", "arn:aws:sqs:us-west-*:*"))
    change = compared(Policies((east, west)), Policies((east, west, policy(allow("sqs:SendMessage", queue)))), account)
    assert change.fully_computed and not change.newly_allowed


def test_what_accounts_of_a_pattern_must_allow_is_named(account: Account) -> None:
    granted = policy(allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:4444*:q"))
    change = compared(Policies(), Policies((granted,)), account)
    assert [one.provided for one in change.newly_allowed] == ["4444*"]
    assert provided_words("4444*") == "account 4444* allows it too"


ANY_QUEUE, OWN_QUEUE = "arn:aws:sqs:*:*:q", f"arn:aws:sqs:*:{ID}:q"
OTHER_QUEUE = f"arn:aws:sqs:*:{ANOTHER_ACCOUNT}:q"
OTHERS = [
    # what is granted beside a Deny, and of whose queues something is said
    (allow("sqs:SendMessage", ANY_QUEUE), deny("sqs:*", f"arn:aws:sqs:*:{ID}:*"), {OTHER_QUEUE}),
    (allow("sqs:SendMessage", ANY_QUEUE), deny("sqs:*", Condition={"StringEquals": {"aws:ResourceAccount": ID}}),
     {OTHER_QUEUE}),
    (allow("sqs:SendMessage", ANY_QUEUE), deny("sqs:*", f"arn:aws:sqs:*:{ID}:other"), {OWN_QUEUE}),
    (allow("sqs:SendMessage", ANY_QUEUE), deny("sqs:*", "arn:aws:sqs:*:444455556666:*"), {OWN_QUEUE}),
    (allow("s3:GetObject", OBJECTS), deny("sqs:*", f"arn:aws:sqs:*:{ID}:*"), {OBJECTS}),
]  # fmt: skip


@pytest.mark.parametrize(("granted", "denied", "patterns"), OTHERS, ids=range(len(OTHERS)))
def test_other_accounts_are_named_where_they_are_decided_otherwise(
    granted: dict[str, Any], denied: dict[str, Any], patterns: set[str], account: Account
) -> None:
    change = compared(Policies((policy(denied),)), Policies((policy(denied, granted),)), account)
    assert change.fully_computed and {one.pattern for one in change.newly_allowed} == patterns
    assert {one.provided for one in change.newly_allowed} == {ANOTHER_ACCOUNT if OTHER_QUEUE in patterns else ""}
    assert provided_words(ANOTHER_ACCOUNT) == "its account allows it too"


WITHOUT_EFFECT = {
    "mediaconnect:DescribeOffering": "The type's ARN has no account in its place, so no resource of it can be told.",
    "sts:AssumeRoleWithSAML": "Callers of it have no credentials yet.",
    "sts:AssumeRoleWithWebIdentity": "Callers of it have no credentials yet.",
    "sts:GetCallerIdentity": "It needs no permission.",
    "sts:GetFederationToken": "Only users can call it.",
}


def test_full_access_newly_allows_every_action_on_a_resource(account: Account) -> None:
    change = compared(Policies(), Policies((policy(allow("*")),)), account)
    allowed = {name for one in change.newly_allowed for name in one.names()}
    assert set(catalogue().names) - allowed == WITHOUT_EFFECT.keys()
    assert change.fully_computed
