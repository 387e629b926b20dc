"""Sentences that a reader marked false against their case (``python -m tests.support.oracles.sentences``), by class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence, Diagnosis, FirstLook, LookState, Status, Step
from diagnostics.effect_words import effect_lines
from diagnostics.fix import Fix, Note, UnreadLayer
from diagnostics.fix_report import proof_of
from diagnostics.who import Who
from iam.questions.change.effects import EffectKind
from iam.service_reference import action as known_action
from tests.support.accounts import alder
from tests.support.accounts.alder import allow, deny, document, role, service, session
from tests.support.demo.failures import FAILURES
from tests.support.demo.opened import opened
from tests.support.denials.invented import Read, denied, diagnosis_of, no, read

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
        ({"Bool": {"aws:SecureTransport": "false"}}, {}, "Call over TLS", "only over plain HTTP"),
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
        assert "not read: the VPC endpoint policy" not in found.verdict.summary
    else:
        assert found.verdict.cause == "allowed.now"
        assert "not read: the VPC endpoint policy" in found.verdict.summary
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
    assert gone.verdict.summary.startswith("A Deny statement in the resource-based policy denies app-role")
    assert "exist" not in gone.verdict.summary  # the text is of another account
    assert "only-our-org-s3" not in gone.verdict.summary  # whose bucket it was is unknown
    own = who.replace("123456789012:role/app-role", "111122223333:role/app/orders-ecs-task")
    gone = diagnosis_of(denied(own, "s3:GetObject", "arn:aws:s3:::my-private-bucket/c.json", reason), demo)
    assert "denies orders-ecs-task s3:GetObject" in gone.verdict.summary.partition(". ")[0]
    assert "arn:aws:s3:::my-private-bucket no longer exists" in gone.verdict.summary
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


@pytest.mark.parametrize("owner", ["ACCOUNT_ID", "1111****", "xxxx"])
def test_a_masked_account_is_asked_for_and_never_filled_in(owner: str, demo: Read) -> None:
    text = denied(f"arn:aws:iam::{owner}:user/EC2Cryptomatic", "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{owner}:jobs")
    found = diagnosis_of(text, demo)
    (question,) = found.verdict.questions
    assert question.why == "the full ARN of EC2Cryptomatic"
    assert found.fixes[0].title.startswith("Give the full ARN of EC2Cryptomatic")
    assert "111122223333" not in found.fixes[0].target


@pytest.mark.parametrize("owner", ["3915824****", "****3334"])
def test_a_partly_masked_account_that_is_another_is_asked_there(owner: str, demo: Read) -> None:
    """No ARN of it could be evaluated here."""
    text = denied(f"arn:aws:iam::{owner}:user/EC2Cryptomatic", "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{owner}:jobs")
    found = diagnosis_of(text, demo)
    assert not found.verdict.questions and owner in found.fixes[0].text
    assert found.fixes[0].title == "Ask again in the account of EC2Cryptomatic, which is not 111122223333"


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


def test_a_trust_policy_that_names_another_service_has_no_condition_at_fault(demo: Read) -> None:
    found = diagnosis_of(DEMO["F04"].text, demo, role="invoice-render-lambda")
    assert look(found, "aws:SourceArn and aws:SourceAccount with what") is None
    named = look(found, "must let lambda.amazonaws.com")
    assert named is not None and named.state is LookState.FOUND


def test_a_trust_policy_that_names_the_provider_names_no_other(auditor: Read) -> None:
    found = diagnosis_of(DEMO["F08"].text, auditor)
    assert look(found, "names a different identity provider") is None
    assert look(found, "The role's ARN is wrong") is None
    assert look(found, "subject") is not None


def test_an_objects_absence_is_no_cause_beside_a_guardrail_that_refuses(tmp_path: Path) -> None:
    """A guardrail that refuses the read refuses it whether the object exists or not."""
    region = {"aws__RequestedRegion": "us-east-1"}  # which the account's service control policy denies
    refusing = refused(tmp_path, allow("s3:*"), region, reason=False)
    assert refusing.verdict.cause == "scp.explicit-deny"
    assert look(refusing, "The object does not exist") is None and look(refusing, "KMS key") is None


def test_a_policy_that_covers_the_object_does_not_name_the_bucket_alone(tmp_path: Path) -> None:
    region = {"aws__RequestedRegion": "eu-central-1"}
    found = look(refused(tmp_path, allow("s3:*"), region, reason=False), "instead of the objects'")
    assert found is not None and found.state is LookState.RULED_OUT


def test_what_the_text_states_is_ruled_out_where_it_is_so_no_longer(auditor: Read) -> None:
    found = look(diagnosis_of(DEMO["F32"].text, auditor), "A role of an ECS task made the call")
    assert found is not None and found.state is LookState.RULED_OUT and found.why.startswith("now ")


def test_the_role_most_like_the_one_asked_for_is_named(demo: Read) -> None:
    caller, role_of_a_slip = (
        "arn:aws:iam::111122223333:user/dora",
        "arn:aws:iam::111122223333:role/human/project_developer",
    )
    found = diagnosis_of(denied(caller, "sts:AssumeRole", role_of_a_slip), demo)
    assert "the most similar name is project-developer" in found.verdict.summary


# VPC endpoints.

VPCE = {"aws__SourceVpce": "vpce-alder1", "aws__RequestedRegion": "eu-central-1"}
VAULT = "arn:aws:s3:::alder-records"


def through(
    folder: Path, own: dict[str, Any], endpoint: dict[str, Any], kind: str, given: dict[str, str] | None = None
) -> Diagnosis:
    """The diagnosis of a read of ``alder-records`` that was refused through the account's only endpoint."""
    content = alder.snapshot()
    content["RoleDetailList"].append(role("teller", service("lambda"), inline={"own": document(own)}))
    content["Rolescope"]["VpcEndpoints"][0]["Document"] = document({**endpoint, "Principal": "*"})
    text = denied(session("teller"), "s3:GetObject", f'"{VAULT}/1"', no(kind, "s3:GetObject"))
    return diagnosis_of(text, read(folder / "alder.json", content), **(given or {}))


