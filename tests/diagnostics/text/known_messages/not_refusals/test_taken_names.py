"""Names of other services' resources that are taken: a log group that a service created itself."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REGISTRY = (
    'CREATE_FAILED  AWS::Logs::LogGroup  BuildLogs  Resource handler returned message: "Resource of type '
    '\'AWS::Logs::LogGroup\' with identifier \'{{"/properties/LogGroupName":"{}"}}\' already exists." '
    "(HandlerErrorCode: AlreadyExists)"
)
TERRAFORM = (
    "Error: creating CloudWatch Logs Log Group ({}): operation error CloudWatch Logs: CreateLogGroup, https response "
    "error StatusCode: 400, ResourceAlreadyExistsException: The specified log group already exists"
)


@pytest.mark.parametrize("text", [REGISTRY, TERRAFORM])
@pytest.mark.parametrize("name", ["/aws/lambda/resize", "/aws/codebuild/web-build"])
def test_a_log_group_below_aws_was_most_likely_created_by_its_service(text: str, name: str) -> None:
    found = collect_offline(read_text(text.format(name))[0])
    assert found.verdict.summary.startswith(f"The log group {name} exists already: most likely the service created it")
    assert found.fixes[0].title.startswith("Import the log group")


@pytest.mark.parametrize("text", [REGISTRY.format("/app/orders"), TERRAFORM.format("/app/orders")])
def test_another_log_group_may_be_anybodys(text: str) -> None:
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert "/app/orders" in said
    assert "most likely the service created it" not in said
    assert "properties" not in said
