"""A resource that the message leaves out is read from the call's options, and compared with the text's policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = "An error occurred (AccessDeniedException) when calling the {} operation: Access denied\n{}\n{}"
HERE = "eu-west-1:111122223333:"


def allows(action: str, *resources: str) -> str:
    listed = ",".join(f'"arn:aws:{each}"' for each in resources)
    return f'{{"Effect":"Allow","Action":"{action}","Resource":[{listed}]}}'


def answer(operation: str, call: str, policy: str) -> tuple[str, str]:
    verdict = collect_offline(read_text(REFUSED.format(operation, call, policy))[0]).verdict
    return verdict.cause, verdict.summary


@pytest.mark.parametrize(
    ("operation", "call", "policy", "asked"),
    [
        (
            "StartQueryExecution",
            "--work-group etl",
            f'policy: "athena:StartQueryExecution" on arn:aws:athena:{HERE}workgroup/primary',
            "workgroup/etl",
        ),
        (
            "ReceiveMessage",
            "$ aws sqs receive-message --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/orders-dlq",
            allows("sqs:ReceiveMessage", f"sqs:{HERE}orders"),
            f"{HERE}orders-dlq",
        ),
        (
            "PutItem",
            'client.put_item(TableName="orders-v2", Item={"id": {"S": "1"}})',
            allows("dynamodb:*", f"dynamodb:{HERE}table/orders", f"dynamodb:{HERE}table/carts"),
            "table/orders-v2",
        ),
        (
            "GetSecretValue",
            "$ aws secretsmanager get-secret-value --secret-id app/db",
            allows("secretsmanager:GetSecretValue", f"secretsmanager:{HERE}secret:app/cache-*"),
            "secret:app/db-??????",
        ),
        (
            "GetParameter",
            "$ aws ssm get-parameter --name /app/prod/db",
            allows("ssm:GetParameter", f"ssm:{HERE}parameter/app/dev/*"),
            "parameter/app/prod/db",
        ),
        (
            "Publish",
            f"$ aws sns publish --topic-arn arn:aws:sns:{HERE}Alerts --message x",
            allows("sns:Publish", f"sns:{HERE}alerts"),
            f"{HERE}Alerts",
        ),
    ],
)
def test_another_resource_than_the_policys_is_the_cause(operation: str, call: str, policy: str, asked: str) -> None:
    cause, summary = answer(operation, call, policy)
    assert cause == "identity.resource-mismatch"
    assert asked in summary


@pytest.mark.parametrize(
    ("operation", "call", "policy"),
    [
        (
            "StartQueryExecution",
            "--work-group primary",
            allows("athena:StartQueryExecution", f"athena:{HERE}workgroup/primary"),
        ),
        (
            "GetSecretValue",
            "$ aws secretsmanager get-secret-value --secret-id app/db",
            allows("secretsmanager:GetSecretValue", f"secretsmanager:{HERE}secret:app/db-AbCdE1"),
        ),
        (
            "Decrypt",
            "$ aws kms decrypt --key-id alias/app --ciphertext-blob fileb://x",
            allows("kms:Decrypt", f"kms:{HERE}key/5f1c7c30-8f5e-4b52-a5ab-31d1a9a3b0e2"),
        ),
        (
            "Invoke",
            "$ aws lambda invoke --function-name pay --qualifier prod out.json",
            allows("lambda:InvokeFunction", f"lambda:{HERE}function:pay:*"),
        ),
        ("Publish", "$ aws sns publish --topic-arn $TOPIC --message x", allows("sns:Publish", f"sns:{HERE}alerts")),
    ],
)
def test_the_same_or_an_unknown_resource_is_none(operation: str, call: str, policy: str) -> None:
    assert answer(operation, call, policy)[0] != "identity.resource-mismatch"


@pytest.mark.parametrize(
    ("operation", "call", "policy", "asked"),
    [
        (
            "SendMessage",
            "our queue: https://sqs.eu-west-1.amazonaws.com/111122223333/orders",
            allows("sqs:SendMessage", f"sqs:{HERE}orders-dev"),
            f"{HERE}orders",
        ),
        (
            "StartBuild",
            "The pipeline starts the project web-release.",
            allows("codebuild:StartBuild", f"codebuild:{HERE}project/web"),
            "project/web-release",
        ),
        (
            "PutItem",
            'it writes to the table "orders"',
            allows("dynamodb:PutItem", f"dynamodb:{HERE}table/carts"),
            "table/orders",
        ),
    ],
)
def test_a_url_or_a_sentence_names_the_resource(operation: str, call: str, policy: str, asked: str) -> None:
    cause, summary = answer(operation, call, policy)
    assert cause == "identity.resource-mismatch"
    assert f"not arn:aws:{policy.split('arn:aws:')[1].split(':')[0]}:" in summary and asked in summary


@pytest.mark.parametrize(
    "call",
    [
        "It works for the project web-release.",
        "The projects web-a and the project web-b, also the project web-c, are built.",
        "the project file is read first",
    ],
)
def test_a_sentence_about_another_thing_or_several_names_none(call: str) -> None:
    cause, summary = answer("StartBuild", call, allows("codebuild:StartBuild", f"codebuild:{HERE}project/web"))
    assert cause != "identity.resource-mismatch" and "web-" not in summary


def test_a_url_without_a_queue_is_not_a_resource() -> None:
    text = (
        "An error occurred (AccessDenied) when calling the SendMessage operation: Access to the resource "
        "https://sqs.eu-west-1.amazonaws.com/ is denied.\n" + allows("sqs:SendMessage", f"sqs:{HERE}orders-dev")
    )
    diagnosis = collect_offline(read_text(text)[0])
    assert diagnosis.verdict.cause != "identity.resource-mismatch"
    assert "https://sqs" not in diagnosis.verdict.summary


QUEUE = (
    "User: arn:aws:sts::111122223333:assumed-role/mwaa/x is not authorized to perform: sqs:SendMessage on resource: "
    "arn:aws:sqs:eu-west-1:444455556666:{name} because no identity-based policy allows the sqs:SendMessage action\n"
)


def test_a_queue_of_aws_is_named_with_any_account() -> None:
    policy = allows("sqs:SendMessage", f"sqs:{HERE}airflow-celery-*")
    (failure,) = read_text(QUEUE.format(name="airflow-celery-7b0f3d52") + policy)
    diagnosis = collect_offline(failure)
    assert "belongs to an account of AWS, so name arn:aws:sqs:eu-west-1:*:airflow-celery-*" in diagnosis.verdict.summary
    assert "Find out which account" not in " ".join(fix.title for fix in diagnosis.fixes)


def test_a_queue_of_another_account_is_none_of_awss() -> None:
    (failure,) = read_text(QUEUE.format(name="orders") + allows("sqs:SendMessage", f"sqs:{HERE}orders"))
    assert "account of AWS" not in collect_offline(failure).verdict.summary
