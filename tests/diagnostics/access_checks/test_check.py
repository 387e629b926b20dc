"""Access checks of documents: new, listed and public access; a few pairs against z3."""

from __future__ import annotations

from typing import Any

import pytest

from diagnostics.access_checks.check import Outcome, granted_access, new_access, public_access
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.lint import PolicyKind
from iam.policy.request import NamedPolicy, Policies
from tests.support.accounts.questions import ID, OTHER, allow, deny, document, trust
from tests.support.oracles.access_checks import run

IDENTITY, RESOURCE, TRUST = PolicyKind.IDENTITY, PolicyKind.RESOURCE, PolicyKind.TRUST
OBJECTS = "arn:aws:s3:::bucket/*"


def doc(*statements: dict[str, Any]) -> Document:
    return Document.from_value(document(*statements))


def open_to(principal: Any, **condition: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {**allow("s3:GetObject", OBJECTS), "Principal": principal, **more}


NEW = [
    ("wider resource", allow("s3:GetObject", "arn:aws:s3:::a/*"), allow("s3:GetObject", "arn:aws:s3:::a*"), True),
    ("the same in other words", allow(["s3:GetObject"], OBJECTS), allow("s3:GetObject", [OBJECTS]), False),
    ("narrower by a variable", allow("s3:*"), allow("s3:GetObject", OBJECTS[:-1] + "${aws:username}/*"), False),
    ("a condition dropped", allow("s3:*", Condition={"Bool": {"aws:SecureTransport": "true"}}), allow("s3:*"), True),
    ("another value", allow("s3:*", Condition={"StringEquals": {"aws:SourceVpc": "vpc-1"}}),
     allow("s3:*", Condition={"StringLike": {"aws:SourceVpc": "vpc-*"}}), True),
    ("for users alone", deny("s3:*"), allow("s3:GetObject", OBJECTS, Condition={"Null": {"aws:username": "false"}}),
     True),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "exists"), [each[1:] for each in NEW], ids=[each[0] for each in NEW])
def test_what_a_new_document_allows_more(old: dict[str, Any], new: dict[str, Any], exists: bool) -> None:
    check = new_access(doc(old), doc(new), IDENTITY)
    assert check.outcome is (Outcome.FAIL if exists else Outcome.PASS)
    for grant in check.grants:
        assert grant.statements == ((0, None),) and grant.effect.request is not None
        sides = [Policies(identity=(NamedPolicy(doc(each)),)) for each in (old, new)]
        assert [evaluate(grant.effect.request, each).allowed for each in sides] == [False, True]


ROLE = f"arn:aws:iam::{ID}:role/x"
GRANTED = [
    (allow("*"), ["iam:PassRole"], [ROLE], True),
    (allow("s3:*"), ["iam:PassRole"], [], False),
    (allow("iam:Pass*", ROLE), ["iam:*"], [f"arn:aws:iam::{ID}:role/y"], False),
    (allow("iam:Pass*", ROLE), [], [f"arn:aws:iam::{ID}:role/*"], True),
]


@pytest.mark.parametrize(("statement", "actions", "resources", "exists"), GRANTED)
def test_whether_listed_access_is_granted(
    statement: dict[str, Any], actions: list[str], resources: list[str], exists: bool
) -> None:
    check = granted_access(doc(statement), IDENTITY, actions, resources)
    assert check.outcome is (Outcome.FAIL if exists else Outcome.PASS)


PUBLIC: list[tuple[dict[str, Any], bool]] = [
    (open_to("*"), True),
    (open_to({"AWS": OTHER}), False),
    (open_to("*", StringEquals={"aws:PrincipalOrgID": "o-a"}), False),
    (open_to("*", StringLike={"aws:PrincipalOrgID": "*"}), True),
    (open_to("*", IpAddress={"aws:SourceIp": "10.0.0.0/7"}), True),
    (open_to("*", IpAddress={"aws:SourceIp": "192.0.2.0/24"}), False),
    (open_to("*", NotIpAddress={"aws:SourceIp": "192.0.2.0/24"}), True),
    (open_to("*", StringEquals={"aws:SourceVpce": "vpce-1"}), False),
    (open_to("*", StringEquals={"aws:Referer": "x"}), True),
    (open_to("*", ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/x"}), True),
    (open_to("*", ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{ID}:role/x*"}), False),
    (open_to("*", StringNotEquals={"aws:PrincipalAccount": ID}), True),
    ({**allow("kms:*"), "Principal": "*", "Condition": {"StringEquals": {"kms:CallerAccount": ID}}}, False),
    ({**allow("sqs:SendMessage"), "Principal": "*"}, True),
    ({**allow("s3:PutObject", OBJECTS), "Principal": {"Service": "logging.s3.amazonaws.com"}}, False),
]


@pytest.mark.parametrize(("statement", "exists"), PUBLIC)
def test_whether_strangers_get_in(statement: dict[str, Any], exists: bool) -> None:
    check = public_access(doc(statement), RESOURCE)
    assert check.outcome is (Outcome.FAIL if exists else Outcome.PASS)
    for grant in check.grants:
        assert grant.effect.request is not None
        assert f":{ID}:" not in (grant.effect.request.principal or "")
        assert evaluate(grant.effect.request, Policies(resource=NamedPolicy(doc(statement)))).reasons


def test_trust_policies_and_more_principals() -> None:
    everyone, one = (Document.from_value(trust(whom)) for whom in ("*", {"AWS": ID}))
    assert public_access(everyone, TRUST).outcome is Outcome.FAIL
    assert public_access(one, TRUST).outcome is Outcome.PASS
    more = new_access(one, Document.from_value(trust({"AWS": [ID, OTHER]})), TRUST)
    assert [grant.effect.principals for grant in more.grants] == [(f"arn:aws:iam::{OTHER}:root",)]
    assert granted_access(one, TRUST, ["sts:AssumeRoleWithSAML"], []).outcome is Outcome.PASS


def test_what_is_too_tangled_to_compare_is_undecided() -> None:
    texts = [f"*{a}*{b}*{c}*" for a in "abc" for b in "def" for c in "ghi"]
    tagged = [allow("s3:GetObject", OBJECTS, Condition={"StringLike": {"aws:RequestTag/a": few}})
              for few in (texts, texts[:-9])]  # fmt: skip
    check = new_access(doc(tagged[0]), doc(tagged[1]), IDENTITY)
    assert check.outcome is Outcome.UNDECIDED and not check.grants


def test_pairs_against_z3() -> None:
    tally = run(range(3), seed=3)
    assert tally.asked == 42 and tally.exist and not tally.wrong
