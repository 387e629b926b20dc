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
            "Add aoss:DeleteIndex on index/COLLECTION/*",
            "APIAccessAll",
        ),
        (
            f"The first deployment fails; running the same again works.\nPUT {HOST}/orders [status:403]\n{REFUSED}",
            "No permission is missing",
            "APIAccessAll",
        ),
        (
            "When I deploy it a second time it sometimes works, the policies are the same.\n"
            f"PUT {HOST}/orders [status:403]\n{REFUSED}",
            "Retry the request on 403",
            "APIAccessAll",
        ),
        (
            f"Search in production sometimes fails.\nPOST {HOST}/orders/_search [status:403]\n{REFUSED}",
            "APIAccessAll",
            "retry",
        ),
        (
            f"With another role it sometimes works.\nPUT {HOST}/orders [status:403]\n{REFUSED}",
            "APIAccessAll",
            "retry",
        ),
    ),
)
def test_the_first_sentence_says_what_to_change(text: str, said: str, unsaid: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert said in summary
    assert unsaid not in summary


FORBIDDEN = "opensearchpy.exceptions.AuthorizationException: AuthorizationException(403, 'Forbidden')\nservice='aoss'\n"
CALLER = "caller: arn:aws:sts::444455556666:assumed-role/loader/i-1\n"
ROLE = "arn:aws:iam::444455556666:role/{}"


def data_policy(principal: str, permission: str = "aoss:*") -> str:
    rule = f'{{"ResourceType":"index","Resource":["index/books/*"],"Permission":["{permission}"]}}'
    return f'[{{"Rules":[{rule}],"Principal":["{principal}"]}}]\n'


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    (
        (
            f"{FORBIDDEN}{CALLER}{data_policy(ROLE.format('loader'))}loader has es:ESHttpPut and s3:GetObject",
            "Most likely loader lacks aoss:APIAccessAll on the collection in IAM",
            "Name",
        ),
        (
            f"PUT {HOST}/books [status:403]\n{REFUSED}\n{CALLER}{data_policy(ROLE.format('app/loader'))}",
            "Most likely loader lacks aoss:APIAccessAll",
            "es apply to domains",
        ),
        (
            f"{FORBIDDEN}{CALLER}{data_policy(ROLE.format('reader'))}IAM: aoss:APIAccessAll on *",
            "Name loader as a principal in the collection's data access policy",
            "lacks aoss",
        ),
        (
            f"{FORBIDDEN}{CALLER}{data_policy(ROLE.format('loader'))}IAM of loader: aoss:APIAccessAll on *",
            "The text shows both sides",
            "lacks aoss",
        ),
        (
            f"PUT {HOST}/books [status:403]\n{REFUSED}\n{CALLER}"
            + data_policy(ROLE.format("loader"), "aoss:ReadDocument"),
            "Add aoss:CreateIndex to the data access policy",
            "APIAccessAll",
        ),
    ),
)
def test_a_shown_data_access_policy_is_compared_with_the_caller(text: str, said: str, unsaid: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert said in summary
    assert unsaid not in summary


@pytest.mark.parametrize(("said", "named"), [("CodeBuild runs as", True), ("The owner of the account is", False)])
def test_the_identity_that_a_person_says_makes_the_call_is_compared(said: str, named: bool) -> None:
    text = f"{FORBIDDEN}{data_policy(ROLE.format('reader'))}\n{said} {ROLE.format('builder')}\n"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("Name builder as a principal in the collection's data access policy" in summary) is named


def test_a_domain_of_opensearch_is_none() -> None:
    text = (
        "PUT https://search-shop.eu-west-1.es.amazonaws.com/orders 403\nsecurity_exception: no permissions for "
        "[indices:admin/create] and User [name=arn:aws:iam::444455556666:role/app, backend_roles=[]]"
    )
    assert "Serverless" not in collect_offline(read_text(text)[0]).verdict.summary
