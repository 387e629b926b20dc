"""The trust policy's tests of Pod Identity's session tags are compared with the pod's association."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "Error retrieving metadata: Received non 200 response 400 from container metadata: [b69b]: (AccessDenied"
    "Exception): "
    "Unauthorized Exception! EKS does not have permissions to assume the associated role., fault: client\n"
)
ASSOCIATION = {
    "clusterName": "apps",
    "namespace": "billing",
    "serviceAccount": "export",
    "roleArn": "arn:aws:iam::111122223333:role/export",
}


def answered(**tags: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "pods.eks.amazonaws.com"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": {"StringLike": {f"aws:RequestTag/{tag.replace('_', '-')}": value for tag, value in tags.items()}},
    }
    text = f"{REFUSED}{json.dumps(ASSOCIATION, indent=1)}\n{json.dumps([statement], indent=1)}\n"
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ({"kubernetes_namespace": "payments"}, "the namespace payments, but this pod has the namespace billing"),
        (
            {"kubernetes_service_account": "import"},
            "service account import, but this pod has the service account export",
        ),
        ({"eks_cluster_name": "prod-*"}, "the cluster prod-*, but this pod has the cluster apps"),
    ],
)
def test_another_value_than_the_pods_is_named(tags: dict[str, str], said: str) -> None:
    assert said in answered(**tags)


def test_a_value_that_fits_is_not_blamed() -> None:
    assert "but this pod has" not in answered(kubernetes_namespace="bill*", kubernetes_service_account="export")
