"""Each failure that the demo shows is true of the account: evaluating its policies refuses, in the layer it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from iam.demo.account.facts import ACCOUNT, HOME_REGION, ORGANIZATION
from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.layer import Layer
from iam.policy.request import NamedPolicy, Policies, Request
from tests.support.demo.failures import CONFLICTS, FAILURES

LAYERS = {
    "identity": Layer.IDENTITY,
    "resource": Layer.RESOURCE,
    "trust": Layer.RESOURCE,
    "boundary": Layer.BOUNDARY,
    "scp": Layer.SCP,
    "session": Layer.SESSION,
    "vpce": Layer.VPC_ENDPOINT,
}


@dataclass(frozen=True)
class Case:
    """A failure's request, worked out by hand from its text. ``fixed`` is context that makes it succeed."""

    id: str
    principal: str
    action: str
    resource: str
    fixed: dict[str, tuple[str, ...]] | None = None


def session(role: str, name: str) -> str:
    return f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}"


ROLE = f"arn:aws:iam::{ACCOUNT}:role/"
BEN = f"arn:aws:iam::{ACCOUNT}:user/ben"
GITHUB_OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
EKS_OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"
ORDERS = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders/index/by-customer"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"

CASES = (
    Case("F01", session("web-frontend-ec2", "i-0a1"), "s3:PutObject", "arn:aws:s3:::harbor-assets/x"),
    Case("F03", session("orders-api-lambda", "orders-api"), "dynamodb:Query", ORDERS),
    Case("F04", "lambda.amazonaws.com", "sts:AssumeRole", ROLE + "app/invoice-render-lambda"),
    Case(
        "F05",
        session("orders-ecs-execution", "8f3c"),
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:orders/db-Ab12Cd",
    ),
    Case("F06", EKS_OIDC, WEB_IDENTITY, ROLE + "app/inventory-irsa"),
    Case("F07", "pods.eks.amazonaws.com", "sts:TagSession", ROLE + "app/search-podid"),
    Case("F08", GITHUB_OIDC, WEB_IDENTITY, ROLE + "ci/gha-deploy-storefront"),
    Case(
        "F09",
        session("ci-pipeline-builder", "AWSCodeBuild-4d1f"),
        "iam:CreateRole",
        ROLE + "ci/new",
        {"iam:PermissionsBoundary": (f"arn:aws:iam::{ACCOUNT}:policy/DeveloperBoundary",)},
    ),
    Case(
        "F10",
        "arn:aws:sts::999988887777:assumed-role/collector/s1",
        "sts:AssumeRole",
        ROLE + "vendor/vendor-cost-auditor",
    ),
    Case("F11", f"arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP", "sts:AssumeRoleWithSAML", ROLE + "human/saml-admin"),
    Case("F12", "cognito-identity.amazonaws.com", WEB_IDENTITY, ROLE + "app/cognito-mobile-auth"),
    Case(
        "F13",
        BEN,
        "sts:AssumeRole",
        ROLE + "human/break-glass-admin",
        {"aws:MultiFactorAuthPresent": ("true",), "aws:MultiFactorAuthAge": ("10",)},
    ),
    Case("F14", session("lake-etl-glue", "j"), "s3:CreateBucket", "arn:aws:s3:::harbor-lake-ap"),
    Case(
        "F15",
        session("project-developer", "alice"),
        "ec2:StartInstances",
        f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-0f1e2d3c4b5a69788",
        {"aws:PrincipalTag/project": ("ferry",)},
    ),
    Case("F16", "scheduler.amazonaws.com", "sts:AssumeRole", ROLE + "service-role/scheduler-invoke-orders"),
    Case("F17", session("platform-operator", "ben"), "s3:GetObject", "arn:aws:s3:::vendor-drop/x"),
    Case("F18", session("release-manager", "ben"), "iam:PassRole", ROLE + "app/orders-ecs-task"),
    Case("F19", session("kms-reports-reader", "reports"), "kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/K1"),
    Case("F21", session("batch-vpc-worker", "i-0b"), "s3:GetObject", "arn:aws:s3:::harbor-models/m"),
    Case(
        "F22",
        session("project-developer", "alice"),
        "ec2:RunInstances",
        f"arn:aws:ec2:ap-south-1:{ACCOUNT}:instance/*",
    ),
    Case(
        "F23",
        session("contractor-scoped", "kestrel"),
        "lambda:UpdateFunctionCode",
        f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:orders-api",
    ),
    Case("F28", session("web-frontend-ec2", "i-0a1"), "s3:ListBucket", "arn:aws:s3:::harbor-assets"),
    Case(
        "F30",
        f"arn:aws:iam::{ACCOUNT}:user/dora",
        "sts:AssumeRole",
        ROLE + "human/project-developer",
        {"aws:PrincipalTag/department": ("HR",)},
    ),
)


@pytest.fixture(scope="module")
def world(_demo_template: Any) -> Any:
    return _demo_template.copy()


