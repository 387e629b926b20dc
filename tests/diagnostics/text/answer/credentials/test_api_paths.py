"""The path of a request to API Gateway is compared with the paths that the text names."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

CALL = (
    "curl https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/{}\n"
    + '{{"message":"Missing Authentication Token"}}\n'
)


@pytest.mark.parametrize(
    ("called", "beside", "paths"),
    [
        ("prod/order", "the resource is /orders POST, auth NONE", ("/order", "/orders")),
        ("v1/users/7/carts", "Path: /users/{id}/cart", ("/users/7/carts", "/users/7/cart")),
        ("prod/order", "routes: GET /orders\nroute: POST /invoices", ("/order", "/orders")),
        ("dev/order", "deployed: POST /invoices, GET /orders (no auth)", ("/order", "/orders")),
        (
            "dev/ping",
            "ApiUrl: https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev\nroutes: GET /pings | PUT /jobs",
            ("/ping", "/pings"),
        ),
        (
            "dev/jobs",
            "ApiUrl: https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev\nroutes: GET /pings | PUT /jobs",
            (),
        ),
        ("dev", "ApiUrl: https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev\nit answered", ()),
        ("prd/orders", "auth is NONE. stage name is prod", ("the stage prd", "the stage prod")),
        ("prod/orders", "stage: prod, the resource is /orders", ()),
        ("prod/orders", "the resource is /orders POST", ()),
        ("prod/users/7", "path /users/{id} with GET", ()),
        ("prod/a/b/c", "resource /{proxy+}", ()),
        ("prod/health", "routes: GET /orders\nroute: POST /invoices", ()),
        ("prod/order", "no idea what it has", ()),
        (
            "prod/cart/88",
            """$ aws apigateway get-resources --rest-api-id a1b2c3d4e5 --query 'items[].path'
[
    "/",
    "/carts/{id}",
    "/invoices/{number}/lines"
]""",
            ("/cart/88", "/carts/88"),
        ),
        (
            "dev/users/7/order",
            "endpoints:\n  GET - https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev/users/{id}/orders\n"
            "  POST - https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev/invoices",
            ("/users/7/order", "/users/7/orders"),
        ),
        (
            "dev/users/7/orders",
            "endpoints:\n  GET - https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/dev/users/{id}/orders",
            (),
        ),
        ("prod/ping/1", '["GET /carts/{id}", "POST /carts", "GET /invoices"]', ()),
    ],
)
def test_a_path_that_the_api_does_not_have_is_the_cause(called: str, beside: str, paths: tuple[str, ...]) -> None:
    (failure,) = read_text(f"{CALL.format(called)}\n{beside}\n")
    summary = collect_offline(failure).verdict.summary
    assert ("Correct the URL" in summary) is bool(paths)
    assert all(each in summary for each in paths)


MAPPED = """curl https://api.acme.example{called}
x-amzn-errortype: MissingAuthenticationTokenException
{{"message":"Missing Authentication Token"}}
aws apigateway get-base-path-mappings --domain-name api.acme.example
{{"items": [{{"basePath": "{base}", "restApiId": "abcd3456ef", "stage": "{stage}"}}]}}
"""


@pytest.mark.parametrize(
    ("called", "base", "stage", "meant"),
    [
        ("/prod/customers", "(none)", "prod", "the path /customers"),
        ("/shop/live/carts/7", "shop", "live", "the path /shop/carts/7"),
        ("/carts", "shop", "live", "the path /shop/carts"),
        ("/customers", "(none)", "prod", None),
        ("/shop/carts", "shop", "live", None),
    ],
)
def test_a_domains_mapping_already_contains_the_stage(called: str, base: str, stage: str, meant: str | None) -> None:
    (failure,) = read_text(MAPPED.format(called=called, base=base, stage=stage))
    summary = collect_offline(failure).verdict.summary
    assert (meant in summary) if meant else "Correct the URL" not in summary


LISTED = """$ aws apigateway get-resources --rest-api-id a1b2c3d4e5 --query 'items[].[path,keys(resourceMethods)]'
[ "/carts", [ "GET", "POST" ] ]
[ "/carts/{id}", [ "GET" ] ]
[ "/jobs", [ "ANY" ] ]
"""


@pytest.mark.parametrize(
    ("options", "path", "methods"),
    [
        ("-X DELETE ", "carts/7", "GET for /carts/{id}"),
        ("-sXPUT ", "carts", "GET and POST for /carts"),
        ("-d '{}' ", "carts/7", "GET for /carts/{id}"),
        ("-d '{}' ", "carts", ""),
        ("", "carts/7", ""),
        ("-X PATCH ", "jobs", ""),
    ],
)
def test_a_method_that_the_path_does_not_have_is_the_cause(options: str, path: str, methods: str) -> None:
    url = f"https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/{path}"
    (failure,) = read_text(f'curl {options}{url}\n{{"message":"Missing Authentication Token"}}\n\n{LISTED}')
    summary = collect_offline(failure).verdict.summary
    assert ("Correct the method" in summary) is bool(methods)
    assert methods in summary


@pytest.mark.parametrize("shown", ["OPTIONS /dev/notes 403", "the preflight fails"])
def test_a_preflight_request_is_never_signed(shown: str) -> None:
    text = f'{shown} {{"message":"Missing Authentication Token"}}, the method ANY has authorizer: aws_iam'
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "Take the authorization off the method OPTIONS" in summary
