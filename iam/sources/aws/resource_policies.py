"""Read the policies, tags and settings of resources. The service in the resource's ARN determines the calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from iam.arn import Arn
from iam.policy.document import Document
from iam.sources.aws.session import Aws
from iam.sources.json_values import document_of
from iam.sources.reader.reading import Reading
from iam.sources.resource_policies import NO_SUCH_BUCKET, has_no_policy, policy_holder


def resource_policy(aws: Aws, arn: str, account_id: str) -> Reading[Document]:
    """Read the policy of a resource; "absent" if it has no policy. `AwsReader` reads the policies of IAM roles."""
    parts = Arn.parse(arn)
    if parts is None:
        return Reading("", why=f"{arn} is not an ARN, so its resource policy cannot be looked up.")
    if has_no_policy(parts):
        return Reading("", note=f"This kind of resource of {parts.service} has no policy of its own.")
    reader = _READERS.get(parts.service)
    if reader is None:
        return Reading("", why=f"The policies of {parts.service} resources are not read by rolescope.")
    if parts.account and parts.account != account_id:
        return Reading(
            "", why=f"The resource belongs to account {parts.account}, so its policy can be read only in that account."
        )
    if parts.service == "s3" and parts.resource.startswith("accesspoint/") and not parts.region:
        return Reading("", why="The policies of Multi-Region Access Points are not read by rolescope.")
    call, question, absent = reader(aws, parts, arn)
    reading = aws.read(call, lambda: document_of(question()), absent=absent)
    return Reading(call, why=NO_SUCH_BUCKET) if reading.value is None and reading.note == NO_SUCH_BUCKET else reading


_Question = tuple[str, Callable[[], Any], tuple[str, ...]]


def _s3(aws: Aws, parts: Arn, arn: str) -> _Question:
    if parts.resource.startswith("accesspoint/"):
        client, name = aws.client("s3control", parts.region or None), parts.resource.split("/")[1]
        return (
            "s3:GetAccessPointPolicy",
            lambda: client.get_access_point_policy(AccountId=parts.account, Name=name)["Policy"],
            ("NoSuchAccessPointPolicy", "NoSuchAccessPoint"),
        )
    bucket = parts.resource.partition("/")[0]
    client = aws.client("s3")
    return (
        "s3:GetBucketPolicy",
        lambda: _bucket_policy(client, bucket),
        ("NoSuchBucketPolicy", _NO_SUCH_BUCKET),
    )


def _bucket_policy(client: Any, bucket: str) -> Any:
    """Return the bucket's policy as text. Raises S3's error; with `NO_SUCH_BUCKET` if no account has the bucket."""
    try:
        return client.get_bucket_policy(Bucket=bucket)["Policy"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == _NO_SUCH_BUCKET:
            error.response["Error"]["Message"] = NO_SUCH_BUCKET
        raise


_NO_SUCH_BUCKET = "NoSuchBucket"


def _kms(aws: Aws, parts: Arn, arn: str) -> _Question:
    client = aws.client("kms", parts.region or None)

    def read() -> Any:
        key = arn
        if parts.resource.startswith("alias/"):
            key = client.describe_key(KeyId=arn)["KeyMetadata"]["KeyId"]
        return client.get_key_policy(KeyId=key, PolicyName="default")["Policy"]

    return "kms:GetKeyPolicy", read, ("NotFoundException",)


def _sqs(aws: Aws, parts: Arn, arn: str) -> _Question:
    client = aws.client("sqs", parts.region or None)

    def read() -> Any:
        url = client.get_queue_url(QueueName=parts.resource, QueueOwnerAWSAccountId=parts.account)["QueueUrl"]
        # A queue without a policy lacks this attribute. That the response contains the ARN shows that it is complete.
        answer = client.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "QueueArn"])
        return answer["Attributes"].get("Policy")

    return (
        "sqs:GetQueueAttributes",
        read,
        ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue"),
    )


def _sns(aws: Aws, parts: Arn, arn: str) -> _Question:
    client = aws.client("sns", parts.region or None)
    topic = policy_holder(arn)
    return (
        "sns:GetTopicAttributes",
        lambda: client.get_topic_attributes(TopicArn=topic)["Attributes"].get("Policy"),
        ("NotFound", "NotFoundException"),
    )


def _lambda(aws: Aws, parts: Arn, arn: str) -> _Question:
    client = aws.client("lambda", parts.region or None)
    kind, _, rest = parts.resource.partition(":")
    name, _, qualifier = rest.partition(":")
    if kind == "layer":
        return (
            "lambda:GetLayerVersionPolicy",
            lambda: client.get_layer_version_policy(LayerName=name, VersionNumber=int(qualifier or 1))["Policy"],
            ("ResourceNotFoundException",),
        )
    arguments = {"FunctionName": name, **({"Qualifier": qualifier} if qualifier else {})}
    return "lambda:GetPolicy", lambda: client.get_policy(**arguments)["Policy"], ("ResourceNotFoundException",)


def _simple(
    service: str,
    permission: str,
    operation: str,
    argument: str,
    answer: str,
    absent: tuple[str, ...],
    value: Callable[[Arn, str], str] = lambda parts, arn: arn,
) -> Callable[[Aws, Arn, str], _Question]:
    """Return a function that reads a policy for a service that returns its text from one call with one argument."""

    def question(aws: Aws, parts: Arn, arn: str) -> _Question:
        client = aws.client(service, parts.region or None)
        return permission, lambda: getattr(client, operation)(**{argument: value(parts, arn)}).get(answer), absent

    return question


def _events(aws: Aws, parts: Arn, arn: str) -> _Question:
    client = aws.client("events", parts.region or None)
    name = parts.id if parts.resource.startswith("event-bus/") else "default"
    return "events:DescribeEventBus", lambda: client.describe_event_bus(Name=name).get("Policy"), _RESOURCE_NOT_FOUND


def _domain(aws: Aws, parts: Arn, arn: str) -> _Question:
    client = aws.client("opensearch", parts.region or None)
    name = parts.id.partition("/")[0]
    return (
        "es:DescribeDomain",
        lambda: client.describe_domain(DomainName=name)["DomainStatus"].get("AccessPolicies") or None,
        _RESOURCE_NOT_FOUND,
    )


_RESOURCE_NOT_FOUND = ("ResourceNotFoundException",)
_READERS: Mapping[str, Callable[[Aws, Arn, str], _Question]] = {
    "s3": _s3,
    "kms": _kms,
    "sqs": _sqs,
    "sns": _sns,
    "lambda": _lambda,
    "events": _events,
    "es": _domain,
    "secretsmanager": _simple(
        "secretsmanager",
        "secretsmanager:GetResourcePolicy",
        "get_resource_policy",
        "SecretId",
        "ResourcePolicy",
        _RESOURCE_NOT_FOUND,
    ),
    "ecr": _simple(
        "ecr",
        "ecr:GetRepositoryPolicy",
        "get_repository_policy",
        "repositoryName",
        "policyText",
        ("RepositoryPolicyNotFoundException", "RepositoryNotFoundException"),
        value=lambda parts, arn: parts.id,
    ),
    "dynamodb": _simple(
        "dynamodb",
        "dynamodb:GetResourcePolicy",
        "get_resource_policy",
        "ResourceArn",
        "Policy",
        ("PolicyNotFoundException", "ResourceNotFoundException"),
        value=lambda parts, arn: policy_holder(arn),
    ),
    "kinesis": _simple(
        "kinesis",
        "kinesis:GetResourcePolicy",
        "get_resource_policy",
        "ResourceARN",
        "Policy",
        _RESOURCE_NOT_FOUND,
        value=lambda parts, arn: policy_holder(arn),
    ),
    "backup": _simple(
        "backup",
        "backup:GetBackupVaultAccessPolicy",
        "get_backup_vault_access_policy",
        "BackupVaultName",
        "Policy",
        _RESOURCE_NOT_FOUND,
        value=lambda parts, arn: parts.id,
    ),
    "elasticfilesystem": _simple(
        "efs",
        "elasticfilesystem:DescribeFileSystemPolicy",
        "describe_file_system_policy",
        "FileSystemId",
        "Policy",
        ("PolicyNotFound", "FileSystemNotFound"),
        value=lambda parts, arn: parts.id,
    ),
}
