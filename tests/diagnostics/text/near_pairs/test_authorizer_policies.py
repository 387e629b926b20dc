"""The ARN of an API Gateway request is compared with the policy that its Lambda authorizer returned."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

API = "arn:aws:execute-api:eu-west-1:111122223333:abc123def4"
REFUSED = '{"Message":"User is not authorized to access this resource"}\n'


def returned(resource: str, effect: str = "Allow") -> str:
    return (
        'The Lambda authorizer returned {"policyDocument": {"Statement": [{"Action": "execute-api:Invoke", "Effect": '
        f'"{effect}", "Resource": "{resource}"}}]}}}}\n'
    )


@pytest.mark.parametrize(
    ("text", "also"),
    [
        (
            f"403 Unauthorized\nAuthorizer's policy:\nResource ['{API}/prod/*/*']\nmethodArn: {API}/prod/$connect",
            "API-ID/STAGE/ROUTE",
        ),
        (
            f'{REFUSED}{returned(f"{API}/prod/GET/orders")}{{"methodArn": "{API}/prod/POST/orders"}}',
            "may have cached a policy",
        ),
        (f'{REFUSED}{returned(f"{API}/dev/*")}"methodArn": "{API}/prod/GET/orders"', "may have cached a policy"),
        (
            f"GET /prod/orders works, GET /prod/orders/17 does not:\n{REFUSED}{returned(f'{API}/prod/GET/orders')}"
            'Our SCP: {"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}',
            "may have cached a policy",
        ),
        (
            f"$ curl -X DELETE ...\nDELETE https://api.example.com/items/9\n{REFUSED}{returned(f'{API}/*/GET/*')}",
            "may have cached a policy",
        ),
        (f"{REFUSED}{returned(f'{API}/prod/*/*')}routeArn = {API}/prod/$default", "API-ID/STAGE/ROUTE"),
    ],
)
def test_a_policy_that_does_not_match_the_request_is_named(text: str, also: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "the authorizer's policy names" in summary
    assert also in summary


@pytest.mark.parametrize(
    "text",
    [
        f'{REFUSED}{returned(f"{API}/prod/*")}{{"methodArn": "{API}/prod/POST/orders"}}',
        f'{REFUSED}{returned(f"{API}/prod/GET/orders", "Deny")}{{"methodArn": "{API}/prod/POST/orders"}}',
        f"GET /prod/orders\n{REFUSED}{returned(f'{API}/prod/GET/orders')}",
        f'{REFUSED}{{"methodArn": "{API}/prod/POST/orders"}} and a Lambda authorizer',
    ],
)
def test_a_policy_that_matches_denies_or_is_not_shown_is_not(text: str) -> None:
    assert "the authorizer's policy names" not in collect_offline(read_text(text)[0]).verdict.summary
