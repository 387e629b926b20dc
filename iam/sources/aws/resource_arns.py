"""Which resources of the account may have a policy of their own, service by service, as far as they can be listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from iam.sources.aws.session import Aws
from iam.sources.reader import CallerIdentity, Reading

# Of each service and region; what comes beyond is said.
_AT_MOST = 1000


def resource_arns(aws: Aws, caller: CallerIdentity) -> Reading[tuple[str, ...]]:
    partition = caller.arn.split(":")[1] or "aws"

    def buckets(region: str) -> Iterator[str]:
        for bucket in aws.pages("s3", "list_buckets", "Buckets"):
            yield f"arn:{partition}:s3:::{bucket['Name']}"

    def queues(region: str) -> Iterator[str]:
        # Where there are no queues the list of them is missing.
        for page in aws.client("sqs", region).get_paginator("list_queues").paginate():
            for url in page.get("QueueUrls") or ():
                yield f"arn:{partition}:sqs:{region}:{caller.account}:{str(url).rpartition('/')[2]}"

    def tables(region: str) -> Iterator[str]:
        for name in aws.pages("dynamodb", "list_tables", "TableNames", region=region):
            yield f"arn:{partition}:dynamodb:{region}:{caller.account}:table/{name}"

    def listed(service: str, operation: str, key: str, arn: str) -> Callable[[str], Iterator[str]]:
        return lambda region: (str(entry[arn]) for entry in aws.pages(service, operation, key, region=region))

    questions: tuple[tuple[str, Callable[[str], Iterator[str]], tuple[str, ...]], ...] = (
        ("s3:ListAllMyBuckets", buckets, aws.regions[:1]),
        ("kms:ListKeys", listed("kms", "list_keys", "Keys", "KeyArn"), aws.regions),
        ("sqs:ListQueues", queues, aws.regions),
        ("sns:ListTopics", listed("sns", "list_topics", "Topics", "TopicArn"), aws.regions),
        ("lambda:ListFunctions", listed("lambda", "list_functions", "Functions", "FunctionArn"), aws.regions),
        ("secretsmanager:ListSecrets", listed("secretsmanager", "list_secrets", "SecretList", "ARN"), aws.regions),
        ("dynamodb:ListTables", tables, aws.regions),
        (
            "ecr:DescribeRepositories",
            listed("ecr", "describe_repositories", "repositories", "repositoryArn"),
            aws.regions,
        ),
    )
    found: list[str] = []
    missing: list[str] = []
    answered = False
    for call, question, where in questions:
        for region in where:
            # One more than is kept tells whether there are more.
            reading = aws.read(call, lambda: list(islice(question(region), _AT_MOST + 1)))  # noqa: B023 - called at once
            if reading.value is None:
                missing.append(f"{call} in {region}: {reading.why}")
                continue
            answered = True
            found += reading.value[:_AT_MOST]
            if len(reading.value) > _AT_MOST:
                missing.append(f"{call} in {region}: only the first {_AT_MOST:,} are read.")
    if not answered:
        return Reading("s3:ListAllMyBuckets", why=" ".join(missing))
    return Reading("s3:ListAllMyBuckets", tuple(dict.fromkeys(found)), note=" ".join(missing))
