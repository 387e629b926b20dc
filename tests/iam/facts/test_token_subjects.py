"""The subjects of identity providers: each row has its page and date, and judges values as its page says."""

from __future__ import annotations

from datetime import date

import pytest

from iam.facts.token_subjects import TOKEN_SUBJECTS, token_subjects
from iam.policy.risks.subjects import SubjectRisk, judge_subject

GITHUB, GITLAB, TERRAFORM = "token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io"
CIRCLE = "oidc.circleci.com/org/0b1c2d3e-0000-4000-8000-000000000001"
BUILDKITE, SPACELIFT, VERCEL = "agent.buildkite.com", "acme.app.spacelift.io", "oidc.vercel.com/acme"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
_ID = "0b1c2d3e-0000-4000-8000-000000000002"


def test_each_row_has_its_page_and_the_day_it_was_read() -> None:
    for row in TOKEN_SUBJECTS:
        assert row.url.startswith("https://") and date.fromisoformat(row.retrieved), row.name
        assert row.shared == (row.owned is not None), row.name


@pytest.mark.parametrize("row", TOKEN_SUBJECTS, ids=lambda row: row.name)
def test_the_example_of_the_page_is_never_called_impossible(row: object) -> None:
    issuers = (GITHUB, GITLAB, TERRAFORM, CIRCLE, BUILDKITE, SPACELIFT, VERCEL, EKS)
    (issuer,) = (each for each in issuers if token_subjects(each) is row)
    example = token_subjects(issuer).example.replace("ORGANIZATION_ID", _ID)  # type: ignore[union-attr]
    example = example.replace("PROJECT_ID", _ID).replace("USER_ID", _ID)
    assert judge_subject(issuer, example, wildcards=False) is None
    assert judge_subject(issuer, f"{example[:-3]}*", wildcards=True) is None


FINE = [
    (GITHUB, "repo:acme/shop:ref:refs/heads/main"),
    (GITHUB, "repo:acme/shop:*"),
    (GITHUB, "repo:acme/*"),
    (GITHUB, "repo:acme@123456/shop@456789:ref:refs/tags/v*"),
    (GITHUB, "repo:acme@123456/*"),
    (GITHUB, "repo:acme/shop:environment:prod"),
    (GITHUB, "repo:acme/shop:pull_request"),
    (GITHUB, "repo:acme/shop"),
    (GITHUB, "repository_owner_id:123456:*"),
    (GITHUB, "job_workflow_ref:acme/ci/.github/workflows/deploy.yml@refs/heads/main"),
    (GITHUB, "repo:acme/shop:job_workflow_ref:acme/ci/.github/workflows/deploy.yml@refs/heads/main"),
    (GITLAB, "project_path:acme/platform/shop:ref_type:branch:ref:main"),
    (GITLAB, "project_path:acme/*:ref_type:branch:ref:main"),
    (TERRAFORM, "organization:acme:project:*:workspace:*:run_phase:apply"),
    (TERRAFORM, "organization:acme:*"),
    (CIRCLE, f"org/{_ID}/project/{_ID}/user/*"),
    (CIRCLE, "org/*"),
    (BUILDKITE, "organization:acme:pipeline:shop:ref:refs/heads/main:*"),
    (SPACELIFT, "space:root:stack:*:run_type:TRACKED:scope:write"),
    (SPACELIFT, "*"),
    (VERCEL, "owner:acme:project:shop:environment:production"),
    (EKS, "system:serviceaccount:shop:*"),
    ("accounts.example.com", "whatever it is"),
    (GITHUB, "repo:${aws:PrincipalTag/owner}/x:ref:main"),
]
NEVER = [
    # The form that was said to be open: GitHub always writes refs/heads/ or refs/tags/.
    (GITHUB, "repo:acme/shop:ref:main"),
    (GITHUB, "repo:acme/shop:branch:main"),
    (GITHUB, "repo:acme/shop:refs/heads/main"),
    (GITHUB, "acme/shop:ref:refs/heads/main"),
    (GITHUB, "repo:shop:ref:refs/heads/main"),
    (GITHUB, "repos:acme/*"),
    (GITHUB, "refs/heads/main"),
    (GITLAB, "project_path:shop"),
    (GITLAB, "project:acme/shop:ref_type:branch:ref:main"),
    (GITLAB, "repo:acme/shop:ref:refs/heads/main"),
    (TERRAFORM, "organization:acme:workspace:shop:run_phase:apply"),
    (TERRAFORM, "org:acme:project:p:workspace:w:run_phase:*"),
    (CIRCLE, "org/acme/project/shop/user/me"),
    (CIRCLE, f"organization:{_ID}:project:*"),
    (BUILDKITE, "organization:acme:pipeline:shop:ref:main:commit:*:step:*"),
    (SPACELIFT, "space:root:stack:infra:run_type:TRACKED:scope:admin"),
    (VERCEL, "team:acme:project:shop:environment:production"),
    (EKS, "system:serviceaccount:shop"),
    (EKS, "serviceaccount:shop:api"),
]
STRANGERS = [
    (GITHUB, "repo:*"),
    (GITHUB, "repo:*/shop:ref:refs/heads/main"),
    (GITHUB, "repo:acme*/shop:*"),
    (GITHUB, "*"),
    (GITHUB, "*:ref:refs/heads/main"),
    (GITHUB, "repo:acme*"),
    (GITHUB, "environment:*"),
    (GITLAB, "project_path:*"),
    (GITLAB, "project_path:acme*/shop:ref_type:branch:ref:main"),
    (TERRAFORM, "organization:*:project:p:workspace:w:run_phase:apply"),
    (TERRAFORM, "*:workspace:w:run_phase:apply"),
    (BUILDKITE, "organization:acme*"),
    (VERCEL, "owner:*:project:shop:environment:production"),
]


@pytest.mark.parametrize(("issuer", "value"), FINE)
def test_subjects_of_one_owner_are_fine(issuer: str, value: str) -> None:
    assert judge_subject(issuer, value, wildcards=True) is None


@pytest.mark.parametrize(("issuer", "value"), NEVER)
def test_subjects_that_no_token_has(issuer: str, value: str) -> None:
    found = judge_subject(issuer, value, wildcards=True)
    assert found is not None and found.risk is SubjectRisk.NEVER


@pytest.mark.parametrize(("issuer", "value"), STRANGERS)
def test_subjects_that_other_customers_have_too(issuer: str, value: str) -> None:
    found = judge_subject(issuer, value, wildcards=True)
    assert found is not None and found.risk is SubjectRisk.STRANGERS


@pytest.mark.parametrize("value", ["repo:acme/shop:re?:refs/heads/main", "org*"])
def test_a_wildcard_is_a_letter_for_an_operator_that_compares_letters(value: str) -> None:
    found = judge_subject(GITHUB, value, wildcards=False)
    assert found is not None and found.risk is SubjectRisk.NEVER
