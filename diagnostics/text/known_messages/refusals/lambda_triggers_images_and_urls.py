"""Messages of AWS Lambda about the function's role, event sources, container images and function URLs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"

_EXECUTION_ROLE = (
    r"(?:execution role|role defined for the function) do(?:es)?(?: not|n't) have (?:the )?permissions? to call "
)

# A repository's policy whose aws:SourceArn names functions of another Region than the image's. Lambda Developer Guide,
# "Create a Lambda function using a container image": the repository must be in the function's Region
# (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html).
_SOURCE_ARN = r"\baws:sourceArn\b[^\]}]{0,400}?\barn:[\w-]+:lambda:"

_OTHER_REGION = (
    rf"\A(?=[\s\S]*?\d{{12}}\.dkr\.ecr\.(?P<image_region>{REGION_NAME})\.amazonaws\.com)"
    rf"(?=[\s\S]*?{_SOURCE_ARN}(?!(?P=image_region):)(?P<other_region>{REGION_NAME}):)"
    r"(?=[\s\S]*\blambda\.amazonaws\.com\b)"
    rf"(?![\s\S]*{_SOURCE_ARN}(?:(?P=image_region)|[^:\s]*[*?$][^:\s]*):)"
    r"(?![\s\S]*\.dkr\.ecr\.(?!(?P=image_region)\.))"
)

_KINESIS = (
    *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"),
    "kinesis:ListShards",
)

_DYNAMODB = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")

_LATE = UsualCause(
    "The policy is attached only after the function or the mapping is created, or it was attached a moment ago: make "
    "the mapping depend on the attachment, and try again.",
    None,
    Who.CALLER,
)


def _execution_role(
    signal: str, call: str, policy: str, actions: tuple[str, ...], on: str, page: str
) -> ServiceSentence:
    """Return the table row for the error that Lambda returns if the function's role fails its check."""
    return lacking(
        signal,
        _EXECUTION_ROLE + call,
        "the function's execution role",
        actions,
        UsualCause(
            f"The function's own execution role lacks the actions {on} (whoever deploys does not need them): "
            f"attach {policy} to the role, or allow {', '.join(actions)}.",
            LISTS_FUNCTIONS,
        ),
        UsualCause(
            f"The text attaches {policy} to the role, so most likely the function is created before that attachment, "
            "or seconds after it: let the function or mapping depend on it (depends_on, DependsOn), and try again.",
            None,
            Who.CALLER,
            shown_by=rf"\A(?![\s\S]*\b(?:depends_on\b[^\]]{{0,200}}policy_attachment|DependsOn\b))[\s\S]*?"
            rf"(?:aws_iam_(?:role_)?policy_attachment\b[\s\S]{{0,300}}?\b{policy}\b|\b{policy}\b[^\n]{{0,80}}\battached\b"
            rf"|\battached\b[^\n]{{0,80}}\b{policy}\b)",
            decides=f"The text attaches {policy} to the function's execution role: most likely that happens only after "
            "the function is created. Let the function depend on the attachment, and try again.",
        ),
        _LATE,
        page=page if page.startswith("https:") else f"{_LAMBDA}/{page}",
        on=on,
    )


