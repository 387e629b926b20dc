"""Proposed and appended policy tests are read back as what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.policy_tests.policy_test import Expectation, Outcome
from diagnostics.policy_tests.read import read_tests
from diagnostics.policy_tests.run import run_tests
from diagnostics.policy_tests.write import Proposal, appended, entry_text, file_text, proposal_of, proposals
from iam.claims import Source, Sourced
from iam.questions.index import AccountIndex
from tests.support.accounts.questions import ID, allow, opened, role, scps, snapshot

ONE = Proposal("a: b", ("s3:GetObject",), ("*",), Expectation.DENIED, {"aws:SourceIp": ("1", "2")}, name="# - 'x'")


def test_a_written_file_is_read_back() -> None:
    (read,) = read_tests(file_text([ONE], "heading"), "f")
    assert (read.principals.names, read.name, read.context) == (("a: b",), "# - 'x'", {"aws:SourceIp": ("1", "2")})


@pytest.mark.parametrize(
    "before", ["", "tests:\n- principal: x\n  action: s3:GetObject\n  expect: denied", file_text([ONE])]
)
def test_an_entry_is_appended_to_any_list(before: str) -> None:
    text = appended(before, entry_text(ONE))
    assert text.startswith(before.rstrip("\n"))
    assert read_tests(text, "f")[-1].name == ONE.name


def test_nothing_is_appended_to_another_form() -> None:
    with pytest.raises(ValueError, match="nothing was appended"):
        appended('{"tests": []}', entry_text(ONE))


def test_a_refused_request_is_a_test_without_its_guesses() -> None:
    def value(text: str, source: Source = Source.TEXT) -> Sourced[Any]:
        return Sourced(text, source)

    request = {
        "principal": value(f"arn:aws:sts::{ID}:assumed-role/api/i-0abc"),
        "action": value("s3:GetObject"),
        "resource": value("arn:aws:s3:::b/k"),
        "aws:RequestedRegion": value("eu-west-1"),
        "aws:SourceIp": value("192.0.2.1", Source.GUESS),
        "aws:PrincipalAccount": value(ID),
    }
    found = proposal_of(request, "identity.no-action")
    assert found is not None
    assert (found.principal, found.resources, found.expect) == ("api", ("arn:aws:s3:::b/k",), Expectation.ALLOWED)
    assert dict(found.context) == {"aws:RequestedRegion": ("eu-west-1",)}
    assert proposal_of({"action": value("s3:GetObject")}, "x") is None


def test_what_roles_used_is_proposed_and_passes(tmp_path: Path) -> None:
    arn = f"arn:aws:iam::{ID}:role/api"
    used = [{"ActionName": "GetBucketPolicy", "LastAccessedTime": "2026-10-01T00:00:00Z"}]
    last = {arn: [{"ServiceNamespace": "s3", "TrackedActionsLastAccessed": used}]}
    content = snapshot(
        [role("api", allow("s3:GetBucket*", "arn:aws:s3:::b"))],
        organization={**scps([allow("*")]), "ResourceControlPolicies": []},
        resources={"arn:aws:s3:::b": {"Version": "2012-10-17", "Statement": []}},
    )
    content["Rolescope"]["LastAccessed"] = last
    account, reader = opened(tmp_path, content)
    index = AccountIndex(account, reader)
    proposed = list(proposals(index))
    assert [(each.principal, each.actions, each.resources) for each in proposed] == [
        ("api", ("s3:GetBucketPolicy",), ("arn:aws:s3:::b",))
    ]
    (result,) = run_tests(read_tests(file_text(proposed), "f"), index)
    assert result.outcome is Outcome.PASSED
