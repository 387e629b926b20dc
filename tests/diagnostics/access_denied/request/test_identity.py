"""Who called, and whose a resource is: the kind of an ID, an owner and a path that nothing states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.fix import TrustChange
from iam.claims import Source
from tests.support.accounts import alder
from tests.support.denials.invented import denied, diagnosis_of, no, read

Change = Callable[[dict[str, Any]], None]
Ask = Callable[..., Diagnosis]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def ask(text: str, change: Change, **more: Any) -> Diagnosis:
        content = alder.snapshot()
        change(content)
        return diagnosis_of(text, read(tmp_path / "account.json", content), **more)

    return ask


def trusting(*principals: str) -> Change:
    def change(content: dict[str, Any]) -> None:
        content["RoleDetailList"] += [
            alder.role("night-desk", alder.trust({"AWS": list(principals)})),
            alder.role("AWSReservedSSO_Ward_0123456789abcdef", alder.trust({"Service": "sso.amazonaws.com"})),
        ]

    return change


DESK = alder.role_arn("night-desk")


@pytest.mark.parametrize(
    ("who", "gone"),
    [
        (alder.session("AWSReservedSSO_Ward_0123456789abcdef", "mira"), "AIDADELETEDUSER0000001"),
        (alder.session("clinician", "mira"), "AIDADELETEDUSER0000002"),
        (alder.user_arn("mira"), "AROADELETEDROLE0000001"),
    ],
)
def test_the_id_of_a_deleted_user_is_never_a_roles(ask: Ask, who: str, gone: str) -> None:
    found = ask(denied(who, "sts:AssumeRole", DESK), trusting(gone))
    assert found.verdict.cause == "trust.orphan-principal"
    assert not any(fix.verified or isinstance(fix.change, TrustChange) for fix in found.fixes)
    first = found.fixes[0]
    assert gone in first.title
    assert ("perhaps that user should have made the call" in first.text) is (
        gone.startswith("AIDA") and who.endswith("/mira")
    )


@pytest.mark.parametrize(
    ("who", "gone"),
    [
        (alder.user_arn("mira"), "AIDADELETEDUSER0000001"),
        (alder.session("clinician"), "AROADELETEDROLE0000001"),
    ],
)
def test_the_id_of_a_deleted_one_of_the_same_kind_may_be_the_callers(ask: Ask, who: str, gone: str) -> None:
    found = ask(denied(who, "sts:AssumeRole", DESK), trusting(gone))
    assert found.verdict.cause == "trust.orphan-principal"


# P7: an owner and a path that nothing states.

BUCKET = "arn:aws:s3:::far-archive/x"


def owner_named_in(place: str) -> Change:
    def change(content: dict[str, Any]) -> None:
        role = next(role for role in content["RoleDetailList"] if role["RoleName"] == "pusher")
        content["Rolescope"].pop("ResourcePolicies")
        if place == "description":
            content["Rolescope"]["Roles"] = {"pusher": {"Description": f"sends to {alder.OTHER}"}}
        elif place == "tag":
            role["Tags"] = [{"Key": "target", "Value": alder.OTHER}]
        else:
            statement = alder.allow("sqs:SendMessage", f"arn:aws:sqs:eu-central-1:{alder.OTHER}:jobs")
            role["RolePolicyList"] = [{"PolicyName": "jobs", "PolicyDocument": alder.document(statement)}]

    return change


@pytest.mark.parametrize("place", ["description", "tag", "policy"])
@pytest.mark.parametrize("reason", ["", no("identity-based policy", "s3:GetObject")])
def test_an_owner_that_is_only_named_nearby_is_no_fact(ask: Ask, place: str, reason: str) -> None:
    found = ask(denied(alder.session("pusher"), "s3:GetObject", BUCKET, reason), owner_named_in(place))
    assert "resourceAccount" not in found.request
    assert not any(fix.verified for fix in found.fixes)
    said = [text for fix in found.fixes for text in (fix.title, fix.text) if alder.OTHER in text]
    assert all("perhaps" in text or "may belong" in text for text in said)


SECRET_ROLE = alder.role_arn("partner-feed")


@pytest.mark.parametrize("name", ["feeder", "collector"])
def test_the_path_of_another_accounts_role_is_unknown(ask: Ask, name: str) -> None:
    who = alder.session(name, account="999988887777")
    found = ask(denied(who, "sts:AssumeRole", SECRET_ROLE), lambda content: None)
    had = found.request["aws:PrincipalArn"]
    assert had.source is Source.GUESS
    guessed = [fix for fix in found.fixes if f":role/{name}" in fix.text]
    assert guessed
    for fix in guessed:
        assert not fix.verified and fix.change.no_plan
        assert any("path" in caution for caution in fix.cautions)


def test_a_path_that_the_policy_states_is_known(ask: Ask) -> None:
    def change(content: dict[str, Any]) -> None:
        role = next(role for role in content["RoleDetailList"] if role["RoleName"] == "partner-feed")
        trusted = alder.trust({"AWS": f"arn:aws:iam::{alder.OTHER}:role/team/feeder"}, "sts:TagSession")
        role["AssumeRolePolicyDocument"] = trusted

    found = ask(denied(alder.session("feeder", account=alder.OTHER), "sts:AssumeRole", SECRET_ROLE), change)
    assert any(isinstance(fix.change, TrustChange) and "role/team/feeder" in fix.text for fix in found.fixes)


def test_a_role_mentioned_in_the_text_is_a_guessed_caller(ask: Ask) -> None:
    text = "vault: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
    found = ask(text, lambda content: None)
    if "principal" in found.request:
        assert found.request["principal"].source is Source.GUESS
        assert found.verdict.confidence is not Confidence.CERTAIN
        assert not any(fix.verified for fix in found.fixes)
        assert any(question.key == "aws:PrincipalArn" for question in found.verdict.questions)
