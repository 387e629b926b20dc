"""A draft of each kind passes the check and makes the role that is meant, proved by boto3's reads of the result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.check.run import check
from iam.account import Account
from iam.changes.apply import CallStatus
from iam.creation.after.next_steps import next_steps
from iam.creation.after.try_role import TriesEnd, TryEvent, TryResult, try_role
from iam.creation.draft.faults import permission_faults
from iam.creation.draft.places import Place, What, recipe_answer, statement_part, trust_answer
from iam.creation.draft.role_draft import CUSTOM, RoleDraft
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements.action_table import action_table
from iam.creation.statements.parts import StatementPart
from iam.gate.finding import Level
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ACCOUNT = "111122223333"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/DEMO0123456789ABCDEF"
GITHUB = "token.actions.githubusercontent.com"
WEB, POOL = "sts:AssumeRoleWithWebIdentity", "us-east-1:0f6d2c6e-1111-4222-8333-944455566677"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
BUCKETS = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/DeveloperBoundary"
OWN = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ben"},
    "Action": "sts:AssumeRole",
    "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
}


def provider(name: str, kind: str = "oidc") -> dict[str, str]:
    return {"Federated": f"arn:aws:iam::{ACCOUNT}:{kind}-provider/{name}"}


@dataclass(frozen=True)
class Case:
    """What is typed, and what comes of it: ``trust`` is the statement without Effect, ``next`` a part of what to do."""

    name: str
    kind: str
    answers: Mapping[str, str]
    trust: Mapping[str, Any]
    next: str
    recipes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    managed: str = ""
    more: Mapping[Place, str] = field(default_factory=dict)
    tries: int = 2

    def draft(self) -> RoleDraft:
        made = RoleDraft(name=self.name, table=action_table(), trust_kind=self.kind)
        for key, answer in self.answers.items():
            made.put(trust_answer(self.kind, key), answer)
        for slot, (recipe, answers) in enumerate(self.recipes.items()):
            made.put(Place(What.RECIPE, slot=slot), recipe)
            for key, answer in answers.items():
                made.put(recipe_answer(slot, recipe, key), answer)
        made.put(Place(What.ATTACHED), self.managed)
        for place, text in self.more.items():
            made.put(place, text)
        return made


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
EC2 = {"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
LAMBDA = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


def built(slot: int, effect: str = "Allow", **parts: str) -> dict[Place, str]:
    """A statement put together in the form."""
    rows = {statement_part(slot, StatementPart[part.upper()]): text for part, text in parts.items()}
    return {Place(What.EFFECT, slot=slot): effect, **rows}


CASES = (
    Case(
        "tracker-task",
        "service",
        {"service": "ecs-tasks"},
        ECS,
        f'"taskRoleArn": "arn:aws:iam::{ACCOUNT}:role/tracker-task"',
        {"read-secret": {"secret": "orders/db"}},
    ),
    Case(
        "tracker-execution",
        "service",
        {"service": "ecs-tasks"},
        ECS,
        f'"executionRoleArn": "arn:aws:iam::{ACCOUNT}:role/tracker-execution"',
        managed=EXECUTION,
    ),
    Case(
        "image-reader-ec2",
        "service",
        {"service": "ec2"},
        EC2,
        "associate-iam-instance-profile",
        {"read-bucket": {"bucket": "harbor-assets"}},
        more={Place(What.PATH): "/app/", Place(What.TAG): "team=ferry"},
        tries=4,
    ),
    Case("bucket-browser-ec2", "service", {"service": "ec2"}, EC2, "associate-iam-instance-profile", managed=BUCKETS),
    Case(
        "stock-sync-lambda",
        "service",
        {"service": "lambda"},
        LAMBDA,
        "update-function-configuration",
        {"write-table": {"table": "orders"}, "function-logs": {"function": "stock-sync"}},
        tries=8,
    ),
    Case(
        "asset-reader-lambda",
        "service",
        {"service": "lambda"},
        LAMBDA,
        "update-function-configuration",
        more={
            **built(0, action="s3:GetObject", resource="arn:aws:s3:::harbor-assets/*"),
            **built(
                1,
                action="s3:ListBucket",
                resource="arn:aws:s3:::harbor-assets",
                key="s3:prefix",
                operator="StringLike",
                value="img/*, css/*",
            ),
            Place(What.STATEMENTS_NAME): "assets",
        },
        tries=3,
    ),
    Case(
        "vendor-cost-reader",
        "account",
        {"account": "999988887777", "external_id": "hl-9-cost", "mfa": "yes"},
        {
            "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"sts:ExternalId": "hl-9-cost"},
                "Bool": {"aws:MultiFactorAuthPresent": "true"},
            },
        },
        "Account 999988887777 must also allow the call",
        {"read-bucket": {"bucket": "harbor-reports", "prefix": "cost/"}},
        more={Place(What.PATH): "/vendor/", Place(What.SESSION): "2 h"},
    ),
    Case(
        "gha-deploy-tracker",
        "github",
        {"organization": "harbor-demo", "repository": "tracker", "environment": "production"},
        {
            "Principal": provider(GITHUB),
            "Action": WEB,
            "Condition": {
                "StringEquals": {
                    f"{GITHUB}:aud": "sts.amazonaws.com",
                    f"{GITHUB}:sub": "repo:harbor-demo/tracker:environment:production",
                }
            },
        },
        "role-to-assume",
        {"write-bucket": {"bucket": "harbor-tracker-site"}},
        more={Place(What.PATH): "/ci/", Place(What.BOUNDARY): BOUNDARY},
    ),
    Case(
        "ben-inspects",
        CUSTOM,
        {},
        {key: value for key, value in OWN.items() if key != "Effect"},
        "mfa_serial",
        more={Place(What.TRUST_POLICY): json.dumps({"Version": "2012-10-17", "Statement": [OWN]})},
        tries=0,
    ),
    Case(
        "stock-irsa",
        "irsa",
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
        "kubectl annotate serviceaccount -n stock stock-api",
        {"consume-queue": {"queue": "orders-events"}},
    ),
    Case(
        "search-indexer",
        "pod-identity",
        {"namespace": "search", "service_account": "indexer", "cluster": "harbor"},
        PODS,
        "aws eks create-pod-identity-association --cluster-name harbor --namespace search --service-account indexer",
        {"read-bucket": {"bucket": "harbor-assets"}},
    ),
    Case(
        "gitlab-deploy",
        "gitlab",
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
        "AWS_ROLE_ARN=arn:aws:iam::111122223333:role/gitlab-deploy",
        {"write-bucket": {"bucket": "harbor-tracker-site"}},
    ),
    Case(
        "terraform-network",
        "terraform",
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
        "TFC_AWS_RUN_ROLE_ARN=arn:aws:iam::111122223333:role/terraform-network",
        {"read-bucket": {"bucket": "harbor-reports"}},
    ),
    Case(
        "mobile-guest",
        "cognito",
        {"pool": POOL, "sign_in": "unauthenticated"},
        {
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": WEB,
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": POOL},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "unauthenticated"},
            },
        },
        f"--identity-pool-id {POOL} --roles unauthenticated=arn:aws:iam::111122223333:role/mobile-guest",
        {"put-metrics": {"namespace": "Mobile"}},
    ),
    Case(
        "google-reader",
        "google",
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
        "aws sts assume-role-with-web-identity --role-arn arn:aws:iam::111122223333:role/google-reader",
        {"read-bucket": {"bucket": "harbor-reports", "prefix": "public/"}},
    ),
    Case(
        "saml-operator",
        "saml",
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
        f"arn:aws:iam::{ACCOUNT}:role/human/saml-operator,arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP",
        managed=ADMINISTRATOR,
        more={Place(What.PATH): "/human/"},
    ),
)


@pytest.fixture(scope="module")
def shared(_demo_template: World) -> AwsReader:
    """One account for all cases: each makes a role of its own."""
    from iam.demo.open import reader

    made = reader(_demo_template.copy())
    iam = made.aws.session.client("iam")
    for url, audience in (("gitlab.com", "https://gitlab.com"), ("app.terraform.io", "aws.workload.identity")):
        iam.create_open_id_connect_provider(Url=f"https://{url}", ClientIDList=[audience])
    return made


@pytest.fixture(scope="module")
def account(shared: AwsReader) -> Account:
    return list(shared.accounts())[-1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_role_of_each_kind(shared: AwsReader, account: Account, tmp_path: Path, case: Case) -> None:
    draft, facts = case.draft(), AccountFacts.of(account)
    assert list(permission_faults(draft, facts, None)) == []
    spec = draft.spec(facts)
    assert not [each for each in check(spec, account, shared) if each.level is Level.ERROR]
    *_, last = apply(create_role(spec, account, shared), shared, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED, last.sentence
    assert case.next in "\n".join(next_steps(spec, facts))

    iam = shared.aws.session.client("iam")
    role = iam.get_role(RoleName=case.name)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [{"Effect": "Allow", **case.trust}]
    assert role["Path"] == case.more.get(Place(What.PATH), "/")
    assert role["MaxSessionDuration"] == (7200 if Place(What.SESSION) in case.more else 3600)
    assert role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") == case.more.get(Place(What.BOUNDARY))
    assert role.get("Tags", []) == ([{"Key": "team", "Value": "ferry"}] if Place(What.TAG) in case.more else [])
    attached = iam.list_attached_role_policies(RoleName=case.name)["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == ([case.managed] if case.managed else [])
    names = set(iam.list_role_policies(RoleName=case.name)["PolicyNames"])
    assert names == ({"assets"} if case.name == "asset-reader-lambda" else set(case.recipes))
    for recipe, answers in case.recipes.items():
        document = json.dumps(iam.get_role_policy(RoleName=case.name, PolicyName=recipe)["PolicyDocument"])
        assert all(answer in document for answer in answers.values())
        assert ('"Resource": "*"' in document) == (recipe == "put-metrics")  # metrics have no ARN
    if case.trust is EC2:
        profile = iam.get_instance_profile(InstanceProfileName=case.name)["InstanceProfile"]
        assert [each["RoleName"] for each in profile["Roles"]] == [case.name]

    told: list[TryEvent] = []
    try_role(spec, draft.recipes, facts, account, shared, told.append, lambda _: False)
    assert isinstance(told[-1], TriesEnd) and not told[-1].missing
    tries = [each for each in told if isinstance(each, TryResult)]
    assert len(tries) >= case.tries
    assert all(each.good for each in tries), [(each.request, each.sentence) for each in tries if not each.good]
    # An administrator must not do nothing, and a role without permissions promises nothing.
    assert case.managed == ADMINISTRATOR or not tries or any(not each.request.allowed for each in tries)


def test_statements_put_together_in_the_form_are_the_policy(shared: AwsReader, account: Account) -> None:
    case = next(each for each in CASES if each.name == "asset-reader-lambda")
    [policy] = case.draft().inline(AccountFacts.of(account))
    assert json.loads(policy.document.text)["Statement"] == [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::harbor-assets/*"},
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::harbor-assets",
            "Condition": {"StringLike": {"s3:prefix": ["img/*", "css/*"]}},
        },
    ]
