"""A policy that is attached to another role than the one that a function uses is the cause of its refusal."""

from __future__ import annotations

from tests.support.denials.pasted import diagnosed

SQS = (
    "An error occurred (InvalidParameterValueException) when calling the CreateEventSourceMapping operation: The "
    "provided execution role does not have permissions to call ReceiveMessage on SQS\n\n"
)
VPC = (
    "InvalidParameterValueException: The provided execution role does not have permissions to call "
    "CreateNetworkInterface on EC2\n"
)


def answer(text: str) -> str:
    return diagnosed(text).verdict.summary


def test_the_policy_that_the_cli_lists_for_the_old_role() -> None:
    text = (
        "$ aws lambda get-function-configuration --function-name intake --query Role\n"
        '"arn:aws:iam::111122223333:role/intake-v2"\n\n'
        "$ aws iam list-attached-role-policies --role-name intake\n"
        '{"AttachedPolicies": [{"PolicyName": "AWSLambdaSQSQueueExecutionRole", "PolicyArn": '
        '"arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"}]}\n'
    )
    said = "AWSLambdaSQSQueueExecutionRole is attached to intake, but the function's execution role is intake-v2"
    assert said in answer(SQS + text)
    assert said not in answer(SQS + text.replace("--role-name intake\n", "--role-name intake-v2\n"))


def test_the_policy_that_terraform_attaches_to_another_role() -> None:
    text = (
        'resource "aws_lambda_function" "sync" {\n  function_name = "sync"\n  role = aws_iam_role.next.arn\n}\n'
        'resource "aws_iam_role_policy_attachment" "net" {\n  role       = aws_iam_role.first.name\n  policy_arn = '
        '"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"\n}\n'
    )
    assert "is attached to first, but the function's execution role is next" in answer(VPC + text)
    assert "but the function's" not in answer(VPC + text.replace("first", "next"))


def test_the_words_of_the_author() -> None:
    text = "Execution role: sync-b\nAWSLambdaVPCAccessExecutionRole is attached to {}, as before the migration.\n"
    assert "is attached to sync-a, but the function's execution role is sync-b" in answer(VPC + text.format("sync-a"))
    assert "but the function's" not in answer(VPC + text.format("sync-b"))
