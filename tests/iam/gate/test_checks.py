"""What is found before a creation, each with its way out, for callers with all rights and with few."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account, InlinePolicy
from iam.changes.apply import CallStatus, Writer
from iam.changes.operations.permissions import needs_of
from iam.creation.plan import create_role
from iam.creation.spec import NewPolicy, RoleSpec
from iam.gate.checks.run import stops
from iam.gate.finding import GateFinding, Level
from iam.policy.lint import LintFinding, LintSeverity
from iam.sources.reader.reading import Reading
from tests.support.accounts.documents import READ, policy, trust
from tests.support.gate.found import preflight
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"


def check(spec: RoleSpec, account: Account, reader: AwsReader) -> dict[str, GateFinding]:
    """The findings that are not good, by code."""
    return {each.code: each for each in preflight(spec, account, reader) if each.level is not Level.OK}


def _trust(principal: dict[str, Any], action: str = "sts:AssumeRole", **more: Any) -> Callable[[RoleSpec], RoleSpec]:
    document = policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})
    return lambda spec: replace(spec, trust=document)


def _attached(*arns: str) -> Callable[[RoleSpec], RoleSpec]:
    return lambda spec: replace(spec, attached=arns)


def test_a_good_spec_has_nothing_against_it(demo_reader: AwsReader, account: Account, spec: RoleSpec) -> None:
    findings = tuple(preflight(spec, account, demo_reader))
    assert {each.level for each in findings} == {Level.OK}
    assert not stops(findings)
    assert {"name", "profile", "quota", "policy", "permission", "fields"} <= {each.code for each in findings}


GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
CASES: dict[str, tuple[Callable[[RoleSpec], RoleSpec], str, Level, str]] = {
    "a bad name": (lambda s: replace(s, name="a b"), "field.name", Level.ERROR, "a space"),
    "taken in another case": (
        lambda s: replace(s, name="reportexporter"),
        "name.taken",
        Level.ERROR,
        "is named ReportExporter",
    ),
    "taken at another path": (
        lambda s: replace(s, name="orders-ecs-task", path="/new/"),
        "name.taken",
        Level.ERROR,
        "path",
    ),
    "an empty profile": (
        lambda s: replace(s, instance_profile="Batch-Runner"),
        "profile.empty",
        Level.WARNING,
        "batch-runner exists and is empty",
    ),
    "somebody's profile": (
        lambda s: replace(s, instance_profile="report-worker-profile"),
        "profile.other-role",
        Level.ERROR,
        "contains the role report-worker-ec2",
    ),
    "a provider that is not there": (
        _trust({"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}),
        "provider.missing",
        Level.ERROR,
        "no identity provider gitlab.com",
    ),
    "an audience that is not accepted": (
        _trust(
            {"Federated": GITHUB},
            "sts:AssumeRoleWithWebIdentity",
            Condition={"StringEquals": {"token.actions.githubusercontent.com:aud": "mine"}},
        ),
        "provider.audience",
        Level.ERROR,
        "audience mine",
    ),
    "metadata that ends soon": (
        _trust({"Federated": "arn:aws:iam::111122223333:saml-provider/HarborIdP"}, "sts:AssumeRoleWithSAML"),
        "provider.expires",
        Level.WARNING,
        "2026-12-11",
    ),
    "a SAML provider that is not there": (
        _trust({"Federated": "arn:aws:iam::111122223333:saml-provider/Nope"}, "sts:AssumeRoleWithSAML"),
        "provider.missing",
        Level.ERROR,
        "Nope",
    ),
    "a user that is not there": (
        _trust({"AWS": "arn:aws:iam::111122223333:user/alic"}),
        "principal.missing",
        Level.ERROR,
        "alic",
    ),
    "a role without its path": (
        _trust({"AWS": "arn:aws:iam::111122223333:role/web-frontend-ec2"}),
        "principal.missing",
        Level.ERROR,
        "role/app/web-frontend-ec2",
    ),
    "a deleted principal": (_trust({"AWS": "AROAEXAMPLEDELETEDROLE"}), "principal.orphan", Level.ERROR, "deleted"),
    "a policy at another path": (
        _attached("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"),
        "policy.missing",
        Level.ERROR,
        "There is no policy",
    ),
    "a policy for service-linked roles": (
        _attached("arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"),
        "field.attached",
        Level.ERROR,
        "service-linked",
    ),
    "a policy's name that is taken": (
        lambda s: replace(s, new_policies=(NewPolicy("APP-assets-READ", READ),)),
        "policy.taken",
        Level.ERROR,
        "app-assets-read",
    ),
    "an action that there is not": (
        lambda s: replace(
            s, inline=(InlinePolicy("p", policy({"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"})),)
        ),
        "lint.INVALID_ACTION",
        Level.WARNING,
        "GetObject",
    ),
    "a trust policy over the account's quota": (
        lambda s: replace(
            s,
            trust=policy(
                *[
                    {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{n:012}:root"}, "Action": "sts:AssumeRole"}
                    for n in range(30)
                ]
            ),
        ),
        "size.trust",
        Level.ERROR,
        "2,048",
    ),
    "too many policies": (
        _attached(*[f"arn:aws:iam::aws:policy/P{n}" for n in range(21)]),
        "quota.attached",
        Level.ERROR,
        "21 managed policies",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_would_fail_is_found(demo_reader: AwsReader, account: Account, spec: RoleSpec, name: str) -> None:
    change, code, level, said = CASES[name]
    found = check(change(spec), account, demo_reader)
    assert code in found, list(found.values())
    assert found[code].level is level
    assert said in found[code].text
    if level is Level.ERROR:
        assert found[code].way_out


def test_ways_out_name_the_right_thing(demo_reader: AwsReader, account: Account, spec: RoleSpec) -> None:
    found = check(_attached("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole")(spec), account, demo_reader)
    assert "service-role/AWSLambdaBasicExecutionRole" in found["policy.missing"].way_out
    found = check(CASES["a user that is not there"][0](spec), account, demo_reader)
    assert "alice" in found["principal.missing"].way_out
    found = check(replace(spec, name="reportexporter"), account, demo_reader)
    assert found["name.taken"].value == "ReportExporter"


def test_alice_is_asked_for_the_boundary_before_aws_would(
    reader_as: Callable[[str | None], AwsReader], spec: RoleSpec, directory: Path
) -> None:
    alice = reader_as("alice")
    account = list(alice.accounts())[-1]
    without = replace(spec, boundary_arn=None, instance_profile=None)
    found = check(without, account, alice)
    assert found["boundary.demanded"].value == BOUNDARY
    assert found["boundary.demanded"].field == "boundary"
    # The prophecy is true: AWS does refuse it without, and takes it with.
    *_, last = apply(create_role(without, account), alice, writable=False, directory=directory)
    assert last.failure is not None
    assert last.failure.code == "AccessDenied"
    bounded = replace(without, boundary_arn=BOUNDARY)
    assert not stops(tuple(preflight(bounded, account, alice)))
    writer = Writer(alice.aws.client("iam"), sleep=lambda seconds: None)
    *_, last = apply(create_role(bounded, account), alice, writable=False, directory=directory, writer=writer)
    assert last.status is CallStatus.VERIFIED


@pytest.mark.parametrize("user", ["ben", "carla", "ci-legacy", "dora"])
def test_with_few_rights_nothing_is_called_free_that_could_not_be_seen(
    demo_reader_as: Callable[[str | None], AwsReader], spec: RoleSpec, user: str
) -> None:
    reader = demo_reader_as(user)
    account = list(reader.accounts())[-1]
    findings = tuple(preflight(spec, account, reader))
    denied = [each for each in findings if each.code == "permission" and each.level in (Level.ERROR, Level.UNKNOWN)]
    assert denied
    for each in findings:
        assert each.level is not Level.OK or "cannot be" not in each.text
    names = [each for each in findings if each.code.startswith("name")]
    if user == "ci-legacy":
        assert names[0].level is Level.UNKNOWN


def test_a_full_account_is_said_with_the_quota_s_code(
    reader: AwsReader, demo_world: World, account: Account, spec: RoleSpec
) -> None:
    with demo_world.in_place():
        demo_world.iam.account_summary._roles_quota = 32
    found = check(spec, account, reader)
    assert found["quota"].value == "L-FE177D64"
    assert "32 of 32 roles" in found["quota"].text


def test_the_needs_are_on_the_very_arns(account: Account, spec: RoleSpec) -> None:
    needs = {(each.action, each.resource): each.context for each in needs_of(create_role(spec, account), account)}
    role = "arn:aws:iam::111122223333:role/app/thumbnail-worker"
    assert needs["iam:CreateRole", role]["iam:PermissionsBoundary"] == (BOUNDARY,)
    assert needs["iam:CreateRole", role]["aws:RequestTag/team"] == ("ferry",)
    assert needs["iam:TagRole", role]["aws:TagKeys"] == ("team",)
    assert needs["iam:PutRolePolicy", role]["iam:PermissionsBoundary"] == (BOUNDARY,)
    assert needs["iam:PassRole", role]["iam:PassedToService"] == ("ec2.amazonaws.com",)
    profile = "arn:aws:iam::111122223333:instance-profile/app/thumbnail-worker"
    assert {("iam:CreateInstanceProfile", profile), ("iam:AddRoleToInstanceProfile", profile)} <= set(needs)


def test_a_snapshot_is_checked_as_far_as_it_tells(
    demo_reader: AwsReader, account: Account, spec: RoleSpec, tmp_path: Path
) -> None:
    from iam.sources.snapshot.reader import open_snapshot
    from iam.sources.snapshot.write import save

    save(demo_reader, tmp_path / "account.json", lambda text: None)
    reader = open_snapshot(str(tmp_path / "account.json"))
    saved = list(reader.accounts())[-1]
    findings: Iterable[GateFinding] = tuple(preflight(replace(spec, name="REPORTexporter"), saved, reader))
    assert "name.taken" in {each.code for each in findings}
    assert not [each for each in findings if each.code.startswith("validate")]


def test_trusting_a_role_of_the_account_is_fine(demo_reader: AwsReader, account: Account, spec: RoleSpec) -> None:
    change = _trust({"AWS": ["arn:aws:iam::111122223333:role/app/web-frontend-ec2", "444455556666"]})
    assert set(check(change(spec), account, demo_reader)) == {"opens.stranger"}
    assert check(replace(spec, trust=trust("lambda.amazonaws.com")), account, demo_reader) == {}


# A boundary that the caller's own policies ask for, however they ask.

_MAY_CREATE = {"Effect": "Allow", "Action": ["iam:*Role*"], "Resource": "*"}
DEMANDS: dict[str, list[dict[str, Any]]] = {
    "an Allow with the boundary": [
        {**_MAY_CREATE, "Condition": {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}},
    ],
    "an Allow with a pattern": [
        {**_MAY_CREATE, "Condition": {"ArnLike": {"iam:PermissionsBoundary": "arn:aws:iam::*:policy/Developer*"}}},
    ],
    "a Deny that spares it": [
        _MAY_CREATE,
        {
            "Effect": "Deny",
            "Action": ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"iam:PermissionsBoundary": BOUNDARY}},
        },
    ],
}


@pytest.mark.parametrize("name", DEMANDS)
def test_a_demanded_boundary_is_named_however_it_is_demanded(
    reader: AwsReader, reader_as: Callable[[str | None], AwsReader], spec: RoleSpec, directory: Path, name: str
) -> None:
    iam = reader.aws.client("iam")
    iam.put_user_policy(UserName="ben", PolicyName="demand", PolicyDocument=policy(*DEMANDS[name]).text)
    ben = reader_as("ben")
    account = list(ben.accounts())[-1]
    without = replace(spec, boundary_arn=None, instance_profile=None, tags={})
    findings = [each for each in preflight(without, account, ben) if each.level is Level.ERROR]
    assert [(each.code, each.value) for each in findings] == [("boundary.demanded", BOUNDARY)]
    bounded = replace(without, boundary_arn=BOUNDARY)
    assert not stops(tuple(preflight(bounded, account, ben)))
    writer = Writer(ben.aws.client("iam"), sleep=lambda seconds: None)
    *_, last = apply(create_role(bounded, account), ben, writable=False, directory=directory, writer=writer)
    assert last.status is CallStatus.VERIFIED, last.sentence


def test_no_boundary_is_offered_that_would_not_help(
    reader: AwsReader, reader_as: Callable[[str | None], AwsReader], spec: RoleSpec
) -> None:
    statement = {**_MAY_CREATE, "Condition": {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}}
    never = {"Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*"}
    iam = reader.aws.client("iam")
    iam.put_user_policy(UserName="ben", PolicyName="demand", PolicyDocument=policy(statement, never).text)
    ben = reader_as("ben")
    account = list(ben.accounts())[-1]
    findings = [each for each in preflight(replace(spec, boundary_arn=None), account, ben) if "CreateRole" in each.text]
    assert [each.code for each in findings] == ["permission"]
    assert "An Allow cannot help" in findings[0].way_out


class Speaking:
    """A reader of whom some answers are given."""

    def __init__(self, reader: AwsReader, **answers: Any) -> None:
        self._reader = reader
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        return (lambda *_: self._answers[name]) if name in self._answers else getattr(self._reader, name)


def test_what_aws_finds_in_a_document_is_said_once(demo_reader: AwsReader, account: Account, spec: RoleSpec) -> None:
    said = (
        LintFinding("NEWER_CHECK", LintSeverity.SECURITY_WARNING, "AWS knows more.", 3, 1, source="aws"),
        LintFinding("ONLY_AN_IDEA", LintSeverity.SUGGESTION, "Shorter is nicer.", 3, 1, source="aws"),
    )
    reader: Any = Speaking(demo_reader, validate_policy=Reading("access-analyzer:ValidatePolicy", said))
    found = [each for each in preflight(spec, account, reader) if each.code.startswith("validate")]
    assert [each.code for each in found] == ["validate.NEWER_CHECK"] * 2  # of the trust, and of the inline policy
    assert found[0].text == "The trust policy, line 3: AWS knows more."


def test_credentials_that_end_soon_are_said(demo_reader: AwsReader, account: Account, spec: RoleSpec) -> None:
    known = demo_reader.caller().value
    assert known is not None
    for minutes, warned in ((3, True), (60, False)):
        caller = replace(known, expires=datetime.now(UTC) + timedelta(minutes=minutes))
        reader: Any = Speaking(demo_reader, caller=Reading("sts:GetCallerIdentity", caller))
        assert ("session.ends" in check(spec, account, reader)) == warned


def test_a_profile_that_is_there_takes_no_new_place(
    reader: AwsReader, demo_world: World, account: Account, spec: RoleSpec
) -> None:
    with demo_world.in_place():
        demo_world.iam.account_summary._instance_profiles_quota = 1
    assert check(spec, account, reader)["quota"].value == "L-6E65F664"
    assert "quota" not in check(replace(spec, instance_profile="batch-runner"), account, reader)


def test_what_cannot_be_seen_is_said_shortly_with_what_to_do(
    demo_reader_as: Callable[[str | None], AwsReader], spec: RoleSpec
) -> None:
    reader = demo_reader_as("ci-legacy")
    account = list(reader.accounts())[-1]
    unknown = [each for each in preflight(spec, account, reader) if each.level is Level.UNKNOWN]
    assert {each.code for each in unknown} == {"name", "profile", "quota", "policy", "validate", "permission"}
    for each in unknown:
        assert each.way_out
        assert "User:" not in each.text


def test_a_profile_that_holds_this_very_role_is_no_error(account: Account, reader: AwsReader, spec: RoleSpec) -> None:
    named = replace(spec, name="report-worker-ec2", instance_profile="report-worker-profile")
    [finding] = [each for each in preflight(named, account, reader) if each.code.startswith("profile")]
    assert finding.level is Level.OK
    assert "already contains the role report-worker-ec2" in finding.text
