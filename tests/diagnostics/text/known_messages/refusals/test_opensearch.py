"""A message of Elasticsearch in a pod about its token."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

VERIFIED = (
    '{"type":"repository_verification_exception","reason":"[b] path [] is not accessible on master node","caused_by":'
    '{"type":"amazon_s3_exception","reason":"Access Denied (Service: Amazon S3; Status Code: 403)"}}\n'
)


@pytest.mark.parametrize(
    ("said", "own_nodes"),
    [
        ("elasticsearch 8 with IRSA", True),
        ("ECK: eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/es", True),
        ("Amazon OpenSearch Service domain, role_arn is set", False),
        ("elasticsearch domain of AWS", False),
    ],
)
def test_elasticsearch_in_a_pod_reads_its_token_from_a_symlink(said: str, own_nodes: bool) -> None:
    answer = answer_to(VERIFIED + said)
    assert ("config/repository-s3/aws-web-identity-token-file" in answer) is own_nodes
    assert ("es.amazonaws.com" in answer) is not own_nodes
