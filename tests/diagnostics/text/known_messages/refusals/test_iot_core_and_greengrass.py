"""Sentences about devices: other failures that only resemble refusals."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

TES = "com.aws.greengrass.tes.CredentialRequestHandler: Error in retrieving AwsCredentials from TES"
S3 = "software.amazon.awssdk.services.s3.model.S3Exception: null (Service: S3, Status Code: 403, Request ID: null)"
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
def test_other_failures_of_the_same_programs_are_not_refusals(text: str) -> None:
    assert sentence_in(text) is None


EXCHANGE = (
    f"{TES}. {{{{iotCredentialsPath=/role-aliases/{{}}/credentials, credentialData=TES responded with status code: 403."
    '}}}}\n"Action": "iot:AssumeRoleWithCertificate", "Resource": "arn:aws:iot:eu-west-1:111122223333:rolealias/{}"'
)


@pytest.mark.parametrize(
    ("used", "allowed", "differs"),
    [
        ("CoreAlias", "OldAlias", True),
        ("Alias-2", "Alias", True),
        ("Alias", "Alias-2", True),
        ("Alias", "Alias", False),
    ],
)
def test_the_role_alias_of_the_device_is_compared_with_the_policy(used: str, allowed: str, differs: bool) -> None:
    found = sentence_in(EXCHANGE.format(used, allowed))
    assert found is not None
    assert (f"on the role alias {allowed}, and the device uses the role alias {used}" in found.row.summary) is differs