@pytest.mark.parametrize("condition", [{}, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/zz*"}}])
def test_an_endpoint_that_the_text_does_not_name_is_never_certain(condition: dict[str, Any], tmp_path: Path) -> None:
    refusing = allow("s3:GetObject" if condition else "s3:PutObject", **condition)
    guessed = through(tmp_path, allow("s3:*"), refusing, "VPC endpoint policy")
    assert guessed.verdict.confidence is Confidence.LIKELY
    assert guessed.verdict.summary.startswith("If the call came through vpce-alder1 (the text names none): ")
    (step,) = (each for each in guessed.steps if each.id == "vpce")
    assert step.summary.startswith("if the call came through vpce-alder1: ")
    assert [question.key for question in guessed.verdict.questions] == ["aws:SourceVpce"]
    assert not any(fix.verified for fix in guessed.fixes)
    given = through(tmp_path, allow("s3:*"), refusing, "VPC endpoint policy", VPCE)
    assert given.verdict.confidence is Confidence.CERTAIN and "If the call" not in given.verdict.summary


@pytest.mark.parametrize(("said", "asked"), [(no("identity-based policy", "s3:GetObject"), False), ("", True)])
def test_an_unread_layer_explains_no_refusal_that_aws_lays_to_another(said: str, asked: bool, tmp_path: Path) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(role("teller", service("lambda"), inline={"own": document(allow("s3:*"))}))
    del content["Rolescope"]["Organization"]
    text = denied(session("teller"), "s3:GetObject", f'"{VAULT}/1"', said)
    found = diagnosis_of(text, read(tmp_path / "alder.json", content))
    assert found.verdict.cause == "allowed.now"
    assert ("a policy that was not read denies the request" in found.verdict.summary) is asked
    assert any(fix.who is Who.ORG_ADMIN for fix in found.fixes) is asked


@pytest.mark.parametrize(("operator", "status"), [("NotIpAddress", Status.PASS), ("IpAddress", Status.FAIL)])
def test_a_request_through_an_endpoint_has_no_public_address(operator: str, status: Status, tmp_path: Path) -> None:
    """It is absent, not unknown: nobody is asked for it."""
    condition = {operator: {"aws:SourceIp": "203.0.113.0/24"}}
    found = through(tmp_path, allow("s3:*"), allow("s3:GetObject", **condition), "VPC endpoint policy", VPCE)
    assert step(found, "vpce").status is status
    own = through(tmp_path, allow("s3:*", **condition), allow("s3:*"), "identity-based policy", VPCE)
    assert step(own, "identity").status is status
    for each in (found, own):
        assert "aws:SourceIp" not in {question.key for question in each.verdict.questions}


# Looks that what was read answers already.


def test_a_look_shows_what_was_read_in_the_place_of_its_command(tmp_path: Path) -> None:
    open_value = allow("s3:GetObject", StringEquals={"aws:PrincipalTag/team": "red", "aws:UserAgent": "x"})
    found = through(tmp_path, allow("s3:*"), open_value, "VPC endpoint policy", VPCE)
    endpoint = look(found, "VPC endpoint whose policy")
    assert endpoint is not None and endpoint.check is None and endpoint.state is not LookState.OPEN
    mine = through(tmp_path, open_value, allow("s3:*"), "identity-based policy", VPCE)
    for each in mine.first_look:
        assert each.check is None or "list-attached" not in each.check


@pytest.mark.parametrize(
    ("given", "found", "gone"),
    [
        (
            {"sub": "repo:harbor-demo/storefront:ref:refs/heads/main", "aud": "other"},
            "a different audience",
            "does not accept",
        ),
        (
            {"sub": "repo:harbor-demo/storefront:pull_request", "aud": "sts.amazonaws.com"},
            "does not accept",
            "a different audience",
        ),
        (
            {"sub": "repo:harbor-demo@1/storefront@2:x", "aud": "sts.amazonaws.com"},
            "with numeric IDs",
            "a different audience",
        ),
    ],
)
def test_a_condition_that_is_met_is_no_cause(given: dict[str, str], found: str, gone: str, demo: Read) -> None:
    issuer = "token.actions.githubusercontent.com"
    keys = {f"{issuer}:{claim}": value for claim, value in given.items()}
    failure = DEMO["F08"]
    looks = diagnosis_of(failure.text, demo, failure.role, **keys)
    named = look(looks, found)
    assert named is not None and named.state is LookState.FOUND and look(looks, gone) is None


@pytest.mark.parametrize("name", ["AmazonEKS_EBS_CSI_DriverRole", "orders-nightly"])
def test_a_name_that_nothing_here_has_is_not_asked_for_again(name: str, demo: Read) -> None:
    stack = "arn:aws:cloudformation:us-east-2:111122223333:stack/eksctl-redpanda/9eec4e20"
    denied_call = "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name"
    found = diagnosis_of(f"{denied_call} {name} already exists. {name} already exists in stack {stack}", demo)
    assert found.verdict.cause == "name.free"
    assert not any("aws iam get-role" in (each.check or "") for each in found.first_look)
    assert any(each.state is LookState.READ and "nothing here has it" in each.why for each in found.first_look)


# What a fix hangs on, and what it asks its owner.


@pytest.mark.parametrize(
    ("action", "on", "words"),
    [
        ("sqs:SendMessage", alder.QUEUE, "allowed unless the resource-based policy"),
        ("kms:Decrypt", alder.KEY, "allowed if the resource-based policy"),
    ],
)
def test_an_unread_policy_has_to_allow_only_where_the_callers_own_does_not_suffice(
    action: str, on: str, words: str, tmp_path: Path
) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(role("teller", service("lambda"), inline={"own": document(allow("s3:*"))}))
    content["Rolescope"]["ResourcePolicies"].pop(on)
    found = diagnosis_of(denied(session("teller"), action, on), read(tmp_path / "alder.json", content))
    assert words in proof_of(next(fix for fix in found.fixes if fix.hangs_on))


@pytest.mark.parametrize(
    ("attached", "title", "caution"),
    [
        (False, "to remove statement", "applies only to teller"),
        (True, "to exempt teller from statement", "may be a guardrail"),
    ],
)
def test_a_deny_of_one_role_alone_is_no_guardrail(attached: bool, title: str, caution: str, tmp_path: Path) -> None:
    denying = document(allow("s3:*"), deny("s3:GetObject"))
    content = alder.snapshot()
    content["RoleDetailList"].append(role("teller", service("lambda"), inline={} if attached else {"own": denying}))
    if attached:
        arn = alder.policy_arn("letters")
        version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": denying}
        content["Policies"].append({"PolicyName": "letters", "Arn": arn, "PolicyVersionList": [version]})
        content["RoleDetailList"][-1]["AttachedManagedPolicies"] = [{"PolicyName": "letters", "PolicyArn": arn}]
    found = diagnosis_of(denied(session("teller"), "s3:GetObject", f'"{OBJECT}"'), read(tmp_path / "a.json", content))
    last = found.fixes[-1]
    assert title in last.title and caution in " ".join(last.cautions)
    assert ("guardrail" in f"{last.title} {last.text} {last.cautions}") is attached


@pytest.mark.parametrize(
    ("started", "action", "words"),
    [
        (
            "",
            "secretsmanager:GetSecretValue",
            "program itself read the value with orders-ecs-task",
        ),  # its binding says so
        ("ResourceInitializationError: ", "kms:Decrypt", None),  # the task role may not either
        ("CannotPullContainerError: ", "ecr:BatchGetImage", None),
    ],
)
def test_ecs_itself_calls_with_the_execution_role(started: str, action: str, words: str | None, demo: Read) -> None:
    who = "arn:aws:sts::111122223333:assumed-role/orders-ecs-execution/8f3c2d5e0a9b4c7d8e1f2a3b4c5d6e7f"
    on = "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-Ab12Cd"
    titles = [fix.title for fix in diagnosis_of(started + denied(who, action, on), demo).fixes]
    assert not any("the part of the program that needs the action" in title for title in titles)
    assert any(words in title for title in titles) if words else not any("orders-ecs-task" in title for title in titles)


def test_only_policies_with_versions_count_as_looked_at(tmp_path: Path) -> None:
    found = step(refused(tmp_path, allow("s3:PutObject")), "versions")
    assert found.status is Status.SKIPPED and "no customer managed policy" in found.summary


def test_an_unread_policy_that_gets_an_allow_need_not_have_one(demo: Read) -> None:
    """The fix adds the Allow: only a Deny that is unread stands against it."""
    failure = DEMO["F20"]
    fixes = diagnosis_of(failure.text, demo, failure.role, resource=failure.resource or "").fixes
    added = next(fix for fix in fixes if "to the bucket policy of" in fix.title)
    assert "unless the resource-based policy (unread) denies it" in proof_of(added)
    assert not any("there the caller" in each for each in added.cautions)


def test_several_unread_policies_deny_each_by_itself() -> None:
    on = (UnreadLayer("rcp", "1", need_not_allow=True), UnreadLayer("resource", "1", need_not_allow=True))
    fix = Fix("Add it", Who.YOU, Note("x"), hangs_on=on)
    words = "unless the resource control policy or resource-based policy of account 1 (unread) denies it"
    assert proof_of(fix) == f"evaluated: allowed {words}"


def test_a_permissions_boundary_that_is_unread_is_the_callers_and_no_accounts() -> None:
    fix = Fix("Add it", Who.YOU, Note("x"), hangs_on=(UnreadLayer("boundary", "1"), UnreadLayer("scp", "1")))
    words = "the caller's permissions boundary (unread) allows it and the service control policy of account 1 (unread)"
    assert proof_of(fix) == f"evaluated: allowed if {words} allows it"


@pytest.mark.parametrize(
    ("inline", "cause"),
    [([], "identity.no-action"), (None, "identity.no-action"), ("absent", "boundary.no-action")],
)
def test_inline_policies_that_are_not_in_the_file_are_unread(
    inline: list[Any] | str | None, cause: str, tmp_path: Path
) -> None:
    """AWS always gives a role the list: a boundary that refuses is named first, and nothing of the list is said. Tools
    that write null have read it."""
    content = alder.snapshot()
    content["Policies"].append(alder.policy("edge", document(allow("logs:*"))))
    entry = role("teller", service("lambda"), boundary="edge")
    entry["RolePolicyList"] = inline
    if inline == "absent":
        del entry["RolePolicyList"]
    content["RoleDetailList"].append(entry)
    content["Rolescope"]["ResourcePolicies"]["arn:aws:s3:::alder-letters"] = None
    text = denied(session("teller"), "s3:GetObject", f'"{OBJECT}"', "")
    found = diagnosis_of(text, read(tmp_path / "alder.json", content), **{"aws:RequestedRegion": "eu-central-1"})
    known = inline != "absent"
    assert found.verdict.cause == cause, found.verdict.summary
    assert (step(found, "identity").status is Status.UNKNOWN) is not known
    assert ("identity-based policy refuse" in found.verdict.summary) is False
    shown = look(found, "None of the caller's identity-based policies")
    assert (shown is not None and shown.state is LookState.FOUND) is known


@pytest.mark.parametrize(
    ("wanted", "said", "title"),
    [
        ("report-worke", "A similar name is report-worker, which contains no role.", "add a role to it"),
        ("report-worker-profil", "A similar name is report-worker-profile, which contains report-worker-ec2.", "Use "),
        ("zebra", "The account has no instance profile zebra.", "Create the instance profile zebra"),
    ],
)
def test_an_empty_profile_may_be_the_one_that_is_meant(wanted: str, said: str, title: str, demo: Read) -> None:
    failure = DEMO["F02"]
    found = diagnosis_of(failure.text.replace("report-worker", wanted), demo, failure.role)
    assert found.verdict.summary.endswith(said) and title in found.fixes[0].title
    assert "nearest" not in found.verdict.summary


@pytest.mark.parametrize(
    ("resource", "tag"),
    [
        ("arn:aws:dynamodb:*:*:*${aws:PrincipalTag/ward}*", "ward=VALUE (VALUE is a part of "),
        ("arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/ward}", "ward=beds"),
    ],
)
def test_a_tag_that_several_values_fit_is_not_invented(resource: str, tag: str, tmp_path: Path) -> None:
    content = alder.snapshot()
    content["RoleDetailList"].append(
        role("teller", service("lambda"), inline={"own": document(allow("dynamodb:*", resource))})
    )
    on = f"arn:aws:dynamodb:eu-central-1:{alder.ID}:table/beds"
    found = diagnosis_of(denied(session("teller"), "dynamodb:GetItem", on), read(tmp_path / "a.json", content))
    fix = next(fix for fix in found.fixes if "Tag the role itself" in fix.title)
    assert tag in fix.title
    gained = " ".join(effect_lines(fix.effects, EffectKind.NEWLY_ALLOWED, None)) if fix.effects else ""
    assert "us-east-1" not in gained and ("<any Region>" in gained) is ("VALUE" not in tag)


def test_a_look_is_as_the_steps_of_its_answer(tmp_path: Path) -> None:
    """The bucket's ARN is no cause where a Deny refuses, and not ruled out where the caller's policies do not allow."""
    words = "The policy names the bucket's ARN"
    denying = look(refused(tmp_path, deny("s3:*", "arn:aws:s3:::alder-letters/*"), reason=False), words)
    assert denying is None or (denying.state is LookState.RULED_OUT and "a Deny of" in denying.why)
    variable = refused(tmp_path, allow("s3:GetObject", "arn:aws:s3:::*${aws:PrincipalTag/none}*"), reason=False)
    assert step(variable, "identity").status is Status.FAIL
    shown = look(variable, words)
    assert shown is None or shown.state not in (LookState.RULED_OUT, LookState.FOUND)


def test_what_a_decoded_message_says_is_not_asked_for(demo: Read) -> None:
    failure = DEMO["F29a"]
    found = diagnosis_of(failure.text, demo, failure.role)
    assert step(found, "decode").status is Status.PASS
    assert look(found, "The encoded message") is None and look(found, "under a different identity") is None


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        ("arn:aws:ec2:ap-south-1:111122223333:INSTANCE/*", ["instance"]),
        ("arn:aws:ec2:ap-south-1:111122223333:tree/*", []),
        ("arn:aws:license-manager:ap-south-1:111122223333:license-configuration:*", ["license-configuration"]),
    ],
)
def test_no_kind_is_named_of_an_arn_that_fits_none(resource: str, named: list[str]) -> None:
    kinds = [each.name for each in known_action("ec2:RunInstances").resource_types if each.fits(resource)]
    assert kinds == named


