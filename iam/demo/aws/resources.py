"""Buckets, the key, queues, secrets and the table: made when their service is first asked, by boto3 against moto."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from iam.demo.account.facts import ACCOUNT, HOME_REGION
from iam.demo.account.resources import BUCKETS, KEY_ID, KEY_POLICY, QUEUES, SECRETS
from iam.demo.aws.moto_side import Seeding
from iam.demo.aws.sessions import session_for
from iam.demo.aws.world import World


def lazy_seeds() -> dict[str, Callable[[World], None]]:
    """What makes each service's resources, by the service's name in botocore."""
    return {
        "dynamodb": _tables,
        "kms": _keys,
        "s3": _buckets,
        "secretsmanager": _secrets,
        "sqs": _queues,
    }


def _client(world: World, service: str) -> Any:
    return session_for(Seeding(world), access_key="AKIASEEDOFTHEDEMO000", region=HOME_REGION).client(service)


def _buckets(world: World) -> None:
    s3 = _client(world, "s3")
    for bucket in BUCKETS:
        s3.create_bucket(Bucket=bucket.name)
        if bucket.policy:
            s3.put_bucket_policy(Bucket=bucket.name, Policy=json.dumps(bucket.policy, indent=2))
        blocks = bucket.blocks_public_access
        s3.put_public_access_block(
            Bucket=bucket.name,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": blocks,
                "IgnorePublicAcls": blocks,
                "BlockPublicPolicy": blocks,
                "RestrictPublicBuckets": blocks,
            },
        )


def _keys(world: World) -> None:
    from moto.kms.models import kms_backends

    kms = _client(world, "kms")
    made = kms.create_key(Description="Encrypts reports", Policy=json.dumps(KEY_POLICY, indent=2))["KeyMetadata"]
    # The failures call this key K1; AWS gives long ids, and no call sets one.
    backend = kms_backends[ACCOUNT][HOME_REGION]
    key = backend.keys.pop(made["KeyId"])
    key.id = KEY_ID
    key.arn = f"arn:aws:kms:{HOME_REGION}:{ACCOUNT}:key/{KEY_ID}"
    backend.keys[KEY_ID] = key


def _tables(world: World) -> None:
    _client(world, "dynamodb").create_table(
        TableName="orders",
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
    for name, policy in QUEUES.items():
        sqs.create_queue(QueueName=name, Attributes={"Policy": json.dumps(policy, indent=2)} if policy else {})


def _secrets(world: World) -> None:
    from moto.secretsmanager.models import secretsmanager_backends

    client = _client(world, "secretsmanager")
    for name, suffix in SECRETS.items():
        client.create_secret(Name=name, SecretString='{"demo": "not a secret"}')
        secret = secretsmanager_backends[ACCOUNT][HOME_REGION].secrets[name]
        secret.arn = f"arn:aws:secretsmanager:{HOME_REGION}:{ACCOUNT}:secret:{name}-{suffix}"
