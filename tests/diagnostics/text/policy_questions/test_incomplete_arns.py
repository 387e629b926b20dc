from __future__ import annotations

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.policy_questions.incomplete_arns import incomplete

WORKSPACE = "workspace/ws-4f7b2c1e"
POLICY = '{{"Statement": [{{"Effect": "Allow", "Action": "{}", "Resource": "{}"}}]}}'


@pytest.mark.parametrize(
    ("action", "resource", "whole"),
    [
        ("aps:QueryMetrics", f"arn:aws:aps:::{WORKSPACE}", f"arn:aws:aps:REGION:ACCOUNT:{WORKSPACE}"),
        ("sqs:SendMessage", "arn:aws:sqs::111122223333:jobs", "arn:aws:sqs:REGION:111122223333:jobs"),
        ("aps:QueryMetrics", f"arn:aws:aps:*:*:{WORKSPACE}", None),
        ("s3:GetObject", "arn:aws:s3:::harbor-media/*", None),
        ("iam:GetRole", "arn:aws:iam::111122223333:role/app", None),
        ("ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/ecs", None),
    ],
)
def test_an_arn_without_its_region_is_corrected(action: str, resource: str, whole: str | None) -> None:
    found = collect_offline(read_text(f"What is wrong with this policy?\n{POLICY.format(action, resource)}")[0])
    assert ("matches nothing, because it has no Region" in found.verdict.summary) is (whole is not None)
    assert whole is None or whole in found.fixes[0].text


def test_no_managed_policy_of_aws_has_such_an_arn() -> None:
    seen = 0
    for policy in json.loads(aws_managed_policies_data).values():
        statements = policy["Document"]["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            resources, actions = statement.get("Resource", []), statement.get("Action", [])
            resources = [resources] if isinstance(resources, str) else resources
            seen += len(resources)
            assert not [*incomplete([actions] if isinstance(actions, str) else actions, resources)]
    assert seen > 5_000
