"""Which role a text means: only its own words and records that nothing contradicts name one; the rest is a question."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.request.own_claims import own_claims
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.fix import Calls, FixKind, PolicyChange, TrustChange
from iam.claims import Source
from tests.support.accounts import alder
from tests.support.denials.invented import diagnosis_of, read

GITHUB = "token.actions.githubusercontent.com"
MAIN = "repo:acme/shop:ref:refs/heads/main"
BY_LAMBDA = "The role defined for the function cannot be assumed by Lambda."
OIDC = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"

Ask = Callable[..., Diagnosis]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def ask(text: str, *roles: dict[str, Any], events: list[dict[str, Any]] | None = None, **more: Any) -> Diagnosis:
        content = alder.snapshot()
        content["RoleDetailList"] = list(roles)
        content["Rolescope"]["Events"] = events or []
        content["Rolescope"]["OpenIDConnectProviders"] = [
            {
                "Arn": f"arn:aws:iam::{alder.ID}:oidc-provider/{GITHUB}",
                "Url": GITHUB,
                "ClientIDList": ["sts.amazonaws.com"],
            }
        ]
        return diagnosis_of(text, read(tmp_path / "account.json", content), **more)

    return ask


def github_role(name: str, subject: str = MAIN) -> dict[str, Any]:
    wanted = {f"{GITHUB}:sub": subject, f"{GITHUB}:aud": "sts.amazonaws.com"}
    trusted = alder.trust(
        {"Federated": f"arn:aws:iam::{alder.ID}:oidc-provider/{GITHUB}"},
        "sts:AssumeRoleWithWebIdentity",
        StringEquals=wanted,
    )
    return alder.role(name, trusted)


def run(role: str, subject: str, *, at: str = "2026-03-01T09:00:00Z", request: str = "11111111-aaaa") -> dict[str, Any]:
    provider = f"arn:aws:iam::{alder.ID}:oidc-provider/{GITHUB}"
    record = {
        "eventName": "AssumeRoleWithWebIdentity",
        "eventTime": at,
        "errorCode": "AccessDenied",
        "requestID": request,
        "userIdentity": {
            "type": "WebIdentityUser",
            "identityProvider": provider,
            "userName": subject,
            "principalId": f"{provider}:sts.amazonaws.com:{subject}",
        },
        "requestParameters": {"roleArn": alder.role_arn(role)},
    }
    return {
        "EventName": "AssumeRoleWithWebIdentity",
        "EventTime": at,
        "Username": subject,
        "Resources": [alder.role_arn(role)],
        "CloudTrailEvent": json.dumps(record),
    }


def changes(found: Diagnosis) -> list[str]:
    """Titles of fixes that would change something, or claim to be verified."""
    kinds = Calls | PolicyChange | TrustChange
    return [fix.title for fix in found.fixes if fix.verified or isinstance(fix.change, kinds)]


# P1: a guessed role is a question.

PIPELINE = alder.role("function-pipeline", alder.service("codepipeline"), attached=("lambda-deploy",))
EDGE = alder.role("function-at-edge", alder.service("edgelambda"))
PERSON = alder.role("function-admin", alder.trust({"AWS": alder.user_arn("mira")}), attached=("lambda-deploy",))
FEDERATED = github_role("function-lambda-ci")
UNRELATED = alder.role("function-lambda-batch", alder.service("batch"))


@pytest.mark.parametrize(
    ("roles", "named"),
    [
        ((EDGE, PERSON, FEDERATED, UNRELATED), ("function-at-edge",)),
        ((PIPELINE, EDGE), ("function-at-edge", "function-pipeline")),
        ((EDGE, alder.role("function-b", alder.service("edgelambda"))), ("function-at-edge", "function-b")),
    ],
)
def test_a_role_that_is_only_likely_is_a_question(ask: Ask, roles: tuple[Any, ...], named: tuple[str, ...]) -> None:
    found = ask(BY_LAMBDA, *roles)
    assert found.verdict.confidence is not Confidence.CERTAIN
    (question,) = [each for each in found.verdict.questions if each.key == "role"]
    assert question.wanted == named
    assert changes(found) == []
    assert "only" not in found.verdict.summary
    assert found.fixes[0].title.startswith("Say which role the call requested")


def test_a_role_that_trusts_a_person_or_an_unrelated_service_is_no_candidate(ask: Ask) -> None:
    found = ask(BY_LAMBDA, PERSON, FEDERATED, UNRELATED)
    assert not changes(found)
    assert "function-" not in found.verdict.summary


def test_for_tasks_a_role_for_ecs_comes_first(ask: Ask) -> None:
    text = (
        "ECS was unable to assume the role that was provided for this task. Please verify that the role being passed "
        "has the proper trust relationship and permissions"
    )
    found = ask(text, alder.role("app-service", alder.service("ecs")), PERSON)
    (question,) = [each for each in found.verdict.questions if each.key == "role"]
    assert question.wanted == ("app-service",)
    assert not changes(found)


def test_a_role_that_the_operator_names_is_known(ask: Ask) -> None:
    found = ask(BY_LAMBDA, EDGE, PERSON, role="function-at-edge")
    assert found.request["resource"].source is Source.OPERATOR
    assert changes(found)


# N1: the text's own words come before another run's record.


@pytest.mark.parametrize(
    "own",
    [
        "sub: repo:acme/shop:pull_request",
        "environment: production",
        "GITHUB_REF=refs/heads/release-7",
        "GITHUB_EVENT_NAME=pull_request",
        "GITHUB_REPOSITORY=acme/other",
        "2026-03-01T11:30:00Z",
        "Request ID: 99999999-bbbb-cccc-dddd-eeeeeeeeeeee",
    ],
)
def test_a_run_that_the_text_contradicts_is_a_question(ask: Ask, own: str) -> None:
    text = f"Run aws-actions/configure-aws-credentials@v4\n{own}\nrole: shop-deploy\n{OIDC}"
    recorded = "repo:acme/shop:ref:refs/heads/hotfix"
    found = ask(text, github_role("shop-deploy"), events=[run("shop-deploy", recorded)])
    assert found.request.get(f"{GITHUB}:sub") is None or found.request[f"{GITHUB}:sub"].words != recorded
    (question,) = [each for each in found.verdict.questions if each.key == "run"]
    assert recorded in question.why and "was that your run?" in question.why
    assert not any(recorded in fix.text for fix in found.fixes)


def test_the_texts_subject_is_evaluated(ask: Ask) -> None:
    own = "repo:acme/shop:pull_request"
    text = f"configure-aws-credentials\nsub: {own}\nrole: shop-deploy\n{OIDC}"
    found = ask(text, github_role("shop-deploy"), events=[run("shop-deploy", MAIN)])
    had = found.request[f"{GITHUB}:sub"]
    assert (had.words, had.source) == (own, Source.TEXT)
    assert own in found.verdict.summary


@pytest.mark.parametrize("own", ["", "GITHUB_REF=refs/heads/hotfix", "2026-03-01T09:01:10Z"])
def test_a_run_that_nothing_contradicts_is_this_call(ask: Ask, own: str) -> None:
    recorded = "repo:acme/shop:ref:refs/heads/hotfix"
    text = f"configure-aws-credentials\n{own}\n{OIDC}"
    found = ask(text, github_role("shop-deploy"), events=[run("shop-deploy", recorded)])
    had = found.request[f"{GITHUB}:sub"]
    assert (had.words, had.source) == (recorded, Source.CLOUDTRAIL)


def test_of_two_runs_that_differ_neither_is_known_to_be_this_call(ask: Ask) -> None:
    one, other = "repo:acme/shop:ref:refs/heads/hotfix", "repo:acme/shop:ref:refs/heads/next"
    events = [run("shop-deploy", one), run("shop-deploy", other, at="2026-03-01T08:00:00Z")]
    found = ask(f"configure-aws-credentials\n{OIDC}", github_role("shop-deploy"), events=events)
    assert found.request[f"{GITHUB}:sub"].source is Source.GUESS
    assert not any(fix.verified for fix in found.fixes if fix.kind is FixKind.TRUST_POLICY)
    assert any(question.key == f"{GITHUB}:sub" for question in found.verdict.questions)


def test_the_run_with_the_texts_request_id_is_this_call(ask: Ask) -> None:
    one, other = "repo:acme/shop:ref:refs/heads/hotfix", "repo:acme/shop:ref:refs/heads/next"
    own = "12345678-aaaa-bbbb-cccc-1234567890ab"
    events = [run("shop-deploy", one), run("shop-deploy", other, at="2026-03-01T08:00:00Z", request=own)]
    found = ask(f"configure-aws-credentials request id: {own}\n{OIDC}", github_role("shop-deploy"), events=events)
    assert (found.request[f"{GITHUB}:sub"].words, found.request[f"{GITHUB}:sub"].source) == (other, Source.CLOUDTRAIL)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("GITHUB_REPOSITORY: acme/shop\nGITHUB_REF: refs/tags/v1", "repo:acme/shop:ref:refs/tags/v1"),
        ("GITHUB_REPOSITORY=acme/shop\n    environment: prod\n", "repo:acme/shop:environment:prod"),
        ("system:serviceaccount:shop:api", "system:serviceaccount:shop:api"),
        (f'"StringEquals": {{"{GITHUB}:sub": "{MAIN}"}}', None),
        ("sub: repo:acme/shop:*", None),
        ("GITHUB_REF=refs/heads/main", None),
        ("Error: Not authorized", None),
    ],
)
def test_what_a_text_says_of_its_subject(text: str, subject: str | None) -> None:
    assert own_claims(text).subject == subject


# N10: a role that the text names and the account does not have.


@pytest.mark.parametrize(
    "text",
    [
        f"The role {alder.role_arn('function-absent')} cannot be assumed by Lambda.",
        f"role-to-assume: {alder.role_arn('cdk-hnb659fds-deploy-role-222233334444-eu-west-3')}\n{OIDC}",
        f"The role {alder.role_arn('function-at-edge', '/other/')} cannot be assumed by Lambda.",
    ],
)
def test_a_role_that_the_text_names_is_never_another_one(ask: Ask, text: str) -> None:
    found = ask(text, EDGE, FEDERATED, github_role("shop-deploy"))
    assert "does not name the role" not in found.verdict.summary
    assert "has no role" in found.verdict.summary
    assert not changes(found)


def test_a_role_of_another_account_is_not_the_one_of_the_same_name(ask: Ask) -> None:
    text = f"The role arn:aws:iam::{alder.OTHER}:role/function-at-edge cannot be assumed by Lambda."
    found = ask(text, EDGE)
    assert not any(alder.ID in fix.target and fix.verified for fix in found.fixes)
    assert found.request["resource"].words.startswith(f"arn:aws:iam::{alder.OTHER}:")


@pytest.mark.parametrize("service", ["ecs.application-autoscaling.amazonaws.com", "lex.amazonaws.com"])
def test_a_service_linked_role_that_the_account_lacks_is_created(ask: Ask, service: str) -> None:
    role = f"arn:aws:iam::{alder.ID}:role/aws-service-role/{service}/AWSServiceRoleForMill"
    found = ask(f"Unable to assume IAM role: {role} (Service: ApplicationAutoScaling, Status Code: 400)")
    (fix,) = found.fixes
    assert (found.verdict.cause, fix.title) == (
        "principal.not-found",
        "Create the service-linked role AWSServiceRoleForMill once",
    )
    assert f"create-service-linked-role --aws-service-name {service}" in fix.text


def test_a_missing_role_of_ones_own_is_not_created_for_a_service(ask: Ask) -> None:
    found = ask(f"Unable to assume IAM role: arn:aws:iam::{alder.ID}:role/mill (Service: ApplicationAutoScaling)")
    assert "Check the name and the account of mill" in [fix.title for fix in found.fixes]
