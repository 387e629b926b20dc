"""Who may do something: verdicts, reasons, principals from outside, and what could not be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iam.account import Role
from iam.layers import principal_layers
from iam.policy.document import Document
from iam.policy.layer import Layer
from iam.questions import principal_answer
from iam.questions.answers import AccessVerdict, WhoCan
from iam.questions.catalogue import catalogue
from iam.questions.index import AccountIndex
from iam.questions.who_can import QuestionError, can_assume, who_can
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.reader import SnapshotReader
from tests.support.accounts.questions import (
    ID,
    OTHER,
    allow,
    attached,
    bounded,
    deny,
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

BUCKET = "arn:aws:s3:::data"
KEY = f"arn:aws:kms:us-east-1:{ID}:key/11111111-2222-3333-4444-555555555555"
ROOT = f"arn:aws:iam::{ID}:root"


def verdicts(answer: WhoCan) -> dict[str, str]:
    return {one.name: one.verdict.value for one in answer.principals}


def ask(tmp_path: Path, content: dict[str, Any], action: str, resource: str = "*", **context: str) -> WhoCan:
    return who_can(indexed(tmp_path, content), action, resource, {key: (value,) for key, value in context.items()})


def test_allow_deny_boundary_and_wildcards(tmp_path: Path) -> None:
    content = snapshot(
        [
            role("reader", allow("s3:GetObject", f"{BUCKET}/*")),
            role("other", allow("s3:GetObject", "arn:aws:s3:::other/*")),
            role("all", allow("*")),
            role("denied", allow("*"), deny("s3:Get*")),
            role("bounded", allow("*"), **bounded("limit")),
            role("not-action", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            role("shared", **attached("read")),
        ],
        [user("ben", allow("S3:getobject", BUCKET + "/${aws:username}/*")), user("eve", allow("s3:Put*"))],
        [managed("limit", allow("dynamodb:*")), managed("read", allow("s3:Get*"))],
    )
    answer = ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/ben/x")
    assert verdicts(answer) == dict.fromkeys(["all", "not-action", "reader", "shared", "ben"], "allowed")
    kept_out = {one.name: one for one in answer.kept_out}
    assert set(kept_out) == {"denied", "bounded"}
    assert [one.effect for one in kept_out["denied"].statements] == ["Deny"]
    assert "boundary" in kept_out["bounded"].rule
    shared = next(one for one in answer.principals if one.name == "shared")
    assert [(one.policy.name, one.statement, one.layer) for one in shared.statements] == [("read", 0, Layer.IDENTITY)]


def test_untold_keys_make_conditions_and_told_ones_decide(tmp_path: Path) -> None:
    inside = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    content = snapshot(
        [
            role("office", allow("s3:GetObject", **inside)),
            role("both", allow("s3:GetObject", **inside), allow("s3:*", f"{BUCKET}/*")),
            role("guarded", allow("s3:*"), deny("s3:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})),
            role("never", allow("s3:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}})),
        ]
    )
    content["RoleDetailList"][2]["AssumeRolePolicyDocument"] = trust({"AWS": ID})
    answer = ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/x")
    assert verdicts(answer) == {"both": "allowed", "guarded": "conditional", "office": "conditional"}
    by_name = {one.name: one for one in answer.principals}
    assert [block.key for one in by_name["office"].statements for block in one.conditions] == ["aws:SourceIp"]
    assert not by_name["both"].unless and all(one.certain for one in by_name["both"].statements)
    assert [block.key for one in by_name["guarded"].unless for block in one.conditions] == [
        "aws:MultiFactorAuthPresent"
    ]
    told = {"aws:SourceIp": "198.51.100.7", "aws:MultiFactorAuthPresent": "true"}
    assert verdicts(ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/x", **told)) == {
        "both": "allowed",
        "guarded": "allowed",
    }


def test_a_role_whose_sessions_may_bring_tags_may_under_conditions(tmp_path: Path) -> None:
    tagged = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}
    lets = {"AssumeRolePolicyDocument": trust({"AWS": ROOT}, ["sts:AssumeRole", "sts:TagSession"])}
    content = snapshot(
        [role("session-tags", allow("s3:*", **tagged), **lets), role("fixed", allow("s3:*", **tagged))],
        [user("ben", allow("s3:*", **tagged), Tags=[{"Key": "team", "Value": "x"}])],
    )
    answer = ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/x")
    assert verdicts(answer) == {"ben": "allowed", "session-tags": "conditional"}


def test_scps_limit_all_but_service_linked_roles(tmp_path: Path) -> None:
    slr = role("AWSServiceRoleForX", allow("s3:*"), path="/aws-service-role/x.amazonaws.com/")
    content = snapshot(
        [slr, role("api", allow("s3:*"))], organization=scps([allow("*")], [allow("*"), deny("s3:Get*")])
    )
    answer = ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/x")
    assert verdicts(answer) == {"AWSServiceRoleForX": "allowed"}
    assert answer.principals[0].service_owned
    assert [one.policy.name for one in answer.kept_out[0].statements] == ["scp-1"]


def test_a_bucket_policy_lets_in_its_own_and_others(tmp_path: Path) -> None:
    policy = document(
        allow(
            "s3:GetObject",
            f"{BUCKET}/*",
            Principal={"AWS": [f"arn:aws:iam::{ID}:role/named", f"arn:aws:iam::{OTHER}:root"]},
        ),
        allow(
            "s3:GetObject",
            f"{BUCKET}/*",
            Principal={"Service": "logging.s3.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": ID}},
        ),
        allow("s3:PutObject", f"{BUCKET}/*", Principal="*"),
        deny("s3:*", f"{BUCKET}/*", Principal={"AWS": f"arn:aws:iam::{ID}:user/eve"}),
    )
    content = snapshot([role("named"), role("bystander")], [user("eve", allow("s3:*"))], resources={BUCKET: policy})
    answer = ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/x")
    assert verdicts(answer) == {"named": "allowed"}
    others = {one.name: (one.kind, one.verdict.value, one.own_side) for one in answer.others}
    assert others == {
        f"arn:aws:iam::{OTHER}:root": ("account", "allowed", True),
        "logging.s3.amazonaws.com": ("service", "conditional", False),
    }
    assert [one.name for one in answer.kept_out] == ["eve"]
    everyone = ask(tmp_path, content, "s3:PutObject", f"{BUCKET}/x")
    assert verdicts(everyone) == {"bystander": "allowed", "named": "allowed"}
    assert [(one.kind, one.verdict.value) for one in everyone.others] == [("everyone", "allowed")]


def test_a_key_policy_must_allow_by_itself(tmp_path: Path) -> None:
    delegating = document(allow("kms:*", Principal={"AWS": ROOT}))
    alone = document(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ID}:role/admin"}))
    roles = [role("admin"), role("user", allow("kms:Decrypt", KEY))]
    assert verdicts(ask(tmp_path, snapshot(roles, resources={KEY: delegating}), "kms:Decrypt", KEY)) == {
        "user": "allowed"
    }
    assert verdicts(ask(tmp_path, snapshot(roles, resources={KEY: alone}), "kms:Decrypt", KEY)) == {"admin": "allowed"}


def test_what_was_not_read_is_said_and_never_nobody(tmp_path: Path) -> None:
    content = snapshot([role("a", allow("dynamodb:*"))])
    del content["Rolescope"]["ResourcePolicies"]
    del content["UserDetailList"]
    answer = ask(tmp_path, content, "s3:GetObject", f"{BUCKET}/x")
    assert answer.principals == () and not answer.complete
    assert [reading.layer for reading in answer.unread if reading.layer is Layer.RESOURCE]
    assert any("users" in sentence for sentence in answer.not_listed)
    missing = ask(tmp_path, snapshot([role("b", **attached("gone"))]), "s3:GetObject", f"{BUCKET}/x")
    assert verdicts(missing) == {"b": "unknown"} and "gone" in missing.principals[0].rule


class Refused(SnapshotReader):
    """A reader that may list roles and look at none."""

    asked = 0

    def role(self, name: str) -> Reading[Role]:
        self.asked += 1
        return Reading("iam:GetRole", why=f"AWS denied iam:GetRole on {name}.")


def test_roles_without_details_are_read_one_by_one_up_to_a_number(tmp_path: Path) -> None:
    account, reader = opened(tmp_path, snapshot([role("a", allow("s3:*"))]))
    bare = replace(
        account,
        roles=(
            account.roles[0],
            replace(account.roles[0], name="bare", arn=f"arn:aws:iam::{ID}:role/bare", inline=None),
        ),
    )
    refused = Refused(reader.snapshot)
    answer = who_can(AccountIndex(bare, refused), "s3:GetObject", f"{BUCKET}/x")
    assert verdicts(answer) == {"a": "allowed", "bare": "unknown"}
    assert refused.asked == 1 and not answer.complete
    many = tuple(
        replace(account.roles[0], name=f"r{n}", arn=f"arn:aws:iam::{ID}:role/r{n}", inline=None) for n in range(300)
    )
    refused = Refused(reader.snapshot)
    answer = who_can(AccountIndex(replace(account, roles=many), refused), "s3:GetObject", f"{BUCKET}/x")
    assert set(verdicts(answer).values()) == {"unknown"} and len(answer.principals) == 300
    assert refused.asked == 0


def test_any_resource_says_which_and_lets_an_allow_and_its_deny_meet(tmp_path: Path) -> None:
    content = snapshot(
        [
            role("some", allow("s3:GetObject", [f"{BUCKET}/a/*", f"{BUCKET}/b/*"]), deny("s3:*", f"{BUCKET}/b/*")),
            role("none", allow("s3:GetObject", f"{BUCKET}/b/*"), deny("s3:*", f"{BUCKET}/*")),
            role("apart", allow("s3:GetObject", f"{BUCKET}/b/*"), **bounded("limit")),
            role("listing", allow("s3:ListAllMyBuckets", f"{BUCKET}/*")),
        ],
        policies=[managed("limit", allow("s3:*", "arn:aws:s3:::other/*"))],
    )
    answer = ask(tmp_path, content, "s3:GetObject")
    assert {one.name: one.resources for one in answer.principals} == {"some": (f"{BUCKET}/a/*",)}
    assert {one.name for one in answer.kept_out} == {"none", "apart"}
    assert verdicts(ask(tmp_path, content, "s3:ListAllMyBuckets")) == {}  # it works on no bucket


def test_a_pattern_of_actions_says_which(tmp_path: Path) -> None:
    content = snapshot(
        [role("a", allow(["s3:GetObject", "s3:PutObject"]), deny("s3:GetObject")), role("b", allow("ec2:*"))]
    )
    index = indexed(tmp_path, content)
    answer = who_can(index, "s3:*Object", f"{BUCKET}/x")
    assert [(one.name, list(catalogue().actions(one.action_set))) for one in answer.principals] == [
        ("a", ["s3:PutObject"])
    ]
    assert verdicts(who_can(index, "*")) == {"a": "allowed", "b": "allowed"}


def test_who_may_assume_a_role_and_what_it_may_assume(tmp_path: Path) -> None:
    caller = f"arn:aws:iam::{ID}:role/caller"
    content = snapshot(
        [
            role("named", AssumeRolePolicyDocument=trust({"AWS": caller})),
            role("delegated", AssumeRolePolicyDocument=trust({"AWS": ROOT})),
            role(
                "mfa",
                AssumeRolePolicyDocument=trust(
                    {"AWS": ROOT}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}
                ),
            ),
            role("closed"),
            role("orphan", AssumeRolePolicyDocument=trust({"AWS": "AROAGONE0000000000001"})),
            role(
                "caller",
                allow("sts:AssumeRole"),
                AssumeRolePolicyDocument=trust({"AWS": "AROAGONE0000000000001"}),
            ),
            role("bystander"),
        ]
    )
    index = indexed(tmp_path, content)
    assumable = {found[0].name: found[1].verdict.value for found in can_assume(index, caller) if found}
    assert assumable == {"named": "allowed", "delegated": "allowed", "mfa": "conditional"}
    for name, verdict in assumable.items():
        answer = who_can(index, "sts:AssumeRole", f"arn:aws:iam::{ID}:role/{name}")
        assert verdicts(answer) == {"caller": verdict}
    everything = who_can(index, "sts:AssumeRole")
    (only,) = everything.principals
    assert {one.rpartition("/")[2] for one in only.resources} == {"named", "delegated"}
    assert {one.rpartition("/")[2] for one in only.resources_if} == {"mfa"}
    assert {one.kind: one.verdict for one in everything.others} == {
        "service": AccessVerdict.ALLOWED,
        "unique-id": AccessVerdict.UNKNOWN,
    }


@pytest.mark.parametrize("action", ["", "GetObject", "s3:", "nowhere:Get", "s3:Nothing*", "s*:Get", "s3:Get Object"])
def test_what_is_no_action_is_refused(tmp_path: Path, action: str) -> None:
    with pytest.raises(QuestionError):
        ask(tmp_path, snapshot([]), action)


def test_an_action_that_aws_does_not_list_is_asked_for_with_a_note(tmp_path: Path) -> None:
    answer = ask(tmp_path, snapshot([role("a", allow("s3:*"))]), "s3:GetObjct", f"{BUCKET}/x")
    assert verdicts(answer) == {"a": "allowed"}
    assert "Did you mean s3:GetObject?" in answer.notes[0]


def _names(found: WhoCan) -> list[str]:
    return list(catalogue().actions(found.principals[0].action_set))


def test_what_is_denied_on_its_own_resource_is_not_said_of_any_other(tmp_path: Path) -> None:
    own = [allow("ec2:*"), allow("s3:GetObject", "arn:aws:s3:::a/*"), deny("s3:GetObject", "arn:aws:s3:::a/*")]
    found = who_can(indexed(tmp_path, snapshot([role("r", *own)])), "*", "*")
    assert "s3:GetObject" not in _names(found)
    assert "ec2:RunInstances" in _names(found)


def test_a_key_of_which_nobody_asked_for_the_policy_keeps_nobody_out(tmp_path: Path) -> None:
    key = f"arn:aws:kms:us-east-1:{ID}:key/1"
    index = indexed(tmp_path, snapshot([role("r", allow("kms:Decrypt", key))]))
    for action in ("kms:Decrypt", "kms:*", "*"):
        found = who_can(index, action, "*").principals
        assert [(one.name, one.verdict) for one in found] == [("r", AccessVerdict.CONDITIONAL)]


def test_roles_with_the_same_policies_are_told_apart_by_the_keys_that_these_hang_on(tmp_path: Path) -> None:
    on_team = {"StringEquals": {"aws:PrincipalTag/team": "a"}}
    policies = [managed("m", allow("s3:*", Condition=on_team)), managed("limit", allow("s3:GetObject"))]
    roles = [
        role("a", Tags=[{"Key": "team", "Value": "a"}], **attached("m")),
        role("a-bounded", Tags=[{"Key": "team", "Value": "a"}], **attached("m"), **bounded("limit")),
        role("b", Tags=[{"Key": "team", "Value": "b"}], **attached("m")),
        role("c", Tags=[{"Key": "team", "Value": "a"}], **attached("m")),
    ]
    found = {one.name: one for one in who_can(indexed(tmp_path, snapshot(roles, [], policies)), "*", "*").principals}
    assert set(found) == {"a", "a-bounded", "c"}
    assert found["a"].action_set == found["c"].action_set
    assert list(catalogue().actions(found["a-bounded"].action_set)) == ["s3:GetObject"]


def test_a_document_that_is_handed_in_stands_for_the_policy_that_the_account_has(tmp_path: Path) -> None:
    account, reader = opened(
        tmp_path, snapshot([role("r", **attached("m"))], [], [managed("m", allow("s3:GetObject"))])
    )
    changed = Document.from_value(document(allow("s3:PutObject")))
    held = account.roles[0]
    found = principal_layers(held, account, reader, {f"arn:aws:iam::{ID}:policy/m": (changed, "")})
    assert [policy.document for policy in found.policies.identity] == [changed]


# G6: over everything, an administrator is decided once for each class of actions that AWS's rules tell apart.
@pytest.mark.parametrize(
    ("condition", "organization", "most"),
    [
        ({}, None, 6),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, None, 9),
        ({}, {**scps([allow("*")]), "ResourceControlPolicies": []}, 6),
    ],
)
def test_everything_takes_few_decisions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, condition: dict[str, Any], organization: Any, most: int
) -> None:
    decisions = []
    decide = principal_answer.possible

    def counted(*asked: Any) -> Any:
        decisions.append(asked)
        return decide(*asked)

    monkeypatch.setattr(principal_answer, "possible", counted)
    more = {"Condition": condition} if condition else {}
    found = ask(tmp_path, snapshot([role("admin", allow("*", **more))], organization=organization), "*")
    assert [one.name for one in found.principals] == ["admin"] and 0 < len(decisions) <= most
