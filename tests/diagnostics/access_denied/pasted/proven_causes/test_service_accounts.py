"""A service account without a role, in a table in which others have one, is the cause."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

DENIED = 'err="AccessDenied: Access Denied\\n\\tstatus code: 403"'
LISTS = "kubectl get sa -o custom-columns=NAME:.metadata.name,ROLE:.metadata.annotations.eks\\.amazonaws\\.com/role-arn"
ROLE = "arn:aws:iam::210987654321:role/tempo-s3"
TABLE = f"$ {LISTS} -n obs\nNAME   ROLE\nquerier   {ROLE}\ncompactor   <none>\n"
ALL = (
    "$ kubectl get serviceaccounts -A -o custom-columns=NS:.metadata.namespace,N:.metadata.name,"
    "R:.metadata.annotations.eks\\.amazonaws\\.com/role-arn\n"
    f"NS   N   R\nci   runner   {ROLE}\nci   cache   <none>\nci   default   <none>\n"
)


@pytest.mark.parametrize(
    ("text", "account", "subject"),
    [
        (f"tempo-compactor pod, service account compactor:\n{DENIED}\n{TABLE}", "compactor", "obs:compactor"),
        (f"only the cache pods fail: {DENIED}\n{ALL}", "cache", "ci:cache"),
        (f"{TABLE}\nlogs of compactor: {DENIED}\n", "compactor", "obs:compactor"),
    ],
)
def test_the_account_without_a_role_is_named(text: str, account: str, subject: str) -> None:
    answer = diagnosed(text)
    assert f"the service account {account} has no annotation" in answer.verdict.summary
    assert f"system:serviceaccount:{subject}" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        f"querier fails: {DENIED}\n{TABLE}",  # it has its role
        f"compactor fails: {DENIED}\n{TABLE.replace('<none>', ROLE)}",
        f"compactor fails: {DENIED}\n{TABLE}The cluster uses Pod Identity.",
        "compactor fails: User: arn:aws:sts::210987654321:assumed-role/tempo-s3/x is not authorized to perform: "
        f"s3:ListBucket on resource: arn:aws:s3:::traces\n{TABLE}",
    ],
)
def test_no_account_is_named_that_may_have_a_role(text: str) -> None:
    assert "has no annotation" not in diagnosed(text).verdict.summary
