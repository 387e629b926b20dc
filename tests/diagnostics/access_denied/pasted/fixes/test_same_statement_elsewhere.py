"""A statement of another log group or resource has further actions, which the request's resource lacks, too."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed, no_identity

GROUP = "arn:aws:logs:eu-west-1:684413920077:log-group:{}"
CALLER = "arn:aws:sts::684413920077:assumed-role/build/AWSCodeBuild-1"


@pytest.mark.parametrize(
    ("action", "old", "asked", "resources"),
    [
        (
            "logs:CreateLogStream",
            ["/aws/codebuild/web", "/aws/codebuild/web:*"],
            "/aws/codebuild/shop:log-stream:1",
            '["{0}/aws/codebuild/shop", "{0}/aws/codebuild/shop:*"]',
        ),
        ("logs:PutLogEvents", ["/ecs/web:*"], "/ecs/billing:log-stream:a", '["{0}/ecs/billing:*"]'),
    ],
)
def test_all_actions_for_writing_a_log_are_in_the_new_statement(
    action: str, old: list[str], asked: str, resources: str
) -> None:
    named = ", ".join(f'"{GROUP.format(each)}"' for each in old)
    policy = (
        '{"Effect": "Allow", "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], '
        f'"Resource": [{named}]}}'
    )
    answer = diagnosed(f"{no_identity(action, GROUP.format(asked), CALLER)}\n{policy}")
    change = str(answer.fixes[0].change)
    assert '"Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]' in change
    assert resources.format(GROUP.format("")) in change


QUEUE = "arn:aws:sqs:eu-west-1:684413920077:{}"


@pytest.mark.parametrize(
    ("actions", "also"),
    [
        ('["sqs:ReceiveMessage", "sqs:DeleteMessage"]', "sqs:DeleteMessage of statement 1"),
        ('["sqs:ReceiveMessage", "sqs:ListQueues"]', ""),
        ('["sqs:ReceiveMessage", "sqs:*Attributes"]', ""),
        ('"sqs:ReceiveMessage"', ""),
    ],
)
def test_the_statements_other_actions_on_such_resources_are_named(actions: str, also: str) -> None:
    policy = f'{{"Effect": "Allow", "Action": {actions}, "Resource": "{QUEUE.format("invoices")}"}}'
    denied = no_identity("sqs:ReceiveMessage", QUEUE.format("parcels-out"), CALLER)
    change = str(diagnosed(f"{denied}\n{policy}").fixes[0].change)
    assert (also in change) if also else ("do not cover" not in change and "does not cover" not in change)
