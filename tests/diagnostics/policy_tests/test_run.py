"""Policy tests evaluated: what passes, fails and is unknown, with the deciding statement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.policy_tests.policy_test import Outcome, Result
from diagnostics.policy_tests.read import read_tests
from diagnostics.policy_tests.report import messages
from diagnostics.policy_tests.run import run_tests
from iam.questions.index import AccountIndex
from tests.support.accounts.questions import ID, OTHER, allow, deny, document, opened, role, scps, snapshot, trust, user
from tests.support.oracles.policy_test_mutations import run

BUCKET = "arn:aws:s3:::b"
OBJECT, OBJECTS, SECRET = f"{BUCKET}/a", f"{BUCKET}/*", f"{BUCKET}/secret/a"
ROLE = f"arn:aws:iam::{ID}:role/"
IRELAND = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
GUARD = {**scps([allow("*")]), "ResourceControlPolicies": []}
ROLES = [
    role("api", allow("s3:GetObject", f"{BUCKET}/*"), deny("s3:GetObject", f"{BUCKET}/secret/*")),
    role("writer", allow("s3:PutObject", f"{BUCKET}/*", Condition=IRELAND)),
    role("admin", allow("*"), AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{ID}:user/ben"})),
    role("shared", AssumeRolePolicyDocument=trust({"AWS": f"arn:aws:iam::{OTHER}:root"})),
]  # fmt: skip
USERS = [user("ben", allow("sts:AssumeRole")), user("carla")]


def results(tmp_path: Path, tests: str, *, skip_unread: bool = False, **content: Any) -> list[Result]:
    given = {"organization": GUARD, "resources": {BUCKET: document()}, **content}
    saved = snapshot(ROLES, USERS, **given)
    if given["organization"] is None:
        del saved["Rolescope"]["Organization"]  # not read, which is not the same as none
    account, reader = opened(tmp_path, saved)
    return list(run_tests(read_tests(tests, "t.yaml"), AccountIndex(account, reader), skip_unread=skip_unread))


def one(tmp_path: Path, entry: str, **more: Any) -> Result:
    return results(tmp_path, f"tests: [{{{entry}}}]", **more)[0]


@pytest.mark.parametrize(
    ("principal", "action", "resource", "expect", "region", "outcome", "said"),
    [
        ("api", "s3:GetObject", OBJECT, "allowed", "", "passed",
         ""),
        ("api", "s3:GetObject", SECRET, "allowed", "", "failed",
         "Denied by identity policy inline, statement 2"),
        ("api", "s3:PutObject", OBJECT, "denied", "", "passed",
         ""),
        ("api", "s3:GetObject", OBJECT, "denied", "", "failed",
         "Allowed by inline, statement 1"),
        # A pattern is allowed only where all of it is, and denied only where none of it is.
        ("api", "s3:GetObject", OBJECTS, "allowed", "", "failed",
         "Denied"),
        ("api", "s3:GetObject", OBJECTS, "denied", "", "failed",
         "is allowed"),
        ("admin", "s3:Get*", OBJECTS, "allowed", "", "passed",
         ""),
        ("api", "s3:Get*", OBJECT, "allowed", "", "failed",
         "s3:Get"),
        ("api", "iam:*", "*", "denied", "", "passed",
         ""),
        # Conditions.
        ("writer", "s3:PutObject", OBJECT, "allowed", "", "unknown",
         "depends on aws:RequestedRegion"),
        ("writer", "s3:PutObject", OBJECT, "unknown", "", "passed",
         ""),
        ("writer", "s3:PutObject", OBJECT, "allowed", "eu-west-1", "passed",
         ""),
        ("writer", "s3:PutObject", OBJECT, "denied", "us-east-1", "passed",
         ""),
        # Principals.
        ("{not: [admin]}", "iam:CreateUser", "*", "denied", "", "passed",
         ""),
        ("{not: [api]}", "iam:CreateUser", "*", "denied", "", "failed",
         "admin: iam:CreateUser on * is allowed"),
        (f"arn:aws:iam::{ID}:user/*", "iam:CreateUser", "*", "denied", "", "passed",
         ""),
        ("nobody", "iam:CreateUser", "*", "denied", "", "failed",
         "No role or user"),
        ("x-*", "iam:CreateUser", "*", "denied", "", "failed",
         "No role or user"),
        # Trust policies.
        ("ben", "sts:AssumeRole", ROLE + "admin", "allowed", "", "passed",
         ""),
        ("carla", "sts:AssumeRole", ROLE + "*", "denied", "", "passed",
         ""),
        ("ben", "sts:AssumeRole", ROLE + "*", "denied", "", "failed",
         "role/admin is allowed"),
        ("lambda.amazonaws.com", "sts:AssumeRole", ROLE + "api", "allowed", "", "passed",
         ""),
        ("ec2.amazonaws.com", "sts:AssumeRole", ROLE + "api", "denied", "", "passed",
         ""),
        (f"arn:aws:iam::{OTHER}:role/x", "sts:AssumeRole", ROLE + "admin", "denied", "", "passed",
         ""),
        (f"arn:aws:iam::{OTHER}:role/x", "sts:AssumeRole", ROLE + "shared", "denied", "", "unknown",
         f"account {OTHER}"),
        # A test that can never fail is no test.
        ("api", "dynamodb:Query", OBJECT, "denied", "", "failed",
         "never acts on"),
    ],
)  # fmt: skip
def test_an_outcome_and_its_reason(
    tmp_path: Path, principal: str, action: str, resource: str, expect: str, region: str, outcome: str, said: str
) -> None:
    who = principal if principal.startswith("{") else json.dumps(principal)
    context = json.dumps({"aws:RequestedRegion": region} if region else {})
    entry = f"principal: {who}, action: '{action}', resource: '{resource}', context: {context}, expect: {expect}"
    found = one(tmp_path, entry)
    assert found.outcome == outcome, messages(found)
    assert said in " ".join(messages(found))


READ = f"principal: api, action: s3:GetObject, resource: '{OBJECT}'"


@pytest.mark.parametrize(
    ("content", "expect", "said"),
    [
        ({"organization": None}, "allowed", "organization"),
        ({"resources": {}}, "allowed", "does not contain the policy of"),
        ({"resources": {}}, "denied", "is allowed"),
    ],
)
def test_what_was_not_read_is_unknown(tmp_path: Path, content: dict[str, Any], expect: str, said: str) -> None:
    found = one(tmp_path, f"{READ}, expect: {expect}", **content)
    assert found.outcome is Outcome.OPEN and found.differing[0].depends_on
    if expect == "allowed":
        assert said in " ".join(messages(found))
        assert one(tmp_path, f"{READ}, expect: allowed", skip_unread=True, **content).outcome is Outcome.PASSED


def test_an_unread_resource_policy_may_allow_what_no_other_policy_does(tmp_path: Path) -> None:
    entry = f"principal: carla, action: s3:GetObject, resource: '{BUCKET}/a', expect: denied"
    assert one(tmp_path, entry).outcome is Outcome.PASSED
    assert one(tmp_path, entry, resources={}).outcome is Outcome.OPEN
    assert one(tmp_path, entry, resources={}, skip_unread=True).outcome is Outcome.PASSED


def test_a_bucket_policy_counts_for_every_object(tmp_path: Path) -> None:
    carla = f"arn:aws:iam::{ID}:user/carla"
    given = {BUCKET: document(allow("s3:GetObject", f"{BUCKET}/*", Principal={"AWS": carla}))}
    for resource in (f"{BUCKET}/*", "*"):
        entry = f"principal: carla, action: s3:GetObject, resource: '{resource}', expect: denied"
        assert one(tmp_path, entry, resources=given).outcome is Outcome.FAILED
        assert one(tmp_path, entry).outcome is Outcome.PASSED


def test_exactly_the_right_tests_fail_under_mutated_policies(tmp_path: Path) -> None:
    """A slice of `python -m tests.support.oracles.policy_test_mutations 100`: sixty tests over all forms."""
    failed, wrong = run(8, 3232, tmp_path)
    assert failed >= 8 and wrong == []
