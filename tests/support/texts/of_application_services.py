"""Sentences of EventBridge Pipes, SageMaker, Bedrock's agents and AgentCore, with what is read from them."""

from __future__ import annotations

_INVALID = "unexpected state 'CREATE_FAILED'. last error: Input parameter is invalid from the request due to : "
OF_APPLICATION_SERVICES = [
    (
        f"{_INVALID}The provided customer role does not have permissions to call ReceiveMessage on SQS",
        "The pipe's execution role is not allowed to call ReceiveMessage on SQS",
        "sqs:GetQueueAttributes",
    ),
    (
        f"{_INVALID}Error occurred while sending message to  SQS queue: arn:aws:sqs:eu-west-2:111122223333:shop-dlq",
        "The pipe cannot send to its dead-letter SQS queue arn:aws:sqs:eu-west-2:111122223333:shop-dlq",
        "Allow the pipe's role sqs:SendMessage",
    ),
    (
        "Failed. Reason: The repository 'clip' of your image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/clip:1 does "
        "not grant ecr:GetDownloadUrlForLayer, ecr:BatchGetImage permission to sagemaker.amazonaws.com service "
        "principal..",
        "The policy of the ECR repository clip does not let sagemaker.amazonaws.com pull the image",
        "Add a statement to the repository's policy",
    ),
    (
        "ClientError: Cannot pull algorithm container. Either the image: "
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/xgb:latest does not exist or its permissions are incorrect.",
        "SageMaker cannot pull the image",
        "The repository has no such tag",
    ),
    (
        "An error occurred (ValidationException) when calling the CreateAgentRuntime operation: Role validation failed "
        "for 'arn:aws:iam::111122223333:role/agent-rt'. Please verify that the role exists and its trust policy allows "
        "assumption by this service",
        "The service cannot assume arn:aws:iam::111122223333:role/agent-rt",
        "bedrock-agentcore.amazonaws.com",
    ),
    (
        "DependencyFailedException: An error occurred (dependencyFailedException) when calling the InvokeAgent "
        "operation: Received failed response from API execution. Retry the request later.",
        "behind the agent's action group failed",
        "Read the log group",
    ),
]
