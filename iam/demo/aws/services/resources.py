"""Create buckets, a key, queues, secrets and a table in moto, when their service is first used. The calls use boto3."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from iam.arn import name_of, resource_of
from iam.demo.account.facts import ACCOUNT, HOME_REGION
from iam.demo.account.load import DEMO
from iam.demo.aws.moto_side import Seeding
from iam.demo.aws.sessions import session_for
from iam.demo.aws.world import World
from iam.sources.json_evidence import PUBLIC_ACCESS_BLOCK
from iam.sources.snapshot.contents import Contents


def lazy_seeds() -> dict[str, Callable[[World], None]]:
    """Return the functions that create each service's resources, by the service's name in botocore."""
    return {
        "dynamodb": _tables,
        "kms": _keys,
        "s3": _buckets,
        "secretsmanager": _secrets,
        "sqs": _queues,
    }


def _client(world: World, service: str, account: str = ACCOUNT) -> Any:
    return session_for(Seeding(world, account), access_key="AKIASEEDOFTHEDEMO000", region=HOME_REGION).client(service)


def _buckets(world: World) -> None:
    s3 = _client(world, "s3")
    blocks = DEMO.contents.public_access_blocks or {}
    for arn, policy in DEMO.policies_of("s3").items():
        bucket = resource_of(arn)
        s3.create_bucket(Bucket=bucket)
        if policy:
            s3.put_bucket_policy(Bucket=bucket, Policy=policy)
        if block := blocks.get(bucket):
            s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=PUBLIC_ACCESS_BLOCK.write(block))


def with_buckets(before: Callable[[World], None] | None, account: str, contents: Contents) -> Callable[[World], None]:
    """Return a function that runs ``before`` and then creates the buckets of another account."""

    def make(world: World) -> None:
        if before is not None:
            before(world)
        s3 = _client(world, "s3", account)
        for arn, policy in (contents.resource_policies or {}).items():
            s3.create_bucket(Bucket=resource_of(arn))
            if policy is not None:
                s3.put_bucket_policy(Bucket=resource_of(arn), Policy=json.dumps(policy.value, indent=2))

    return make


def _keys(world: World) -> None:
    from moto.kms.models import kms_backends

    kms = _client(world, "kms")
    backend = kms_backends[ACCOUNT][HOME_REGION]
    for arn, policy in DEMO.policies_of("kms").items():
        made = kms.create_key(Description="Encrypts reports", Policy=policy)["KeyMetadata"]
        # The demo's failures call this key K1. AWS assigns long IDs, and no call can set one.
        key = backend.keys.pop(made["KeyId"])
        key.id, key.arn = name_of(arn), arn
        backend.keys[key.id] = key


def _tables(world: World) -> None:
    for arn in DEMO.policies_of("dynamodb"):
        _client(world, "dynamodb").create_table(
            TableName=name_of(arn),
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("order", "customer")],
            KeySchema=[{"AttributeName": "order", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-customer",
                    "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )


def _queues(world: World) -> None:
    sqs = _client(world, "sqs")
    for arn, policy in DEMO.policies_of("sqs").items():
        sqs.create_queue(QueueName=resource_of(arn), Attributes={"Policy": policy} if policy else {})


def _secrets(world: World) -> None:
    from moto.secretsmanager.models import secretsmanager_backends

    client = _client(world, "secretsmanager")
    for arn in DEMO.policies_of("secretsmanager"):
        # In its ARN, a secret's name has a suffix that AWS adds.
        name = resource_of(arn).removeprefix("secret:").rpartition("-")[0]
        client.create_secret(Name=name, SecretString='{"demo": "not a secret"}')
        secretsmanager_backends[ACCOUNT][HOME_REGION].secrets[name].arn = arn
