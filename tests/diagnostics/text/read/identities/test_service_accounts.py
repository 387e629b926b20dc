"""The service account that a pod runs with, where its template names none."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.service_accounts import service_accounts
from tests.support.denials.pasted import diagnosed

REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/apps-NodeInstanceRole/i-04ef2a00b1d7c93aa is not authorized to "
    "perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/orders because no "
    "identity-based policy allows the dynamodb:GetItem action\n"
)
ACCOUNT = (
    "$ kubectl get sa orders -n shop -o yaml\nkind: ServiceAccount\nmetadata:\n  name: orders\n  annotations:\n"
    "    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/orders-irsa\n\n"
)
UNSET = (
    "$ kubectl get sts orders -n shop -o yaml | grep serviceAccountName\n\n$ date\n",
    "$ kubectl get deployment orders -o jsonpath='{.spec.template.spec.serviceAccountName}'\n(empty)\n",
    "the chart has no serviceAccountName in the pod template\n",
    "I see now: serviceAccountName is not set in the CronJob\n",
)


@pytest.mark.parametrize("unset", UNSET)
def test_a_template_without_a_service_account_runs_with_default(unset: str) -> None:
    summary = diagnosed(f"{REFUSED}{ACCOUNT}{unset}").verdict.summary
    assert "the pod runs with the service account default" in summary
    assert "Set serviceAccountName: orders" in summary


@pytest.mark.parametrize(
    "shown",
    [
        "$ kubectl get deploy orders -o yaml | grep serviceAccountName\n      serviceAccountName: orders\n",
        "check whether serviceAccountName is not set\n",
        "$ kubectl get deploy orders -o yaml\nkind: Deployment\n",
    ],
)
def test_a_template_that_names_it_or_is_not_shown_does_not(shown: str) -> None:
    assert service_accounts(f"{ACCOUNT}{shown}").of_pod != "default"
