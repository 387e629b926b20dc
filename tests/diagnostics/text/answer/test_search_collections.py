"""A refused request to a collection is answered with the permission of its data access policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.search_collections import needed_permission

HOST = "https://a1b2c3.eu-west-1.aoss.amazonaws.com"


@pytest.mark.parametrize(
    ("request_line", "permission"),
    (
        (f"PUT {HOST}:443/orders?wait_for_active_shards=all", "aoss:CreateIndex"),
        (f"DELETE {HOST}/orders", "aoss:DeleteIndex"),
        (f"HEAD {HOST}:443/orders", "aoss:DescribeIndex"),
        (f"GET {HOST}/orders/_mapping", "aoss:DescribeIndex"),
        (f"POST {HOST}/_bulk", "aoss:WriteDocument"),
        (f"DELETE {HOST}/orders/_doc/7", "aoss:WriteDocument"),
        (f"POST {HOST}/orders/_search", "aoss:ReadDocument"),
        (f"GET {HOST}/orders/_doc/7", "aoss:ReadDocument"),
        ("module.kb.opensearch_index.chunks: Modifying... [id=chunks]", "aoss:UpdateIndex"),
        (f"PATCH {HOST}/orders", ""),
        ("DELETE https://search-shop.eu-west-1.es.amazonaws.com/orders", ""),
    ),
)
def test_method_and_path_decide(request_line: str, permission: str) -> None:
    assert needed_permission(request_line)[0] == permission


REFUSED = "[type=authorization_exception, reason=User does not have permissions for the requested resource]"


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    (
        (f"PUT {HOST}/orders [status:403 request:0.1s]\n{REFUSED}", "needs aoss:CreateIndex", "domain"),
        (f"PUT {HOST}/orders [status:403]\nOpenSearch exception security_exception {REFUSED}", "CreateIndex", "domain"),
        (
            f"opensearch_index.chunks[0]: Destroying... [id=chunks]\nError: elastic: Error 403 (Forbidden): {REFUSED}",
            "add aoss:DeleteIndex on index/COLLECTION/*",
            "APIAccessAll",
        ),
        (
            f"The first deployment fails; running the same again works.\nPUT {HOST}/orders [status:403]\n{REFUSED}",
            "No permission is missing",
            "APIAccessAll",
        ),
    ),
)
def test_the_first_sentence_says_what_to_change(text: str, said: str, unsaid: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert said in summary
    assert unsaid not in summary


def test_a_domain_of_opensearch_is_none() -> None:
    text = (
        "PUT https://search-shop.eu-west-1.es.amazonaws.com/orders 403\nsecurity_exception: no permissions for "
        "[indices:admin/create] and User [name=arn:aws:iam::444455556666:role/app, backend_roles=[]]"
    )
    assert "Serverless" not in collect_offline(read_text(text)[0]).verdict.summary
