"""The statement that AWS rejects is named from the text, with its element and what must be there."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

PUT = "MalformedPolicyDocument) when calling the CreatePolicy operation"
NOTHING = '""'
BUCKET = "api error MalformedPolicy: Action does not apply to any resource(s) in statement (PutBucketPolicy)"
PLAN = """          + {
              + Action   = ["sns:Publish"]
              + Effect   = "Allow"
              + Resource = %s
              + Sid      = "Notify"
            },
"""


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize(
    ("text", "said", "title"),
    [
        (
            f'An error occurred ({PUT}: Resource  must be in ARN format or "*".\n{PLAN % NOTHING}',
            "rejects statement Notify of this policy: the Resource is empty",
            "Correct the Resource of statement Notify",
        ),
        (
            f"An error occurred ({PUT}: Policy statement must contain resources.\n{PLAN % '[]'}",
            "rejects statement Notify of this policy: the Resource is empty",
            "Correct the Resource of statement Notify",
        ),
        (
            f'An error occurred ({PUT}: Resource alerts must be in ARN format or "*".\n'
            '{"Effect": "Allow", "Action": "sns:Publish", "Resource": "alerts"}',
            "alerts is not an ARN",
            "Correct the Resource of statement 1",
        ),
        (
            f'{BUCKET}\n{{"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"], '
            '"Resource": "arn:aws:s3:::shop/*"}',
            "does not allow s3:ListBucket",
            "Correct the Resource for s3:ListBucket",
        ),
        (
            f"{BUCKET}\nI added s3:GetBucketLocation beside s3:GetObject; the resource is still the ARN with /*",
            "s3:GetBucketLocation is an action on the bucket",
            "Name the bucket itself for s3:GetBucketLocation",
        ),
    ],
)
def test_the_rejected_element_is_named(text: str, said: str, title: str) -> None:
    found = answer(text)
    assert said in found.verdict.summary
    assert found.fixes[0].title == title
    assert not found.first_look


@pytest.mark.parametrize(
    "text",
    [
        f"An error occurred ({PUT}: Policy statement must contain resources.\n" + PLAN % '"arn:aws:sns:*:*:alerts"',
        f'An error occurred ({PUT}: Resource  must be in ARN format or "*".\n' + PLAN % "aws_sns_topic.alerts.arn",
        f"{BUCKET}\nI added s3:PutObject beside s3:GetObject; the resource is the bucket without /*",
    ],
)
def test_a_statement_without_the_fault_is_not_named(text: str) -> None:
    found = answer(text)
    assert not found.verdict.summary.startswith(("AWS rejects", "A Resource that"))
    assert found.first_look


def test_the_statement_with_the_rejected_value_is_named_with_the_form_of_its_arn() -> None:
    both = [
        '{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "/pay/*"}',
        '{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "/pay/"}',
    ]
    said = f'An error occurred ({PUT}: Resource /pay/ must be in ARN format or "*".\n'
    found = answer(f'{said}{{"Version": "2012-10-17", "Statement": [{", ".join(both)}]}}')
    assert "rejects statement 2" in found.verdict.summary
    assert "arn:aws:ssm:REGION:ACCOUNT:parameter/" in str(found.fixes[0].change)


@pytest.mark.parametrize(("name", "meant"), [("ecs-task.amazonaws.com", "ecs-tasks"), ("nosuch.amazonaws.com", "")])
def test_a_name_that_is_no_services_principal_is_not_waited_for(name: str, meant: str) -> None:
    found = answer(f'{PUT}: Invalid principal in policy: "SERVICE":"{name}"')
    assert f"does not accept {name} as a service principal" in found.verdict.summary
    assert meant in found.verdict.summary and "wait a few seconds" not in found.fixes[0].title
