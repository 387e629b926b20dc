"""A statement that is added asks for what the one asks for that it is modelled on, and is evaluated so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.fix import Fix, FixKind, UnknownValue
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, allow, document, role, role_arn, service, session, trust, user
from tests.support.denials.invented import Read, denied, diagnosis_of, no, read
from tests.support.denials.of_demo import administrator

__all__ = ["administrator"]

DEMO = "arn:aws:iam::111122223333:role"
MANAGER = "arn:aws:sts::111122223333:assumed-role/release-manager/b"
OWN = "arn:aws:s3:::alder-app/${cognito-identity.amazonaws.com:sub}/*"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def content() -> dict[str, Any]:
    c = alder.snapshot()
    root = trust({"AWS": f"arn:aws:iam::{ID}:root"})
    cognito = trust({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity")
    guarded = document(allow("s3:GetObject", "arn:aws:s3:::alder-letters/in/*", "Letters", **MFA))
    c["RoleDetailList"] += [
        role("reader", root, inline={"letters": guarded}),
        role("app", cognito, inline={"own": document(allow("s3:GetObject", OWN))}),
        role("passer", root, inline={"none": document(allow("sqs:ListQueues"))}),
        role("admin-of-all", service("glue"), inline={"all": document(allow("*", "*", **MFA))}),
        role("for-glue", service("glue")),
        role("for-nobody", root),
    ]
    c["UserDetailList"].append(user("ursula", inline={"letters": guarded}))
    return c


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("alder") / "alder.json", content())


def fixes(who: str, action: str, resource: str, account: Read, **context: str) -> tuple[Fix, ...]:
    text = denied(who, action, f'"{resource}"', no("identity-based policy", action))
    return diagnosis_of(text, account, **context).fixes


def condition(fix: Fix) -> Any:
    return json.loads(fix.text).get("Condition")


def test_mfa_is_kept_and_asked_for(account: Read) -> None:
    first = fixes(session("reader"), "s3:GetObject", "arn:aws:s3:::alder-letters/out/1", account)[0]
    assert condition(first) == MFA
    assert first.verified is None
    assert "aws:MultiFactorAuthPresent=VALUE" in first.cautions[0]


def test_with_mfa_the_fix_is_verified_and_without_it_is_not(account: Read) -> None:
    there = fixes(
        session("reader"),
        "s3:GetObject",
        "arn:aws:s3:::alder-letters/out/1",
        account,
        aws__MultiFactorAuthPresent="true",
    )[0]
    assert (condition(there), there.verified, there.cautions) == (MFA, True, ())
    absent = fixes(alder.user_arn("ursula"), "s3:GetObject", "arn:aws:s3:::alder-letters/out/1", account)[0]
    assert (condition(absent), absent.verified) == (MFA, False)
    assert "the request did not meet" in absent.cautions[0]


def test_another_action_on_the_resource_asks_for_the_same(account: Read) -> None:
    first = fixes(session("reader"), "s3:PutObject", "arn:aws:s3:::alder-letters/in/1", account)[0]
    assert condition(first) == MFA
    elsewhere = fixes(session("reader"), "s3:PutObject", "arn:aws:s3:::alder-scans/1", account)[0]
    assert condition(elsewhere) is None


def test_a_role_is_passed_to_its_service_alone(account: Read) -> None:
    first = fixes(session("passer"), "iam:PassRole", role_arn("for-glue"), account)[0]
    assert condition(first) == {"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}}
    # The service is that of the role's trust policy: the text does not say to which one it was passed.
    assert (first.verified, first.hangs_on) == (None, (UnknownValue("iam:PassedToService"),))


def test_without_a_service_no_role_is_let_be_passed(account: Read) -> None:
    offered = fixes(session("passer"), "iam:PassRole", role_arn("for-nobody"), account)
    assert not [fix for fix in offered if fix.kind is FixKind.POLICY_STATEMENT]
    assert "--context iam:PassedToService=" in offered[0].text


def test_an_administrators_role_is_never_let_be_passed(account: Read, administrator: Read) -> None:
    for offered in (
        fixes(session("passer"), "iam:PassRole", role_arn("admin-of-all"), account),
        fixes(MANAGER, "iam:PassRole", f"{DEMO}/human/saml-admin", administrator),
        fixes(MANAGER, "iam:PassRole", f"{DEMO}/app/ds-notebook", administrator),
    ):
        assert [fix.kind for fix in offered] == [FixKind.NOTE]
        assert offered[0].title.startswith("Pass a role other than")


def test_the_service_of_the_model_is_kept_where_none_is_told(administrator: Read) -> None:
    first = fixes(MANAGER, "iam:PassRole", f"{DEMO}/human/project-developer", administrator)[0]
    assert condition(first) == {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    assert first.verified is None and "iam:PassedToService=VALUE" in first.cautions[0]


def test_a_boundary_lets_nothing_through_on_less(tmp_path: Path) -> None:
    c = alder.snapshot()
    arn = alder.policy_arn("edge")
    guard = {"StringEquals": {"iam:PermissionsBoundary": arn}}
    rules = document(allow("iam:CreateRole", role_arn("made-*"), "Made", **guard), allow("s3:*"))
    c["Policies"].append(alder.policy("edge", rules))
    maker = role("maker", service("lambda"), inline={"m": document(allow("iam:CreateRole"))})
    maker["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    c["RoleDetailList"].append(maker)
    text = denied(session("maker"), "iam:CreateRole", role_arn("other"), no("permissions boundary", "iam:CreateRole"))
    account = read(tmp_path / "alder.json", c)
    first = diagnosis_of(text, account).fixes[0]
    assert (condition(first), first.verified) == (guard, False)
    assert diagnosis_of(text, account, iam__PermissionsBoundary=arn).fixes[0].verified is True


def test_a_variable_that_keeps_callers_apart_is_kept(account: Read) -> None:
    """Were the object itself named, every user of the app could delete this one's."""
    [first, *_] = fixes(session("app"), "s3:DeleteObject", "arn:aws:s3:::alder-app/u1/a", account)
    assert json.loads(first.text)["Resource"] == OWN
    assert [on for on in first.hangs_on if on == UnknownValue("cognito-identity.amazonaws.com:sub")]
    elsewhere = fixes(session("app"), "s3:DeleteObject", "arn:aws:s3:::other/u1/a", account)[0]
    assert json.loads(elsewhere.text)["Resource"] == "arn:aws:s3:::other/u1/*"
