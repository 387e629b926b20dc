"""Read what a record says around the error sentence: error code, operation, service."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.read.messages.fields import join_breaks
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.services import iam_prefix

_OPERATIONS = (
    regex(r"when\s+calling\s+the\s+(\w+(?:\s\w+){0,4}?)\s+operation"),
    regex(r"operation\s+error\s+([\w\s-]{1,70}?):\s*(\w+(?:[\r\n]\w+(?=,))?)"),
    regex(r"[Ee]rror\s+executing\s+\"(\w+)\"\s+on\s+\"https?://([\w.-]+)"),
    regex(r"\bAPI:\s*([a-z0-9-]+):([A-Z]\w+)"),
    regex(r"\"eventName\"\s*:\s*\"(\w+)\""),
    regex(r"\b(?:calling|operation|API|api\s+call)[\s:]+\"?([A-Z][a-z]+[A-Z]\w+)\"?(?=[\s:,)(]|$)"),
    # Not the operation by which AWS says that its record of the refusal is to be read.
    regex(
        r"\b(?!GetRequestAuthorizationDetails)((?:Add|Assume|Attach|Batch|Copy|Create|Delete|Describe|Detach|Get"
        r"|Head|Invoke|List|Modify|Publish|Put|Register|"
        r"Remove|Run|Send|Start|Stop|Tag|Update)[A-Z]\w+)\s+(?:API|operation|call|request)\b"
    ),
    # The AWS SDK for C++ in Arrow: "AWS Error ACCESS_DENIED during HeadObject operation".
    regex(r"AWS\s+Error\s+\w+\s+during\s+([A-Z]\w+)\s+operation"),
    # What a person says of the refused call.
    regex(
        r"\b(?:AccessDenied(?:Exception)?|Access ?Denied|UnauthorizedOperation|Forbidden|denied|refused|403)"
        r"\s+(?:on|at|for|in|from|by|calling)\s+(?:the\s+)?((?:Add|Assume|Attach|Create|Delete|Describe|Get|Head"
        r"|Invoke|List|Modify|Publish|Put|Register|Remove"
        r"|Run|Send|Start|Stop|Tag|Update)[A-Z][A-Za-z0-9]+)\b"
    ),
    # Lambda's and CloudFormation's, of the code that they fetch.
    regex(r"credentials\s+have\s+permission\s+to\s+([A-Z][a-z]+[A-Z]\w+)\s+for\b"),
)
# An error whose code is a status: the answer has no body, and so no sentence (Amazon S3 API Reference, "HeadObject":
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
_WITHOUT_BODY = regex(r"\(40[0-9]\)\s+(?:occurred\s+)?when\s+calling\s+the\s+\w+\s+operation(?::\s+[A-Z][\w ]+)?")
# A function of the AWS SDK for JavaScript 3, and of Kotlin's.
_STACK_FRAME = regex(
    r"\b(?:de(?:serializeAws_[a-z]+[A-Za-z0-9]*?)?_?(?=[A-Z]\w+CommandError)|(?=[A-Z]\w+OperationDeserializerKt\.))"
    r"([A-Z][A-Za-z0-9]+?)(?:CommandError|OperationDeserializerKt)"
)

# A client's method: Java 2's and 1's, EMRFS's (a class for each call), .NET's, Ruby's.
_CLIENT_METHOD = regex(
    r"(?:Default(?P<of_java>\w+?)(?:Async)?|\.Amazon\w+)Client\.(?!(?:do)?[iI]nvoke\b|execute\w*\()(?P<java>[a-z]\w+)\("
    r"|\.hadoop\.fs\.s3\.lite\.call\.(?P<of_emrfs>\w+)Call\.\w+\("
    r"|Amazon\.\w+\.Amazon(?P<of_dotnet>\w+?)Client\.(?P<dotnet>[A-Z]\w+?)(?:Async)?\("
    r"|in\s+[`'](?:Aws::\w+::Client#)?(?P<ruby>(?:get|put|head|list|delete|describe|create|copy|send"
    r"|invoke)(?:_[a-z0-9]+)+)'"
)

_CODES = (
    regex(r"error\s+\(([\w.]+)\)\s+(?:occurred\s+)?when\s+calling"),
    regex(r"A\s+client\s+error\s+\(([\w.]+)\)"),
    regex(r"An\s+error\s+occurred\s+\(([\w.]+)\)"),
    regex(r"api\s+error\s+(\w+):"),
    # AWS SDK for Go 2: an exception that the service's model names has no "api error" before it.
    regex(
        r"response\s+error\s+StatusCode:\s+\d+,\s+RequestID:[^,\n]{0,60},\s+(?:HostID:[^,\n]{0,120},\s+)?([A-Z]\w+):\s"
    ),
    regex(r"Error\s?Code[\"']?\s*[:=]\s*[\"']?(?:[\w.]+#)?([A-Z]\w+)"),
    regex(r"[\"']?(?:__type|[Cc]ode|errorCode)[\"']?\s*[:=]\s*[\"'](?:[\w.]+#)?([A-Z]\w+)"),
    regex(r"\x1e([A-Z][A-Za-z.]+)\x1e"),
    regex(
        r"\b((?!Error:|ClientError:)[A-Z][A-Za-z]+)(?:\s+\(client\))?:\s+"
        r"(?:User|Role|A policy|Instance Profile|Group|Provider|The Server)\b"
    ),
    regex(
        r"\b((?:[A-Z]\w*)?(?:AccessDenied|Unauthorized|AuthorizationError|Forbidden|AlreadyExists|NameConflict"
        r"|Expired|Throttl"
        r"|LimitExceeded|Unmodifiable|Malformed|DeleteConflict|ConcurrentModification|Validation|Unrecognized"
        r"|InstanceProfileNotFound"
        r"|SignatureDoesNotMatch|InvalidClientTokenId)[A-Za-z]*)\b"
    ),
)

_SERVICES = (
    regex(r"\(Service:\s*([\w .-]{2,50}?)[;,]"),
    regex(r"software\.amazon\.awssdk\.services\.(\w+)"),
    regex(r"com\.amazonaws\.services\.(\w+)"),
    regex(r"Aws::(\w+)::Errors"),
    regex(r"Aws\\(\w+)\\Exception"),
    regex(r"\bAmazon\.(\w+)\.(?:Model|Amazon\w+Exception)"),
    regex(r"\"eventSource\"\s*:\s*\"([\w-]+)\.amazonaws\.com"),
    regex(
        rf"https?://(?:[\w.-]{{0,80}}\.)?(s3|ec2|iam|sts|lambda|dynamodb|kms|sqs|sns"
        rf"|[a-z]{{3,20}})[.-](?:{REGION_NAME}\.)?amazonaws\.com"
    ),
    regex(r"@aws-sdk/client-([\w-]+)"),
    regex(r"access\s+has\s+been\s+denied\s+by\s+(\w+)"),
    # A service before its code: Step Functions' error names, and what programs write.
    regex(r"(?<![\w.])([A-Z][A-Za-z0-9]{1,24})(?:\.|:\s+)(?:\w*AccessDenied|UnauthorizedOperation)(?:Exception)?\b"),
    regex(r"(?:^|[\s$#>])aws\s+(?:--?[\w-]+(?:[ =](?!-)\S+)?\s+)?([a-z][a-z0-9-]+)\s+[a-z]"),
)
_CLI_NAMES = {"s3api": "s3", "deploy": "codedeploy", "configservice": "config", "ses": "ses"}


# What only AWS, or a tool that speaks to it, writes: a code of IAM's, an ARN, a host, a library, a resource's type.
_OF_AWS = regex(
    r"EntityAlreadyExists|NameConflictException|AWSServiceRoleFor|\barn:[\w-]*:\w|amazonaws\.c|aws\.amazon\.com"
    r"|\bAWS\b|\bIAM\b|-IAM(?=[A-Z])|\bIAM[A-Z]\w+"
    r"|AWS::|\baws[ _-](?:iam|sdk|cdk)|awssdk|\bboto|Aws(?:::|\\)|when\s+calling\s+the\s+\w+\s+operation"
    r"|(?:CREATE|UPDATE)_FAILED|An\s+error\s+occurred:\s+\w+\s+-\s|\bin\s+stack\s+arn:|\b(?:eksctl|cloudformation"
    r"|crossplane|amplify|pulumi)\b",
)


def speaks_of_aws(text: str) -> bool:
    """Return whether ``text`` comes from AWS, or from a tool that calls it, judged by more than a sentence's words."""
    return _OF_AWS.search(text) is not None


