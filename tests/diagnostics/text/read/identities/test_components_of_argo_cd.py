"""A component of Argo CD has a service account of its own, so the role of another one does not apply to it."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.service_accounts import account_of_the_log
from tests.support.denials.pasted import diagnosed

DENIED = (
    "User: arn:aws:sts::111122223333:assumed-role/ng-main/i-0123456789abcdef0 is not authorized to perform: "
    "ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken "
    "action\n"
)
ANNOTATED = (
    "$ kubectl -n argocd get sa {} -o yaml\nmetadata:\n  annotations:\n"
    "    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/argocd-ecr\n"
)


@pytest.mark.parametrize(("line", "account"), [
    ("argocd-repo-server: rpc error", "argocd-repo-server"),
    ("kubectl logs argocd-image-updater-6d5f8c7b9d-abcde:", "argocd-image-updater"),
    ("argocd-repo-server: a\nargocd-server: b", ""),
])  # fmt: skip
def test_the_component_that_wrote_the_log(line: str, account: str) -> None:
    assert account_of_the_log(line) == account


def test_the_role_of_another_component() -> None:
    text = f"argocd-repo-server: {DENIED}{ANNOTATED.format('argocd-application-controller')}"
    said = "belongs to the service account argocd-application-controller, but the log is of argocd-repo-server"
    assert said in diagnosed(text).verdict.summary
    own = f"argocd-repo-server: {DENIED}{ANNOTATED.format('argocd-repo-server')}"
    assert "but the log is of" not in diagnosed(own).verdict.summary
