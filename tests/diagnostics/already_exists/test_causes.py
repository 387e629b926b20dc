"""Every cause code, for every kind of entity, from the rules: table by table over small accounts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence
from diagnostics.failure import Conflict
from iam.account import Account
from iam.event import Event
from iam.other_services import Instance
from iam.sources.reader.entities import MfaDevice, ServerCertificate
from tests.support.accounts.conflict_memory import (
    ID,
    account,
    ago,
    arn,
    asleep,
    group,
    oidc,
    policy,
    profile,
    role,
    saml,
    trust,
    user,
)
from tests.support.driving.conflict_run import first_word, run, stack, taken


@dataclass(frozen=True)
class Expected:
    id: str
    conflict: Conflict
    cause: str
    advice: tuple[str, ...]
    confidence: Confidence = Confidence.CERTAIN
    account: Account = field(default_factory=account)
    reader: dict[str, Any] = field(default_factory=dict)
    words: tuple[str, ...] = ()


CASES = (
    Expected(
        "exact", taken("role", "tide-gauge"), "name.taken", ("adopt",), account=account(roles=(role("tide-gauge"),))
    ),
    Expected(
        "case",
        taken("role", "tidegauge", "CreateRole"),
        "name.taken-other-case",
        ("adopt", "rename"),
        account=account(roles=(role("TideGauge"),)),
        reader={"stacks": (stack("sea-prod", "TideGauge"),)},
        words=("sea-prod",),
    ),
    Expected(
        "path from the text",
        taken("role", "tide-gauge", path="/new/"),
        "name.taken-other-path",
        ("adopt", "rename"),
        account=account(roles=(role("tide-gauge", "/sea/"),)),
        words=("/sea/",),
    ),
    Expected(
        "path from the command",
        taken(
            "role", "tide-gauge", "CreateRole", "aws iam create-role --path /b/ --role-name tide-gauge\nalready exists"
        ),
        "name.taken-other-path",
        ("adopt",),
        account=account(roles=(role("tide-gauge", "/a/"),)),
    ),
    Expected(
        "same path",
        taken("role", "tide-gauge", path="/sea/"),
        "name.taken",
        ("adopt",),
        account=account(roles=(role("tide-gauge", "/sea/"),)),
    ),
    Expected("free", taken("role", "tide-gauge"), "name.free", ("wait",), account=account(roles=(role("other"),))),
    Expected(
        "typed and free",
        Conflict("", entity_type="role", name="tide-gauge"),
        "name.free",
        ("leave",),
        account=account(roles=(role("other"),)),
    ),
    Expected(
        "a user of that name",
        taken("role", "marek"),
        "name.other-namespace",
        ("leave",),
        account=account(roles=(role("x"),), users=(user("marek"),)),
        words=("marek", "user"),
    ),
    Expected(
        "a role of that name while a user is made",
        taken("user", "marek", "CreateUser"),
        "name.other-namespace",
        ("leave",),
        account=account(roles=(role("marek"),)),
    ),
    Expected(
        "operation and text differ: the operation says what was wanted",
        taken("user", "marek", "CreateRole"),
        "name.other-namespace",
        ("leave",),
        account=account(roles=(role("x"),), users=(user("marek"),)),
    ),
    Expected(
        "empty profile",
        taken("instance-profile", "buoy", "CreateInstanceProfile"),
        "profile.empty",
        ("reuse",),
        account=account(instance_profiles=(profile("buoy"),)),
        words=("buoy",),
    ),
    Expected(
        "role of EC2's whose name is free, empty profile of that name",
        taken(
            "role",
            "buoy",
            "CreateRole",
            f"aws iam create-role --role-name buoy --assume-role-policy-document '{trust('ec2.amazonaws.com').text}'\n"
            "Role with name buoy already exists.",
        ),
        "profile.empty",
        ("reuse",),
        account=account(roles=(role("x"),), instance_profiles=(profile("Buoy"),)),
        words=("Buoy",),
    ),
    Expected(
        "role name free, and a profile of that name, which is no role",
        taken("role", "buoy", "CreateRole"),
        "name.other-namespace",
        ("leave",),
        account=account(roles=(role("x"),), instance_profiles=(profile("Buoy"),)),
        words=("Buoy",),
    ),
    Expected(
        "profile with another role",
        taken(
            "instance-profile",
            "buoy",
            "AddRoleToInstanceProfile",
            "aws iam add-role-to-instance-profile --instance-profile-name buoy --role-name new already exists",
        ),
        "profile.other-role",
        ("rename",),
        account=account(instance_profiles=(profile("buoy", "old"),)),
    ),
    Expected(
        "profile with our role",
        taken(
            "instance-profile",
            "buoy",
            "AddRoleToInstanceProfile",
            "aws iam add-role-to-instance-profile --instance-profile-name buoy --role-name new already exists",
        ),
        "profile.same-role",
        ("reuse",),
        account=account(instance_profiles=(profile("buoy", "new"),)),
    ),
    Expected(
        "profile with the role of its name",
        taken("instance-profile", "buoy"),
        "profile.same-role",
        ("reuse",),
        Confidence.LIKELY,
        account=account(instance_profiles=(profile("buoy", "buoy"),)),
    ),
    Expected(
        "policy in another path",
        taken("policy", "read-tides", path="/team/"),
        "policy.taken",
        ("new-version",),
        account=account(policies=(policy("Read-Tides", versions=2),)),
        words=("Read-Tides",),
    ),
    Expected(
        "policy by ARN, as CloudFormation says it",
        taken("policy", arn("policy/team/read-tides")),
        "policy.taken",
        ("new-version",),
        account=account(policies=(policy("read-tides", "/team/"),)),
    ),
    Expected(
        "policy of a stack",
        taken("policy", "read-tides"),
        "policy.taken",
        ("rename",),
        account=account(policies=(policy("read-tides"),)),
        reader={"stacks": (stack("sea-prod", arn("policy/read-tides"), kind="ManagedPolicy"),)},
    ),
    Expected(
        "OIDC provider with scheme, slash and case",
        taken("oidc-provider", "https://Token.Sea.example/id/"),
        "provider.taken",
        ("reuse",),
        account=account(oidc_providers=(oidc("token.sea.example/id", "sts"),)),
        words=("token.sea.example/id", "sts"),
    ),
    Expected(
        "SAML provider",
        taken("saml-provider", "SeaIdP"),
        "provider.taken",
        ("reuse",),
        account=account(saml_providers=(saml("SeaIdP"),)),
    ),
    Expected(
        "user", taken("user", "Marek"), "name.taken-other-case", ("adopt",), account=account(users=(user("marek"),))
    ),
    Expected(
        "group", taken("group", "crew"), "name.taken", ("adopt",), account=account(groups=(group("crew", "/a/"),))
    ),
    Expected(
        "server certificate",
        taken("server-certificate", "sea_cert"),
        "name.taken",
        ("rename",),
        reader={"certificates": (ServerCertificate("sea_cert", arn("server-certificate/sea_cert"), "/", ago(days=3)),)},
    ),
    Expected(
        "MFA device left unassigned",
        taken("virtual-mfa-device", None),
        "name.taken",
        ("delete",),
        reader={"devices": (MfaDevice(arn("mfa/marek")), MfaDevice(arn("mfa/jo"), "jo"))},
        words=("mfa/marek",),
    ),
    Expected(
        "MFA device in use",
        taken("virtual-mfa-device", "jo"),
        "name.taken",
        ("rename",),
        reader={"devices": (MfaDevice(arn("mfa/jo"), "jo"),)},
    ),
    Expected(
        "login profile",
        taken("login-profile", "marek", "CreateLoginProfile"),
        "name.taken",
        ("adopt",),
        account=account(users=(user("marek"),)),
        reader={"passwords": ("marek",)},
    ),
    Expected(
        "own alias",
        taken(None, "sea-prod", "CreateAccountAlias"),
        "name.taken",
        ("adopt",),
        account=account(alias="sea-prod"),
    ),
    Expected(
        "somebody's alias",
        taken(None, "sea-prod", "CreateAccountAlias"),
        "name.taken",
        ("rename",),
        Confidence.LIKELY,
        account=account(alias="sea-test"),
    ),
    Expected(
        "service-linked role",
        replace(taken("service-linked-role", "AWSServiceRoleForSea", "CreateServiceLinkedRole"), code="InvalidInput"),
        "role.service-owned",
        ("leave",),
        account=account(roles=(role("AWSServiceRoleForSea", "/aws-service-role/sea.amazonaws.com/"),)),
    ),
    Expected(
        "reserved role",
        taken("role", "AWSReservedSSO_Sea_01"),
        "role.service-owned",
        ("leave",),
        account=account(roles=(role("AWSReservedSSO_Sea_01", "/aws-reserved/sso.amazonaws.com/"),)),
    ),
    Expected(
        "service-linked role being deleted",
        taken("service-linked-role", "AWSServiceRoleForSea"),
        "deletion.unfinished",
        ("wait",),
        account=account(roles=(role("AWSServiceRoleForSea", "/aws-service-role/sea.amazonaws.com/"),)),
        reader={"deletions": {"AWSServiceRoleForSea": "IN_PROGRESS"}},
    ),
    Expected(
        "stack being deleted",
        taken("role", "tide-gauge"),
        "deletion.unfinished",
        ("wait",),
        account=account(roles=(role("tide-gauge"),)),
        reader={"stacks": (stack("sea", "tide-gauge", "DELETE_IN_PROGRESS"),)},
        words=("sea",),
    ),
    Expected(
        "stack whose deletion failed",
        taken("role", "tide-gauge"),
        "deletion.unfinished",
        ("wait",),
        account=account(roles=(role("tide-gauge"),)),
        reader={"stacks": (stack("sea", "tide-gauge", "DELETE_FAILED"),)},
        words=("its stack sea was to be deleted, but the deletion failed",),
    ),
    Expected(
        "DeleteRole was called and the role is there",
        taken("role", "tide-gauge"),
        "deletion.unfinished",
        ("delete",),
        account=account(roles=(asleep("tide-gauge", attached=(), instance_profiles=("tide-gauge",)),)),
        reader={"trail": (Event("DeleteRole", ago(minutes=5), "jo", ("tide-gauge",)),)},
        words=("tide-gauge",),
    ),
    Expected(
        "permissions were removed",
        taken("role", "tide-gauge"),
        "deletion.unfinished",
        ("delete",),
        account=account(roles=(asleep("tide-gauge", attached=()),)),
        reader={"trail": (Event("DetachRolePolicy", ago(hours=2), "jo", ("tide-gauge",)),)},
    ),
    Expected(
        "nothing left but a profile, and CloudTrail is silent",
        taken("role", "tide-gauge"),
        "deletion.unfinished",
        ("delete",),
        Confidence.LIKELY,
        account=account(roles=(asleep("tide-gauge", attached=(), instance_profiles=("tide-gauge",)),)),
    ),
    Expected(
        "begun, but an instance runs with it",
        taken("role", "tide-gauge"),
        "deletion.unfinished",
        ("adopt",),
        account=account(roles=(asleep("tide-gauge", attached=(), instance_profiles=("tide-gauge",)),)),
        reader={
            "trail": (Event("DeleteRole", ago(minutes=5), "jo", ("tide-gauge",)),),
            "running": (Instance("i-1", arn("instance-profile/tide-gauge")),),
        },
    ),
    Expected(
        "built up again after the removal",
        taken("role", "tide-gauge"),
        "name.taken",
        ("adopt",),
        account=account(roles=(role("tide-gauge"),)),
        reader={
            "trail": (
                Event("AttachRolePolicy", ago(minutes=1), "jo", ("tide-gauge",)),
                Event("DetachRolePolicy", ago(minutes=5), "jo", ("tide-gauge",)),
            )
        },
    ),
    Expected(
        "quota, in AWS's own words",
        Conflict(
            "(LimitExceeded) CreateRole: Cannot exceed quota for RolesPerAccount: 1000", "LimitExceeded", "role", "x"
        ),
        "quota.reached",
        ("request-quota",),
        account=account(summary={"Roles": 1000, "RolesQuota": 1000}),
        words=("L-FE177D64", "1200"),
    ),
    Expected(
        "the name is free and the account is full",
        taken("role", "x"),
        "quota.reached",
        ("request-quota",),
        Confidence.LIKELY,
        account=account(roles=(role("y"),), summary={"Roles": 1000, "RolesQuota": 1000}),
    ),
    Expected(
        "no kind: found among the groups",
        taken(None, "crew"),
        "name.taken",
        ("adopt",),
        account=account(roles=(role("x"),), groups=(group("crew"),)),
    ),
    Expected(
        "no kind: two have it",
        taken(None, "crew"),
        "name.taken",
        ("adopt",),
        Confidence.LIKELY,
        account=account(roles=(role("crew"),), groups=(group("crew"),)),
    ),
    Expected(
        "no kind and nothing has it", taken(None, "crew"), "name.free", ("wait",), account=account(roles=(role("x"),))
    ),
    Expected(
        "the stack stands in the text",
        taken("role", "tide-gauge", owner_stack=f"arn:aws:cloudformation:eu-west-1:{ID}:stack/sea/9"),
        "name.taken",
        ("adopt", "rename"),
        account=account(roles=(role("tide-gauge"),)),
        words=("sea",),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_cause_and_first_advice(case: Expected) -> None:
    _, verdict, fixes = run(case.conflict, case.account, **case.reader)
    assert (verdict.cause, verdict.confidence) == (case.cause, case.confidence), verdict.summary
    first = fixes[0]
    assert first_word(first) in case.advice, [fix.title for fix in fixes]
    for word in case.words:
        assert word in f"{verdict.summary} {first.title} {first.target} {first.text} {first.cautions}"


def test_a_text_of_another_account_is_not_taken_for_this_one() -> None:
    owner = "arn:aws:cloudformation:eu-west-1:999988887777:stack/sea/9"
    for seen, cause in ((account(roles=(role("x"),)), "name.free"), (account(roles=(role("tide"),)), "name.taken")):
        _, verdict, _ = run(taken("role", "tide", "CreateRole", owner_stack=owner), seen)
        assert (verdict.cause, verdict.confidence) == (cause, Confidence.LIKELY)
        assert "account 999988887777" in verdict.summary
    trusting = '{"Statement": [{"Principal": {"AWS": "arn:aws:iam::999988887777:root"}}]} already exists'
    _, verdict, _ = run(taken("role", "tide", text=trusting), account(roles=(role("tide"),)))
    assert verdict.confidence is Confidence.CERTAIN
