"""List the account's resources that may have a resource policy, for the services that can list them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from iam.sources.aws.session import Aws
from iam.sources.reader.caller_identity import CallerIdentity
from iam.sources.reader.reading import Reading

# The maximum for each service and Region; the reading says if there are more.
_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class _List:
    """A list call.

    In each entry of the response, ``field`` contains the ARN, or the value to insert into the template ``arn``. It
    is "" if the response is a list of strings.
    """

    permission: str
    service: str
    operation: str
    key: str
    field: str = ""
    arn: str = "{}"
    everywhere: bool = True

    def arns(self, aws: Aws, caller: CallerIdentity, region: str) -> Iterator[str]:
        partition = caller.arn.split(":")[1] or "aws"
        for entry in aws.pages(self.service, self.operation, self.key, region):
            text = str(entry[self.field] if self.field else entry)
            text = text if self.arn == "{}" else text.rpartition("/")[2]  # a queue's URL ends with its name
            yield self.arn.format(text, partition=partition, region=region, account=caller.account)


_LISTS = (
    _List("s3:ListAllMyBuckets", "s3", "list_buckets", "Buckets", "Name", "arn:{partition}:s3:::{}", everywhere=False),
    _List("kms:ListKeys", "kms", "list_keys", "Keys", "KeyArn"),
    _List("sqs:ListQueues", "sqs", "list_queues", "QueueUrls", "", "arn:{partition}:sqs:{region}:{account}:{}"),
    _List("sns:ListTopics", "sns", "list_topics", "Topics", "TopicArn"),
    _List("lambda:ListFunctions", "lambda", "list_functions", "Functions", "FunctionArn"),
    _List("secretsmanager:ListSecrets", "secretsmanager", "list_secrets", "SecretList", "ARN"),
    _List(
        "dynamodb:ListTables",
        "dynamodb",
        "list_tables",
        "TableNames",
        arn="arn:{partition}:dynamodb:{region}:{account}:table/{}",
    ),
    _List("ecr:DescribeRepositories", "ecr", "describe_repositories", "repositories", "repositoryArn"),
)


def resource_arns(aws: Aws, caller: CallerIdentity) -> Reading[tuple[str, ...]]:
    """List resources as described in `ResourceSource.resources`."""
    return _listed(aws, caller, _LISTS, aws.regions)


def service_arns(aws: Aws, caller: CallerIdentity, service: str, region: str) -> Reading[tuple[str, ...]]:
    """List a service's resources as described in `ResourceSource.listed_resources`."""
    lists = tuple(each for each in _LISTS if each.service == service)
    if not lists:
        return Reading("", why=f"The resources of {service} are not listed by rolescope.")
    return _listed(aws, caller, lists, (region,) if region else aws.regions)


def _listed(
    aws: Aws, caller: CallerIdentity, lists: tuple[_List, ...], regions: tuple[str, ...]
) -> Reading[tuple[str, ...]]:
    found: list[str] = []
    missing: list[str] = []
    asked = [(each, region) for each in lists for region in (regions if each.everywhere else regions[:1])]
    for each, region in asked:
        # Reading one more than is kept shows whether there are more.
        arns = islice(each.arns(aws, caller, region), _AT_MOST + 1)
        reading = aws.read(each.permission, lambda: list(arns))  # noqa: B023 - called at once
        found += (reading.value or ())[:_AT_MOST]
        if reading.value is None:
            missing.append(f"{each.permission} in {region}: {reading.why}")
        elif len(reading.value) > _AT_MOST:
            missing.append(f"{each.permission} in {region}: only the first {_AT_MOST:,} are read.")
    if len(missing) == len(asked) and not found:
        return Reading(lists[0].permission, why=" ".join(missing))
    return Reading(lists[0].permission, tuple(dict.fromkeys(found)), note=" ".join(missing))
