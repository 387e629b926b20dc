"""An unsigned request is named by its endpoint; API Gateway gives the same answer for an unknown path."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.credentials.unsigned_host import unsigned_host

MISSING = '{"code":"AccessDeniedException","detailedMessage":"Missing Authentication Token"}'


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("kg.cluster-abc.eu-west-1.neptune.amazonaws.com", "neptune-db"),
        ("search-logs-abc.eu-west-1.es.amazonaws.com", "es"),
        ("abc.eu-west-1.aoss.amazonaws.com", "aoss"),
        ("abc.lambda-url.eu-west-1.on.aws", "lambda"),
        ("sqs.eu-west-1.amazonaws.com", "SERVICE"),
    ],
)
def test_the_request_has_to_be_signed_for_the_service(host: str, name: str) -> None:
    (failure,) = read_text(f"$ curl -s https://{host}/status\n{MISSING}")
    diagnosis = collect_offline(failure)
    assert f"Sign the request to {host}: it has no signature" in diagnosis.verdict.summary
    assert f"--service {name} " in str(diagnosis.fixes[0].change)
    assert "API Gateway" not in str(diagnosis)


@pytest.mark.parametrize(
    "text",
    [
        "https://abc.execute-api.eu-west-1.amazonaws.com/prod/orders",
        "https://api.example.com/orders behind API Gateway, tested from ec2.eu-west-1.amazonaws.com",
        "no host at all",
        "https://sqs.eu-west-1.amazonaws.com and https://sns.eu-west-1.amazonaws.com",
    ],
)
def test_several_hosts_or_api_gateway_are_not_named(text: str) -> None:
    assert unsigned_host(text) is None
