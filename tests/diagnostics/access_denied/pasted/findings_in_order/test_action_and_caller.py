"""Without a named action, an Allow among several is not taken for the refused action."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = 'Reconciler error "AccessDeniedException: \\n\\tstatus code: 403, request id: 9e2b"\n'
PASSES = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": "*",
    "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
}
CALLS = {"Effect": "Allow", "Action": ["lambda:*", "ecr:Get*"], "Resource": "*"}


@pytest.mark.parametrize(
    ("statements", "named"), [([CALLS, PASSES], False), ([PASSES, CALLS], False), ([PASSES], True)]
)
def test_only_a_single_allow_names_the_action(statements: list[object], named: bool) -> None:
    text = f"{REFUSED}role policy:\n{json.dumps({'Version': '2012-10-17', 'Statement': statements})}\n"
    assert ("iam:PassRole" in collect_offline(read_text(text)[0]).verdict.summary) is named


AGENTS = [{"Effect": "Allow", "Action": ["bedrock:InvokeModel", "bedrock:GetInferenceProfile"], "Resource": "*"}]
LAMBDAS = [{"Effect": "Allow", "Action": ["lambda:GetFunction", "lambda:UpdateFunctionConfiguration"], "Resource": "*"}]


@pytest.mark.parametrize(
    ("refused", "statements", "lacks"),
    [
        (
            "accessDeniedException when calling the InvokeAgent operation: Access denied when calling Bedrock. Check "
            "your request permissions and retry the request.",
            AGENTS,
            "",
        ),
        (
            "AccessDeniedException when calling the UpdateFunctionCode operation: Lambda does not have permission to "
            "access the ECR image.",
            LAMBDAS,
            "",
        ),
        (
            "AccessDeniedException when calling the UpdateFunctionCode operation: no",
            LAMBDAS,
            "lambda:UpdateFunctionCode",
        ),
        (
            "AccessDeniedException when calling the InvokeAgent operation: User is not authorized",
            AGENTS,
            "bedrock:InvokeAgent",
        ),
    ],
)
def test_a_policy_is_not_compared_with_the_operation_if_the_service_itself_was_refused(
    refused: str, statements: list[object], lacks: str
) -> None:
    text = f"{refused}\nrole policy:\n{json.dumps({'Version': '2012-10-17', 'Statement': statements})}\n"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("does not allow" in summary) is bool(lacks) and lacks in summary


@pytest.mark.parametrize(
    ("caller", "service"),
    [
        ("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu", "cloudwatch.amazonaws.com"),
        ("arn:aws:events:eu-west-1:111122223333:rule/nightly", "events.amazonaws.com"),
    ],
)
def test_a_service_that_calls_for_a_resource_is_named_by_its_principal(caller: str, service: str) -> None:
    topic = "arn:aws:sns:eu-west-1:111122223333:ops"
    refused = (
        f"{caller} is not authorized to perform: SNS:Publish on resource: {topic} because no resource-based policy "
        "allows the SNS:Publish action\n"
    )
    policy = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sns:Publish"}
    found = collect_offline(
        read_text(f"Resource: {refused}{json.dumps({'Statement': [policy | {'Resource': topic}]})}")[0]
    )
    assert f"not {service}" in found.verdict.summary
    assert caller not in str(found.fixes[0].change)
