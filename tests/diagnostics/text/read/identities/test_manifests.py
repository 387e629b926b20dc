"""The service account of a manifest's pods: stated, of the operator, or default."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.manifests import pods_of_manifests
from diagnostics.text.read.identities.service_accounts import service_accounts
from tests.support.texts.answers import answer_to

WORKFLOW = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata:\n  generateName: a-\n  namespace: argo\nspec:\n"
    "{}  templates:\n  - name: main\n    container:\n      image: alpine\n"
)
CLUSTER = (
    "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata:\n  name: ledger\n  namespace: {}\nspec:\n  "
    "instances: 3\n"
)
DEPLOYMENT = (
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: api}}\nspec:\n  template:\n    spec:\n{}      "
    "containers:\n"
    "      - image: api:1\n        name: api\n"
)
ACCOUNT = (
    "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: uploader\n  annotations:\n    "
    "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/up\n"
)


@pytest.mark.parametrize(
    ("manifest", "account", "stated"),
    [
        (WORKFLOW.format(""), "default", False),
        (WORKFLOW.format("  serviceAccountName: runner\n"), "runner", True),
        (CLUSTER.format("db"), "ledger", True),
        (DEPLOYMENT.format(""), "default", False),
        (DEPLOYMENT.format("      serviceAccountName: api\n"), "api", True),
    ],
)
def test_the_account_of_a_manifest(manifest: str, account: str, stated: bool) -> None:
    (pods,) = pods_of_manifests(f"it fails:\n\n{manifest}\nthe log says")
    assert (pods.account, pods.stated) == (account, stated)


@pytest.mark.parametrize(
    "manifest",
    [
        DEPLOYMENT.format("      # ...\n"),  # a part is left out
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {image: a}\n",
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 2\n",  # no template
        "apiVersion: v1\nkind: [Pod\n",
    ],
)
def test_an_incomplete_manifest_shows_no_account(manifest: str) -> None:
    assert pods_of_manifests(manifest) == ()


def test_a_workload_without_an_account_and_the_one_with_the_role_differ() -> None:
    assert service_accounts(WORKFLOW.format("") + ACCOUNT).differ
    assert not service_accounts(WORKFLOW.format("  serviceAccountName: uploader\n") + ACCOUNT).differ


TRUST = (
    '{{"Statement": [{{"Effect": "Allow", "Principal": {{"Federated": "arn:aws:iam::111122223333:oidc-provider/oidc.'
    'eks.eu-west-1.amazonaws.com/id/AB"}}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{"StringEquals": '
    '{{"oidc.eks.eu-west-1.amazonaws.com/id/AB:sub": "system:serviceaccount:{}"}}}}}}]}}\n'
)
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity\n"
)


@pytest.mark.parametrize(("trusted", "differs"), [("db:backup", True), ("pg:ledger", True), ("db:ledger", False)])
def test_the_trust_policy_is_compared_with_the_operators_account(trusted: str, differs: bool) -> None:
    answer = answer_to(REFUSED + CLUSTER.format("db") + "\n" + TRUST.format(trusted))
    assert ("the token has system:serviceaccount:db:ledger" in answer) is differs