LAMBDA_ROLES_IMAGES_AND_URLS: tuple[ServiceSentence, ...] = (
    _execution_role(
        "permissions to call",
        r"(?:ReceiveMessage|DeleteMessage|GetQueueAttributes) on (?:AWS |Amazon )?SQS",
        "AWSLambdaSQSQueueExecutionRole",
        ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        "on the queue",
        "services-sqs-configure.html",
    ),
    _execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?Kinesis",
        "AWSLambdaKinesisExecutionRole",
        _KINESIS,
        "on the stream",
        "with-kinesis.html",
    ),
    _execution_role(
        "permissions to call",
        r"(?:GetRecords|GetShardIterator|DescribeStream|ListStreams) on (?:AWS |Amazon )?DynamoDB",
        "AWSLambdaDynamoDBExecutionRole",
        _DYNAMODB,
        "on the table's stream",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html",
    ),
    _execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?EC2",
        "AWSLambdaVPCAccessExecutionRole",
        (
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
        ),
        "in the VPC",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
    ),
    row(
        "permissions to call",
        _EXECUTION_ROLE + r"\w+ on \w+",
        "the function's execution role",
        "the function's execution role lacks permissions",
        "The function's execution role lacks the action that the text names; whoever deploys does not need this "
        "permission.",
        UsualCause(
            "The function's own execution role lacks the permission; whoever deploys the function does not need this "
            "permission.",
            LISTS_FUNCTIONS,
        ),
        _LATE,
        page=f"{_LAMBDA}/lambda-intro-execution-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    *(
        lacking(
            "please ensure the role can perform",
            rf"Cannot access stream (?P<resource>arn:[\w-]+:{service}:\S+?)\.? Please ensure the role can perform",
            "the function's execution role",
            actions,
            UsualCause(
                f"The function's own execution role lacks the actions on the stream{part} (whoever deploys does "
                f"not need them): {policy} contains them.",
                LISTS_FUNCTIONS,
            ),
            UsualCause(
                f"The text mentions {meant}, but the ARN belongs to another kind of stream. If the ARN is "
                "wrong, give the mapping the right ARN: its role has permissions on that stream. If the ARN "
                "is right, allow the role the actions on this stream.",
                None,
                Who.CALLER,
                shown_by=says,
                decides=(
                    f"The text speaks of {meant}, but the ARN is that of another kind of stream: check the ARN "
                    "first. If the ARN is right, the function's execution role lacks permissions on the stream."
                ),
            ),
            _LATE,
            page=f"{_LAMBDA}/{page}",
            on="on the stream",
        )
        for service, policy, page, part, actions, meant, says in (
            (
                "kinesis",
                "AWSLambdaKinesisExecutionRole",
                "with-kinesis.html",
                "",
                _KINESIS,
                "DynamoDB's streams",
                r"\bDynamoDB (?:type|streams?|event|trigger|replication)\b|\bDDBEvent\b",
            ),
            (
                "dynamodb",
                "AWSLambdaDynamoDBExecutionRole",
                "with-ddb.html",
                " (table/NAME/stream/*)",
                _DYNAMODB,
                "Kinesis's streams",
                r"\bKinesis (?:type|(?:data )?streams?|event|trigger)\b",
            ),
        )
    ),
    row(
        ("permission to access the ecr image", "permission to access the specified image"),
        r"(?:Lambda|function) does not have permission to access the (?:ECR|specified) image",
        "Lambda, which pulls the image",
        "the repository's policy does not let Lambda pull the image",
        "The ECR repository's policy does not let lambda.amazonaws.com pull the image. Lambda does not use the "
        "function's execution role for that.",
        UsualCause(
            "Correct the Region in aws:SourceArn to {image_region}. The identity that creates the function also "
            "needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on a repository of another account; the "
            "function's execution role does not.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=_OTHER_REGION,
            decides="The repository policy in the text lets Lambda pull only for functions in {other_region} "
            "(aws:SourceArn), but the image, and so the function, is in {image_region}.",
        ),
        UsualCause(
            'Add a statement to the repository\'s policy: Principal {"Service": "lambda.amazonaws.com"}, '
            "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer. For functions of another account add a condition "
            "on aws:sourceArn (arn:aws:lambda:REGION:ACCOUNT:function:*), and let that account pull too. A "
            "statement that names only an account or a role is not enough.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "In the same account, Lambda adds this statement automatically if whoever creates the function is "
            "allowed to perform ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy on the repository. A tool "
            "that manages the repository's policy can remove the statement again."
        ),
        page=f"{_LAMBDA}/images-create.html",
        actions=("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "function url authorization issues",
        r"Forbidden\. For troubleshooting Function URL authorization issues",
        "the caller of the function URL",
        "the function URL does not allow the caller",
        "The function's resource-based policy does not allow the caller of its URL, or the request is not signed "
        "although the URL's auth type is AWS_IAM. The function's execution role is not the cause.",
        UsualCause(
            "Allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction in the function's resource-based "
            "policy: function URLs created since October 2025 need both. With AWS_IAM, a caller in the "
            "function's account can be allowed both by its own policies instead.",
            "aws lambda list-functions --query 'Functions[].FunctionName'",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The URL's auth type is AWS_IAM and the request is not signed (SigV4), or its signer's policies "
            "do not allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction. With the auth type NONE, the "
            'policy must allow everybody ("*").',
            None,
            Who.CALLER,
        ),
        page=f"{_LAMBDA}/urls-auth.html",
        actions=("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
    ),
)
