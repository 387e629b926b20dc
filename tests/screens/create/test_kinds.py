"""A role of every kind, created in the demo account by keys alone, and proved by boto3's reads of the result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from screens.create.steps import CreateStep
from tests.support.driving.creating import ACCOUNT, NARROW, WIDE, Session, Wizard, role_of, wizard
from tests.support.driving.diagnosing import until, until_seen

if TYPE_CHECKING:
    from iam.demo.aws.world import World

EKS = "oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"
WEB, POOL = "sts:AssumeRoleWithWebIdentity", "us-east-1:0f6d2c6e-1111-4222-8333-944455566677"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@dataclass(frozen=True)
class Kind:
    """What is typed, and what comes of it. ``trust`` is the statement without Effect; ``next`` stands in what to do."""

    title: str
    name: str
    answers: Mapping[str, str]
    trust: Mapping[str, Any]
    next: Sequence[str]
    recipe: str = ""
    recipe_answers: Mapping[str, str] = field(default_factory=dict)
    managed: str = ""
    path: str = "/app/"


def provider(name: str, kind: str = "oidc") -> dict[str, str]:
    return {"Federated": f"arn:aws:iam::{ACCOUNT}:{kind}-provider/{name}"}


ECS = {
    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
    "Action": "sts:AssumeRole",
    "Condition": {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-east-1:{ACCOUNT}:*"},
    },
}
PODS = {
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {
        "StringEquals": {
            "aws:RequestTag/kubernetes-namespace": "search",
            "aws:RequestTag/kubernetes-service-account": "indexer",
            "aws:RequestTag/eks-cluster-name": "harbor",
        }
    },
}

KINDS = (
    Kind(
        "AWS service",
        "tracker-task",
        {"service": "ecs-tasks"},
        ECS,
        ['"taskRoleArn": "arn:aws:iam::111122223333:role/app/tracker-task"'],
        "Read a secret, with its key",
        {"secret": "orders/db"},
    ),
    Kind(
        "AWS service",
        "tracker-execution",
        {"service": "ecs-tasks"},
        ECS,
        ['"executionRoleArn": "arn:aws:iam::111122223333:role/app/tracker-execution"'],
        managed=EXECUTION,
    ),
    Kind(
        "EKS pod, by its token (IRSA)",
        "stock-irsa",
        {"provider": EKS, "namespace": "stock", "service_account": "stock-api"},
        {
            "Principal": provider(EKS),
            "Action": WEB,
            "Condition": {
                "StringEquals": {
                    f"{EKS}:aud": "sts.amazonaws.com",
                    f"{EKS}:sub": "system:serviceaccount:stock:stock-api",
                }
            },
        },
        ["kubectl annotate serviceaccount -n stock stock-api", "role/app/stock-irsa"],
        "Consume a queue",
        {"queue": "orders-events"},
    ),
    Kind(
        "EKS pod, by Pod Identity",
        "search-indexer",
        {"namespace": "search", "service_account": "indexer", "cluster": "harbor"},
        PODS,
        ["aws eks create-pod-identity-association --cluster-name harbor --namespace search --service-account indexer"],
        "Read a bucket",
        {"bucket": "harbor-assets"},
    ),
    Kind(
        "GitLab CI",
        "gitlab-deploy",
        {"group": "harbor/platform", "project": "site", "branch": "main"},
        {
            "Principal": provider("gitlab.com"),
            "Action": WEB,
            "Condition": {
                "StringEquals": {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:harbor/platform/site:ref_type:branch:ref:main",
                }
            },
        },
        ["aud: https://gitlab.com", "AWS_ROLE_ARN=arn:aws:iam::111122223333:role/ci/gitlab-deploy"],
        "Read and write a bucket",
        {"bucket": "harbor-tracker-site"},
        path="/ci/",
    ),
    Kind(
        "HCP Terraform",
        "terraform-network",
        {"organization": "harbor", "workspace": "network", "run_phase": "apply"},
        {
            "Principal": provider("app.terraform.io"),
            "Action": WEB,
            "Condition": {
                "StringEquals": {"app.terraform.io:aud": "aws.workload.identity"},
                "StringLike": {
                    "app.terraform.io:sub": "organization:harbor:project:*:workspace:network:run_phase:apply"
                },
            },
        },
        ["TFC_AWS_PROVIDER_AUTH=true", "TFC_AWS_RUN_ROLE_ARN=arn:aws:iam::111122223333:role/ci/terraform-network"],
        "Read a bucket",
        {"bucket": "harbor-reports"},
        path="/ci/",
    ),
    Kind(
        "Cognito identity pool",
        "mobile-guest",
        {"pool": POOL, "sign_in": "unauthenticated"},
        {
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": WEB,
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": POOL},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"},
            },
        },
        [f"--identity-pool-id {POOL} --roles unauthenticated=arn:aws:iam::111122223333:role/app/mobile-guest"],
        "Put metrics of one namespace",
        {"namespace": "Mobile"},
    ),
    Kind(
        "Google",
        "google-reader",
        {"client_id": "4711.apps.googleusercontent.com", "subject": "108"},
        {
            "Principal": {"Federated": "accounts.google.com"},
            "Action": WEB,
            "Condition": {
                "StringEquals": {
                    "accounts.google.com:aud": "4711.apps.googleusercontent.com",
                    "accounts.google.com:sub": "108",
                }
            },
        },
        ["aws sts assume-role-with-web-identity --role-arn arn:aws:iam::111122223333:role/app/google-reader"],
        "Read a bucket",
        {"bucket": "harbor-reports", "prefix": "public/"},
    ),
    Kind(
        "SAML provider",
        "saml-operator",
        {"provider": "HarborIdP", "regions": "us-east-1, eu-west-1"},
        {
            "Principal": provider("HarborIdP", "saml"),
            "Action": "sts:AssumeRoleWithSAML",
            "Condition": {
                "StringEquals": {
                    "SAML:aud": [
                        "https://us-east-1.signin.aws.amazon.com/saml",
                        "https://eu-west-1.signin.aws.amazon.com/saml",
                    ]
                }
            },
        },
        [f"arn:aws:iam::{ACCOUNT}:role/human/saml-operator,arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP"],
        managed=ADMINISTRATOR,
        path="/human/",
    ),
)


async def create(w: Wizard, kind: Kind) -> None:
    await w.choose(kind.title)
    await w.fill(**kind.answers)
    await w.on(CreateStep.MAY)
    if kind.recipe:
        await w.choose(kind.recipe)
        await w.fill(**kind.recipe_answers)
    if kind.managed:
        await w.fill(**{"perm.managed.0": kind.managed})
    await w.on(CreateStep.DETAILS)
    await w.type(kind.name)
    await w.fill(path=kind.path)
    await w.made()
    for words in kind.next:
        assert words in w.next_steps


def proved(session: Session, kind: Kind) -> None:
    role = role_of(session, kind.name)
    assert role["Path"] == kind.path
    assert role["AssumeRolePolicyDocument"]["Statement"] == [{"Effect": "Allow", **kind.trust}]
    iam = session().client("iam")
    attached = iam.list_attached_role_policies(RoleName=kind.name)["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == ([kind.managed] if kind.managed else [])
    inline = iam.list_role_policies(RoleName=kind.name)["PolicyNames"]
    assert bool(inline) == bool(kind.recipe)
    for name in inline:
        document = json.dumps(iam.get_role_policy(RoleName=kind.name, PolicyName=name)["PolicyDocument"])
        assert all(value in document for value in kind.recipe_answers.values())


@pytest.mark.parametrize("group", [KINDS[:3], KINDS[3:6], KINDS[6:]], ids=lambda group: group[0].name)
async def test_a_role_of_each_kind(demo_world: World, demo_session: Session, group: Sequence[Kind]) -> None:
    iam = demo_session().client("iam")
    for url, audience in (("gitlab.com", "https://gitlab.com"), ("app.terraform.io", "aws.workload.identity")):
        iam.create_open_id_connect_provider(Url=f"https://{url}", ClientIDList=[audience])
    async with wizard(demo_world, NARROW if group is KINDS[:3] else WIDE) as w:
        for kind in group:
            await create(w, kind)
            # What an administrator must not do there is nothing to try with.
            if kind.managed == ADMINISTRATOR:
                assert all(each.good for each in w.screen.result.tries)
            else:
                w.assert_tried()
            await until_seen(w.pilot, "not assumed: It cannot be tried from here")
            await w.press("f2")
            await until(w.pilot, lambda: w.screen.step is CreateStep.WHO and w.cursor == "trust.kind", "another role")
    for kind in group:
        proved(demo_session, kind)


async def test_a_provider_that_is_missing_is_told_before_anything_is_called(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.choose("GitLab CI")
        await w.fill(group="harbor/platform", project="site")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("gitlab-deploy")
        await w.checked()
        [finding] = [each for each in w.screen.check.findings if each.code == "provider.missing"]
        assert "aws iam create-open-id-connect-provider --url https://gitlab.com" in finding.way_out
        await until_seen(w.pilot, "1 error")
        await until_seen(w.pilot, "Create it first")
