"""Many tokens against trust policies: the verdict, the role that is meant or nearest, and the claim that decides."""

from __future__ import annotations

import json
import urllib.parse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import ClaimComparison, Confidence, Diagnosis, Step
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.issuers import (
    AUTH0,
    COGNITO,
    EKS,
    EPOCH,
    GITLAB,
    GOOGLE,
    HCP,
    POOL,
    SAML_PROVIDER,
    SIGN_IN,
    SNAPSHOT,
    STS,
    deflated,
    github,
    jwt,
    posted,
    role_arn,
    saml,
)
from tests.support.denials.invented import Read

WEB = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
)
WEB += "sts:AssumeRoleWithWebIdentity"
NOT_SAML = "Not authorized to perform sts:AssumeRoleWithSAML"
GOOD, UNMET, BAD = "allowed.now", "trust.condition-unmet", "credentials.invalid"
MISSING, NOBODY = "trust.provider-missing", "trust.principal-mismatch"
MAIN = "repo:mill/web:ref:refs/heads/main"
GL_MAIN = "project_path:mill/site:ref_type:branch:ref:main"
HCP_APPLY = "organization:mill:project:core:workspace:prod:run_phase:apply"


@dataclass(frozen=True)
class Shown:
    """``role`` is that of the table; ``wrong`` are the claims that do not hold; ``word`` stands in a note or the
    verdict."""

    name: str
    text: str
    cause: str
    role: str | None
    wrong: tuple[str, ...] = ()
    word: str = ""


def eks(sub: str, aud: object = None) -> str:
    return jwt(EKS, sub=sub, aud=aud or [STS], custom={"namespace": "grind"})


def hcp(sub: str) -> str:
    return jwt(HCP, sub=sub, aud="aws.workload.identity", terraform_run_phase="plan")


def cognito(*amr: str) -> str:
    return jwt(COGNITO, sub="eu-central-1:1", aud=POOL, amr=list(amr))


def google(**claims: Any) -> str:
    return jwt(
        GOOGLE, **{"sub": "104000000000000000001", "aud": "mill-export", "azp": "104000000000000000001", **claims}
    )


def gitlab(sub: str, **claims: Any) -> str:
    return jwt(GITLAB, **{"sub": sub, "aud": "https://gitlab.com", "project_id": "12", "user_login": "erin", **claims})


