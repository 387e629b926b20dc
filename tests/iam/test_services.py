"""What services are called, and which resource's policy decides."""

from __future__ import annotations

import pytest

from iam.services import endpoint_service, iam_prefix, of_every_region, principal_short_name
from iam.sources.resource_policies import policy_holder

# Of "AWS services that integrate with AWS PrivateLink" (Amazon VPC User Guide) those whose name is not the service's.
ENDPOINTS = """
airflow.env:airflow apigateway:apigateway appconfigdata:appconfig appstream.streaming:appstream
aps-workspaces:aps bedrock-agent-runtime:bedrock bedrock-runtime:bedrock cassandra:cassandra
cloudcontrolapi-fips:cloudformation codeartifact.repositories:codeartifact control-storage-omics-fips:omics
dms-fips:dms dynamodb-streams:dynamodb ecr.api:ecr ecr.dkr:ecr ecs-telemetry:ecs eks-auth:eks-auth email-smtp:ses
execute-api:execute-api forecastquery:forecast git-codecommit-fips:codecommit guardduty-data:guardduty iot.data:iot
kinesis-firehose:firehose kinesis-streams-fips:kinesis memory-db:memorydb monitoring:cloudwatch
neptune-graph-data:neptune-graph payment-cryptography.dataplane:payment-cryptography pinpoint-sms-voice-v2:sms-voice
quicksight-website:quicksight rds-data:rds-data runtime-v2-lex:lex s3:s3 s3-outposts:s3-outposts sagemaker.api:sagemaker
sagemaker.featurestore-runtime-fips:sagemaker sagemaker.runtime:sagemaker ssmmessages:ssmmessages
streaming-rekognition:rekognition sync-states:states tagging:tag timestream.ingest-cell1:timestream
transcribestreaming:transcribe transfer.server:transfer wafv2:wafv2
"""


@pytest.mark.parametrize("pair", ENDPOINTS.split())
def test_the_service_of_an_endpoint(pair: str) -> None:
    name, _, prefix = pair.partition(":")
    assert endpoint_service(f"com.amazonaws.eu-central-1.{name}") == prefix
    assert endpoint_service(f"cn.com.amazonaws.cn-north-1.{name}") == prefix
    assert endpoint_service(f"com.amazonaws.us-gov-west-1.{name}") == prefix


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("com.amazonaws.s3-global.accesspoint", "s3"),
        ("com.amazonaws.iam", "iam"),
        ("aws.sagemaker.us-east-1.notebook", "sagemaker"),
        ("aws.api.us-east-1.qbusiness", "qbusiness"),
        ("api.aws.us-east-1.cassandra-streams", "cassandra"),
        ("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0", None),
        ("com.amazonaws.us-east-1.console", None),
        ("", None),
    ],
)
def test_endpoints_of_other_forms(name: str, prefix: str | None) -> None:
    assert endpoint_service(name) == prefix


def test_a_version_that_is_part_of_the_name() -> None:
    assert (iam_prefix("wafv2"), iam_prefix("sesv2"), iam_prefix("WAF")) == ("wafv2", "ses", "waf")


@pytest.mark.parametrize(
    ("arn", "holder"),
    [
        ("arn:aws:s3:::b/2026/a.pdf", "arn:aws:s3:::b"),
        (
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/2026/a.pdf",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap",
        ),
        ("arn:aws:dynamodb:r:1:table/t/index/i", "arn:aws:dynamodb:r:1:table/t"),
        ("arn:aws:dynamodb:r:1:table/t/stream/2026", "arn:aws:dynamodb:r:1:table/t/stream/2026"),
        ("arn:aws:kinesis:r:1:stream/s/consumer/c:1", "arn:aws:kinesis:r:1:stream/s/consumer/c:1"),
        ("arn:aws:es:r:1:domain/d/index/_search", "arn:aws:es:r:1:domain/d"),
        ("arn:aws:sns:r:1:topic:6b0e71bd", "arn:aws:sns:r:1:topic"),
    ],
)
def test_which_resource_carries_the_policy(arn: str, holder: str) -> None:
    assert policy_holder(arn) == holder


@pytest.mark.parametrize(
    ("name", "principal"),
    [
        ("AWS Glue DataBrew", "databrew"),
        ("IoT Events", "iotevents"),
        ("OpenSearch Ingestion", "osis-pipelines"),
        ("MSK Connect", "kafkaconnect"),
        ("Amazon Cognito", "cognito-idp"),
        ("RDS Enhanced Monitoring", "monitoring.rds"),
        ("EventBridge", "events"),
        ("pods.eks.amazonaws.com", "pods.eks"),
        ("logs.eu-central-1.amazonaws.com", "logs"),
    ],
)
def test_the_principal_of_a_service_that_a_sentence_names(name: str, principal: str) -> None:
    assert principal_short_name(name) == principal


@pytest.mark.parametrize(
    ("name", "principal"),
    [
        ("states.eu-west-1.amazonaws.com", "states.amazonaws.com"),
        ("States.amazonaws.com", "states.amazonaws.com"),
        ("logs.cn-north-1.amazonaws.com.cn", "logs.amazonaws.com"),
        ("tasks.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"),
    ],
)
def test_a_regions_own_principal_is_that_of_the_service(name: str, principal: str) -> None:
    assert of_every_region(name) == principal
