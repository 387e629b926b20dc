"""A push that ECR answers with 404, and a service account without a role, have causes of their own."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

ECR = "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/v2"
NO_ROLE = "An IAM role must be associated with service account web (namespace: shop)"
MISSING, CSI, ESO = "The repository team/web does not exist", "usePodIdentity", "External Secrets uses IRSA"


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        (f"Error: unexpected status from POST request to {ECR}/team/web/blobs/uploads/: 404 Not Found", MISSING,
         "Start there"),
        (f'POST "{ECR}/team/web/blobs/uploads/": response status code 404: name unknown', MISSING, "Start there"),
        (f"error writing layer: PATCH {ECR}/team/web/blobs/uploads/0a1b: unexpected status code 404", MISSING, "Start"),
        (f"unexpected status from POST request to {ECR}/team/web/blobs/uploads/: 403 Forbidden", "", MISSING),
        (f"HEAD {ECR}/team/web/blobs/sha256:0a1b: 404 Not Found", "", MISSING),
        (f"failed to mount secrets store objects for pod shop/web-0, err: {NO_ROLE}", CSI, ESO),
        (f'SecretProviderClass web: {NO_ROLE}\n"associations": [{{"namespace": "a", "serviceAccount": "webs"}}]',
         "is for the service account webs", ESO),
        (f"secrets-store: {NO_ROLE}\n[{{ \"serviceAccount\": \"web\" }}]", CSI, "The association in the text is for"),
        (f"ClusterSecretStore: {NO_ROLE}", ESO, CSI),
        ("an IAM role must exist before the service account", "", CSI),
    ],
)  # fmt: skip
def test_what_the_registry_or_the_driver_says(text: str, said: str, unsaid: str) -> None:
    answer = answer_to(text)
    assert said in answer
    assert unsaid not in answer
