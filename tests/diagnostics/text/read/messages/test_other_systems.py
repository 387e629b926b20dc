"""Other systems are told by host, tool and wording, whatever actions of AWS the author names beside them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Denial, OtherFailure

S3_REFUSED = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"
LOCKED = (
    "An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object protected "
    "by object lock."
)
SYSTEMS = [
    ("HTTP Error: Request to 'glue.eu-central-1.amazonaws.com/iceberg/v1/config?warehouse=1' returned a non-200 status "
     "code (Forbidden_403), with reason:", "Glue's Iceberg endpoint", Confidence.LIKELY),
    (f"aws s3 cp a s3://b --endpoint-url https://s3.lab.internal:9000\n{S3_REFUSED}\nmc admin info lab",
     "the S3-compatible store", Confidence.CERTAIN),
    (f"boto3.client('s3', endpoint_url='https://rgw.hpc.uni.edu')\n{S3_REFUSED}", "the server of the endpoint",
     Confidence.LIKELY),
    ("aws --endpoint-url http://localhost:4566 secretsmanager get-secret-value --secret-id x\nAn error occurred "
     "(AccessDeniedException) when calling the GetSecretValue operation: Access denied", "the server of the endpoint",
     Confidence.LIKELY),
    ("rpc error: code = PermissionDenied desc = permission denied: applications, sync, prod/crm\nthe role of the "
     "server: eks:DescribeCluster", "Argo CD", Confidence.CERTAIN),
    ("ConnectionClosedByBroker: (403) 'ACCESS_REFUSED - access to queue 'o' refused for user 'app''\nrole has mq:*",
     "RabbitMQ", Confidence.CERTAIN),
    ("com.rabbitmq.client.AuthenticationFailureException: ACCESS_REFUSED - Login was refused using authentication "
     "mechanism PLAIN. For details see the broker logfile.", "the login to RabbitMQ", Confidence.CERTAIN),
    ("amqplib: Handshake terminated by server: 403 (ACCESS-REFUSED) with message \"ACCESS_REFUSED - Login was refused "
     "using authentication mechanism AMQPLAIN.\"", "the login to RabbitMQ", Confidence.CERTAIN),
    ("PERMISSION_DENIED: User does not have USE SCHEMA on Schema 'main.sales'.", "Databricks", Confidence.CERTAIN),
    ("MongoServerError: user is not allowed to do action [insert] on [app.orders]\nrole has "
     "secretsmanager:GetSecretValue", "MongoDB", Confidence.CERTAIN),
    ("docdb> db.entries.insertOne({x:1})\nMongoServerError: Authorization failure", "MongoDB", Confidence.CERTAIN),
    ("+ vault read aws/creds/plan\nError reading aws/creds/plan: Error making API request.\n\nURL: GET "
     "https://vault.int.example:8200/v1/aws/creds/plan\nCode: 403. Errors:\n\n* 1 error occurred:\n\t* permission "
     "denied\n\nthe server's user has sts:AssumeRole", "Vault", Confidence.CERTAIN),
    ("EACCES: permission denied, open '/mnt/efs/out.csv'\ntask role has elasticfilesystem:ClientWrite",
     "the operating system", Confidence.CERTAIN),
    ("security_exception: action [x] is unauthorized for user [fluent], no permissions for [indices:data/write/bulk]\n"
     "fluent-bit role has es:ESHttpPost", "OpenSearch", Confidence.CERTAIN),
    ("TF401027: You need the Git 'GenericContribute' permission to perform this action.", "Azure DevOps",
     Confidence.CERTAIN),
    ("Error: unauthorized: You do not have permission to queue a run in workspace prod", "HCP Terraform",
     Confidence.CERTAIN),
    ('{"accessErrorId":"ACE1","message":"You\'ll need additional permissions to perform this action."}', "Grafana",
     Confidence.CERTAIN),
    ("[profile b2]\nendpoint_url = https://s3.us-west-004.backblazeb2.com\n$ aws s3 ls --profile b2\nAn error occurred "
     "(InvalidAccessKeyId) when calling the ListBuckets operation: The key is not valid", "the keys of the store",
     Confidence.CERTAIN),
    ("type=AVC msg=audit(1): avc:  denied  { read } for  pid=9 comm=node", "the operating system", Confidence.CERTAIN),
    ("upload failed: a to s3://acme-bkp/a An error occurred (NoSuchBucket) when calling the PutObject operation: The "
     "specified bucket does not exist", "the bucket's name", Confidence.CERTAIN),
    ("Access to fetch at 'https://b.s3.amazonaws.com/x' from origin 'https://app' has been blocked by CORS policy: No",
     "the server's CORS configuration", Confidence.LIKELY),
    ("aws configure sso\nThere are no AWS accounts available to you.", "the assignments of IAM Identity Center",
     Confidence.CERTAIN),
    ("FATAL: This RDS proxy has no credentials for the role app. Check the credentials for this role and try again.",
     "the proxy's list of secrets", Confidence.CERTAIN),
    ("An error occurred (AccessDenied) when calling the DeleteObject operation: Access Denied because object protected "
     "by object lock.", "the object's lock", Confidence.CERTAIN),
    (f"{LOCKED}\n\"Mode\": \"GOVERNANCE\", \"RetainUntilDate\": \"2028-01-01\"", "the object's lock in governance mode",
     Confidence.CERTAIN),
    (f"The bucket is in governance mode for 30 days.\n{LOCKED}", "the object's lock in governance mode",
     Confidence.CERTAIN),
    (f"Mode: GOVERNANCE\naws s3api delete-object --bypass-governance-retention\n{LOCKED}", "the object's lock",
     Confidence.CERTAIN),
    (f"{LOCKED}\nMode: GOVERNANCE\n\"LegalHold\": {{ \"Status\": \"ON\" }}", "the object's lock", Confidence.CERTAIN),
    ("InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid",
     "the certificate of the distribution", Confidence.CERTAIN),
    ("<Code>AccessDenied</Code><Message>Invalid according to Policy: Policy Condition failed: [\"eq\"]</Message>",
     "the signed policy of the upload form", Confidence.CERTAIN),
    ("remote: HTTP Basic: Access denied", "GitLab", Confidence.CERTAIN),
    ('FATAL:  password authentication failed for user "app"\nwe use generate-db-auth-token', "the database's sign-in",
     Confidence.LIKELY),
    ('FATAL:  password authentication failed for user "app"', "the database's user and password",
     Confidence.CERTAIN),
    ("ERROR 1045 (28000): Access denied for user 'crm'@'172.16.4.9' (using password: NO)",
     "the database's user and password", Confidence.CERTAIN),
    ("(1044, \"Access denied for user 'crm'@'%' to database 'crm_prod'\")", "the database", Confidence.CERTAIN),
    ("Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state", "the KMS key of the volume",
     Confidence.LIKELY),
    ("org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [o]", "Kafka",
     Confidence.LIKELY),
    ("kafka server: The client is not authorized to access this topic (kafka-0.kafka.svc:9092)", "Kafka",
     Confidence.LIKELY),
    ("opensearch_role.r: Creating...\nError: elastic: Error 403 (Forbidden)", "the OpenSearch domain",
     Confidence.LIKELY),
]  # fmt: skip


@pytest.mark.parametrize(("text", "system", "sure"), SYSTEMS)
def test_the_system_that_refused_is_told(text: str, system: str, sure: Confidence) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, OtherFailure)
    assert failure.detail == system
    verdict = collect_offline(failure).verdict
    assert (verdict.cause, verdict.confidence) == ("not-iam", sure)


def test_an_endpoint_of_a_collector_is_no_endpoint_of_the_call() -> None:
    (failure,) = read_text(f"receivers: {{otlp: {{endpoint: 0.0.0.0:4317}}}}\n{S3_REFUSED}")
    assert isinstance(failure, Denial)
    (other,) = read_text(f"new S3Client({{endpoint: 'https://objects.acme.net', forcePathStyle: true}})\n{S3_REFUSED}")
    assert isinstance(other, OtherFailure)


@pytest.mark.parametrize(
    "endpoint",
    ["https://bucket.vpce-0a1b.s3.eu-west-1.vpce.amazonaws.com", "https://s3.cn-north-1.amazonaws.com.cn", "$ENDPOINT"],
)
def test_an_endpoint_of_aws_is_no_other_server(endpoint: str) -> None:
    (failure,) = read_text(f"aws s3 cp a s3://b --endpoint-url {endpoint}\n{S3_REFUSED}")
    assert isinstance(failure, Denial)


@pytest.mark.parametrize(
    "text",
    [
        "403 Forbidden from https://abc.execute-api.eu-west-1.amazonaws.com/prod",
        'GET https://shop.acme.net/items: 403 {"message":"Missing Authentication Token"} x-amzn-errortype',
        f"{S3_REFUSED}\nsee https://docs.acme.net/403",
    ],
)
def test_a_server_of_aws_is_no_other_server(text: str) -> None:
    assert all(getattr(each, "detail", None) != "another server" for each in read_text(text))


KEY_REFUSED = (
    "An error occurred (KMSKeyNotAccessibleFault) when calling the CreateDBInstance operation: The specified KMS key "
    "[arn:aws:kms:eu-central-1:444455556666:key/2a4c6e80-1b3d-4f5a-9c7e-0d2f4b6a8c1e] does not exist, is not enabled "
    "or you do not have permissions to access it.\n"
)
STATE = "$ aws kms describe-key --key-id alias/rds --query KeyMetadata.KeyState\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f'{KEY_REFUSED}{STATE}"PendingDeletion"', "is pending deletion"),
        (f'{KEY_REFUSED}"KeyState": "Disabled"', "is disabled"),
        (f'{KEY_REFUSED}{STATE}"Enabled"', ""),
        (f'An error occurred (AccessDenied) when calling the ListBuckets operation: no\n{STATE}"Disabled"', ""),
        (f'{KEY_REFUSED}key/0a4c6e80-1b3d-4f5a-9c7e-0d2f4b6a8c1e {STATE}"Disabled"', ""),
    ],
)
def test_a_state_of_the_key_in_the_text_is_the_reason(text: str, says: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("so nobody can use it" in summary) is bool(says)
    assert says in summary
