"""A pod without a role is compared with the associations that the text lists."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

NONE = (
    "operation error EKS Auth: AssumeRoleForPodIdentity, https response error StatusCode: 400, RequestID: 8d2e, "
    "ResourceNotFoundException: No association found for service account app in namespace shop\n"
    "$ aws eks list-pod-identity-associations --cluster-name prod\n"
)
LISTED = '{{"associations": [{{"clusterName": "prod", "namespace": "{}", "serviceAccount": "{}"}}]}}'


@pytest.mark.parametrize(
    ("namespace", "account", "differs"),
    [("default", "app", True), ("shop", "apps", True), ("shop", "app", False)],
)
def test_the_association_in_the_text_may_be_for_other_pods(namespace: str, account: str, differs: bool) -> None:
    answer = answer_to(NONE + LISTED.format(namespace, account))
    assert (
        f"for the service account {account} in the namespace {namespace}, but the pod runs with" in answer
    ) is differs


def test_without_a_list_the_association_is_missing() -> None:
    assert "has no Pod Identity association in this cluster" in answer_to(NONE)
