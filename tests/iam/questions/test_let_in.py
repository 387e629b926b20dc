"""Whom a change of a trust or resource policy lets in, by class of caller."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from iam.account import Account, Role
from iam.organization.levels import Organization
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.callers_of_resource import let_in, who_may
from iam.questions.change.effects import ANOTHER_ACCOUNT, ANYBODY, GAINS, Effects
from tests.support.oracles.compare_callers import run

ID, OTHER = "111122223333", "999988887777"
TARGET = f"arn:aws:iam::{ID}:role/target"
OWN = f"arn:aws:iam::{ID}"
ANY = f"arn:aws:iam::{ANOTHER_ACCOUNT}:root"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"{OWN}:oidc-provider/{GITHUB}"


def named(*statements: dict[str, Any]) -> NamedPolicy:
    return NamedPolicy(Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})))


def lets(principal: Any, effect: str = "Allow", action: Any = "sts:AssumeRole", **condition: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": effect, "Principal": principal, "Action": action, **more}


LAMBDA = lets({"Service": "lambda.amazonaws.com"})
HERE = lets({"AWS": ID})
ACCOUNT = Account(ID, "test", datetime(2026, 11, 1, tzinfo=UTC))
IN_O_OWN = replace(ACCOUNT, organization=Organization("o-own", path=("r-1", "ou-1")), in_organization=True)
WITH_ROLES = replace(
    ACCOUNT,
    roles=tuple(Role(name, f"{OWN}:role/{name}", "/", None, tags=tags) for name, tags in (
        ("ops-1", {"team": "ops"}), ("web", {"team": "web"}),
    )),
)  # fmt: skip


def changed(before: list[dict[str, Any]], after: list[dict[str, Any]], account: Account = ACCOUNT) -> Effects:
    asked = Request(None, "sts:AssumeRole", TARGET)
    found = let_in(Policies(resource=named(*before)), Policies(resource=named(*after)), asked, account)
    _witnesses_are_right(found, named(*before), named(*after))
    return found


def _witnesses_are_right(found: Effects, before: NamedPolicy, after: NamedPolicy) -> None:
    """Each effect's request is decided as it says, where its caller's own policies allow everything."""
    everything = named({"Effect": "Allow", "Action": "*", "Resource": "*"})
    for one in found.found:
        assert one.request is not None
        was, now = (
            evaluate(one.request, Policies(identity=(everything,), resource=each)).allowed for each in (before, after)
        )
        assert (was, now) == ((False, True) if one.kind in GAINS else (True, False)), one


def said(found: Effects) -> set[tuple[str, str, str, str]]:
    """Kind, principal, the first value that a condition must have, and the first that it must not have."""
    return {
        (
            one.kind.value,
            who,
            one.conditions[0].values[0] if one.conditions else "",
            one.unless[0].values[0] if one.unless else "",
        )
        for one in found.found
        for who in one.principals
    }


# P8: callers are compared by class. P10 is in `tests.diagnostics.check.test_ways_in` and the review's cases.
DEPLOY = "arn:aws:iam::*:role/deploy"
GAINED = [
    ({"ArnLike": {"aws:PrincipalArn": DEPLOY}}, f"arn:aws:iam::{ANOTHER_ACCOUNT}:role/rolescope-probe", DEPLOY),
    ({"ArnLike": {"aws:PrincipalArn": DEPLOY}}, f"{OWN}:role/rolescope-probe", DEPLOY),
    ({"StringLike": {"aws:PrincipalArn": "*:user/ci-*"}}, f"{OWN}:user/rolescope-probe", "*:user/ci-*"),
    ({"StringEquals": {"aws:PrincipalOrgID": "o-foreign"}}, ANY, "o-foreign"),
    ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-f/r-1/ou-2/*"}}, ANY, "o-f/r-1/ou-2/*"),
    ({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-f/r-1/"}}, ANY, "o-f/r-1/"),
    ({"StringEquals": {"aws:PrincipalAccount": OTHER}}, f"arn:aws:iam::{OTHER}:root", ""),
    ({"StringLike": {"aws:PrincipalAccount": "4444*"}}, "arn:aws:iam::4444*:root", ""),
    ({"StringEquals": {"aws:PrincipalTag/team": "ops"}}, ANY, "ops"),
    ({"StringEquals": {"sts:ExternalId": "x"}}, ANY, "x"),
    ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, ANY, "198.51.100.0/24"),
    ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, ANY, "vpce-1"),
    ({"DateGreaterThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}, ANY, "2027-01-01T00:00:00Z"),
]


@pytest.mark.parametrize(("condition", "who", "value"), GAINED, ids=range(len(GAINED)))
def test_everybody_under_a_condition_is_a_gain_for_whoever_meets_it(condition: Any, who: str, value: str) -> None:
    found = changed([LAMBDA], [LAMBDA, lets("*", **condition)])
    assert found.complete and ("newly_allowed", who, value, "") in said(found)
    # And the reverse is a loss.
    back = changed([LAMBDA, lets("*", **condition)], [LAMBDA])
    assert ("newly_denied", who, value, "") in said(back)


NOTHING = [
    ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"StringLike": {"aws:PrincipalOrgID": "o-1"}}),
    ({"ArnEquals": {"aws:PrincipalArn": DEPLOY}}, {"ArnLike": {"aws:PrincipalArn": DEPLOY}}),
    ({"StringEquals": {"aws:PrincipalAccount": [ID, OTHER]}}, {"StringEquals": {"aws:PrincipalAccount": [OTHER, ID]}}),
    ({"StringLike": {"sts:ExternalId": ["a*", "ab*"]}}, {"StringLike": {"sts:ExternalId": "a*"}}),
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {"IpAddress": {"aws:SourceIp": ["10.0.0.0/9", "10.128.0.0/9"]}}),
]


@pytest.mark.parametrize(("before", "after"), NOTHING, ids=range(len(NOTHING)))
def test_other_words_for_the_same_are_no_change(before: Any, after: Any) -> None:
    found = changed([lets("*", **before)], [lets("*", **after)])
    assert found.complete and not found.found


def test_what_can_never_be_true_again_lets_nobody_in() -> None:
    past = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    assert not changed([LAMBDA], [LAMBDA, lets({"AWS": OTHER}, **past)])
    never = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/*"}}
    assert not changed([LAMBDA], [LAMBDA, lets({"AWS": ID}, **never)])


def test_a_deny_of_a_pattern_takes_it_from_our_own_roles() -> None:
    deny = lets("*", "Deny", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/ops-*"})
    found = changed([HERE], [HERE, deny], WITH_ROLES)
    assert ("newly_denied", f"{OWN}:role/ops-1", "", "") in said(found)
    assert not any(f"{OWN}:role/web" in one.principals for one in found.found)
    tag = lets("*", "Deny", StringEquals={"aws:PrincipalTag/team": "web"})
    assert ("newly_denied", f"{OWN}:role/web", "", "") in said(changed([HERE], [HERE, tag], WITH_ROLES))


def test_the_own_organization_is_ours_where_it_was_read() -> None:
    before, after = ([lets("*", StringEquals={"aws:PrincipalOrgID": each})] for each in (["o-own"], ["o-own", "o-2"]))
    unread, read = changed(before, after), changed(before, after, IN_O_OWN)
    # Not read, this account may be in o-2; read, it is in o-own, and nothing changes for it.
    assert any(one.principals[0].startswith(OWN) for one in unread.found)
    assert not any(who.startswith(OWN) for one in read.found for who in one.principals)
    assert ("loosened", ANY, "o-own", "o-own") in said(read)
    path = [lets("*", **{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-own/r-1/ou-2/*"}})]
    assert not any(who.startswith(OWN) for one in changed([], path, IN_O_OWN).found for who in one.principals)


def test_subjects_and_audiences_are_told_apart() -> None:
    def from_branch(*subjects: str) -> dict[str, Any]:
        return lets(
            {"Federated": PROVIDER}, "Allow", "sts:AssumeRoleWithWebIdentity",
            StringLike={f"{GITHUB}:sub": list(subjects)}, StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"},
        )  # fmt: skip

    main, every = "repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:*"
    [loosened] = changed([from_branch(main)], [from_branch(every)]).found
    assert (loosened.kind.value, loosened.principals) == ("loosened", (PROVIDER,))
    assert [block.values for block in loosened.conditions] == [("sts.amazonaws.com",), (every,)]
    assert [block.values for block in loosened.unless] == [(main,)]
    assert not changed([from_branch(main, every)], [from_branch(every)]).found


def test_services_are_told_apart_by_their_source() -> None:
    before = lets({"Service": "s3.amazonaws.com"}, StringEquals={"aws:SourceAccount": ID})
    found = changed([before], [lets({"Service": "s3.amazonaws.com"})])
    assert said(found) == {("loosened", "s3.amazonaws.com", "", ID)}


def test_plain_http_is_said() -> None:
    found = changed([HERE], [HERE, lets("*", "Deny", Bool={"aws:SecureTransport": "false"})])
    assert {one.kind.value for one in found.found} == {"tightened"}
    assert {(block.key, block.values) for one in found.found for block in one.conditions} == {
        ("aws:SecureTransport", ("false",))
    }


def test_a_bucket_that_is_opened_to_all_is_open_without_credentials() -> None:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    asked = Request(f"{OWN}:role/x", "s3:GetObject", "arn:aws:s3:::b/k", ID)
    found = who_may(Policies(resource=named(everybody)), asked, ACCOUNT)
    assert found.complete and {ANYBODY, ANY} <= {who for one in found.found for who in one.principals}
    signed = {**everybody, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-2"}}}
    found = let_in(Policies(resource=named(everybody)), Policies(resource=named(signed)), asked, ACCOUNT)
    kinds = {(one.kind.value, who) for one in found.found for who in one.principals}
    assert ("newly_denied", ANYBODY) in kinds and ("tightened", ANY) in kinds


def test_a_principal_that_cannot_be_placed_makes_it_incomplete() -> None:
    found = changed([LAMBDA], [LAMBDA, lets({"AWS": ["ANPA1234567890", OTHER]})])
    assert not found.complete and found.uncovered == ("ANPA1234567890",)
    assert f"arn:aws:iam::{OTHER}:root" in found.found[0].principals


ZEROS = "000000000000"
ACCOUNTS = [
    # the condition, the account of the policy, and whose root or role gains
    ({"StringLike": {"aws:PrincipalArn": "*1234:role/x"}}, ID, {ANOTHER_ACCOUNT}),
    ({"StringLike": {"aws:PrincipalArn": "arn:*:4444*:role/x"}}, ID, {ANOTHER_ACCOUNT}),
    ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::4444*:role/x"}}, ID, {"4444*"}),
    ({"StringLike": {"aws:PrincipalArn": "arn:*4444*:role/x"}}, ID, {ANOTHER_ACCOUNT}),
    ({"StringLike": {"aws:PrincipalAccount": ["4444*", "44440*"]}}, ID, {"4444*", "44440*"}),
    ({"StringLike": {"aws:PrincipalAccount": ["44*", "*55"]}}, ID, {"44*", "*55"}),
    ({"StringLike": {"aws:PrincipalAccount": "0000*"}, "StringNotEquals": {"aws:PrincipalAccount": ZEROS}}, ID,
     {"0000*"}),
    ({"StringNotEquals": {"aws:PrincipalAccount": ZEROS}}, ID, {ID, ANOTHER_ACCOUNT}),
    ({"StringNotEquals": {"aws:PrincipalAccount": ID}}, ID, {ANOTHER_ACCOUNT}),
    ({"StringNotEquals": {"aws:PrincipalAccount": ZEROS}}, ZEROS, {ANOTHER_ACCOUNT}),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "own", "gaining"), ACCOUNTS, ids=range(len(ACCOUNTS)))
def test_accounts_that_no_policy_names_are_told_apart_by_patterns(condition: Any, own: str, gaining: set[str]) -> None:
    found = changed([LAMBDA], [LAMBDA, lets("*", **condition)], replace(ACCOUNT, id=own))
    assert found.complete
    assert {who.split(":")[4] for one in found.found for who in one.principals if who.startswith("arn:")} == gaining


def test_a_removed_principal_s_id_is_named_by_its_id() -> None:
    gone = "AROAEXAMPLEROLEID123"
    assert ("newly_denied", gone, "", "") in said(changed([LAMBDA, lets({"AWS": gone})], [LAMBDA]))


def test_nobody_who_is_decided_otherwise_is_missed() -> None:
    """A few pairs of many, against a judge of its own (`tests.support.oracles.compare_callers`)."""
    tally = run([*range(20), 67, 178, 190, 392, 627, 665], seed=1)
    assert tally.complete >= 24 and tally.changed
    assert not tally.missed and not tally.wrong
