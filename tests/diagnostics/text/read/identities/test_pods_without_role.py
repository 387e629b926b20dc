"""A pod without a role: what kubectl and list-pod-identity-associations printed decides, in each format."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.pods_without_role import unbound_pod

NONE = '\n$ aws eks list-pod-identity-associations --cluster-name a --namespace web\n{ "associations": [] }\n'
ROLE = "arn:aws:iam::111122223333:role/web"


def account(annotations: str) -> str:
    return f"$ kubectl get sa web -o yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n{annotations}"


@pytest.mark.parametrize(
    ("text", "name", "none", "why"),
    [
        (account("") + "\n" + NONE, "web", True, "has no annotation"),
        (account("  annotations:\n    a: b"), "web", False, "has no annotation"),
        (NONE, "", True, "has no Pod Identity association"),
        ("kubectl -n a get serviceaccount/web -o jsonpath='{.metadata.annotations}'\n{\"a\": \"b\"}", "web", False, ""),
        ("$ kubectl describe sa web\nName:   web\nAnnotations:   <none>\n", "web", False, "has no annotation"),
        (account(f"  annotations:\n    eks.amazonaws.com/role: {ROLE}"), "web", False, "under eks.amazonaws.com/role)"),
    ],
)  # fmt: skip
def test_what_was_printed_says_that_it_has_no_role(text: str, name: str, none: bool, why: str) -> None:
    found = unbound_pod(text)
    assert found is not None and (found.account, found.no_association) == (name, none)
    assert why in found.why


@pytest.mark.parametrize(
    "text",
    [
        account(f"  annotations:\n    eks.amazonaws.com/role-arn: {ROLE}"),
        account(f"  annotations:\n    eks.amazonaws.com/role-arn: {ROLE}") + "\n" + NONE,
        f"$ kubectl describe sa web\nName:   web\nAnnotations:   eks.amazonaws.com/role-arn: {ROLE}\n",
        'aws eks list-pod-identity-associations --cluster-name a\n{"associations": [{"serviceAccount": "web"}]}',
        account("") + '\n\naws eks list-pod-identity-associations\n{"associations": [{"serviceAccount": "web"}]}',
        "$ kubectl get sa web\nNAME   SECRETS   AGE\nweb    0         3d\n",
        "kubectl get sa web -o yaml shows nothing; list-pod-identity-associations is []",
    ],
)
def test_a_role_or_too_little_is_no_such_pod(text: str) -> None:
    assert unbound_pod(text) is None
