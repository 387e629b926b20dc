"""EMR on EKS creates the service accounts of its jobs: a trust policy for another account does not accept them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "{} An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to "
    'perform sts:AssumeRoleWithWebIdentity\n"Condition": {{"{}": {{"oidc.eks.eu-west-1.amazonaws.com/id/A1:sub": '
    '"system:serviceaccount:{}"}}}}\n'
)


@pytest.mark.parametrize(
    ("program", "operator", "subject", "other"),
    [
        ("EMR on EKS:", "StringEquals", "jobs:emr-containers-sa", True),
        ("aws emr-containers start-job-run failed.", "StringLike", "jobs:spark", True),
        ("EMR on EKS:", "StringLike", "jobs:emr-containers-sa-*-*-111122223333-2x7k", False),
        ("EMR on EKS:", "StringLike", "jobs:*", False),
        ("Spark on EKS:", "StringEquals", "jobs:spark", False),
        ("EMR on EKS with the Spark operator:", "StringEquals", "jobs:spark", False),
    ],
)
def test_an_account_that_emr_does_not_create(program: str, operator: str, subject: str, other: bool) -> None:
    answer = collect_offline(read_text(REFUSED.format(program, operator, subject))[0])
    assert ("service accounts that it creates" in answer.verdict.summary) is other
    assert any("--namespace jobs" in str(fix.change) for fix in answer.fixes) is other
