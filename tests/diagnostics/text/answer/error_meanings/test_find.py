"""Error codes that an API reference explains are answered with their meaning, and only if the row fits."""

from __future__ import annotations

import re

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.error_meanings.find import MEANINGS, meaning_of

CALLED = "An error occurred ({}) when calling the {} operation: {}"


def summary(text: str) -> str:
    (failure,) = read_text(text)
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("code", "operation", "message", "said"),
    [
        ("CallerIsNotManagementAccountException", "EnableOrganizationsRootSessions", "Not the management account.",
         "Make this call in the organization's management account"),
        ("ConstraintViolationException", "RegisterDelegatedAdministrator",
         "You cannot register master account/yourself as delegated administrator for your organization.",
         "register a member account"),
        ("ConstraintViolationException", "DetachPolicy",
         "You cannot remove the last policy attached to the specified target.", "first attach the new policy"),
        ("ConstraintViolationException", "CreateAccount", "You have exceeded the allowed number of AWS Accounts.",
         "quota of accounts"),
        ("InvalidAccessException", "UpdateOrganizationConfiguration",
         "Account 111122223333 is not an administrator for this organization", "in the delegated administrator"),
        ("AWSOrganizationsNotInUseException", "ListRoots", "Your account is not a member of an organization.",
         "in no organization"),
        ("OutboundWebIdentityFederationDisabledException", "GetWebIdentityToken", "It is disabled.",
         "enable-outbound-web-identity-federation"),
        ("PolicyNotAttachable", "AttachRolePolicy", "Cannot attach a Service Role Policy to a Customer Role.",
         "belongs to a service-linked role"),
        ("KMSInvalidStateException", "Decrypt",
         "The external key store proxy denied access to the operation. Verify the user and the external key.",
         "Neither IAM nor the key policy refused it"),
        ("XksProxyIncorrectAuthenticationCredentialException", "CreateCustomKeyStore", "They failed to authenticate.",
         "not an IAM access key"),
        ("ExpiredImportTokenException", "ImportKeyMaterial", "The import token has expired.",
         "GetParametersForImport"),
        ("InvalidRequestException", "GetSecretValue",
         "You can't perform this operation on the secret because it was marked for deletion.", "restore-secret"),
        ("PublicPolicyException", "PutResourcePolicy", "This resource policy grants broad access to the secret.",
         "--block-public-policy"),
        ("NotAuthorizedException", "AssociateVPCWithHostedZone",
         "The VPC: vpc-0123456789abcdef0 has not authorized to associate with your hosted zone.",
         "create-vpc-association-authorization"),
        ("NotAuthorizedException", "InitiateAuth",
         "Client 1example23456789 is configured with secret but SECRET_HASH was not received", "SECRET_HASH"),
        ("InsufficientFreeAddressesInSubnet", "CreateNetworkInterface",
         "The specified subnet does not have enough free addresses to satisfy the request.", "no free IP addresses"),
        ("InsufficientFreeAddressesInSubnet", "RunInstances",
         "There are not enough free addresses in subnet 'subnet-1'.",
         "AvailableIpAddressCount"),
        ("ResourceNotFoundException", "CreateLogStream", "The specified log group does not exist.",
         "Create the log group"),
        ("ResourceNotFoundException", "PutLogEvents", "The specified log group does not exist.", "logs:CreateLogGroup"),
        ("OperationNotPermitted", "TerminateInstances",
         "The instance 'i-1' may not be terminated. Modify its 'disableApiTermination' instance attribute.",
         "Termination protection is on"),
        ("InvalidInputException", "CreateProject",
         "Invalid input: cannot use a cross-account ECR image with imagePullCredentialsType CODEBUILD",
         "Set imagePullCredentialsType to SERVICE_ROLE"),
        ("InvalidHomeRegionException", "StopLogging", "The trail was created in another Region.", "home Region"),
        ("InvalidServiceName", "CreateVpcEndpoint",
         "The Vpc Endpoint Service 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0' does not exist",
         "as an allowed principal"),
        ("InvalidTransitGatewayID.NotFound", "CreateRoute",
         "Transit Gateway tgw-0123456789abcdef0 was deleted or does not exist.", "first share it in AWS RAM"),
        ("BadRequestException", "CreateDeployment",
         "Private REST API doesn't have a resource policy attached to it", "A private API needs a resource policy"),
        ("UnsupportedOperationException", "ReplicateKey", "It is not a multi-Region primary key.", "MultiRegion"),
        ("TagPolicyException", "TagResources", "Tag policy violation: costcenter.", "A tag policy of the organization"),
    ],
)  # fmt: skip
def test_the_answer_says_what_the_code_means(code: str, operation: str, message: str, said: str) -> None:
    assert said in summary(CALLED.format(code, operation, message))


