"""Services' sentences in prose: who was refused is said, and what the text states is never said to be missing."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.text.read.messages.service_sentences import ROWS, sentence_in
from tests.support.texts.sentences import TEXTS


def diagnosed(text: str) -> Diagnosis:
    (failure,) = read_text(text)
    return collect_offline(failure)


@pytest.mark.parametrize(("text", "verdict", "cause"), TEXTS, ids=lambda each: str(each)[:50])
def test_the_sentence_says_who_was_refused_and_what_is_usual(text: str, verdict: str, cause: str) -> None:
    diagnosis = diagnosed(text)
    assert verdict in diagnosis.verdict.summary
    assert cause in " ".join(look.cause for look in diagnosis.first_look)
    said = (
        f"{diagnosis.verdict.summary} {' '.join(f'{look.cause} {look.because.text}' for look in diagnosis.first_look)}"
    )
    for denied in ("no reason was recognized", "no caller was recognized", "no caller and no call", "another identity"):
        assert denied not in said


@pytest.mark.parametrize(("text", "verdict", "cause"), TEXTS[:6], ids=lambda each: str(each)[:50])
def test_a_sentence_is_read_in_a_log_and_broken_at_eighty_columns(text: str, verdict: str, cause: str) -> None:
    words, line, lines = text.split(), "", []
    for word in words:
        if len(line) + len(word) > 78:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    broken = "\n".join([*lines, line])
    logged = "\n".join([*(f"2026-11-29 10:00:{second:02} INFO polling" for second in range(40)), text, "done"])
    for shown in (broken, logged):
        said = [collect_offline(failure) for failure in read_text(shown)]
        assert any(verdict in diagnosis.verdict.summary for diagnosis in said)


def test_each_row_is_met_by_a_text_and_has_its_page() -> None:
    met = {found.row.pattern for text, _, _ in TEXTS if (found := sentence_in(text))}
    unmet = [row.pattern.pattern for row in ROWS if row.pattern not in met and "DescribeStream" not in str(row.actions)]
    assert len(unmet) <= 4, unmet  # SQS's and EC2's checks are in the samples of `tests/diagnostics/text/read`
    assert all(row.page.startswith("https://") and row.causes and row.refused for row in ROWS)


DESTINATION = (
    "An error occurred (InvalidArgument) when calling the PutBucketNotificationConfiguration operation: Unable to "
    "validate the following destination configurations"
)

KAFKA = "TopicAuthorizationException: Not authorized to access topics: [orders]\n"
TOPIC = "arn:aws:kafka:eu-west-1:111122223333:topic"
COPIED = (
    "ERROR: S3ServiceException:Access Denied,Status 403,Error AccessDenied\nCOPY t FROM 's3://stage/m' IAM_ROLE "
    "'arn:aws:iam::111122223333:role/loader'\n"
)
MOUNT = "mount.nfs4: access denied by server while mounting 127.0.0.1:/"


@pytest.mark.parametrize(
    ("text", "first", "absent"),
    [
        (f"{DESTINATION}\nthe queue has no encryption", "destination's policy", "AWS managed key, and nobody"),
        ("Unable to verify/create output bucket acme-out\nassumeRoleArn: arn:aws:iam::444455556666:role/grafana",
         "assumes the role grafana", "SSE_KMS"),
        ("Access denied when writing output to url: s3://acme-out/x.csv\nworkgroup: SSE_KMS, key alias/out",
         "kms:GenerateDataKey and kms:Decrypt", "assumes the role"),
        ("TopicAuthorizationException: Not authorized to access topics: [a]\nTask failed creating topic a\n"
         "kafka-cluster:Connect", "kafka-cluster:CreateTopic", "DescribeTransactionalId"),
        (f"{KAFKA}kafka-cluster:WriteData {TOPIC}/bus/orders", "has no UUID of the cluster", "also needs"),
        (f"{KAFKA}kafka-cluster:WriteData {TOPIC}/bus/4b1c/orders", "also needs", "has no UUID"),
        (f"{KAFKA}kafka-cluster:WriteData {TOPIC}/bus/*", "also needs", "has no UUID"),
        ("Not authorized to access group: scorer\ngroup arn:aws:kafka:eu-west-1:111122223333:group/bus/scorer",
         "group/CLUSTER/UUID/NAME", "also need"),
        ("TransactionalIdAuthorizationException\narn:aws:kafka:eu-west-1:111122223333:transactional-id/bus/pay",
         "transactional-id/CLUSTER/UUID/NAME", "also needs"),
        ("TransactionalIdAuthorizationException: Transactional Id authorization failed.\nkafka-cluster:WriteData "
         f"{TOPIC}/bus/*", "kafka-cluster:DescribeTransactionalId and AlterTransactionalId on", "also needs"),
        ('str="Failed to initialize transactions: Broker: Transactional Id authorization failed"\n'
         "b-2.pay.x1y2z3.c4.kafka.us-east-2.amazonaws.com:9098", "transactional-id/CLUSTER/UUID/ID", "also needs"),
        ("[53] Transactional ID Authorization Failed\nkafka-cluster:AlterTransactionalId on "
         "arn:aws:kafka:us-east-1:111122223333:transactional-id/pay/*/bill-*", "Compare its ARN", "Add a statement"),
        ("panic: kafka server: The client is not authorized to access this topic\nAWS_MSK_IAM",
         "kafka-cluster:DescribeTopic and WriteData", "TransactionalId"),
        ("Not authorized to access group: scorer\ngroup arn:aws:kafka:eu-west-1:111122223333:group/bus/*/scorer",
         "consumer group", "has no UUID"),
        (f"{COPIED}bucket stage belongs to 444455556666", "bucket's policy in account 444455556666", "(IAM_ROLE) l"),
        (f"{COPIED}bucket stage belongs to 111122223333", "The role in the command (IAM_ROLE) lacks", "account 1111"),
        ("QuickSight refresh: HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://lake/a (offset=0): Permission "
         "denied on S3 path: s3://lake/a", "A QuickSight administrator selects", "Allow the caller"),
        (f"sudo mount -t efs -o tls,iam fs-0d41b7a2:/ /m\n{MOUNT}", "lacks elasticfilesystem:", "does not identify"),
        (f"mountOptions:\n  - tls\n  - iam\n{MOUNT}", "lacks elasticfilesystem:", "does not identify itself"),
        (f"fs-0d41b7a2:/ /m efs _netdev,noresvport,tls,iam 0 0\n{MOUNT}", "lacks elasticfilesystem:", "not identify"),
        (f"sudo mount -t efs -o tls fs-0d41b7a2:/ /m\n{MOUNT}", "does not identify itself", "UUID"),
    ],
)  # fmt: skip
def test_what_the_rest_of_the_text_says_decides_among_the_causes(text: str, first: str, absent: str) -> None:
    looks = diagnosed(text).first_look
    assert first in looks[0].cause
    assert absent not in " ".join(look.cause for look in looks)


@pytest.mark.parametrize(
    "text",
    [
        'sftp nas01\nremote open("/export/a"): Permission denied',
        "mount.nfs4: access denied by server while mounting nas01:/export",
        "Forbidden. You do not have access to this page.",
        "The role of the team does not have permission to publish the page",
        "ERROR_CODE: 17\nthe disk is full",
        "The role needs arn:aws:s3:::reports and a name",
        "The role must have a name",
    ],
)
def test_what_only_resembles_a_sentence_is_none(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    (
        '"error": {"httpStatusCode": 500, "awsService": "sqs", "exceptionType": "InternalError", "message": "retry"}',
        '{"awsService": "lambda", "status": "OK"}, {"message": "AccessDenied"}',
    ),
)
def test_a_pipes_other_errors_refuse_nothing_to_its_role(text: str) -> None:
    assert "with its execution role" not in diagnosed(text).verdict.summary


DELIVERY = (
    '"deliveryStreamARN": "arn:aws:firehose:eu-north-1:{}:deliverystream/a", "message": "Access was denied. Ensure '
    "that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows "
    'access to the S3 bucket."'
)


@pytest.mark.parametrize(
    ("stream", "trust", "differs"),
    [
        ("111122223333", '{"StringEquals": {"sts:ExternalId": "444455556666"}}', True),
        ("111122223333", '{"StringEquals": {"sts:ExternalId": ["444455556666"]}}', True),
        ("111122223333", '{"StringEquals": {"sts:ExternalId": ["444455556666", "111122223333"]}}', False),
        ("111122223333", '{"StringEquals": {"sts:ExternalId": "111122223333"}}', False),
        ("111122223333", '{"StringEquals": {"aws:SourceAccount": "444455556666"}}', False),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_external_id_of_a_delivery_stream(stream: str, trust: str, differs: bool, first: bool) -> None:
    parts = [DELIVERY.format(stream), f'trust: "Service": "firehose.amazonaws.com", "Condition": {trust}']
    summary = diagnosed("\n".join(parts if first else reversed(parts))).verdict.summary
    assert ("wants sts:ExternalId 444455556666" in summary) == differs


ENGINE_REFUSED = (
    "software.amazon.awssdk.services.lakeformation.model.AccessDeniedException: Access is not allowed. (Service: "
    "{}, Status Code: 400)\n\tat DefaultLakeFormationClient.getTemporaryGlueTableCredentials(Client.java)\n"
)
INTEGRATION = '{{"AllowExternalDataFiltering": false, "AllowFullTableExternalDataAccess": {}}}'
QUERIED = (
    "$ aws lakeformation get-data-lake-settings --query "
    "DataLakeSettings.[AllowFullTableExternalDataAccess,AllowExternalDataFiltering]\n[ false, {} ]"
)


@pytest.mark.parametrize("service", ["LakeFormation", "AWSLakeFormation", "AWS Lake Formation"])
@pytest.mark.parametrize(
    ("settings", "decided"),
    [
        (INTEGRATION.format("false"), True),
        (QUERIED.format("false"), True),
        (INTEGRATION.format("true"), False),
        (QUERIED.format("true"), False),
        ("", False),
    ],
)
def test_an_engine_of_others_needs_application_integration(service: str, settings: str, decided: bool) -> None:
    answer = diagnosed(ENGINE_REFUSED.format(service) + settings)
    assert answer.verdict.cause == "not-iam"
    assert answer.verdict.summary.startswith("The data lake settings in the text allow no external engine") is decided
    assert not any("allows lakeformation:GetTemporaryGlue" in look.cause for look in answer.first_look)
