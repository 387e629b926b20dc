"""One failure is explained once, however often and in whatever words a text states it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial, Failure

KEY = "An error occurred (InvalidAccessKeyId) when calling the ListBuckets operation: The key does not exist."
TOKEN = (
    "An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: "
    "The security token included in the request is invalid."
)
CLOCK = (
    "An error occurred (RequestTimeTooSkewed) when calling the ListBuckets operation: "
    "The difference between the request time and the current time is too large."
)
SIGNED = (
    "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: "
    "20261128T181402Z is now earlier than 20261130T040733Z (20261130T041233Z - 5 min.)"
)
BARE = "InvalidSignatureException"
EXPIRED = SIGNED.replace("SignatureDoesNotMatch", BARE)
NOT_SIGNED = (
    "An error occurred (InvalidSignatureException) when calling the PutLogEvents operation: The request signature we "
    "calculated does not match the signature you provided."
)
QUOTA = (
    "An error occurred (LimitExceeded) when calling the CreateAccessKey operation: "
    "Cannot exceed quota for AccessKeysPerUser: 2"
)
LOCK = (
    "An error occurred (AccessDenied) when calling the DeleteObject operation: "
    "Access Denied because object protected by object lock."
)
HEAD = "fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden"
GET = "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
MAIL = "User: arn:aws:sts::111122223333:assumed-role/mail/f is not authorized to perform: ses:SendEmail"
TITLE = "│ Error: No valid credential sources found\n│\n│   with provider,\n│\n"
WEB = (
    "│ Error: failed to retrieve credentials, operation error STS: AssumeRoleWithWebIdentity, https response error "
    "StatusCode: 403, api error AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
)
PROTECTED = (
    "An error occurred (UnmodifiableEntity) when calling the DetachRolePolicy operation: Cannot perform the operation "
    "on the protected role 'AWSServiceRoleForECS' - this role is only modifiable by AWS"
)
LINKED = (
    "An error occurred (InvalidParameterException) when calling the CreateService operation: Unable to assume the "
    "service linked role. Please verify that the ECS service linked role exists."
)
TAKEN = (
    "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name "
    "AWSServiceRoleForECS has been taken in this account, please try a different suffix."
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{KEY}\n{TOKEN}", "InvalidAccessKeyId"),
        (f"$ aws s3 ls --profile a\n{KEY}\n$ aws sts get-caller-identity --profile a\n{TOKEN}", "InvalidAccessKeyId"),
        (f"{CLOCK}\n{SIGNED}", "SignatureDoesNotMatch"),
        (f"$ aws s3 ls --profile a\n{CLOCK}\n$ aws s3 ls --profile b\n{SIGNED}", "SignatureDoesNotMatch"),
        (f"vector[12]: PutLogEvents: error='InvalidSignatureException'\n{EXPIRED}", BARE),
        (f"{EXPIRED}\n[output:es] InvalidSignatureException", BARE),
        (f'{QUOTA}\n\n"mailer is down, AccessDenied from SES"', "LimitExceeded"),
        (f"{LOCK}\nroot can't either?! policy: s3:* + s3:BypassGovernanceRetention", "AccessDenied"),
        (f"{HEAD}\n{GET}", "403"),
        (f"An error occurred (AccessDenied) when calling the SendEmail operation: {MAIL}\n{MAIL} on resource: "
         "arn:aws:ses:eu-west-1:111122223333:identity/a@example.com", None),
        (f"{TITLE}{WEB}", "AccessDenied"),
        (f"{PROTECTED}\n{PROTECTED.replace('Detach', 'Attach')}", "UnmodifiableEntity"),
        (f"{LINKED}\nso I tried\n{TAKEN}", "InvalidParameterException"),
    ],
)  # fmt: skip
def test_one_failure_is_one(text: str, kept: str | None) -> None:
    (failure,) = read_text(text)
    assert failure.code == kept


@pytest.mark.parametrize(
    "text",
    [
        f"$ aws s3 ls --profile a\n{KEY}\n$ aws sts get-caller-identity --profile b\n{TOKEN}",
        f"{KEY}\n{CLOCK}",
        f"{EXPIRED}\n{NOT_SIGNED}",
        f"{QUOTA}\n{GET}",
        f"{LINKED}\n{QUOTA}",
        f"{MAIL}\n{MAIL.replace('mail/f', 'other/f')}",
        f"{QUOTA}\n\n$ ./send\n{MAIL}",
    ],
)
def test_two_failures_stay_two(text: str) -> None:
    assert len(read_text(text)) == 2


def test_a_service_linked_role_that_exists_is_not_said_to_be_missing() -> None:
    (failure,) = read_text(f"{LINKED}\nso I tried\n{TAKEN}")
    causes = [look.cause for look in collect_offline(failure).first_look]
    assert causes == [
        "AWSServiceRoleForECS exists already, so do not create it. A new role takes a few seconds to become usable: "
        "make the call again."
    ]


CLOSED = (
    'INC-40912 (closed 29 Nov): "User: arn:aws:sts::117730954826:assumed-role/etl/s is not authorized to perform: '
    'glue:GetDatabase on resource: arn:aws:glue:us-east-1:117730954826:catalog" -> fixed by Petra.\n\n'
)


@pytest.mark.parametrize(
    ("tonight", "actions"),
    [
        (
            "TONIGHT: ERROR [main] py4j.protocol.Py4JJavaError: An error occurred while calling o118.write.\n"
            ": com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403)",
            [None],
        ),
        (f"TONIGHT\n{GET}", ["s3:GetObject"]),
        ("TONIGHT the same: access denied again", ["glue:GetDatabase"]),
    ],
)
def test_the_denial_of_a_closed_ticket_gives_way_to_the_error_of_today(tonight: str, actions: list[str | None]) -> None:
    found: tuple[Failure, ...] = read_text(CLOSED + tonight)
    assert [each.action if isinstance(each, Denial) else "" for each in found] == actions


PREAMBLE = (
    "Error: configuring Terraform AWS Provider: IAM Role (arn:aws:iam::444455556666:role/tf) cannot be assumed.\n\n"
    "There are a number of possible causes of this - the most common are:\n"
    "  * The credentials used in order to assume the role are invalid\n"
    "  * The role ARN is not valid\n\n"
)
OF_STS = "Error: operation error STS: AssumeRole, https response error StatusCode: 400, RequestID: 4c9b, api error "


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (f"{OF_STS}ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed "
         "by role chaining.", "ValidationError"),
        (f"{OF_STS}ExpiredToken: The security token included in the request is expired", "ExpiredToken"),
        (f"{OF_STS}InvalidClientTokenId: The security token included in the request is invalid.",
         "InvalidClientTokenId"),
    ],
)  # fmt: skip
def test_the_reason_below_terraforms_title_is_the_failure(reason: str, code: str) -> None:
    (failure,) = read_text(f"{PREAMBLE}{reason}")
    assert failure.code == code
    (alone,) = read_text(PREAMBLE)
    assert isinstance(alone, Denial)
    assert alone.action == "sts:AssumeRole"


@pytest.mark.parametrize("action", ["sts:AssumeRole", "sts:TagSession"])
def test_terraforms_title_and_the_refusal_of_sts_are_one_failure(action: str) -> None:
    title = "Error: Cannot assume IAM Role\n\nIAM Role (arn:aws:iam::444455556666:role/tf) cannot be assumed.\n\n"
    refused = "User: arn:aws:sts::111122223333:assumed-role/ci/eks-a-b is not authorized to perform: "
    (failure,) = read_text(
        f"{title}{OF_STS}AccessDenied: {refused}{action} on resource: arn:aws:iam::444455556666:role/tf"
    )
    assert isinstance(failure, Denial)
    assert failure.action == action


def test_terraforms_title_stays_beside_another_failure() -> None:
    assert len(read_text(f"{PREAMBLE}{QUOTA}")) == 2


BEA = "arn:aws:sts::444455556666:assumed-role/Ops/bea"
MESSAGE = f"User: {BEA} is not authorized to perform: {{}} because no identity-based policy allows the {{}} action"


@pytest.mark.parametrize(
    ("header", "action"),
    [
        (f"CloudTrail: kms CreateGrant  errorCode AccessDenied  user {BEA}", "kms:CreateGrant"),
        (f"An error occurred (AccessDenied) when calling the PutItem operation by {BEA}", "dynamodb:PutItem"),
    ],
)
def test_a_summary_above_its_message_is_the_same_failure(header: str, action: str) -> None:
    (failure,) = read_text(f'$ aws x y\n{header}\n "{MESSAGE.format(action, action)}"')
    assert isinstance(failure, Denial)
    assert failure.action == action


@pytest.mark.parametrize("action", ["kms:Decrypt", "s3:PutObject"])
def test_a_summary_of_another_operation_is_a_failure_of_its_own(action: str) -> None:
    header = f"CloudTrail: kms CreateGrant  errorCode AccessDenied  user {BEA}"
    assert len(read_text(f'{header}\n "{MESSAGE.format(action, action)}"')) == 2


VOLUME = (
    "Cause: One or more of the attached Amazon EBS volumes are encrypted with an inaccessible AWS KMS key.\n"
    "Ensure that the KMS keys are in the enabled state.\n\n"
)
OF_KMS = (
    "User: arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling is not authorized to "
    "perform: kms:CreateGrant on resource: arn:aws:kms:eu-west-1:111122223333:key/4e0f6b7a-1d52-4c39-9f6e-8a1b7c3d2e90 "
    "because no resource-based policy allows the kms:CreateGrant action"
)


def test_kms_denial_beside_the_message_about_a_volume_is_the_failure() -> None:
    (failure,) = read_text(f"Instance failed to launch\n{VOLUME}CloudTrail:\n{OF_KMS}")
    found = collect_offline(failure)
    assert "that role's own policies cannot change" in found.verdict.summary
    assert "kms:GrantIsForAWSResource" in found.first_look[0].cause


def test_a_message_about_a_volume_stays_beside_another_denial() -> None:
    assert len(read_text(f"$ ./launch\n{VOLUME}\n$ ./send\n{MAIL}")) == 2


def test_another_role_is_not_told_what_auto_scaling_needs() -> None:
    (failure,) = read_text(OF_KMS.replace("AWSServiceRoleForAutoScaling/AutoScaling", "deploy/ci"))
    found = collect_offline(failure)
    assert not any("GrantIsForAWSResource" in each.cause for each in found.first_look)
    assert "own policies cannot change" not in found.verdict.summary