@pytest.mark.parametrize(
    ("code", "operation", "message"),
    [
        ("ConstraintViolationException", "CreatePolicy", "You have attempted something else."),
        ("NotAuthorizedException", "GetUser", "Something else."),
        ("InvalidRequestException", "GetSecretValue", "You provided an invalid parameter."),
        ("ExpiredTokenException", "GetObject", "The provided token has expired."),
        ("KMSInvalidStateException", "Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1 is pending deletion."),
        ("ValidationException", "InvokeModel", "The model returned another error."),
        ("InvalidRegionException", "CreateBucket", "The Region is not valid."),
        ("AccessDeniedException", "GetItem", "User is not authorized to perform this."),
        ("InvalidServiceName", "CreateVpcEndpoint", "'com.amazonaws.eu-west-1.s4' does not exist"),
        ("InvalidVpcID.NotFound", "CreateSubnet", "The vpc ID 'vpc-1' does not exist"),
        ("MessageRejected", "SendEmail", "Email address is not verified."),
    ],
)
def test_a_code_with_other_words_has_no_meaning(code: str, operation: str, message: str) -> None:
    assert meaning_of(code, operation, message, CALLED.format(code, operation, message)) is None


def test_a_reason_in_the_text_decides_among_the_rows_of_a_code() -> None:
    text = CALLED.format("ConstraintViolationException", "RemoveAccountFromOrganization", "Not possible.")
    found = meaning_of("ConstraintViolationException", "RemoveAccountFromOrganization", "Not possible.",
                       f'{text}\n"Reason": "WAIT_PERIOD_ACTIVE"')  # fmt: skip
    assert found is not None
    assert "wait period" in found.sentence


@pytest.mark.parametrize("notation", [
    "operation error KMS: Decrypt, https response error StatusCode: 400, RequestID: 1, api error {}: {}",
    "software.amazon.awssdk.services.kms.model.{}: {} (Service: Kms, Status Code: 400, Request ID: 1)",
    "botocore.errorfactory.{0}: An error occurred ({0}) when calling the Decrypt operation: {1}",
])  # fmt: skip
def test_every_notation_of_an_error_is_read(notation: str) -> None:
    text = notation.format("InvalidKeyUsageException", "The key usage is SIGN_VERIFY which is not valid for Decrypt.")
    assert "The key cannot perform this operation" in summary(text)


@pytest.mark.parametrize("row", MEANINGS, ids=lambda row: row.codes[0])
def test_each_row_has_its_page_and_a_short_first_sentence(row: object) -> None:
    sentence = row.sentence  # type: ignore[attr-defined]
    assert row.page.startswith("https://docs.aws.amazon.com/")  # type: ignore[attr-defined]
    assert len(re.split(r"(?<=[a-z)\]])\. ", sentence)[0]) <= 200
    assert sentence.endswith(".")
    assert not any(code.endswith(("Exception", "Fault")) for code in row.codes)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("PutLogEvents", "The specified log stream does not exist."),
        ("DescribeTable", "Requested resource not found: Table: orders not found"),
    ],
)
def test_only_a_missing_log_group_is_to_be_created(operation: str, message: str) -> None:
    said = summary(CALLED.format("ResourceNotFoundException", operation, message))
    assert "Create the log group" not in said
