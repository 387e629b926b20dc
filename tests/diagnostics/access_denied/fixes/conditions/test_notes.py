"""A condition that is not met: who can change what it asks for, and what looks like a slip of whoever wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.fixes.conditions.notes import advice_of
from diagnostics.fix import Fix
from diagnostics.who import Who
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, allow, document, role, role_arn, service, session, trust
from tests.support.denials.invented import denied, diagnosis_of, no, read

OBJECT = "arn:aws:s3:::alder-letters/1"


def fixes(tmp_path: Path, condition: dict[str, Any], **context: str) -> tuple[Fix, ...]:
    content = alder.snapshot()
    policy = document(allow("s3:GetObject", "arn:aws:s3:::alder-letters/*", "Letters", **condition))
    content["RoleDetailList"].append(role("teller", service("lambda"), path="/svc/", inline={"letters": policy}))
    account = read(tmp_path / "alder.json", content)
    text = denied(session("teller"), "s3:GetObject", f'"{OBJECT}"', no("identity-based policy", "s3:GetObject"))
    return diagnosis_of(text, account, **context).fixes


@pytest.mark.parametrize(
    ("key", "who"),
    [
        ("aws:SourceIp", Who.CALLER),
        ("aws:CurrentTime", None),
        ("aws:PrincipalArn", None),
        ("AWS:PrincipalOrgID", None),
        ("s3:ExistingObjectTag/team", Who.RESOURCE_OWNER),
        ("secretsmanager:ResourceTag/team", Who.RESOURCE_OWNER),
        ("events:source", Who.CALLER),
    ],
)
def test_who_can_change_a_value(key: str, who: Who | None) -> None:
    assert advice_of(key).who is who


def test_what_the_caller_can_choose_is_evaluated(tmp_path: Path) -> None:
    (first,) = fixes(tmp_path, {"IpAddress": {"aws:SourceIp": "10.2.0.0/16"}}, aws__SourceIp="203.0.113.9")
    assert (first.who, first.verified) == (Who.CALLER, True)
    assert first.title.startswith("Call from an address in 10.2.0.0/16")


def test_what_nobody_can_choose_is_asked_of_the_policys_keeper(tmp_path: Path) -> None:
    (first,) = fixes(tmp_path, {"DateLessThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}})
    assert (first.who, first.verified) == (Who.ACCOUNT_ADMIN, None)
    wanted = "it wants aws:CurrentTime to be before 2025-01-01T00:00:00Z"
    assert first.title == f"Ask the owner of letters to allow teller: {wanted}"


def test_a_path_that_lacks_a_segment_looks_like_a_slip(tmp_path: Path) -> None:
    slip, note = fixes(tmp_path, {"ArnEquals": {"aws:PrincipalArn": role_arn("teller")}})
    assert (slip.who, slip.verified) == (Who.ACCOUNT_ADMIN, True)
    assert "the segment svc is missing" in slip.title
    assert slip.after is not None and role_arn("teller", "/svc/") in slip.after.text
    assert note.title.startswith("Ask the owner of letters")


def test_two_conditions_are_both_needed(tmp_path: Path) -> None:
    both = {"IpAddress": {"aws:SourceIp": "10.2.0.0/16"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}
    found = fixes(tmp_path, both, aws__SourceIp="203.0.113.9", aws__SourceVpc="vpc-2")
    assert [fix.together and fix.together.count for fix in found] == [2, 2]


def github(tmp_path: Path, wanted: str, had: str) -> tuple[Fix, ...]:
    provider = f"arn:aws:iam::{ID}:oidc-provider/token.actions.githubusercontent.com"
    key = "token.actions.githubusercontent.com"
    condition = {"StringEquals": {f"{key}:sub": wanted, f"{key}:aud": "sts.amazonaws.com"}}
    content = alder.snapshot()
    content["RoleDetailList"].append(
        role("deploy", trust({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", **condition))
    )
    content["Rolescope"]["OpenIDConnectProviders"] = [
        {"Arn": provider, "Url": key, "ClientIDList": ["sts.amazonaws.com"]}
    ]
    account = read(tmp_path / "alder.json", content)
    told = {
        "token.actions.githubusercontent.com:sub": had,
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    }
    text = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
    return diagnosis_of(
        text, account, "deploy", **{name.replace(":", "__"): value for name, value in told.items()}
    ).fixes


def test_the_callers_way_comes_before_a_loosened_trust(tmp_path: Path) -> None:
    way, loosened = github(tmp_path, "repo:o/r:environment:prod", "repo:o/r:pull_request")
    assert (way.who, way.verified) == (Who.CALLER, True)
    assert "before anybody has reviewed the code" in loosened.cautions[0]
    assert "limited to the environment prod" in loosened.cautions[1]


def test_a_subject_that_differs_in_letters_only_is_named(tmp_path: Path) -> None:
    first = github(tmp_path, "repo:Acme/Shop:ref:refs/heads/main", "repo:acme/shop:ref:refs/heads/main")[0]
    assert first.verified and "they differ only in upper and lower case" in first.title


def test_other_ids_are_another_repository(tmp_path: Path) -> None:
    first = github(tmp_path, "repo:acme@1/shop@2:ref:refs/heads/main", "repo:acme@9/shop@8:ref:refs/heads/main")[0]
    assert first.who is Who.CALLER
