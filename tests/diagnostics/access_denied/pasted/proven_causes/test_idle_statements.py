"""An Allow that cannot cover its own action is the mistake in the text's policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

KAFKA = (
    "org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [bills]\n"
    "bootstrap.servers=b-1.core.x81k2c.c3.kafka.eu-central-1.amazonaws.com:9098\n"
    "cluster arn:aws:kafka:eu-central-1:111122223333:cluster/core/6f0b2a77-3c1e-4d55-b0a1-9ad2c7e1f640-3\n"
)
REDIS = "(error) WRONGPASS invalid username-password pair or user is disabled.\nauth mode: IAM\n"
LOGIN = 'psql: FATAL: PAM authentication failed for user "app"\n'
SHOWN = "$ aws rds describe-db-clusters --query 'DBClusters[].DbClusterResourceId'\n[ {} ]\n"
CACHE = "arn:aws:elasticache:us-east-2:111122223333"


def diagnosed(text: str, action: str, *resources: str) -> tuple[str, str]:
    named = ",".join(f'"{each}"' for each in resources)
    found = collect_offline(read_text(f'{text}\n{{"Effect":"Allow","Action":"{action}","Resource":[{named}]}}')[0])
    return found.verdict.summary, " ".join(str(fix.change) for fix in found.fixes)


@pytest.mark.parametrize(
    ("text", "action", "resource", "said", "change"),
    [
        (
            LOGIN + SHOWN.format('"cluster-7KQZ2NLM4VX6TBPYRS3DWA5EFU"'),
            "rds-db:connect",
            "arn:aws:rds-db:eu-west-1:111122223333:dbuser:ledger/app",
            "because the ARN needs the ID",
            "in place of the name: cluster-7KQZ2NLM4VX6TBPYRS3DWA5EFU",
        ),
        (
            LOGIN + SHOWN.format('"db-AAAAAAAAAAAAAAAAAAAAAAAAAA", "db-BBBBBBBBBBBBBBBBBBBBBBBBBB"'),
            "rds-db:connect",
            "arn:aws:rds-db:eu-west-1:111122223333:dbuser:ledger/app",
            "because the ARN needs the ID",
            "describe-db-instances",
        ),
        (
            KAFKA,
            "kafka-cluster:WriteData",
            "arn:aws:kafka:eu-central-1:111122223333:topic/core/bills",
            "an ARN of the type topic is arn:PARTITION:kafka:REGION:ACCOUNT:topic/CLUSTER-NAME/CLUSTER-UUID/TOPIC-NAME",
            "topic/core/6f0b2a77-3c1e-4d55-b0a1-9ad2c7e1f640-3/bills in place of",
        ),
        (
            KAFKA,
            "kafka-cluster:ReadData",
            "arn:aws:kafka:eu-central-1:111122223333:topic/core/bills-*",
            "an ARN of the type topic is",
            "topic/core/6f0b2a77-3c1e-4d55-b0a1-9ad2c7e1f640-3/bills-* in place of",
        ),
        (
            KAFKA,
            "kafka-cluster:AlterGroup",
            "arn:aws:kafka:eu-central-1:111122223333:group/core/print.*",
            "an ARN of the type group is",
            "group/core/6f0b2a77-3c1e-4d55-b0a1-9ad2c7e1f640-3/print.* in place of",
        ),
        (
            REDIS,
            "elasticache:Connect",
            f"{CACHE}:replicationgroup:sess",
            "on the user, which the policy does not name",
            f"Add {CACHE}:user:USER-ID",
        ),
        (
            LOGIN,
            "rds-db:connect",
            "arn:aws:rds-db:eu-west-1:111122223333:dbuser:ledger/app",
            "because the ARN needs the ID",
            "describe-db-instances",
        ),
    ],
)
def test_an_allow_that_cannot_cover_its_action_is_named(
    text: str, action: str, resource: str, said: str, change: str
) -> None:
    summary, fix = diagnosed(text, action, resource)
    assert said in summary and change in fix


@pytest.mark.parametrize(
    ("text", "action", "resources"),
    [
        (KAFKA, "kafka-cluster:WriteData", ["arn:aws:kafka:eu-central-1:111122223333:topic/core/*/bills"]),
        (KAFKA, "kafka-cluster:WriteData", ["arn:aws:kafka:eu-central-1:111122223333:topic/core/*"]),
        (KAFKA, "kafka-cluster:WriteData", ["arn:aws:kafka:eu-central-1:111122223333:topic/core/6f0b2a77-*"]),
        (KAFKA, "kafka-cluster:WriteData", ["arn:aws:kafka:eu-central-1:111122223333:topic/co*/bills.*"]),
        (KAFKA, "kafka-cluster:*", ["arn:aws:kafka:eu-central-1:111122223333:topic/core/bills"]),
        (REDIS, "elasticache:Connect", [f"{CACHE}:replicationgroup:sess", f"{CACHE}:user:app"]),
        (LOGIN, "rds-db:connect", ["arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL/app"]),
        (LOGIN, "rds-db:connect", ["arn:aws:rds-db:eu-west-1:111122223333:dbuser:*/app"]),
        (LOGIN, "rds-db:connect", ["*"]),
    ],
)
def test_an_allow_that_can_cover_its_action_is_no_mistake(text: str, action: str, resources: list[str]) -> None:
    assert "Correct the policy in the text" not in diagnosed(text, action, *resources)[0]


MYSQL = "ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.9' (using password: YES)\n"
CLUSTER = "Books:\n  Type: AWS::RDS::DBCluster\n  Properties: {DBClusterIdentifier: books}\n"
BY_TEMPLATE = "arn:aws:rds-db:${{AWS::Region}}:${{AWS::AccountId}}:dbuser:{}/app"


@pytest.mark.parametrize(
    ("text", "value", "change"),
    [
        (f"{MYSQL}{CLUSTER}", "${Books}", "Write ${Books.DBClusterResourceId}"),
        (f"{LOGIN}{CLUSTER.replace('DBCluster', 'DBInstance')}", "${Books}", "or ${Books.DbiResourceId}"),
        (MYSQL, "${aws_rds_cluster.books.cluster_identifier}", "Write the attribute resource_id"),
        (f"{MYSQL}{CLUSTER}", "${Books.DBClusterResourceId}", ""),
        (MYSQL, "${Books}", ""),
        (MYSQL, "${aws_db_instance.books.resource_id}", ""),
    ],
)
def test_a_template_that_puts_the_name_for_the_id_is_corrected(text: str, value: str, change: str) -> None:
    summary, fix = diagnosed(text, "rds-db:connect", BY_TEMPLATE.format(value))
    assert ("gives the database's name" in summary) is bool(change)
    assert change in fix


@pytest.mark.parametrize(
    ("beside", "sure"),
    [
        ("token by aws rds generate-db-auth-token", False),
        ("CREATE USER app IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'", False),
        ("x = 1\n\n" * 9 + "signer of @aws-sdk/rds-signer", False),
        ("the password is in Secrets Manager", True),
    ],
)
def test_a_refused_sign_in_with_a_token_of_iam_is_not_the_database_alone(beside: str, sure: bool) -> None:
    verdict = collect_offline(read_text(f"{MYSQL}{beside}")[0]).verdict
    assert ("The database itself refused" in verdict.summary) is sure
    assert ("rds-db:connect" in verdict.summary) is not sure


READS = "goofys mounts the bucket, but reading a file gives AccessDenied: Access Denied, status code: 403"


@pytest.mark.parametrize(
    ("text", "action", "resources", "said"),
    [
        (READS, "s3:*", ["arn:aws:s3:::films"], "allows s3:* only on arn:aws:s3:::films"),
        (
            "HEAD of the objects answers 403, a listing 200",
            "s3:*",
            ["arn:aws:s3:::films"],
            "lacks the bucket's objects",
        ),
        (READS, "s3:*", ["arn:aws:s3:::films", "arn:aws:s3:::films/*"], ""),
        (READS, "s3:*", ["*"], ""),
        ("The listing answers 200 today.", "s3:*", ["arn:aws:s3:::films"], ""),
    ],
)
def test_a_bucket_without_its_objects_is_named(text: str, action: str, resources: list[str], said: str) -> None:
    summary, _ = diagnosed(text, action, *resources)
    assert said in summary
    assert ("lacks the bucket's objects" in summary) == bool(said)