def policies_for(world: Any, reader: Any, case: Case) -> tuple[Policies, dict[str, tuple[str, ...]]]:
    """The policies of a case, from the account itself."""
    from iam.demo.aws.authorization.callers import boundary, identity_policies, rcps, scps, tags_of

    parts = case.principal.split(":")
    name = case.principal.rsplit("/", 2)[-2 if "assumed-role" in case.principal else -1]
    context: dict[str, tuple[str, ...]] = {"aws:RequestedRegion": (HOME_REGION,), "aws:PrincipalOrgID": (ORGANIZATION,)}
    resource = None
    if case.action != "iam:PassRole" and not case.resource.startswith("arn:aws:ec2"):
        reading = reader.resource_policy(case.resource)
        resource = NamedPolicy(reading.value, "resource") if reading.value else None
    if len(parts) < 6 or ACCOUNT not in case.principal or "provider" in case.principal:
        # A service, a provider, or somebody else's session, whose own account allows it.
        everything = (NamedPolicy(Document('{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')),)
        return Policies(everything, resource, rcps=rcps()), context
    with world.in_place():
        entity = world.iam.users[name] if ":user/" in case.principal else world.iam.get_role(name)
        context |= {f"aws:PrincipalTag/{key}": (value,) for key, value in tags_of(entity).items()}
        found = identity_policies(world.iam, entity), boundary(world.iam, entity)
    endpoint = None
    if case.id == "F21":
        endpoint = tuple(NamedPolicy(one.document, one.id) for one in reader.vpc_endpoints("s3").value)
    passed = None
    if case.id == "F23":
        import json

        event = next(one for one in reader.events(resource_name=name).value if one.name == "AssumeRole")
        passed = (NamedPolicy(Document(json.loads(event.detail)["requestParameters"]["policy"]), "passed"),)
    return Policies(found[0], resource, found[1], passed, scps(), rcps(), endpoint), context


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_account_refuses_as_the_failure_says(case: Case, world: Any, demo_reader: Any) -> None:
    failure = next(one for one in FAILURES if one.id == case.id)
    policies, context = policies_for(world, demo_reader, case)
    context |= dict(failure.context)
    decision = evaluate(Request(case.principal, case.action, case.resource, ACCOUNT, context), policies)
    fault = failure.cause.partition(".")[2]
    assert not decision.allowed
    assert (decision.outcome is Outcome.EXPLICIT_DENY) is (fault == "explicit-deny")
    accepted = {LAYERS[cause.partition(".")[0]] for cause in (failure.cause, *failure.also) if "." in cause}
    assert decision.decided_by in accepted
    if case.fixed:
        fixed = evaluate(
            Request(case.principal, case.action, case.resource, ACCOUNT, {**context, **case.fixed}), policies
        )
        assert fixed.allowed, fixed.rule


def test_what_was_denied_twenty_seconds_ago_is_allowed_now(world: Any, demo_reader: Any) -> None:
    case = Case(
        "F32",
        session("orders-ecs-task", "1a2b"),
        "sqs:SendMessage",
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders-events",
    )
    policies, context = policies_for(world, demo_reader, case)
    assert evaluate(Request(case.principal, case.action, case.resource, ACCOUNT, context), policies).allowed


def test_the_identity_side_of_the_export_allows(world: Any, demo_reader: Any) -> None:
    failure = next(one for one in FAILURES if one.id == "F20")
    assert failure.resource is not None
    case = Case("F20", session("shared-bucket-exporter", "j"), "s3:PutObject", failure.resource)
    policies, context = policies_for(world, demo_reader, case)
    assert demo_reader.resource_policy("arn:aws:s3:::shared-tools-exports").unreadable
    decision = evaluate(Request(case.principal, case.action, case.resource, ACCOUNT, context), policies)
    assert decision.allowed


def test_every_failure_and_conflict_is_written_out_once() -> None:
    numbers = {failure.id[:3] for failure in FAILURES}
    assert numbers == {f"F{number:02d}" for number in range(1, 33)}
    assert [conflict.id for conflict in CONFLICTS] == [f"E{number:02d}" for number in range(1, 9)]
    for failure in FAILURES:
        if failure.kind == "access-denied" and not failure.id.startswith("F29"):
            assert failure.bare
            assert "because no" not in failure.bare


def test_the_names_of_the_conflicts_are_taken_as_they_say(demo_reader: Any) -> None:
    *_, account = demo_reader.accounts()
    assert account.role("reportexporter") is None
    assert account.role_ignoring_case("reportexporter").name == "ReportExporter"
    assert account.role("web-frontend-ec2").path == "/app/"
    assert demo_reader.instance_profile("batch-runner").value.roles == ()
    assert account.role_ignoring_case("batch-runner") is None
    assert account.role_ignoring_case("alice") is None and account.user("alice")
    assert account.role("legacy-ftp-sync")
