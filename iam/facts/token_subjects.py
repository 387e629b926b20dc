"""The form of the subject in identity providers' tokens: one row per provider, from its own documentation.

A form is the subject's text with placeholders: ``<segment>`` is at least one character other than ``:`` and ``/``,
``<part>`` is at least one character other than ``:``, ``<text>`` is at least one character of any kind, and ``<id>``
consists of hexadecimal digits and dashes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenSubjects:
    """The subjects in one issuer's tokens.

    ``issuer`` matches the provider's URL without ``https://``. ``forms`` are the forms that ``sub`` can have.
    ``shared``: the issuer signs tokens for many customers, so the subject must identify the customer. ``owned`` then
    matches the literal beginning of a value that identifies the customer, and ``owner_claims`` are other claims that
    identify the customer. ``audience`` describes the ``aud`` of tokens for which the job asks for no other one; empty
    if the job always names it. ``url`` is the documentation page, ``retrieved`` the day on which it was read.
    ``example`` is
    taken from the page.
    """

    name: str
    issuer: re.Pattern[str]
    forms: tuple[str, ...]
    example: str
    url: str
    shared: bool = False
    owned: re.Pattern[str] | None = None
    owner_claims: tuple[str, ...] = ()
    audience: str = ""
    retrieved: str = "2026-11-29"


# A repository's owner may choose which claims make up the subject ("Customizing the token claims").
_GITHUB_CLAIMS = (
    "actor",
    "actor_id",
    "base_ref",
    "check_run_id",
    "context",
    "enterprise",
    "enterprise_id",
    "environment",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "job_workflow_sha",
    "ref_type",
    "repository_visibility",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "run_id",
    "run_number",
    "run_attempt",
    "runner_environment",
    "workflow",
    "workflow_ref",
    "workflow_sha",
)

TOKEN_SUBJECTS: tuple[TokenSubjects, ...] = (
    TokenSubjects(
        "GitHub Actions",
        re.compile(r"token\.actions\.githubusercontent\.com(/.*)?"),
        (
            "repo:<segment>/<segment>:ref:refs/<text>",
            "repo:<segment>/<segment>:environment:<text>",
            "repo:<segment>/<segment>:pull_request",
            "repo:<segment>/<segment>",
            *(f"repo:<segment>/<segment>:{claim}:<text>" for claim in _GITHUB_CLAIMS),
            *(f"{claim}:<text>" for claim in (*_GITHUB_CLAIMS, "ref:refs/heads", "ref:refs/tags")),
            "repo_property_<segment>:<text>",
        ),
        "repo:octo-org/octo-repo:ref:refs/heads/demo-branch",
        "https://docs.github.com/en/actions/reference/security/oidc",
        shared=True,
        owned=re.compile(
            r"(repo|repository|job_workflow_ref|workflow_ref|repo:[^:*?]+:(job_)?workflow_ref):[^/:*?]+/"
            r"|(repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id):[^:*?]+(:|$)"
        ),
        owner_claims=(
            "repository",
            "repository_id",
            "repository_owner",
            "repository_owner_id",
            "job_workflow_ref",
            "workflow_ref",
            "enterprise",
            "enterprise_id",
            "actor",
            "actor_id",
        ),
    ),
    TokenSubjects(
        "GitLab",
        re.compile(r"gitlab\.com"),
        (
            "project_path:<segment>/<part>",
            # A project may choose which claims follow.
            "project_path:<segment>/<part>:<text>",
        ),
        "project_path:my-group/my-project:ref_type:branch:ref:main",
        "https://docs.gitlab.com/ci/secrets/id_token_authentication",
        shared=True,
        owned=re.compile(r"project_path:[^/:*?]+/"),
        owner_claims=("project_id", "namespace_id", "project_path", "namespace_path"),
    ),
    TokenSubjects(
        "HCP Terraform",
        re.compile(r"app\.terraform\.io"),
        ("organization:<part>:project:<part>:workspace:<part>:run_phase:<part>",),
        "organization:my-org:project:Default Project:workspace:my-workspace:run_phase:apply",
        "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/"
        "workload-identity-tokens",
        shared=True,
        owned=re.compile(r"organization:[^:*?]+:"),
        owner_claims=(
            "terraform_organization_id",
            "terraform_organization_name",
            "terraform_project_id",
            "terraform_workspace_id",
            "terraform_full_workspace",
        ),
        audience="aws.workload.identity",
    ),
    TokenSubjects(
        "CircleCI",
        re.compile(r"oidc\.circleci\.com/org/[0-9a-f-]+"),
        ("org/<id>/project/<id>/user/<id>",),
        "org/ORGANIZATION_ID/project/PROJECT_ID/user/USER_ID",
        "https://circleci.com/docs/openid-connect-tokens/",
        audience="the organization's ID (the end of the provider's URL)",
    ),
    TokenSubjects(
        "Buildkite",
        re.compile(r"agent\.buildkite\.com"),
        ("organization:<part>:pipeline:<part>:ref:refs/<text>:commit:<part>:step:<text>",),
        "organization:acme-inc:pipeline:super-duper-app:ref:refs/heads/main:"
        "commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build",
        "https://buildkite.com/docs/agent/v3/cli-oidc",
        shared=True,
        owned=re.compile(r"organization:[^:*?]+:"),
        owner_claims=("organization_slug", "organization_id", "pipeline_id"),
        audience="https://buildkite.com/ORGANIZATION",
    ),
    TokenSubjects(
        "Spacelift",
        re.compile(r"[\w-]+\.app\.(us\.)?spacelift\.io"),
        (
            "space:<part>:stack:<part>:run_type:<part>:scope:read",
            "space:<part>:stack:<part>:run_type:<part>:scope:write",
            "space:<part>:module:<part>:run_type:<part>:scope:read",
            "space:<part>:module:<part>:run_type:<part>:scope:write",
        ),
        "space:legacy:stack:infra:run_type:TRACKED:scope:write",
        "https://docs.spacelift.io/integrations/cloud-providers/oidc",
        audience="the account's host name (ACCOUNT.app.spacelift.io)",
    ),
    TokenSubjects(
        "Vercel",
        re.compile(r"oidc\.vercel\.com(/[\w-]+)?"),
        ("owner:<part>:project:<part>:environment:<part>",),
        "owner:[TEAM_SLUG]:project:[PROJECT_NAME]:environment:[ENVIRONMENT]",
        "https://vercel.com/docs/oidc/api",
        shared=True,
        owned=re.compile(r"owner:[^:*?]+:"),
        owner_claims=("aud", "owner", "owner_id", "project_id"),
    ),
    TokenSubjects(
        "EKS",
        re.compile(r"oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/id/[0-9A-Z]+"),
        ("system:serviceaccount:<segment>:<segment>",),
        "system:serviceaccount:default:my-service-account",
        "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    ),
)


def token_subjects(issuer: str) -> TokenSubjects | None:
    """Return the row for an issuer, given without ``https://``, or None if the table does not contain it."""
    return next((row for row in TOKEN_SUBJECTS if row.issuer.fullmatch(issuer)), None)
