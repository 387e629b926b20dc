"""Texts that only resemble a message of a service: no row is read from them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "the role cannot be provided",
        "failed attempting to download the file",
        "Too many connects from one host",
        "ldap: SaslAuthenticationException: Access denied",
        "Job failed, please check complete logs in configured logging destination. ExitCode: 1. OutOfMemoryError",
        "the secret is encrypted with the default key",
        "Splunk.Connected",
        "You don't have sufficient permissions to edit this page",
    ],
)
def test_what_only_resembles_a_message_of_emr_quicksight_or_dms_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Unable to verify existence of default database: timeout",
        "DescribeClusters action is unauthorized",
        "SELECT name FROM a relation that has no columns",
        "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://a/b (offset=0, length=1): The key does not exist",
        "LAUNCH ERROR | Out of memory",
        "The domain is not registered",
        "glue put-resource-policy --enable-hybrid TRUE",
        "S3 Query Exception (Fetch). Retries exceeded",
        'FATAL: user "jane" does not exist',
        "the cluster has a default IAM role",
    ],
)
def test_what_only_resembles_a_message_of_athena_glue_or_redshift_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "This snapshot is managed by Terraform and cannot be deleted",
        "mount.nfs: access denied by server while mounting 10.0.4.20:/data",
        '{"type": "S3AccessDenied", "bucket": "acme"}',
        "CreateLocationS3: DataSync location access test succeeded",
        'nginx: ERROR Message="Access denied" Path=/admin',
        "Please consult the permissions associated with your AWS Backup role(s).\nDecodedMessage: iam:PassRole",
        "Insufficient privileges to perform this action in the CRM",
        "StepErrored: timeout",
        "Unable to call identity provider: HTTP 503",
        "the connector cannot retrieve the secrets of the universe",
    ],
)
def test_what_only_resembles_a_message_of_backup_or_transfers_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


CALLED = "An error occurred ({}) when calling the {} operation: {}"


@pytest.mark.parametrize(
    "text",
    [
        "ClientError: Data download failed: No S3 objects found under s3://acme/train",
        "Access denied while invoking the model",
        "Access denied while invoking lambda function f from Amazon Connect",
        "Failed to create log group for job: it exists already",
        CALLED.format("LicenseNotFoundException", "GetLicense", "There is none."),
    ],
)
def test_what_only_resembles_a_message_of_lex_kendra_or_q_business_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Role validation failed for user ana: no such role in the application",
        "docker: cannot pull container app:latest: not found",
    ],
)
def test_similar_texts_are_no_sentences_of_sagemaker_or_agentcore(text: str) -> None:
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert not any(word in said for word in ("SageMaker", "service cannot"))


@pytest.mark.parametrize(
    "text",
    [
        '"FailureCode": "AccessDenied"',
        '"ImportStatus": "FAILED", "FailureCode": "ItemValidationError"',
        "cassandra.example.net: code=0100 [Bad credentials]",
        "com.acme.mesh.NoRouteException: no route",
        "Authentication required",
    ],
)
def test_what_only_resembles_a_message_of_dynamodb_dax_keyspaces_neptune_or_elasticache_is_not_read_as_one(
    text: str,
) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "chown: changing ownership of '/data': Operation not permitted",
        "Block Public Access is enabled for this blog",
        "The service account provided by the cluster has no permission",
        "AWSServiceRoleForFSxS3Access_fs-0123456789abcdef0 was created",
        "Encrypted snapshots can be shared with EBS",
        "mount.nfs4: mounting '127.0.0.1:/' failed. permission denied",
        "CLIENT_ERROR: mounting '127.0.0.1:/' failed. no such device",
    ],
)
def test_what_only_resembles_a_message_of_ebs_efs_or_fsx_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Organization acme not found",
        "An illegal combination of flags",
        "Asset is not managed by us",
        "Association failed: timeout",
        "Not authorized to grant permissions",
    ],
)
def test_what_only_resembles_a_message_of_lake_formation_or_datazone_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:sts::111122223333:assumed-role/AWSControlTowerExecution/x called CreateStack",
        "AWS Control Tower cannot create the OU because one already exists",
        "the permission sets of the management account were provisioned",
        CALLED.format("InsufficientPermissionsException", "CreateDirectory", "More is needed."),
        CALLED.format("AuthorizationException", "CreateLicense", "Not found."),
        CALLED.format("KMSAccessDenied", "Publish", "The topic's key is not accessible."),  # of Amazon SNS
        "caa records are set for example.com",
    ],
)
def test_what_only_resembles_a_message_of_control_tower_config_or_certificates_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "unable to accept connection, access denied",
        "unable to accept connections",
        "Wrong user to action mapping in the game",
        "FATAL: only SSL connections are allowed",
        "This proxy does not have any registered users",
        "ERROR 1227 (42000): Access denied; you need (at least one of) the SUPER privilege(s) for this operation",
        "Missing Credentials: Cannot instantiate client",
        "Msg 50000: Access Denied to the table",
        "exec msdb.dbo.rds_task_status: SUCCESS",
        "IAM role provided is valid",
    ],
)
def test_what_only_resembles_a_message_of_rds_dms_or_aurora_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


TES = "com.aws.greengrass.tes.CredentialRequestHandler: Error in retrieving AwsCredentials from TES"


RULE = (
    '{"logLevel":"ERROR","status":"Failure","eventType":"RuleExecution","ruleAction":"KinesisAction","details":'
    '"Unable to assume role, role arn: arn:aws:iam::111122223333:role/iot-kinesis"}'
)


@pytest.mark.parametrize(
    "text",
    [
        f"{TES} (HTTP 500)",
        "awsiot.greengrass_discovery.DiscoveryException: ('Error during discover call: response_code=404', 404)",
        "SkipSyncRequestException: IotDataPlaneException: null (Service: IotDataPlane, Status Code: 404)",
        "ResolveComponentCandidates failed (Service: GreengrassV2Data, Status Code: 503)",
        "PackageDownloadException: Failed to download artifact: Connection reset (Service: S3, Status Code: 500)",
        RULE.replace("Unable to assume role, role arn:", "The message is too large for"),
    ],
)
def test_what_only_resembles_a_message_of_greengrass_or_iot_core_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "User hugo has no permissions.",
        "ERROR:  could not upload to Amazon S3\nDETAIL:  Amazon S3 client returned 'Unable to connect to endpoint'.",
        "Unauthorized: User load has no CREATE permission on <all keyspaces> or any of its parents",
        "AWS Backup copied both accounts of the same organization",
    ],
)
def test_what_only_resembles_a_message_of_postgresql_backup_or_keyspaces_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


TAGS = "E! [processors.ec2tagger] ec2tagger: Unable to describe ec2 tags for initial retrieval:"


@pytest.mark.parametrize(
    "text",
    [
        "Unable to upload artifacts to S3. Exception: connect ETIMEDOUT",
        f"{TAGS} RequestError: send request failed",
        "POST https://dataplane.rum.eu-west-1.amazonaws.com/appmonitors/1a2b 200",
        "the message to a@example.com is undeliverable",
        '"KeySigningKeys": [{"Name": "ksk", "Status": "ACTIVE"}]',
        "The Lambda function associated with the CloudFront distribution was throttled.",
    ],
)
def test_what_only_resembles_a_message_of_cloudwatch_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "X-Amz-Expires must be a number",
        "the bucket has access points attached",
        "InvalidBucketAcl",
        '"failureReason": "SrcObjectNotEligible"',
        "ReplicateObject NotPermitted by the linter",
        "Job report was written to your report bucket",
        "You do not have READ permissions to the requested page",
        "aws s3control create-access-grants-location --location-scope s3://acme",
        "An error occurred (ValidationError) when calling the CreateAccessGrantsLocation operation: bad scope",
        "MFA authentication must be used for this site",
    ],
)
def test_what_only_resembles_a_message_of_s3_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"repository_exception","reason":"[r] missing"}',
        "[FORBIDDEN] index page",
        "No roles available for this position, please contact us",
    ],
)
def test_what_only_resembles_a_message_of_opensearch_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None