# AWS SDK for Java 1, `AmazonS3`: methods with names of their own
# (https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/com/amazonaws/services/s3/AmazonS3.html).
_METHODS_OF_JAVA_1 = {
    "GetObjectMetadata": "HeadObject",
    "DoesObjectExist": "HeadObject",
    "InitiateMultipartUpload": "CreateMultipartUpload",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a record says about the failed call.

    ``service`` is an IAM prefix. A field is None if the record does not give it.
    """

    code: str | None = None
    operation: str | None = None
    service: str | None = None


def read_context(text: str, *, at: int = 0, service_hint: str | None = None) -> Context:
    """Return what ``text`` names. If it names several operations, the last one that begins before ``at`` counts."""
    operation, service = _operation(text, at)
    return Context(_code(text), operation, service or _service(text) or service_hint)


def _operation(text: str, at: int) -> tuple[str | None, str | None]:
    for index, pattern in enumerate(_OPERATIONS):
        found = list(pattern.finditer(text))
        if not found:
            continue
        before = [match for match in found if match.start() <= at]
        match = before[-1] if before else found[0]
        if index == 1:
            return join_breaks(match[2]), iam_prefix(match[1])
        if index == 2:
            return match[1], iam_prefix(match[2].split(".")[0])
        if index == 3:
            return match[2], match[1]
        return re.sub(r"\s+", "", match[1]), None
    return None, None


def begin_of_message(text: str, begin: int, at: int) -> int:
    """Return where the message with the sentence at ``at`` begins, searching from ``begin``.

    The message begins after the last answer without a body before ``at``; without such an answer, it begins at
    ``begin``.
    """
    if "(40" not in text:
        return begin
    return max((each.end() for each in _WITHOUT_BODY.finditer(text, begin, at)), default=begin)


_NEXT_ERROR = regex(r"\bAn error occurred \(")


def end_of_message(text: str, at: int, end: int) -> int:
    """Return where the message with the sentence that ends at ``at`` ends, searching up to ``end``.

    The message ends before the next error with a code; without such an error, it ends at ``end``.
    """
    found = _NEXT_ERROR.search(text, at, end)
    return found.start() if found else end


def frame_operation(text: str) -> str | None:
    """Return the operation named in an SDK's stack frame, for texts that name it nowhere else.

    None if there is none.
    """
    if frame := _STACK_FRAME.search(text):
        return frame[1].removeprefix("restXml").removeprefix("json1_1")
    if method := _CLIENT_METHOD.search(text):
        if (name := method["java"] or method["of_emrfs"] or method["dotnet"]) is None:
            return "".join(word.title() for word in method["ruby"].split("_"))
        name = name[0].upper() + name[1:]
        return _METHODS_OF_JAVA_1.get(name, name)
    return None


def frame_service(text: str) -> str | None:
    """Return the IAM prefix of the SDK client named in a stack frame; None if there is none."""
    method = _CLIENT_METHOD.search(text)
    named = (method["of_java"] or method["of_dotnet"]) if method else None
    return iam_prefix(named) if named else None


def _code(text: str) -> str | None:
    for pattern in _CODES:
        if found := pattern.search(text):
            return found[1].rsplit(".", 1)[-1]
    return None


def _service(text: str) -> str | None:
    for pattern in _SERVICES:
        if found := pattern.search(text):
            name = found[1]
            if known := _CLI_NAMES.get(name) or iam_prefix(name):
                return known
    return None
