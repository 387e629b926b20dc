"""``rolescope diff`` and ``rolescope what-if``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.differences.what_if import WhatIfError, WhatIfUnread, put, remove
from iam.policy.document import Document
from tests.support.accounts.questions import ID, allow, attached, deny, document, managed, opened, role, scps, trust
from tests.support.accounts.reviewing import snapshot
from tests.support.accounts.trail_records import record
from tui.cli import main

ONE, TWO = (f"arn:aws:iam::{ID}:role/{name}" for name in ("one", "two"))
TOOLS = f"arn:aws:iam::{ID}:policy/tools"


def account(*roles: dict[str, Any], policies: list[Any] | None = None) -> dict[str, Any]:
    organization = {**scps([allow("*")]), "ResourceControlPolicies": []}
    return snapshot(list(roles), [], policies or [managed("tools", allow("s3:GetObject"))], organization=organization)


def saved(tmp_path: Path, name: str, content: object) -> str:
    path = tmp_path / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def what_if(capsys: pytest.CaptureFixture[str], snapshot_file: str, *words: str) -> dict[str, Any]:
    assert main(["--snapshot", snapshot_file, "what-if", "--json", *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def actions(one: dict[str, Any], kind: str) -> set[str]:
    return {name for each in one[kind] for name in each["actions"]}


def test_an_scp_takes_from_those_who_had_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, "a.json", account(role("one", allow("s3:PutObject")), role("two", allow("sqs:SendMessage"))))
    scp = saved(tmp_path, "scp.json", document(deny("s3:*")))
    (lost,) = what_if(capsys, file, "--policy", scp, "--at", "t-0", "--kind", "scp")["principals"]
    assert lost["arn"] == ONE and actions(lost, "lost") == {"s3:PutObject"} and not lost["gained"]
    assert main(["--snapshot", file, "what-if", "--policy", scp, "--at", "ou-none"]) == 2
    assert "t-0" in capsys.readouterr().err


def test_a_keys_policy_that_was_not_read_is_not_one_that_grants_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = saved(tmp_path, "a.json", account(role("one", allow("kms:*")), role("two", allow("s3:*"))))
    scp = saved(tmp_path, "scp.json", document(deny("kms:Decrypt")))
    (lost,) = what_if(capsys, file, "--policy", scp, "--at", "t-0", "--kind", "scp")["principals"]
    assert lost["arn"] == ONE and actions(lost, "lost") == {"kms:Decrypt"}


def test_those_who_lose_alike_stand_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roles = [role(f"r{number}", allow("*")) for number in range(8)]
    file = saved(tmp_path, "a.json", account(*roles, role("one", allow("sqs:SendMessage")), role("two", allow("s3:*"))))
    scp = saved(tmp_path, "scp.json", document(deny(["sqs:*", "sns:*"])))
    assert main(["--snapshot", file, "what-if", "--policy", scp, "--at", "t-0", "--kind", "scp"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "Of 10 roles and users 9 lose something."
    assert said[3] == "8 alike: role/r0, role/r1, role/r2, role/r3, role/r4 and 3 more"
    assert said.count(f"arn:aws:iam::{ID}:role/one") == 1 and not any("two" in line for line in said)


def test_an_scp_takes_the_way_into_a_role(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a role's trust policy gives to the account, or to one role, hangs on the other's policies and SCPs too."""
    named, other = trust({"AWS": ONE}), trust({"AWS": f"arn:aws:iam::{ID}:root"})
    able = [role(name, allow("sts:AssumeRole")) for name in ("one", "two")]
    roles = [role("named", AssumeRolePolicyDocument=named), role("any", AssumeRolePolicyDocument=other)]
    file = saved(tmp_path, "a.json", account(*able, *roles, role("idle")))
    scp = saved(tmp_path, "scp.json", document(deny("sts:AssumeRole")))
    found = what_if(capsys, file, "--policy", scp, "--at", "t-0", "--kind", "scp")["assuming"]
    assert {(one["role"].rpartition("/")[2], *one["lost"]) for one in found} == {("named", ONE), ("any", ONE, TWO)}
    assert not any(one["gained"] for one in found)
    rest = what_if(capsys, file, "--remove", "--at", TWO, "--policy", "inline")["assuming"]
    assert [(one["role"].rpartition("/")[2], one["lost"]) for one in rest] == [("any", [TWO])]


