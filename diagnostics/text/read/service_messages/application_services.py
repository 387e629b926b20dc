"""Sentences of EventBridge Pipes, SageMaker, Bedrock's agents and AgentCore about their roles, images and targets."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    assumed_by,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_PIPES = f"{_DOCS}/eventbridge/latest/userguide/eb-pipes-permissions.html"
_PIPES_ROLE = "aws pipes describe-pipe --name PIPE --query '[RoleArn,Source,Target,SourceParameters]'"
# SageMaker Developer Guide, "How to use SageMaker execution roles": what each call needs on images in ECR.
_SAGEMAKER = f"{_DOCS}/sagemaker/latest/dg/sagemaker-roles.html"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
_SOON = UsualCause(
    "The policy was attached after the call, or a moment before it: let the resource depend on the attachment (in "
    "Terraform: depends_on), and try again.",
    None,
    Who.CALLER,
)
APPLICATION_SERVICES: tuple[ServiceSentence, ...] = (
    row(
        "customer role does not have permissions to call",
        r"provided customer role does not have permissions to call (?P<operation>\w+) on "
        r"(?P<service>[A-Z][\w ]{1,30}\w)",
        "the execution role of the pipe",
        "the pipe's execution role lacks permissions",
        "The pipe's execution role is not allowed to call {operation} on {service}: change that role's policy, not the "
        "policies of whoever creates the pipe.",
        UsualCause(
            "Allow it on the ARN of the pipe's source or target. For an SQS source the role needs "
            "sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes; for an encrypted one also "
            "kms:Decrypt on its key.",
            _PIPES_ROLE,
        ),
        _SOON,
        page=_PIPES,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "error occurred while sending message to",
        r"Error occurred while sending message to (?P<kind>SQS queue|SNS topic): "
        r"(?P<resource>arn:[\w-]+:s[qn]s:[\w:.-]*\w)",
        "the execution role of the pipe",
        "the pipe's execution role cannot write to the dead-letter {kind}",
        "The pipe cannot send to its dead-letter {kind} {resource}: most likely its execution role lacks that "
        "permission.",
        UsualCause(
            "Allow the pipe's role sqs:SendMessage on the queue (sns:Publish on a topic), and, if its key is "
            "customer managed, kms:GenerateDataKey and kms:Decrypt. The source and the target are not the cause.",
            _PIPES_ROLE,
        ),
        UsualCause(
            "The queue's policy refuses the role, or the queue does not exist in this Region.", None, Who.RESOURCE_OWNER
        ),
        page=_PIPES,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "service principal",
        r"repository [\"']?(?P<repository>[\w./-]+)[\"']? of your image \S+ does not grant (?P<named>ecr:[^\n]{4,200}?)"
        r" permissions? to (?P<service>[a-z.-]+\.amazonaws\.com) service principal",
        "the service, by the policy of the ECR repository",
        "the policy of the ECR repository does not name the service",
        "The policy of the ECR repository {repository} does not let {service} pull the image: add {named} for this "
        "service principal to the repository's policy.",
        UsualCause(
            'Add a statement to the repository\'s policy: Principal {"Service": "{service}"}, Action {named}; '
            "a repository policy has no Resource.",
            "aws ecr get-repository-policy --repository-name {repository}",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The image is in another account or Region: use the repository in that account and Region, or copy the "
            "image.",
            None,
            Who.CALLER,
        ),
        page=_SAGEMAKER,
        cause="resource.no-action",
        ground=Ground.PARTLY,
    ),
    row(
        "cannot pull algorithm container",
        r"Cannot pull algorithm container\. Either the image:? (?:(?P<image>\S+) )?does not exist or its "
        r"permissions are incorrect",
        "the execution role of the job",
        "SageMaker cannot pull the image",
        "SageMaker cannot pull the image: it does not exist under this name, tag and Region, or the execution role or "
        "the repository's policy does not allow the pull.",
        UsualCause(
            "The repository has no such tag, or is in a different Region or account: SageMaker pulls only from "
            "ECR, and the tag latest must exist if it is named.",
            "aws ecr describe-images --repository-name REPOSITORY --query 'imageDetails[].imageTags'",
            Who.CALLER,
        ),
        UsualCause(
            f'The execution role lacks {", ".join(_PULL)} on the repository, or ecr:GetAuthorizationToken on "*".'
        ),
        UsualCause(
            "The repository is another account's, and its policy does not allow this account's role.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page=_SAGEMAKER,
    ),
    row(
        "role validation failed for",
        r"Role validation failed for [\"']?(?P<principal>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*\w)[\"']?\.? Please "
        r"verify that the role exists and its trust policy allows assumption by this service",
        "the service that gets the role",
        "the service cannot assume the role",
        "The service cannot assume {principal}: its trust policy does not allow this service, or no such role exists.",
        UsualCause(
            "The role's trust policy must allow sts:AssumeRole to the service principal of this service; for Bedrock "
            "AgentCore, the principal is bedrock-agentcore.amazonaws.com (bedrock.amazonaws.com is another service).",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The role's name, path or account is misspelled, or the role was created a moment ago: wait and try again.",
            None,
            Who.CALLER,
        ),
        page=f"{_DOCS}/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        asks=assumed_by("bedrock-agentcore.amazonaws.com"),
    ),
    row(
        "failed response from api execution",
        r"Received failed response from API execution",
        "nobody, as far as the message says",
        "the agent's action failed",
        "The function or API behind the agent's action group failed, or its answer had the wrong form: read its own "
        "log first. This message names no missing permission.",
        UsualCause(
            "Read the log group of the action group's Lambda function (/aws/lambda/FUNCTION): an exception or a "
            "timeout there, or a response without messageVersion and response, is the cause.",
            LISTS_FUNCTIONS,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "If the log shows no run, the function's resource-based policy lacks a statement for bedrock.amazonaws.com "
            "with the agent's ARN.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page=f"{_DOCS}/bedrock/latest/userguide/agents-lambda.html",
    ),
)
