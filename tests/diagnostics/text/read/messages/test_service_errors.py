"""A service's own error in the notation of any program."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_errors import service_error

POWERSHELL = """Remove-EC2Snapshot : The snapshot snap-0d11 is currently in use by ami-0777c
    + CategoryInfo          : InvalidOperation: (Amazon.PowerShe...pshotCmdlet) [Remove-EC2Snapshot]
 ErrorCode: InvalidSnapshot.InUse"""
READ = (
    ("An error occurred (DependencyViolation) when calling the DeleteVpc operation: it has dependencies",
     "DependencyViolation", "DeleteVpc", "it has dependencies", True),
    ("operation error SQS: GetQueueUrl, https response error StatusCode: 400, RequestID: 1f, QueueDoesNotExist: The "
     "queue is gone.", "QueueDoesNotExist", "GetQueueUrl", "The queue is gone", True),
    ("InvalidParameterValue: Value (9a) is invalid.\n\tstatus code: 400, request id: 5b8e", "InvalidParameterValue",
     "", "Value (9a) is invalid", True),
    ("AmazonS3Exception: Not in this class (Service: Amazon S3; Status Code: 403; Error Code: InvalidObjectState; "
     "Request ID: K)", "InvalidObjectState", "", "Not in this class", True),
    ('Resource handler returned message: "The log group exists (Service: CloudWatchLogs, Status Code: 400, Request '
     'ID: 1f)"', "", "", "The log group exists", True),
    ("<Code>BucketNotEmpty</Code><Message>The bucket is not empty</Message>", "BucketNotEmpty", "",
     "The bucket is not empty", True),
    ('{"__type":"com.amazonaws.rds#InvalidDBInstanceState","message":"db-1 is not available"}',
     "InvalidDBInstanceState", "", "db-1 is not available", True),
    ("ResourceConflictException: An update is in progress\n    at throwDefaultError (smithy-client/index.js:3)",
     "ResourceConflictException", "", "An update is in progress", True),
    (POWERSHELL, "InvalidSnapshot.InUse", "DeleteSnapshot", "The snapshot snap-0d11 is currently in use by ami-0777c",
     True),
    ('eventName: "DeleteBucket"\nuserIdentity: { "arn": "x" }\nerrorCode: "BucketNotEmpty"\nerrorMessage: "It is full"',
     "BucketNotEmpty", "DeleteBucket", "It is full", True),
    ("eventName: DeleteSubnet\nerrorCode: Client.DependencyViolation\nerrorMessage: it has dependencies\nregion: x",
     "DependencyViolation", "DeleteSubnet", "it has dependencies", True),
    ('{"eventName": "StopInstances", "userIdentity": {"arn": "x"}, "errorCode": "Client.IncorrectInstanceState",\n'
     '"errorMessage": "i-1 is \'stopped\'", "eventID": "1"}', "IncorrectInstanceState", "StopInstances",
     "i-1 is 'stopped'", True),
    ('errorCode=Throttling errorMessage="Rate exceeded"', "Throttling", "", "Rate exceeded", True),
    ("FAILED] from custom resource. Message returned: ValidationException: the name is too long (RequestId: 7)",
     "ValidationException", "", "the name is too long", True),
    ("Parameter validation failed:\nInvalid length for parameter ExternalId, value: 0, valid min length: 2", "", "",
     "Invalid length for parameter ExternalId, value: 0, valid min length: 2", False),
    ("operation error STS: AssumeRole, 1 validation error(s) found.\n- minimum field size of 20, "
     "AssumeRoleInput.RoleArn.", "", "AssumeRole", "minimum field size of 20, AssumeRoleInput.RoleArn", False),
)  # fmt: skip


@pytest.mark.parametrize(("text", "code", "operation", "said", "sent"), READ)
def test_each_notation_is_read(text: str, code: str, operation: str, said: str, sent: bool) -> None:
    found = service_error(text)
    assert found is not None
    assert (found.code, found.operation, found.said, found.sent) == (code, operation, said, sent)


@pytest.mark.parametrize(
    "text",
    [
        "our app logs: ValidationException: the field email is invalid",
        "Error from server (Conflict): the object has been modified",
        "eventName: DeleteBucket\nerrorCode: null\nerrorMessage: null",
        "the fields eventName, errorCode and errorMessage of the record",
        "ERROR: duplicate key value violates unique constraint users_pkey",
        "An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded",
    ],
)
def test_another_programs_error_is_no_services(text: str) -> None:
    assert service_error(text) is None


def test_a_dry_run_before_a_cmdlets_error_is_not_the_error() -> None:
    dry = "Remove-EC2Snapshot : Request would have succeeded, but DryRun flag is set.\n    + CategoryInfo : x\n"
    real = POWERSHELL.replace("InvalidOperation: (Amazon.PowerShe...pshotCmdlet) [Remove-EC2Snapshot]\n", "x ...")
    found = service_error(f"{dry} ErrorCode: DryRunOperation\n[3/3] Remove-EC2Snapshot snap-0d11 -> {real}")
    assert found is not None
    assert (found.code, found.operation) == ("InvalidSnapshot.InUse", "DeleteSnapshot")