def test_a_session_of_another_account_is_named_with_its_role(demo: Read) -> None:
    failure = DEMO["F27"]
    found = diagnosis_of(failure.text, demo, failure.role, resource=failure.resource or "")
    assert "session agent-1 of role collector of account 444455556666" in step(found, "caller").summary


def test_an_unread_session_policy_may_be_why_it_is_allowed_now(tmp_path: Path) -> None:
    given = {"aws:RequestedRegion": "eu-central-1"}
    found = refused(tmp_path, allow("s3:GetObject"), given, reason=False, endpoints=False)
    assert found.verdict.cause == "allowed.now" and "session policy" in found.verdict.summary


def test_a_name_that_the_text_gives_to_a_stack_was_not_made_by_hand(demo: Read) -> None:
    stack = "arn:aws:cloudformation:us-east-2:222200002222:stack/eksctl-red-addon-iamserviceaccount-kube-system-csi/9e"
    text = f"eksctl: the-csi-role already exists in stack {stack}"
    found = diagnosis_of(text, demo)
    assert step(found, "name").status is Status.UNKNOWN and "222200002222" in step(found, "name").summary
    assert look(found, "by hand") is None
    assert not any("nothing here has it" in each.why for each in found.first_look)


# Read by two further readers.


@pytest.mark.parametrize(
    ("condition", "given", "words"),
    [
        # A value of the operator keeps the only Deny from matching, and AWS says that one matched.
        (
            {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            {"aws__SourceVpce": "vpce-0a1"},
            "a call through a VPC endpoint has no aws:SourceIp",
        ),
        ({"StringEquals": {"aws:RequestedRegion": "eu-north-1"}}, {"aws__RequestedRegion": "eu-central-1"}, "nearest"),
    ],
)
def test_a_stated_deny_is_not_allowed_now_because_of_a_given_value(
    condition: dict[str, Any], given: dict[str, str], words: str, tmp_path: Path
) -> None:
    content = alder.snapshot()
    own = {"letters": document(deny("s3:GetObject", "*", "Odd", **condition), allow("s3:*"))}
    content["RoleDetailList"].append(role("teller", service("lambda"), inline=own))
    content["Rolescope"]["ResourcePolicies"]["arn:aws:s3:::alder-letters"] = None
    text = denied(session("teller"), "s3:GetObject", OBJECT, "with an explicit deny in an identity-based policy")
    found = diagnosis_of(text, read(tmp_path / "alder.json", content), **given)
    assert (found.verdict.cause, found.verdict.confidence) == ("identity.explicit-deny", Confidence.LIKELY)
    assert "statement Odd" in found.verdict.summary and words in found.verdict.summary


def test_an_unread_layer_is_not_alone_beside_an_unknown_key(tmp_path: Path) -> None:
    content = alder.snapshot()
    own = {"letters": document(allow("s3:*", NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}))}
    content["RoleDetailList"].append(role("teller", service("lambda"), inline=own, boundary="nowhere"))
    content["Rolescope"]["ResourcePolicies"]["arn:aws:s3:::alder-letters"] = None
    text = denied(session("teller"), "s3:GetObject", OBJECT)
    found = diagnosis_of(text, read(tmp_path / "alder.json", content), aws__RequestedRegion="eu-central-1")
    assert "only with the right value for aws:SourceIp" in found.verdict.summary
    assert "The permissions boundary cannot be read" in found.verdict.summary


