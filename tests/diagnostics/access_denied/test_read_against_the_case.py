"""Sentences that a reader marked false against their case (``python -m tests.support.oracles.sentences``), by class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis, FirstLook, LookState, Step
from tests.diagnostics.access_denied.test_demo import opened
from tests.diagnostics.access_denied.test_invented import Read, denied, diagnosis_of, no, read
from tests.support.accounts import alder
from tests.support.accounts.alder import allow, deny, document, role, service, session
from tests.support.demo.failures import FAILURES

OBJECT = "arn:aws:s3:::alder-letters/1"
DEMO = {failure.id: failure for failure in FAILURES}


@pytest.fixture(scope="module")
def demo() -> Read:
    return opened(None)


@pytest.fixture(scope="module")
def auditor() -> Read:
    return opened("carla")


def step(found: Diagnosis, name: str) -> Step:
    return next(each for each in found.steps if each.id == name)


def look(found: Diagnosis, words: str) -> FirstLook | None:
    return next((each for each in found.first_look if words in each.cause), None)


def refused(
    folder: Path,
    statement: dict[str, Any],
    given: dict[str, str] | None = None,
    *,
    reason: bool = True,
    endpoints: bool = True,
) -> Diagnosis:
    """The diagnosis of a refused read by a role that has one policy."""
    content = alder.snapshot()
    allows = [allow("s3:*")] if statement["Effect"] == "Deny" else []
    content["RoleDetailList"].append(
        role("teller", service("lambda"), inline={"letters": document(statement, *allows)})
    )
    content["Rolescope"]["ResourcePolicies"]["arn:aws:s3:::alder-letters"] = None
    if not endpoints:
        del content["Rolescope"]["VpcEndpoints"]
    said = no("identity-based policy", "s3:GetObject") if reason else ""
    text = denied(session("teller"), "s3:GetObject", f'"{OBJECT}"', said)
    return diagnosis_of(text, read(folder / "alder.json", content), **(given or {}))


# Fixes that met the opposite of what the condition wants.


@pytest.mark.parametrize(
    ("condition", "given", "forbidden", "wanted"),
    [
        ({"Bool": {"aws:SecureTransport": "false"}}, {}, "Call over TLS", "plain HTTP only"),
        ({"Bool": {"aws:ViaAWSService": "false"}}, {"aws__ViaAWSService": "true"}, "Let an AWS service", "directly"),
        (
            {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
            {"aws__MultiFactorAuthPresent": "true"},
            "with a code",
            "without an MFA code",
        ),
    ],
)
def test_false_is_met_by_false(
    condition: dict[str, Any], given: dict[str, str], forbidden: str, wanted: str, tmp_path: Path
) -> None:
    titles = " ".join(fix.title for fix in refused(tmp_path, allow("s3:GetObject", **condition), given).fixes)
    assert wanted in titles and forbidden not in titles


def test_a_deny_of_what_is_usual_sends_nobody_the_other_way(tmp_path: Path) -> None:
    statement = deny("s3:GetObject", "*", "Odd", Bool={"aws:SecureTransport": "true"})
    found = refused(tmp_path, statement, reason=False)
    assert found.verdict.cause == "identity.explicit-deny"
    assert not [fix for fix in found.fixes if "TLS" in fix.title]


@pytest.mark.parametrize(
    ("condition", "wanted", "words"),
    [
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, (), "aws:SourceIp not to be in 203.0.113.0/24"),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-9"}}, (), "aws:SourceVpc not to be vpc-9"),
        ({"NumericLessThan": {"s3:max-keys": "10"}}, (), "s3:max-keys to be"),
        ({"StringLike": {"aws:UserAgent": "x*"}}, ("x*",), ""),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, ("10.0.0.0/8",), ""),
    ],
)
def test_a_question_offers_only_values_that_meet_the_condition(
    condition: dict[str, Any], wanted: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (question,) = refused(tmp_path, allow("s3:GetObject", **condition)).verdict.questions
    assert question.wanted == wanted and words in question.why


# What was not read.


def test_changes_of_another_account_are_not_none(demo: Read) -> None:
    """CloudTrail of this account says nothing of a caller of another one."""
    text = denied("arn:aws:iam::222200002222:user/jdoe", "iam:ListRoles", "arn:aws:iam::222200002222:role/")
    assert "changes in account 222200002222 cannot be read" in step(diagnosis_of(text, demo), "changes").summary
    own = diagnosis_of(DEMO["F01"].text, demo)
    assert step(own, "changes").summary == "nothing on caller or resource in the last day"


@pytest.mark.parametrize("endpoints", [True, False])
def test_endpoints_that_were_not_read_are_said_where_all_else_allows(endpoints: bool, tmp_path: Path) -> None:
    region = {"aws__RequestedRegion": "eu-central-1"}
    found = refused(tmp_path, allow("s3:GetObject"), region, reason=False, endpoints=endpoints)
    if endpoints:
        assert "nothing is known of the VPC endpoint policy" not in found.verdict.summary
    else:
        assert found.verdict.cause == "allowed.now"
        assert "nothing is known of the VPC endpoint policy" in found.verdict.summary
        assert not found.fixes[0].title.startswith("Wait")


def test_a_fix_says_that_the_simulator_saw_the_organization_refuse(auditor: Read) -> None:
    failure = DEMO["F14"]
    found = diagnosis_of(failure.text, auditor, aws__RequestedRegion="ap-south-1")
    hanging = [fix for fix in found.fixes if any("scp" in str(on) for on in fix.hangs_on)]
    assert hanging and all(any("simulator" in each for each in fix.cautions) for fix in hanging)


def test_a_bucket_whose_policy_refused_existed(demo: Read) -> None:
    who = "arn:aws:iam::123456789012:role/app-role"
    reason = "with an explicit deny in a resource-based policy"
    gone = diagnosis_of(denied(who, "s3:GetObject", "arn:aws:s3:::my-private-bucket/c.json", reason), demo)
    assert gone.verdict.summary.startswith("arn:aws:s3:::my-private-bucket no longer exists")
    assert "AWS refuses before" not in gone.fixes[0].text
    never = diagnosis_of(denied(who, "s3:GetObject", "arn:aws:s3:::my-private-bucket/c.json"), demo)
    assert never.verdict.summary.startswith("arn:aws:s3:::my-private-bucket does not exist")


# Names.


@pytest.mark.parametrize(
    ("name", "near"),
    [("oorders-ecs-task", "orders-ecs-task"), ("kms-reports-reade", "kms-reports-reader"), ("zq-unlike", "")],
)
def test_the_most_similar_role_is_named(name: str, near: str, demo: Read) -> None:
    caller = f"arn:aws:sts::111122223333:assumed-role/{name}/job"
    found = diagnosis_of(denied(caller, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:orders-events"), demo)
    assert found.verdict.cause == "principal.not-found"
    assert (f"The most similar name is {near}." in found.verdict.summary) is bool(near)
    assert "exact name" not in found.fixes[0].title


@pytest.mark.parametrize("owner", ["ACCOUNT_ID", "3915824****", "xxxx"])
def test_a_masked_account_is_asked_for_and_never_filled_in(owner: str, demo: Read) -> None:
    text = denied(f"arn:aws:iam::{owner}:user/EC2Cryptomatic", "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{owner}:jobs")
    found = diagnosis_of(text, demo)
    (question,) = found.verdict.questions
    assert question.why == "the full ARN of EC2Cryptomatic"
    assert found.fixes[0].title.startswith("Give the full ARN of EC2Cryptomatic")
    assert "111122223333" not in found.fixes[0].target


def test_a_role_of_another_account_is_looked_at_there(demo: Read) -> None:
    """No caller is asked for: the call has none."""
    text = (
        "role-to-assume: arn:aws:iam::555566667777:role/ci/deploy\n"
        "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
    )
    found = diagnosis_of(text, demo)
    assert not found.verdict.questions and found.fixes[0].title.startswith("Open account 555566667777")
    assert "only" not in found.verdict.summary


# Usual causes.


def test_other_credentials_are_not_ruled_out_by_the_callers_policies(demo: Read) -> None:
    """Policies that allow the call say nothing of whether these credentials were meant."""
    meant = look(diagnosis_of(DEMO["F13"].text, demo), "credentials that were meant")
    assert meant is not None and meant.state is LookState.OPEN


def test_a_trust_policy_that_names_another_service_has_no_condition_at_fault(demo: Read) -> None:
    found = diagnosis_of(DEMO["F04"].text, demo, role="invoice-render-lambda")
    assert look(found, "another aws:SourceArn") is None
    named = look(found, "does not name lambda.amazonaws.com")
    assert named is not None and named.state is LookState.FOUND


def test_a_trust_policy_that_names_the_provider_names_no_other(auditor: Read) -> None:
    found = diagnosis_of(DEMO["F08"].text, auditor)
    assert look(found, "names another identity provider") is None
    assert look(found, "The role's ARN is wrong") is None
    assert look(found, "subject") is not None


def test_an_objects_absence_is_no_cause_beside_a_guardrail_that_refuses(tmp_path: Path) -> None:
    """A guardrail that refuses the read refuses it whether the object exists or not."""
    region = {"aws__RequestedRegion": "us-east-1"}  # which the account's service control policy denies
    refusing = refused(tmp_path, allow("s3:*"), region, reason=False)
    assert refusing.verdict.cause == "scp.explicit-deny"
    assert look(refusing, "The object is not there") is None and look(refusing, "KMS key") is None


def test_a_policy_that_covers_the_object_does_not_name_the_bucket_alone(tmp_path: Path) -> None:
    region = {"aws__RequestedRegion": "eu-central-1"}
    found = look(refused(tmp_path, allow("s3:*"), region, reason=False), "the objects' is wanted")
    assert found is not None and found.state is LookState.RULED_OUT


def test_what_the_text_states_is_ruled_out_where_it_is_so_no_longer(auditor: Read) -> None:
    found = look(diagnosis_of(DEMO["F32"].text, auditor), "None of the caller's policies allows")
    assert found is not None and found.state is LookState.RULED_OUT and found.why.startswith("now ")


def test_the_role_most_like_the_one_asked_for_is_named(demo: Read) -> None:
    caller, role_of_a_slip = (
        "arn:aws:iam::111122223333:user/dora",
        "arn:aws:iam::111122223333:role/human/project_developer",
    )
    found = diagnosis_of(denied(caller, "sts:AssumeRole", role_of_a_slip), demo)
    assert "the most similar name is project-developer" in found.verdict.summary
