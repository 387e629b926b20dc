"""Services that may not assume a role: which service it is, what it needs, and what the others keep."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial
from diagnostics.fix import Fix, FixKind
from diagnostics.text.read.parse import parse
from iam.passed_roles import principal_passed_to
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, role, role_arn, service, trust
from tests.support.denials.invented import Read, diagnosis_of, read
from tests.support.denials.of_demo import administrator

__all__ = ["administrator"]

PODID = "arn:aws:iam::111122223333:role/app/search-podid"
ANCHOR = f"arn:aws:rolesanywhere:eu-central-1:{ID}:trust-anchor/0a1b2c3d-1111"
THREE = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
HELPER = "$ aws_signing_helper credential-process --trust-anchor-arn {anchor} --role-arn {role}\n"
ANYWHERE = "2026/11/20 10:00:00 AccessDeniedException: Unable to assume role for {role}"


def content() -> dict[str, Any]:
    c = alder.snapshot()
    for name, document in {
        "server": service("ec2"),
        "worker": service("lambda"),
        "person": trust({"AWS": f"arn:aws:iam::{ID}:user/someone"}),
        "half": trust({"Service": "rolesanywhere.amazonaws.com"}, THREE[:2]),
        "pod": trust({"Service": "pods.eks.amazonaws.com"}, THREE[:2]),
    }.items():
        entry = role(name, document)
        entry["RoleLastUsed"] = {}
        c["RoleDetailList"].append(entry)
    return c


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(tmp_path_factory.mktemp("alder") / "alder.json", content())


def pod_identity(role: str) -> str:
    return (
        "An error occurred (AccessDeniedException) when calling the AssumeRoleForPodIdentity operation: EKS does not "
        f"have permissions to assume the associated role. roleArn: {role}"
    )


def anywhere(name: str, account: Read) -> Diagnosis:
    return diagnosis_of((HELPER + ANYWHERE).format(anchor=ANCHOR, role=role_arn(name)), account)


def statements(fix: Fix) -> Any:
    assert fix.kind is FixKind.TRUST_POLICY
    return json.loads(fix.text)["Statement"]


def test_pod_identity_is_not_eks(administrator: Read) -> None:
    [failure] = parse(pod_identity(PODID))
    assert isinstance(failure, Denial) and failure.service == "pods.eks"
    found = diagnosis_of(pod_identity(PODID), administrator)
    assert found.verdict.cause == "trust.no-action"
    [statement] = statements(found.fixes[0])
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert (statement["Action"], found.fixes[0].verified) == (THREE[:2], True)
    assert found.fixes[0].gains == ()


def test_pod_identity_gets_a_statement_of_its_own(account: Read) -> None:
    old, new = statements(diagnosis_of(pod_identity(role_arn("worker")), account).fixes[0])
    assert (old["Principal"], old["Action"]) == ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")
    assert (new["Principal"], new["Action"]) == ({"Service": "pods.eks.amazonaws.com"}, THREE[:2])
    assert "Condition" not in new


@pytest.mark.parametrize(("name", "old"), [("pod", "pods.eks"), ("server", "ec2")])
def test_a_service_is_never_put_in_anothers_place_unasked(account: Read, name: str, old: str) -> None:
    """Neither role was ever used, and whether an instance profile contains them is unknown."""
    known, reader = account
    roles = tuple(replace(each, instance_profiles=None) for each in known.roles)
    unknown = replace(known, roles=roles, instance_profiles=None)
    text = f"The role {role_arn(name)} cannot be assumed by Lambda."
    [statement] = statements(diagnosis_of(text, (unknown, reader)).fixes[0])
    assert statement["Principal"] == {"Service": [f"{old}.amazonaws.com", "lambda.amazonaws.com"]}


def test_a_role_of_instances_in_no_profile_is_another_services(account: Read) -> None:
    text = f"The role {role_arn('server')} cannot be assumed by Lambda."
    fix = diagnosis_of(text, account).fixes[0]
    assert statements(fix)[0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert fix.cautions == ("server was never used, and no instance profile contains it",)


@pytest.mark.parametrize(("name", "told"), [("Lambda", False), ("CodeDeploy", True)])
def test_only_a_service_that_tells_its_source_is_asked_for_it(account: Read, name: str, told: bool) -> None:
    """A condition on a key that the service does not send would lock it out."""
    new = statements(diagnosis_of(f"The role {role_arn('person')} cannot be assumed by {name}.", account).fixes[0])[-1]
    assert new["Principal"] == {"Service": f"{name.lower()}.amazonaws.com"}
    assert new.get("Condition") == ({"StringEquals": {"aws:SourceAccount": ID}} if told else None)


def test_roles_anywhere_needs_three_actions_and_names_its_anchor(account: Read) -> None:
    found = anywhere("worker", account)
    assert found.verdict.cause == "trust.principal-mismatch"
    old, new = statements(found.fixes[0])
    assert old["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert (new["Principal"], new["Action"]) == ({"Service": "rolesanywhere.amazonaws.com"}, THREE)
    assert new["Condition"] == {"ArnEquals": {"aws:SourceArn": ANCHOR}}
    assert found.fixes[0].verified is True
    assert "x509Subject" in found.fixes[0].cautions[0]


def test_roles_anywhere_that_may_not_set_the_source_identity(account: Read) -> None:
    found = anywhere("half", account)
    assert found.verdict.cause == "trust.no-action"
    assert found.fixes[0].title == "Add sts:SetSourceIdentity to the trust policy of half"
    assert (statements(found.fixes[0])[0]["Action"], found.fixes[0].verified) == (THREE, True)


def test_without_words_of_the_helper_the_trust_policy_tells_the_service(account: Read) -> None:
    found = diagnosis_of(ANYWHERE.format(role=role_arn("half")), account)
    assert found.fixes[0].title == "Add sts:SetSourceIdentity to the trust policy of half"


def test_without_its_anchor_the_fix_is_not_verified(account: Read) -> None:
    text = ANYWHERE.format(role=role_arn("worker")) + " (IAM Roles Anywhere)"
    fix = diagnosis_of(text, account).fixes[0]
    assert statements(fix)[1]["Condition"] == {
        "ArnLike": {"aws:SourceArn": f"arn:aws:rolesanywhere:*:{ID}:trust-anchor/*"}
    }
    assert fix.verified is None and "--context aws:SourceArn=VALUE" in fix.cautions[0]


def test_a_role_of_pods_is_passed_to_pod_identity() -> None:
    assert principal_passed_to("eks:CreatePodIdentityAssociation") == "pods.eks.amazonaws.com"