def test_an_unknown_session_policy_is_a_question(auditor: Read) -> None:
    found = diagnosis_of(DEMO["F23"].text.partition(" because ")[0], auditor)
    (asked,) = [fix for fix in found.fixes if "session policy" in fix.title]
    assert "whether a session policy limits the session" in asked.title and "does not allow" not in asked.text


def test_a_service_has_no_policies_of_its_own() -> None:
    from diagnostics.diagnose import collect_offline, read_text

    text = denied("pods.eks.amazonaws.com", "sts:TagSession", "arn:aws:iam::111122223333:role/app/search-podid")
    found = collect_offline(read_text(text)[0])
    assert found.verdict.summary.startswith("sts:TagSession was refused. The call sends session tags: ")
    assert look(found, "None of the caller's identity-based policies") is None


@pytest.mark.parametrize("name", ["****", "<redacted>", "xxxx"])
def test_a_caller_that_is_blanked_is_not_asked_for_by_what_blanks_it(name: str, demo: Read) -> None:
    text = denied(
        f"arn:aws:iam::***:user/{name}", "ec2:RunInstances", "***", no("permissions boundary", "ec2:RunInstances")
    )
    found = diagnosis_of(text, demo)
    (question,) = found.verdict.questions
    assert question.why == "the ARN of the caller's role or user (a session's ARN will do)"
    assert found.fixes[0].title == "Say who was calling, to have the policies evaluated"
    assert "*" not in found.fixes[0].target