def test_recorded_calls_that_a_guardrail_would_have_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The region stands in the record; a call that was refused, or that nothing grants, is none that is lost."""
    able = [role("one", allow("sqs:*")), role("two", allow("sqs:*"))]
    file = saved(tmp_path, "a.json", account(*able))
    regions = {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}
    spared = {"ArnNotLike": {"aws:PrincipalArn": TWO}}
    scp = saved(tmp_path, "scp.json", document(deny("*", Condition={**regions, **spared})))
    queue = {"queueUrl": f"https://sqs.us-east-1.amazonaws.com/{ID}/jobs"}

    def call(arn: str = ONE, name: str = "DeleteQueue", region: str = "us-east-1", **more: Any) -> dict[str, Any]:
        return record("sqs", name, queue, role=arn, role_id="", region=region, **more)

    records = [call(), call(), call(region="eu-west-1"), call(TWO), call(error="AccessDenied"), call(f"{ONE}x")]
    records += [record("sns", "CreateTopic", {"name": "x"}, role=ONE, role_id="")]
    (tmp_path / "trail").mkdir()
    (tmp_path / "trail" / "1.json").write_text(json.dumps({"Records": records}), encoding="utf-8")
    (tmp_path / "trail" / "2.json.gz").write_bytes(b"\x1f\x8bcut off")
    words = ["--policy", scp, "--at", "t-0", "--kind", "scp", "--trail", str(tmp_path / "trail")]
    found = what_if(capsys, file, *words)["recorded"]
    assert (found["events"], found["calls"], found["refused"], found["not_granted"]) == (7, 5, 2, 1)
    (lost,) = found["roles"]
    on = f"arn:aws:sqs:us-east-1:{ID}:jobs"
    assert lost["role"] == ONE and lost["refused"] == [{"action": "sqs:DeleteQueue", "resource": on, "calls": 2}]
    assert any("2.json.gz" in each for each in found["problems"])
    assert "Not evaluated: 1 record of users, services and others." in found["problems"]
    assert main(["--snapshot", file, "what-if", *words]) == 0
    assert "2 of 5 recorded calls of roles would have been denied." in capsys.readouterr().out


def test_a_policy_changed_and_taken_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, "a.json", account(role("one", **attached("tools")), role("two")))
    wider = saved(tmp_path, "wider.json", document(allow(["s3:GetObject", "s3:PutObject"])))
    (gained,) = what_if(capsys, file, "--policy", wider, "--at", TOOLS)["principals"]
    assert gained["arn"] == ONE and actions(gained, "gained") == {"s3:PutObject"} and not gained["lost"]
    (lost,) = what_if(capsys, file, "--remove", "--at", TOOLS)["principals"]
    assert actions(lost, "lost") == {"s3:GetObject"}
    (lost,) = what_if(capsys, file, "--remove", "--policy", "tools", "--at", ONE)["principals"]
    assert actions(lost, "lost") == {"s3:GetObject"}
    nobody = what_if(capsys, file, "--policy", wider, "--at", TWO, "--kind", "boundary")
    assert nobody["principals"] == []


def test_a_boundary_and_a_trust_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, "a.json", account(role("one", allow(["s3:PutObject", "sqs:SendMessage"])), role("two")))
    limit = saved(tmp_path, "limit.json", document(allow("s3:*")))
    (lost,) = what_if(capsys, file, "--policy", limit, "--at", ONE, "--kind", "boundary")["principals"]
    assert actions(lost, "lost") == {"sqs:SendMessage"}
    open_it = saved(tmp_path, "trust.json", trust({"AWS": ONE}))
    found = what_if(capsys, file, "--policy", open_it, "--at", TWO)
    assert found["assuming"] == [
        {"role": TWO, "gained": [ONE], "lost": ["lambda.amazonaws.com"], "fully_computed": True}
    ]


def test_two_snapshots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = saved(tmp_path, "a.json", account(role("one", allow("s3:GetObject")), role("gone")))
    wide = trust({"AWS": "*"})
    after = saved(
        tmp_path,
        "b.json",
        account(role("one", allow("sqs:SendMessage")), role("two", AssumeRolePolicyDocument=wide)),
    )
    assert main(["diff", before, after, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {(one["change"], one["arn"].rpartition("/")[2]) for one in found["entities"]} == {
        ("changed", "one"), ("removed", "gone"), ("added", "two"),
    }  # fmt: skip
    (one,) = found["principals"]
    assert actions(one, "gained") == {"sqs:SendMessage"} and actions(one, "lost") == {"s3:GetObject"}
    assert "trust.public" in {each["rule"] for each in found["findings"]["new"]}
    assert main(["diff", before, after, "--fail-on", "medium"]) == 1
    assert main(["diff", before, before, "--fail-on", "info"]) == 0
    assert "No role, user, group or policy differs." in capsys.readouterr().out
    assert main(["diff", before, str(tmp_path / "none.json")]) == 2


def test_what_one_side_does_not_tell_is_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = account(role("one", allow("s3:GetObject"), **attached("tools")))
    before = saved(tmp_path, "a.json", whole)
    bare = json.loads(json.dumps(whole))
    del bare["Rolescope"]["Organization"], bare["Policies"]
    after = saved(tmp_path, "b.json", bare)
    assert main(["diff", before, after, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["entities"] == [] and found["unread"]
    assert all(one["error"] and not one["gained"] and not one["lost"] for one in found["principals"])


def test_what_was_not_read_of_a_role_is_not_taken_for_none(tmp_path: Path) -> None:
    whole, _ = opened(tmp_path, account(role("one", **attached("tools")), role("two", **attached("tools"))))
    bare = tuple(replace(each, attached=None) if each.arn == TWO else each for each in whole.roles)
    partly = replace(whole, roles=bare)
    with pytest.raises(WhatIfUnread, match="The policies of two could not be read"):
        put(partly, Document.from_value(document(allow("sqs:*"))), TWO)
    with pytest.raises(WhatIfUnread, match="The policies of two could not be read"):
        remove(partly, TWO, "tools")
    assert remove(partly, TOOLS).sentence == "The policy tools is detached from everyone of those that were read."
    assert remove(whole, TOOLS).sentence == "The policy tools is detached from everyone."


@pytest.mark.parametrize(
    ("at", "unread", "said"),
    [
        (f"arn:aws:iam::{ID}:user/jo", {"users": None}, "Not all users of the account could be read"),
        (f"arn:aws:iam::{ID}:group/crew", {"incomplete": frozenset({"groups"})}, "Not all groups"),
        (f"arn:aws:iam::{ID}:policy/none", {"policies": None}, "Not all policies"),
        (f"arn:aws:iam::{ID}:role/none", {"incomplete": frozenset({"roles"})}, "Not all roles"),
        ("r-ab12", {"organization": None}, "policies of the organization could not be read"),
    ],
)
def test_what_would_be_changed_may_be_unread(tmp_path: Path, at: str, unread: dict[str, Any], said: str) -> None:
    whole, _ = opened(tmp_path, account(role("one", **attached("tools"))))
    given = Document.from_value(document(allow("sqs:*")))
    with pytest.raises(WhatIfUnread, match=said):
        put(replace(whole, **unread), given, at)
    whole = replace(whole, users=whole.users or (), groups=whole.groups or (), policies=whole.policies or ())
    with pytest.raises(WhatIfError) as error:
        put(whole, given, at)
    assert not isinstance(error.value, WhatIfUnread)


def test_what_if_of_what_could_not_be_read_ends_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = account(role("one", **attached("tools")))
    del content["Rolescope"]["Organization"]
    snapshot, policy = saved(tmp_path, "a.json", content), tmp_path / "p.json"
    policy.write_text(json.dumps(document(allow("sqs:*"))))
    assert main(["what-if", "--snapshot", snapshot, "--policy", str(policy), "--at", "r-ab12"]) == 3
    assert main(["what-if", "--snapshot", snapshot, "--policy", str(policy), "--at", TWO]) == 2
    err = capsys.readouterr().err
    assert "could not be read" in err and f"There is no {TWO}" in err
    aws = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert main(["what-if", "--snapshot", snapshot, "--policy", str(policy), "--at", aws]) == 2


def test_a_guardrail_is_taken_from_one_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = account(role("one", allow("s3:GetObject")))
    content["Rolescope"]["Organization"] = {**scps([allow("*")], [allow("*")]), "ResourceControlPolicies": []}
    whole, _ = opened(tmp_path, content)
    changed = remove(whole, "t-1", "scp-1")
    assert changed.sentence == "The SCP scp-1 is detached from t-1."
    organization = changed.account.organization
    assert organization is not None and organization.scps is not None
    assert [len(level.policies) for level in organization.scps] == [1, 0]
    for at, name, said in (("t-1", "", "needs --policy"), ("t-9", "scp-1", "neither"), ("t-1", "none", "not attached")):
        with pytest.raises(WhatIfError, match=said):
            remove(whole, at, name)
    file = saved(tmp_path, "a.json", content)
    (lost,) = what_if(capsys, file, "--remove", "--policy", "scp-1", "--at", "t-1")["principals"]
    assert actions(lost, "lost") == {"s3:GetObject"}


def test_what_is_tightened_reads_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = saved(tmp_path, "a.json", account(role("one", allow("s3:GetObject"))))
    tls = saved(tmp_path, "tls.json", document(deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})))
    assert main(["--snapshot", file, "what-if", "--policy", tls, "--at", ONE]) == 0
    said = capsys.readouterr().out
    assert "- lost in some cases: s3:GetObject on arn:aws:s3:::*/*, if the request uses plain HTTP" in said
    mine = saved(tmp_path, "mine.json", document(allow("sqs:SendMessage", "arn:aws:sqs:us-east-1:444455556666:q")))
    assert main(["--snapshot", file, "what-if", "--policy", mine, "--at", ONE]) == 0
    said = capsys.readouterr().out
    assert (
        "+ gained: sqs:SendMessage on arn:aws:sqs:us-east-1:444455556666:q, if account 444455556666 allows it" in said
    )


def test_a_policy_attached_a_boundary_for_a_path_and_a_role_deleted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opener = {"AssumeRolePolicyDocument": trust({"AWS": [f"arn:aws:iam::{ID}:root", "arn:aws:iam::444455556666:root"]})}
    roles = [
        role("one", allow("s3:*")),
        role("two", allow("sts:AssumeRole")),
        role("app", allow("sqs:*"), path="/app/"),
    ]
    roles += [role("web", allow("sqs:*"), allow("s3:GetObject"), path="/app/"), role("door", allow("ec2:*"), **opener)]
    file = saved(tmp_path, "a.json", account(*roles))
    (gained,) = what_if(capsys, file, "--policy", TOOLS, "--at", TWO)["principals"]
    assert gained["arn"] == TWO and actions(gained, "gained") == {"s3:GetObject"}
    arn = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"
    (gained,) = what_if(capsys, file, "--policy", arn, "--at", TWO)["principals"]
    assert "sqs:ListQueues" in actions(gained, "gained")
    found = what_if(capsys, file, "--policy", TOOLS, "--kind", "boundary", "--at", f"arn:aws:iam::{ID}:role/app/*")
    assert found["change"] == f"tools is the boundary of each of 2 at arn:aws:iam::{ID}:role/app/*."
    lost = {one["arn"].rpartition("/")[2]: actions(one, "lost") for one in found["principals"]}
    assert set(lost) == {"app", "web"} and "sqs:SendMessage" in lost["web"] and "s3:GetObject" not in lost["web"]
    door = f"arn:aws:iam::{ID}:role/door"
    found = what_if(capsys, file, "--remove", "--at", door)
    assert [one["arn"] for one in found["principals"]] == [door] and actions(found["principals"][0], "lost")
    (assuming,) = found["assuming"]
    assert (
        assuming["role"] == door and TWO in assuming["lost"] and any("444455556666" in one for one in assuming["lost"])
    )
    for words in (
        ("--policy", TOOLS, "--at", "t-0"),
        ("--policy", f"{TOOLS}-none", "--at", TWO),
        ("--remove", "--at", f"{TWO}-none"),
    ):
        assert main(["--snapshot", file, "what-if", *words]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
