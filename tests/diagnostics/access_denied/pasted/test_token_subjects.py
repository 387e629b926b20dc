"""The subject of a token that a paste shows, held against the trust policy beside it."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnosis import PASTED, Status
from tests.support.denials.pasted import diagnosed, no_identity

REFUSED = "An error occurred (AccessDenied): Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/AB12"


def trust(subject: str, operator: str = "StringEquals", host: str = EKS) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{host}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {operator: {f"{host}:sub": subject}},
    }
    return json.dumps(statement)


GITHUB = "token.actions.githubusercontent.com"
MANIFEST = "kind: ServiceAccount\nmetadata: { name: releaser-assumer, namespace: apps }"
DIFFERENT = {
    "a manifest": (MANIFEST, trust("system:serviceaccount:apps:releaser"), "apps:releaser-assumer"),
    "somebody's words": (
        "pod: ns=monitoring sa=agent",
        trust("system:serviceaccount:cloudwatch:agent"),
        "monitoring:agent",
    ),
    "the workload whose account kubectl prints, beside another namespace": (
        "$ kubectl get sa -n monitoring agent -o yaml\n$ kubectl get deploy -n observability prom -o "
        "jsonpath='{.spec.template.spec.serviceAccountName}'\nagent\n",
        f'trust: "{EKS}:sub":"system:serviceaccount:monitoring:agent"',
        "system:serviceaccount:observability:agent",
    ),
    "another audience": (
        "id_tokens: AWS_TOKEN: aud: sts.amazonaws.com",
        '{"Condition":{"StringEquals":{"gitlab.com:aud":"https://gitlab.com"}}}',
        "accepts the audience https://gitlab.com, but the token's audience is sts.amazonaws.com",
    ),
    "letter case": (
        "sub in decoded token: repo:Larkfield/Billing:ref:refs/heads/main",
        trust("repo:larkfield/billing:*", "StringLike", GITHUB),
        "letter case matters",
    ),
    "a condition alone": (
        "sub in decoded token: repo:Larkfield/Billing:ref:refs/heads/main",
        f'trust policy (StringLike): "{GITHUB}:sub": "repo:larkfield/billing:*"',
        "letter case matters",
    ),
    "an environment": (
        "jobs:\n  deploy:\n    environment: production\n",
        trust("repo:north/till:ref:refs/heads/main", host=GITHUB),
        "repo:north/till:environment:production",
    ),
    "the namespace that kubectl is asked for": (
        "$ kubectl -n dns-system get sa external-dns -o yaml",
        trust("system:serviceaccount:kube-system:external-dns"),
        "system:serviceaccount:dns-system:external-dns",
    ),
    "the namespace that kubectl lists": (
        "$ kubectl get sa -A | grep external-dns\nnetworking   external-dns   1   12d\n",
        trust("system:serviceaccount:kube-system:external-dns"),
        "system:serviceaccount:networking:external-dns",
    ),
    "the branch that starts the workflow": (
        "on:\n  push:\n    branches: [develop]\n",
        trust("repo:north/till:ref:refs/tags/v*", "StringLike", GITHUB),
        "repo:north/till:ref:refs/heads/develop",
    ),
    "the tags that start the workflow": (
        "on:\n  push:\n    tags: ['v*']\n",
        trust("repo:north/till:ref:refs/heads/main", host=GITHUB),
        ("repo:north/till:ref:refs/tags/v* (the subject of a job for a tag contains the tag instead of the branch)"),
    ),
    "a pipeline for a tag": (
        "tag pipeline v3.2.0, job release",
        trust("project_path:edge/gw:ref_type:branch:ref:main", host="gitlab.com"),
        "project_path:edge/gw:ref_type:tag:ref:v3.2.0",
    ),
    "another owner": (
        "Repository north-eu/till, branch main",
        trust("repo:north/till:ref:refs/heads/main", host=GITHUB),
        "repo:north-eu/till:ref:refs/heads/main",
    ),
    "an environment in somebody's words": (
        "job:  environment: production   repo north/till   branch main",
        f"trust: StringEquals {GITHUB}:sub = repo:north/till:ref:refs/heads/main",
        "repo:north/till:environment:production",
    ),
    "a pull request, the operator behind the key": (
        "on:\n  pull_request:\njobs: {}\n",
        f"trust condition\n  {GITHUB}:sub  StringEquals  repo:north/till:ref:refs/heads/main",
        "repo:north/till:pull_request",
    ),
    "a condition without its operator": (
        "k get sa -n invoicing worker -o yaml",
        f'trust condition: "{EKS}:sub": "system:serviceaccount:billing:worker"',
        "system:serviceaccount:invoicing:worker",
    ),
    "a trust in words": (
        "helm values: namespace: observability, serviceAccount.name: fluent-bit",
        "trust policy of logs-role says sub must be system:serviceaccount:logging:fluent-bit",
        "system:serviceaccount:observability:fluent-bit",
    ),
    "a pipeline": (
        "CI job (branch release/2.4, project path edge/gw)",
        "trust of gl-deploy only lets project_path:edge/gw:ref_type:branch:ref:main through",
        "project_path:edge/gw:ref_type:branch:ref:release/2.4",
    ),
    "a branch in words": (
        "GITHUB_REPOSITORY=north/till GITHUB_REF=refs/heads/develop",
        "the trust only allows ref:refs/heads/main",
        "repo:north/till:ref:refs/heads/develop",
    ),
    "a branch beside one that works": (
        "works from branch main, fails from branch hotfix/12",
        f"trust sub: repo:north/till:ref:refs/heads/main (StringEquals {GITHUB}:sub)",
        "repo:north/till:ref:refs/heads/hotfix/12",
    ),
    "a subject behind its key": (
        "claims printed: sub=organization:acme:pipeline:deploy-eu:ref:refs/heads/main:commit:abc",
        "trust\n  StringLike   agent.buildkite.com:sub organization:acme:pipeline:deploy:ref:refs/heads/main:*",
        "organization:acme:pipeline:deploy-eu:ref:refs/heads/main:commit:abc",
    ),
    "a job without the environment": (
        "jobs:\n  upload:\n    runs-on: ubuntu-latest\n",
        'The role is meant to be used from the environment "relbot" only',
        "the job has no environment",
    ),
    "CloudTrail's record": (
        '"userIdentity": {"type": "WebIdentityUser", "principalId": "arn:aws:iam::111122223333:oidc-provider/h/x:aud:'
        '{7e1b}:{99aa}", "userName": "{7e1b}:{99aa}"}',
        trust("{0c0c}*:*", "StringLike", "h/x"),
        "{7e1b}:{99aa}",
    ),
    "a record of a renamed repository": (
        "the repository was renamed, branch main\ntype: WebIdentityUser\n"
        "userName: repo:north@77/till-two@88:ref:refs/heads/main",
        trust("repo:north/till:ref:refs/heads/main", host=GITHUB),
        "repo:north@77/till-two@88:ref:refs/heads/main",
    ),
    "a phase": (
        "plan works, apply fails",
        trust("organization:a:project:b:workspace:c:run_phase:plan", "StringLike", "app.terraform.io"),
        "run_phase:apply",
    ),
}


@pytest.mark.parametrize(("shown", "policy", "words"), DIFFERENT.values(), ids=DIFFERENT)
def test_another_subject_than_the_trust_policy_s_is_said(shown: str, policy: str, words: str) -> None:
    answer = diagnosed(f"{REFUSED}{policy}\n{shown}")
    assert answer.verdict.cause == "trust.condition-unmet"
    assert words in answer.verdict.summary
    assert answer.fixes
    assert not answer.first_look


def test_another_role_of_the_text_that_accepts_the_subject_is_named() -> None:
    policy = trust("repo:north/till:ref:refs/tags/v*", "StringLike", GITHUB)
    shown = f"on: {{push: {{branches: [develop]}}}}\nrole till-dev has sub {'repo:north/till:ref:refs/heads/develop'}\n"
    (fix,) = diagnosed(f"{shown}{REFUSED}{policy}").fixes
    assert "Use the role till-dev" in fix.change.text
    pulled = diagnosed(f"on: [push, pull_request]\n{shown.splitlines()[0]}\n{REFUSED}{policy}")
    assert "the token has" not in pulled.verdict.summary


def test_the_issuer_of_another_cluster_is_named_with_both() -> None:
    own = "oidc.eks.eu-west-1.amazonaws.com/id/CD34CD34CD34"
    other = "oidc.eks.eu-west-1.amazonaws.com/id/AB12AB12AB12"
    document = trust("system:serviceaccount:apps:web", host=other)
    describe = f"$ aws eks describe-cluster --name b --query cluster.identity.oidc.issuer\nhttps://{own}\n"
    answer = diagnosed(f"{REFUSED}{describe}{document}")
    assert answer.verdict.cause == "trust.principal-mismatch"
    assert own in answer.verdict.summary
    assert other in answer.verdict.summary
    same = diagnosed(f"{REFUSED}{describe}{trust('system:serviceaccount:apps:web', host=own)}")
    assert same.verdict.cause != "trust.principal-mismatch"


@pytest.mark.parametrize(
    ("shown", "policy"),
    [
        (MANIFEST, trust("system:serviceaccount:apps:releaser-assumer")),
        (MANIFEST, trust("system:serviceaccount:apps:*", "StringLike")),
        ("environment: production", trust("repo:north/till:environment:production", host=GITHUB)),
        ("on:\n  push:\n    tags: ['v*']\n", trust("repo:north/till:ref:refs/tags/v1*", "StringLike", GITHUB)),
        ("on:\n  push:\n    tags: ['v*']\n    branches: [main]\n", trust("repo:a/b:ref:refs/heads/main", host=GITHUB)),
        ("on:\n  push:\n    tags: ['v*']\n  workflow_dispatch:\n", trust("repo:a/b:ref:refs/heads/main", host=GITHUB)),
        ("nothing else", trust("system:serviceaccount:apps:releaser")),
        (
            "type: WebIdentityUser\nuserName: repo:north/till:ref:refs/heads/dev",
            trust("repo:north/till:*", "StringLike", GITHUB),
        ),
        ("job has no environment: key\n", trust("repo:north/till:environment:prod", host=GITHUB)),
        ("repo north/till-x/docs, branch main", "the trust does not accept repo:north/till:ref:refs/heads/main"),
    ],
)
def test_a_subject_that_fits_or_is_not_shown_is_no_cause(shown: str, policy: str) -> None:
    steps = [step for step in diagnosed(f"{REFUSED}{policy}\n{shown}").steps if step.id == PASTED]
    assert not any(step.status is Status.FAIL for step in steps)


def test_another_path_of_the_issuer_is_named_and_another_host_is_not() -> None:
    host = "oidc.circleci.com/org/6a1b"
    document = trust("org/6a1b/project/7b7b/user/*", "StringLike", host)
    answer = diagnosed(
        f'{REFUSED}{document}\n"iss": "https://oidc.circleci.com/org/6a1c", "sub": "org/6a1b/project/7b7b/user/1"'
    )
    assert answer.verdict.cause == "trust.principal-mismatch"
    assert "the token's issuer is oidc.circleci.com/org/6a1c" in answer.verdict.summary
    for other in (host, "gitlab.example.com"):
        assert (
            "the token's issuer is" not in diagnosed(f'{REFUSED}{document}\n"iss": "https://{other}"').verdict.summary
        )


def test_the_subject_to_write_has_no_part_that_each_build_has_anew() -> None:
    host, head = "agent.buildkite.com", "organization:acme:pipeline:release:ref:refs/heads"
    shown = f"userIdentity type: WebIdentityUser userName: {head}/hotfix:commit:9f0ca2e:step:deploy\n"
    (fix,) = diagnosed(f"{REFUSED}{trust(f'{head}/main:*', 'StringLike', host)}\n{shown}").fixes
    assert f'"{head}/hotfix:*"' in fix.change.text


def test_a_star_that_is_taken_literally_explains_why_the_node_called() -> None:
    node = "arn:aws:sts::111122223333:assumed-role/workers-node-role/i-0a1b2c3d"
    text = no_identity("s3:ListBucket", "arn:aws:s3:::data", node)
    answer = diagnosed(
        f"{text}\nI expected the driver's role, its trust:\n{trust('system:serviceaccount:kube-system:s3-*')}"
    )
    assert answer.verdict.cause == "trust.condition-unmet"
    assert "takes * and ? literally" in answer.verdict.summary
    assert '"StringLike"' in str(answer.fixes[0].change)


ONLY_MAIN = trust("repo:north/till:ref:refs/heads/main", "StringLike", GITHUB)


@pytest.mark.parametrize(
    ("beside", "wide"),
    [
        (f'It works when I write only\n "{GITHUB}:sub": "repo:north/*"', "repo:north/*"),
        (f'with "{GITHUB}:sub": "repo:north/till:*" it works', "repo:north/till:*"),
        ("sub: repo:north/*:* passes, but security wants it narrower", "repo:north/*:*"),
    ],
)
def test_a_wider_pattern_that_works_is_not_taken_for_the_token_s_subject(beside: str, wide: str) -> None:
    answer = diagnosed(f"{REFUSED}trust policy:\n{ONLY_MAIN}\n{beside}")
    assert answer.verdict.summary.startswith(
        f"In the text, the pattern {wide} works, but repo:north/till:ref:refs/heads/main does"
    )
    assert "Print the sub" in str(answer.fixes[0].change) and f"leave {wide}" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "beside",
    [
        f'I also tried "{GITHUB}:sub": "repo:north/*"',
        f'"{GITHUB}:sub": "repo:north/*" does not work either',
        f'It works for the other team with\n "{GITHUB}:sub": "repo:south/*"',
    ],
)
def test_a_pattern_is_never_the_token_s_subject(beside: str) -> None:
    answer = diagnosed(f"{REFUSED}trust policy:\n{ONLY_MAIN}\n{beside}")
    assert "the token has" not in answer.verdict.summary and "works and" not in answer.verdict.summary


def test_the_next_tag_of_a_version_is_accepted_too() -> None:
    document = trust("project_path:edge/gw:ref_type:branch:ref:main", host="gitlab.com")
    (fix,) = diagnosed(f"{REFUSED}{document}\ntag pipeline v3.2.0").fixes
    assert '"StringLike": {"gitlab.com:sub": "project_path:edge/gw:ref_type:tag:ref:v*"}' in fix.change.text


@pytest.mark.parametrize(
    ("told", "named"),
    [("It fails in the plan phase.", "run_phase:plan"), ("plan phase and apply phase both fail", ""), ("", "")],
)
def test_the_phase_that_the_text_names_is_compared_with_the_subject(told: str, named: str) -> None:
    subject = "organization:acme:project:core:workspace:net:run_phase:apply"
    found = diagnosed(
        f"api error AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity\n{told}\n"
        f'"StringEquals": {{"app.terraform.io:sub": "{subject}"}}'
    )
    assert (f"the token has {subject.replace('run_phase:apply', named)}" in found.verdict.summary) is bool(named)


ISSUER = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
WEB = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity\n"
)
IN_JSON = '{{"iss": "https://' + ISSUER + '", "aud": "ari:cloud:acme", "sub": "{sub}"}}\n'
IN_LINES = "token:\n iss https://" + ISSUER + "\n aud ari:cloud:acme\n sub {sub}\n"


@pytest.mark.parametrize("shown", [IN_JSON, IN_LINES, IN_LINES.replace(" iss ", " iss: ").replace(" sub ", " sub = ")])
@pytest.mark.parametrize(("pattern", "fits"), [("{5f2c}:*", True), ("5f2c:*", False)])
def test_claims_that_the_text_shows_are_compared(shown: str, pattern: str, fits: bool) -> None:
    trust = (
        '{"Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/' + ISSUER
    )
    trust += '"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"' + ISSUER + ':sub":"'
    found = diagnosed(f'{WEB}{shown.format(sub="{5f2c}:{c7d8}")}{trust}{pattern}"}}}}}}]}}')
    assert ("claims in the text meet the conditions" in found.verdict.summary) == fits
    assert (
        "claims in the text meet the conditions" in found.first_look[0].cause if found.first_look else False
    ) == fits
    assert ("the token has {5f2c}:{c7d8}" in found.verdict.summary) != fits
