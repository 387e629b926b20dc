"""Of the actions that a service's sentence requires, those that the shown policy lacks are named."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy

ATHENA = (
    "InvalidRequestException when calling the StartQueryExecution operation: Unable to verify/create output bucket "
    "results-prd\ncaller: arn:aws:sts::111122223333:assumed-role/reporting/airflow\n"
)
STREAM = "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"
KINESIS = (
    f"InvalidParameterValueException: Cannot access stream {STREAM}. Please ensure the role can perform the "
    "GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.\n"
)
STATES = "AccessDeniedException: The state machine IAM Role is not authorized to access the Log Destination\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            f"{ATHENA}policy: s3:GetObject, s3:PutObject, s3:ListBucket on arn:aws:s3:::results-prd and /*",
            "s3:GetBucket",
        ),
        (f"{KINESIS}policy of the role:\n{policy(allow(['kinesis:Get*'], STREAM))}", "kinesis:ListShards"),
        (f"{STATES}role sfn policy: logs:CreateLogDelivery, logs:DescribeLogGroups on *", "logs:PutResourcePolicy"),
    ],
)
def test_the_actions_that_a_policy_lacks_are_named(text: str, left: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "identity.no-action"
    assert f"but not {left}" in answer.verdict.summary.replace(
        "kinesis:DescribeStream, kinesis:DescribeStreamSummary and ", ""
    )
    assert left in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        f"{KINESIS}policy of the role:\n{policy(allow('kinesis:*', STREAM))}",
        f"{KINESIS}policy of the role:\n{policy(allow('s3:GetObject', '*'))}",
        f"{ATHENA}policy attached to arn:aws:iam::111122223333:role/other:\nrole other has s3:GetObject on *",
        f"{STATES}role sfn policy: logs:* on *",
    ],
)
def test_a_policy_with_all_or_none_of_them_says_nothing(text: str) -> None:
    assert "but not" not in diagnosed(text).verdict.summary


RESULTS = "arn:aws:s3:::results-prd"


@pytest.mark.parametrize(
    ("text", "change"),
    [
        (
            f"{ATHENA}policy:\n{policy(allow(['s3:GetObject', 's3:PutObject'], f'{RESULTS}/*'))}",
            f'["s3:GetBucketLocation", "s3:ListBucket"], "Resource": ["{RESULTS}"]}} and '
            f'{{"Effect": "Allow", "Action": ["s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"], '
            f'"Resource": ["{RESULTS}/*"]}}',
        ),
        (
            f"{ATHENA}policy:\n{policy(allow(['s3:GetBucketLocation', 's3:ListBucket'], RESULTS))}",
            f'"s3:AbortMultipartUpload"], "Resource": ["{RESULTS}/*"]}}.',
        ),
        (
            f"{ATHENA}policy:\n{policy(allow(['s3:GetObject', 's3:PutObject', 's3:List*'], 'arn:aws:s3:::res*/a/*'))}",
            '"Action": ["s3:GetBucketLocation"], "Resource": ["arn:aws:s3:::res*"]} and ',
        ),
        (
            f"{ATHENA}policy:\n{policy(allow('s3:ListBucket', RESULTS), allow('s3:PutObject', f'{RESULTS}/out/*'))}",
            f'"s3:AbortMultipartUpload"], "Resource": ["{RESULTS}/out/*"]}}.',
        ),
        (
            f"{KINESIS}policy of the role:\n{policy(allow(['kinesis:Get*', 'kinesis:DescribeStream*'], STREAM))}",
            f'["kinesis:ListShards"], "Resource": ["{STREAM}"]}}',
        ),
        (
            f"{STATES}role policy:\n{policy(allow('logs:PutResourcePolicy', 'arn:aws:logs:eu-west-1:111122223333:*'))}",
            '"logs:DescribeLogGroups"], "Resource": ["*"]}',
        ),
    ],
)
def test_an_added_action_gets_the_resource_that_it_has(text: str, change: str) -> None:
    assert change in str(diagnosed(text).fixes[0].change)


HERE = "eu-west-1:111122223333"
LAMBDA = "InvalidParameterValueException: The function execution role does not have permissions to call {} on {}\n"
QUEUES = LAMBDA.format("ReceiveMessage", "SQS")
TABLES = LAMBDA.format("GetRecords", "DynamoDB")
READS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
STREAMS = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]
TABLE = f"arn:aws:dynamodb:{HERE}:table/orders"


def source(on: str) -> str:
    return f"creating Lambda Event Source Mapping ({on}): "


@pytest.mark.parametrize(
    ("text", "named", "asked"),
    [
        (f"{source(f'arn:aws:sqs:{HERE}:jobs')}{QUEUES}role policy:\n{policy(allow(READS, f'arn:aws:sqs:{HERE}:job'))}",
         f"arn:aws:sqs:{HERE}:job", f"arn:aws:sqs:{HERE}:jobs"),
        (f"{source(f'{TABLE}/stream/2026-11-30T10:11:12.131')}{TABLES}policy:\n{policy(allow(STREAMS, TABLE))}",
         TABLE, f"{TABLE}/stream/2026-11-30T10:11:12.131"),
        (f"{KINESIS}policy of the role:\n{policy(allow('kinesis:*', f'{STREAM}-old'))}", f"{STREAM}-old", STREAM),
    ],
)  # fmt: skip
def test_the_resource_of_the_call_is_compared_with_the_statement(text: str, named: str, asked: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert f" on {named}, not on {asked}." in answer.verdict.summary
    assert f"write {asked} in the statement's Resource" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        (f"{source(f'arn:aws:sqs:{HERE}:jobs')}{QUEUES}", f"arn:aws:sqs:{HERE}:job*"),
        (f"{source(f'arn:aws:sqs:{HERE}:jobs')}{QUEUES}", f"arn:aws:sqs:{HERE}:${{name}}"),
        (
            f"{source(f'arn:aws:sqs:{HERE}:jobs')}dead letters: arn:aws:sqs:{HERE}:dead\n{QUEUES}",
            f"arn:aws:sqs:{HERE}:job",
        ),
        (f"caller arn:aws:iam::111122223333:role/ci\n{QUEUES}", f"arn:aws:sqs:{HERE}:job"),
    ],
)
def test_a_resource_that_may_be_covered_is_no_mismatch(text: str, on: str) -> None:
    assert diagnosed(f"{text}role policy:\n{policy(allow(READS, on))}").verdict.cause != "identity.resource-mismatch"


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        (
            "updating State Machine: operation error SFN: UpdateStateMachine, AccessDeniedException: "
            "'arn:aws:iam::111122223333:role/parent' is not authorized to create managed-rule.\n"
            "role policy has states:StartExecution on the child",
            "events:PutRule",
        ),
        (
            "An error occurred (InvalidParameterValueException) when calling the CreateEventSourceMapping operation: "
            f"Cannot access stream {STREAM}. Please ensure the role can perform the GetRecords, GetShardIterator, "
            "DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.\nrole policy has "
            "sqs:SendMessage on *",
            "kinesis:GetRecords",
        ),
    ],
)
def test_the_operation_of_the_caller_is_not_asked_of_the_role(said: str, needs: str) -> None:
    answer = diagnosed(said)
    assert needs in f"{answer.verdict.summary} {answer.first_look}"
    assert "does not allow states:" not in answer.verdict.summary
    assert "does not allow lambda:" not in answer.verdict.summary


QUERY = (
    "An error occurred (InvalidRequestException) when calling the StartQueryExecution operation: Unable to "
    "verify/create output bucket acme-results\n"
)


@pytest.mark.parametrize(
    "grants",
    [
        "role dbt-1: athena:*, s3:GetObject/PutObject/ListBucket/AbortMultipartUpload on acme-results + /*",
        "role reports has athena:*, s3:PutObject/GetObject/ListBucket on acme-results/*, acme-results",
    ],
)
def test_actions_with_slashes_between_them_are_a_list(grants: str) -> None:
    answer = diagnosed(f"{QUERY}{grants}\n")
    assert "but not s3:GetBucketLocation" in answer.verdict.summary
    assert "does not exist" in answer.verdict.summary
    assert '"Action": ["s3:GetBucketLocation"], "Resource": ["arn:aws:s3:::acme-results"]' in str(
        answer.fixes[0].change
    )
    listed = diagnosed(f"{QUERY}{grants}\n$ aws s3 ls s3://acme-results/a/\n2026-01-02 10:00:00   12 x.csv\n")
    assert "does not exist" not in listed.verdict.summary


def test_a_path_is_no_list_of_actions() -> None:
    granted = "role dbt-1: athena:*, s3:GetObject/Reports on acme-results"
    assert "but not" not in diagnosed(f"{QUERY}{granted}\n").verdict.summary


OUTPUT = (
    "Access denied when writing output to url: s3://results-prd/primary/2026/9f8e.csv . Please ensure you are allowed "
    "to access the S3 bucket.\nshe may s3:GetObject, s3:PutObject on arn:aws:s3:::results-prd/{}\n"
)


@pytest.mark.parametrize(("path", "other"), [("reports/*", True), ("primary/*", False), ("*", False)])
def test_a_location_below_none_of_the_paths_comes_before_missing_actions(path: str, other: bool) -> None:
    answer = diagnosed(OUTPUT.format(path))
    assert ("choose an allowed location" in answer.verdict.summary) is other


TRAIL = (
    "InvalidCloudWatchLogsLogGroupArnException: Access denied. Verify in IAM that the role has adequate permissions.\n"
    "policy of the role:\n"
)
GROUP = "arn:aws:logs:eu-central-1:111122223333:log-group:org-audit"


@pytest.mark.parametrize(("resource", "idle"), [(GROUP, True), (f"{GROUP}:*", False), (f"{GROUP}:log-stream:*", False)])
def test_a_log_groups_own_arn_does_not_cover_its_streams(resource: str, idle: bool) -> None:
    answer = diagnosed(TRAIL + policy(allow(["logs:CreateLogStream", "logs:PutLogEvents"], resource)))
    assert ("The statement does not allow logs:" in answer.verdict.summary) is idle


GROUP = "GroupAuthorizationException: Not authorized to access group: billing\nsasl.mechanism=AWS_MSK_IAM\n"
ALL_OF_GROUP = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup", "kafka-cluster:Connect"]


def test_what_a_usual_cause_needs_is_compared() -> None:
    policies = policy(allow(["kafka-cluster:Connect", "kafka-cluster:DescribeGroup"], "*"))
    answer = diagnosed(f"{GROUP}policy of our role:\n{policies}")
    assert "but not kafka-cluster:AlterGroup" in answer.verdict.summary
    assert "usually needs that, too" in answer.verdict.summary


@pytest.mark.parametrize("actions", [ALL_OF_GROUP, ["kafka-cluster:*"], ["kafka:ListClusters"]])
def test_a_policy_with_all_that_a_usual_cause_needs_lacks_nothing(actions: list[str]) -> None:
    assert "but not" not in diagnosed(f"{GROUP}policy of our role:\n{policy(allow(actions, '*'))}").verdict.summary