PAIR = f"{role_arn('mill-strict')},{SAML_PROVIDER}"
TABLE = (
    # GitHub: names, IDs, events, environments, customized subjects
    Shown("branch that is trusted", github(MAIN), GOOD, "gh-main"),
    Shown("another branch", github("repo:mill/web:ref:refs/heads/dev"), UNMET, "gh-main", ("sub",), "branch is dev"),
    Shown("a tag", github("repo:mill/web:ref:refs/tags/v1"), UNMET, "gh-main", ("sub",), "the subject names no branch"),
    Shown("pull request", github("repo:mill/web:pull_request"), UNMET, "gh-main", ("sub",), "event"),
    Shown(
        "environment", github("repo:mill/api:environment:staging"), UNMET, "gh-prod", ("sub",), "environment is staging"
    ),
    Shown("environment that is trusted", github("repo:mill/api:environment:prod"), GOOD, "gh-prod"),
    Shown(
        "IDs in the token",
        github("repo:mill@77/web@99:ref:refs/heads/main"),
        UNMET,
        "gh-main",
        ("sub",),
        "with IDs",
    ),
    Shown("IDs in the policy", github("repo:mill/vault:ref:refs/heads/main"), UNMET, "gh-ids", ("sub",), "without"),
    Shown(
        "other IDs",
        github("repo:mill@77/vault@90:ref:refs/heads/main"),
        UNMET,
        "gh-ids",
        ("sub",),
        "but the IDs differ",
    ),
    Shown("letters' case", github("repo:Mill/web:ref:refs/heads/main"), UNMET, "gh-main", ("sub",), "upper and lower"),
    Shown(
        "star as a letter", github("repo:mill/docs:ref:refs/heads/main"), UNMET, "gh-star", ("sub",), "StringLike would"
    ),
    Shown(
        "reusable workflow of another branch",
        github(
            "repo:mill/infra:ref:refs/heads/main",
            job_workflow_ref="mill/flows/.github/workflows/apply.yml@refs/heads/x",
        ),
        UNMET,
        "gh-workflow",
        ("job_workflow_ref",),
    ),
    Shown(
        "no workflow in the token", github("repo:mill/infra:ref:x"), UNMET, "gh-workflow", ("job_workflow_ref",), "none"
    ),
    Shown("custom subject", github("repository_owner:mill"), UNMET, None, ("sub",)),
    Shown(
        "the owner's audience", github(MAIN, aud="https://github.com/mill"), BAD, "gh-main", ("aud",), "Incorrect token"
    ),
    Shown("expired", github(MAIN, exp=EPOCH - 3700, nbf=None), BAD, "gh-main", ("exp",), "is expired"),
    Shown(
        "expired, and would be refused",
        github("repo:mill/web:ref:x", exp=EPOCH - 9),
        BAD,
        "gh-main",
        ("exp", "sub"),
        "expired",
    ),
    Shown("not valid yet", github(MAIN, nbf=EPOCH + 3600, exp=EPOCH + 7200), BAD, "gh-main", (), "not valid yet"),
    Shown(
        "roles claim of another role",
        github(MAIN, **{"https://aws.amazon.com/roles": role_arn("x")}),
        BAD,
        None,
        ("roles",),
    ),
    Shown(
        "session tags",
        github(MAIN, **{"https://aws.amazon.com/tags": {"principal_tags": {"team": ["mill"]}}}),
        GOOD,
        "gh-main",
        ("session tags",),
        "sts:TagSession",
    ),
    # GitLab
    Shown("project and branch", gitlab(GL_MAIN), GOOD, "gl-deploy"),
    Shown(
        "another project",
        gitlab("project_path:mill/shop:ref_type:branch:ref:main"),
        UNMET,
        "gl-deploy",
        ("sub",),
        "project is mill/shop",
    ),
    Shown(
        "tag of a project",
        gitlab("project_path:mill/site:ref_type:tag:ref:v1"),
        UNMET,
        "gl-deploy",
        ("sub",),
        "kind of ref is tag",
    ),
    Shown("by its ID", gitlab("x", project_id="4711", ref_protected="true"), GOOD, "gl-project"),
    Shown(
        "unprotected", gitlab("x", project_id="4711", ref_protected="false"), UNMET, "gl-project", ("ref_protected",)
    ),
    Shown("own instance", jwt("gitlab.mill.example", sub=GL_MAIN, aud="x"), MISSING, None),
    # HCP Terraform, EKS, Cognito, Google, Auth0
    Shown("apply", hcp(HCP_APPLY), GOOD, "tf-apply"),
    Shown("plan", hcp(HCP_APPLY.replace("apply", "plan")), UNMET, "tf-apply", ("sub",), "run phase is plan"),
    Shown(
        "another workspace", hcp(HCP_APPLY.replace("prod", "test")), UNMET, "tf-apply", ("sub",), "workspace is test"
    ),
    Shown("service account", eks("system:serviceaccount:grind:grinder"), GOOD, "irsa-grinder"),
    Shown(
        "namespace",
        eks("system:serviceaccount:default:grinder"),
        UNMET,
        "irsa-grinder",
        ("sub",),
        "namespace is default",
    ),
    Shown(
        "two audiences",
        eks("system:serviceaccount:grind:grinder", [STS, "k8s"]),
        UNMET,
        "irsa-grinder",
        ("aud",),
        "2 values",
    ),
    Shown("another cluster", jwt(EKS[:-1] + "1", sub="system:serviceaccount:grind:grinder", aud=STS), MISSING, None),
    Shown("signed in", cognito("authenticated", "graph.facebook.com"), GOOD, "app-users"),
    Shown("guest", cognito("unauthenticated"), UNMET, "app-users", ("amr",)),
    Shown(
        "a user pool's", jwt("cognito-idp.eu-central-1.amazonaws.com/eu-central-1_a", sub="u", aud="c"), MISSING, None
    ),
    Shown("aud is azp, oaud is aud", google(), GOOD, "gcp-export"),
    Shown("no azp", google(azp=None), UNMET, "gcp-export", ("aud",)),
    Shown("another service account", google(azp="5", sub="5"), UNMET, "gcp-export", ("aud", "sub")),
    Shown("slash at the issuer's end", jwt(AUTH0, sub="auth0|1", aud="mill-client"), GOOD, "auth0-users"),
    # SAML
    Shown("global endpoint", posted(saml()), GOOD, "mill-admin"),
    Shown(
        "regional endpoint",
        posted(saml(recipient=SIGN_IN.replace("signin", "eu-west-1.signin"))),
        UNMET,
        "mill-admin",
        ("SAML:aud (Recipient)",),
    ),
    Shown("as a form sends it", "SAMLResponse=" + urllib.parse.quote(posted(saml()), safe=""), GOOD, "mill-admin"),
    Shown("deflated", "https://x/?SAMLResponse=" + urllib.parse.quote(deflated(saml()), safe=""), GOOD, "mill-admin"),
    Shown("as XML", saml(), GOOD, "mill-admin"),
    Shown("over", posted(saml(ends="2026-11-20T08:58:00Z")), BAD, "mill-admin", ("NotOnOrAfter",), "is expired"),
    Shown(
        "transient name",
        posted(saml(roles=(PAIR,), name_format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient")),
        UNMET,
        "mill-strict",
        ("SAML:sub_type (NameID Format)",),
    ),
    Shown("no role offered", posted(saml(roles=())), BAD, None, ("Role",), "no Role attribute"),
    Shown(
        "role without its provider",
        posted(saml(roles=(role_arn("mill-admin"),))),
        BAD,
        "mill-admin",
        ("Role",),
        "no provider",
    ),
    Shown("provider of another name", posted(saml(roles=(PAIR.replace("MillIdP", "OldIdP"),))), MISSING, None),
    Shown(
        "encrypted",
        posted(saml(inside="<saml:EncryptedAssertion><x/></saml:EncryptedAssertion>")),
        "unreadable",
        None,
        (),
        "encrypted",
    ),
    # With a refusal that names the role, and without
    Shown(
        "role named", f"{WEB}\nrole-to-assume: {role_arn('gh-prod')}\ntoken: {github(MAIN)}", UNMET, "gh-prod", ("sub",)
    ),
    Shown(
        "refused and expired since",
        f"{WEB}\nJWT={github('repo:mill/web:ref:refs/heads/x', exp=EPOCH - 60)}",
        UNMET,
        "gh-main",
        ("exp", "sub"),
    ),
    Shown(
        "role not offered",
        f"{NOT_SAML} on role mill-admin\n{posted(saml(roles=(PAIR,)))}",
        BAD,
        "mill-admin",
        ("Role",),
        "does not offer it",
    ),
    Shown(
        "claim that IAM hands to nobody",
        f"{WEB} for auth0-groups {jwt(AUTH0, aud='mill-client', groups=['millers'])}",
        UNMET,
        "auth0-groups",
        ("groups",),
        "has no condition key",
    ),
    Shown(
        "said to be expired",
        "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: "
        f"Token expired: current date/time {EPOCH} must be before {EPOCH - 60}\n{github(MAIN, exp=EPOCH - 60)}",
        BAD,
        None,
        (),
        "is expired",
    ),
    Shown(
        "said to be of another audience",
        "An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Incorrect "
        f"token audience\n{github(MAIN, aud='sts.amazon.com')}",
        BAD,
        None,
        (),
        "sts.amazon.com",
    ),
    Shown("nobody's issuer", f"{WEB} {jwt('idp.example', sub='x', aud='y')}", MISSING, None),
)


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Read:
    path: Path = tmp_path_factory.mktemp("mill") / "mill.json"
    path.write_text(json.dumps(SNAPSHOT))
    reader = open_snapshot(path)
    return list(reader.accounts())[-1], reader


def explained(text: str, account: Read) -> Diagnosis:
    (failure,) = read_text(text)
    return collect(failure, OpenedAccount(*account))


def table_of(found: Diagnosis) -> tuple[Step | None, tuple[ClaimComparison, ...]]:
    step = next((step for step in found.steps if step.id == "claims"), None)
    return step, step.comparisons if step else ()


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_verdict_and_deciding_claim(case: Shown, mill: Read) -> None:
    found = explained(case.text, mill)
    step, rows = table_of(found)
    said = f"{found.verdict} {[(row.claim, row.holds, row.note) for row in rows]}"
    assert found.verdict.cause == case.cause, said
    if case.role is not None:
        assert step is not None and step.summary.startswith(f"{case.role}: "), said
    if rows:
        assert tuple(sorted(row.claim for row in rows if row.holds is False)) == tuple(sorted(case.wrong)), said
    assert case.word in f"{found.verdict.summary} {' '.join(row.note for row in rows)}", said
    for row in rows:
        assert row.had and row.wanted, row
    assert not any("*" in value for fix in found.fixes if fix.after for value in _added(fix.before, fix.after)), (
        found.fixes
    )


def test_trust_that_could_not_be_read_is_not_taken_for_absent(mill: Read) -> None:
    account, reader = mill
    (failure,) = read_text(jwt(AUTH0, sub="x", aud="mill-client"))
    hidden = replace(account, roles=tuple(replace(role, trust=None) for role in account.roles))
    verdict = collect(failure, OpenedAccount(hidden, reader)).verdict
    assert (verdict.cause, verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    assert f"{len(account.roles)} of {len(account.roles)} trust policies could not be read" in verdict.summary
    others = replace(account, roles=tuple(role for role in account.roles if "auth0" not in role.name))
    verdict = collect(failure, OpenedAccount(others, reader)).verdict
    assert (verdict.cause, verdict.confidence) == (NOBODY, Confidence.CERTAIN)
    partly = replace(others, incomplete=frozenset({"roles"}))
    assert collect(failure, OpenedAccount(partly, reader)).verdict.cause == "unreadable"


def test_the_nearest_of_many_is_named_and_the_others_are_told(mill: Read) -> None:
    found = explained(github("repo:mill/infra:ref:refs/heads/main", job_workflow_ref="x/y@z"), mill)
    assert "gh-workflow is nearest" in found.verdict.summary
    (others,) = [step for step in found.steps if step.id == "candidates"]
    assert len(others.evidence) == 4
    assert all(evidence.document is not None for evidence in others.evidence)


def test_a_role_in_attention_is_the_one_that_is_compared(mill: Read) -> None:
    (failure,) = read_text(github(MAIN))
    found = collect(failure, OpenedAccount(*mill), role="gh-prod")
    step, _ = table_of(found)
    assert step is not None and step.summary.startswith("gh-prod: ")
    assert found.verdict.cause == UNMET


@pytest.mark.parametrize("text", [github(MAIN), f"{WEB} for gl-deploy\n{github(MAIN)}"])
def test_a_role_that_trusts_another_issuer_does_not_name_the_caller(text: str, mill: Read) -> None:
    (failure,) = read_text(text)
    found = collect(failure, OpenedAccount(*mill), role="gl-deploy")
    step, rows = table_of(found)
    assert found.verdict.cause == NOBODY, found.verdict
    assert step is not None and step.summary.startswith("gl-deploy: ")
    assert next(row.claim for row in rows if row.holds is False) == "iss"


@pytest.mark.parametrize("told", [jwt(AUTH0, aud="mill-client", groups=["millers"]), ""])
def test_a_claim_that_iam_offers_to_nobody_gets_no_fix_that_adds_a_value(told: str, mill: Read) -> None:
    (failure,) = read_text(f"{WEB} for auth0-groups {told}")
    found = collect(failure, OpenedAccount(*mill))
    assert found.verdict.cause == UNMET, found.verdict
    (fix,) = [fix for fix in found.fixes if "groups cannot be tested" in fix.title]
    assert fix.kind.value == "note" and "can test amr, aud, email, oaud and sub, so" in fix.text


def _added(before: object, after: object) -> set[str]:
    """The strings that a fix brings in."""

    def strings(value: object) -> set[str]:
        if isinstance(value, dict):
            return {text for inner in value.values() for text in strings(inner)}
        if isinstance(value, list):
            return {text for inner in value for text in strings(inner)}
        return {value} if isinstance(value, str) else set()

    return strings(getattr(after, "value", None)) - strings(getattr(before, "value", None))
