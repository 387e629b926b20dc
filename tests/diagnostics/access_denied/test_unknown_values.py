"""What hangs on a value that nobody told is asked for, and never certain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder
from tests.support.accounts.alder import document

REGIONS = {
    "Sid": "GRREGIONDENY",
    "Effect": "Deny",
    "NotAction": ["iam:*", "sts:*", "organizations:*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1"]}},
}
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
OBJECT = "arn:aws:s3:::ward/x"


def diagnosis(folder: Path, role: dict[str, Any], *scps: dict[str, Any], **told: str) -> Diagnosis:
    content = alder.snapshot()
    content["RoleDetailList"].append(role)
    own = content["Rolescope"]
    own["ResourcePolicies"] = {"arn:aws:s3:::ward": None}
    policies = [{"Arn": "arn:aws:organizations::1:policy/p", "Name": "guard", "Document": document(ALL, *scps)}]
    own["Organization"]["ServiceControlPolicies"] = [{"Target": "r-1", "Policies": policies}]
    own["Organization"]["ResourceControlPolicies"] = []
    own["VpcEndpoints"] = []
    reader = open_snapshot(alder.write(folder / "account.json", content))
    text = f'User: {alder.session(role["RoleName"])} is not authorized to perform: s3:GetObject on resource: "{OBJECT}"'
    context = {key.replace("__", ":"): (value,) for key, value in told.items()}
    return collect(read_text(text)[0], OpenedAccount(list(reader.accounts())[-1], reader), context)


def asked(found: Diagnosis) -> list[str]:
    return [question.key for question in found.verdict.questions]


def test_a_trust_policy_that_cannot_be_read_stops_nothing(tmp_path: Path) -> None:
    broken = {"Statement": [{"Effect": "Maybe", "Principal": {"AWS": "555566667777"}, "Action": "sts:AssumeRole"}]}
    found = diagnosis(tmp_path, alder.role("reader", broken, inline={"own": document()}))
    assert found.verdict.cause == "identity.no-action"


def test_a_region_that_nobody_told_is_unknown_and_not_absent(tmp_path: Path) -> None:
    role = alder.role("reader", alder.service("ec2"), inline={"own": document(ALL)})
    found = diagnosis(tmp_path, role, REGIONS)
    assert (found.verdict.cause, found.verdict.confidence) == ("scp.explicit-deny", Confidence.UNKNOWN)
    assert asked(found) == ["aws:RequestedRegion"] and not any(fix.verified for fix in found.fixes)
    assert diagnosis(tmp_path, role, REGIONS, aws__RequestedRegion="eu-central-1").verdict.cause == "allowed.now"


def test_an_endpoint_that_nothing_speaks_of_is_a_guess_and_said_to_be(tmp_path: Path) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(alder.role("reader", alder.service("ec2"), inline={"own": document(ALL)}))
    content["Rolescope"]["ResourcePolicies"] = {"arn:aws:s3:::ward": None}
    content["Rolescope"]["Organization"]["ServiceControlPolicies"] = []
    content["Rolescope"]["Organization"]["ResourceControlPolicies"] = []
    content["Rolescope"]["VpcEndpoints"] = [
        {
            "Id": "vpce-1",
            "ServiceName": "com.amazonaws.eu-central-1.s3",
            "Document": document({**ALL, "Principal": "*", "Resource": "arn:aws:s3:::other/*"}),
        }
    ]
    reader = open_snapshot(alder.write(tmp_path / "account.json", content))
    text = f'User: {alder.session("reader")} is not authorized to perform: s3:GetObject on resource: "{OBJECT}"'
    found = collect(read_text(text)[0], OpenedAccount(list(reader.accounts())[-1], reader), {})
    assert (found.verdict.cause, found.verdict.confidence) == ("vpce.resource-mismatch", Confidence.UNKNOWN)
    assert found.verdict.summary.startswith("If the call came through vpce-1 (nothing says so): ")


def test_a_variable_that_only_the_session_knows(tmp_path: Path) -> None:
    own = {**ALL, "Resource": "arn:aws:s3:::ward/${cognito-identity.amazonaws.com:sub}"}
    trust = document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
        }
    )
    found = diagnosis(tmp_path, alder.role("player", trust, inline={"own": document(own)}))
    assert found.verdict.cause == "identity.condition-unknown"
    assert found.verdict.confidence is not Confidence.CERTAIN
    (question,) = found.verdict.questions
    assert (question.key, question.wanted) == ("cognito-identity.amazonaws.com:sub", ("x",))
    # A role that no such token can assume has no value for it.
    found = diagnosis(tmp_path, alder.role("other", alder.service("ec2"), inline={"own": document(own)}))
    assert found.verdict.cause == "identity.unresolved-variable" and not asked(found)
