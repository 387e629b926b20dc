"""Sentences of services with several causes: what else the text shows decides between them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

RAM = (
    "An error occurred (InvalidParameterException) when calling the {} operation: Principal {} is not in your AWS "
    "organization. You do not have permission to add external AWS accounts to a resource share.\n"
)


NO_ROLE = (
    "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name "
    "AWSServiceRoleForResourceAccessManager cannot be found."
)


VAULT = (
    "Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key. "
    "The contents of this vault cannot be copied.\n"
)


GLUE = (
    "An error occurred (InvalidInputException) when calling the {} operation: Role "
    "arn:aws:iam::111122223333:role/{} should be given assume role permissions for Glue Service.\n"
)


FLINK = (
    "Please check the role provided or validity of S3 location you provided. We are unable to get the specified "
    "fileKey: {} in the specified bucket: app-code\n"
)


METADATA = (
    "An error occurred (InvalidS3ObjectException) when calling the {} operation: Unable to get object metadata from "
    "S3. Check object key, region and/or access permissions.\n"
)


MODEL = (
    "ValidationException: Could not access model data at s3://models/a/model.tar.gz. Please ensure that the role "
    '"arn:aws:iam::111122223333:role/sm" exists. Also ensure that the role has "s3:GetObject" permissions and that the '
    "object is located in {}.\n"
)


HEADED = '$ aws s3api head-object --bucket {} --key {}\n{{ "ContentLength": 3, "ETag": "x" }}\n'


def summary(text: str) -> str:
    (failure, *_) = read_text(text)
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (RAM.format("CreateResourceShare", "444455556666") + NO_ROLE, "Turn on sharing in RAM itself"),
        (RAM.format("AssociateResourceShare", "444455556666"), "RAM does not see this principal"),
        (
            f'{VAULT}"DestinationBackupVaultArn": "arn:aws:backup:eu-west-3:444455556666:backup-vault:second"',
            "The destination vault second in account 444455556666 is",
        ),
        (VAULT, "A copy to another account needs a vault with a customer managed key"),
        (
            f"%worker_type G.1X\n{GLUE.format('CreateSession', 'notebook')}",
            "The session was created with arn:aws:iam::",
        ),
        (
            f"%iam_role arn:aws:iam::111122223333:role/notebook\n%glue_version 4.0\n"
            f"{GLUE.format('CreateSession', 'notebook')}",
            "Glue cannot assume arn",
        ),
        (GLUE.format("CreateJob", "etl"), "Glue cannot assume arn"),
        (
            f"{FLINK.format('jobs/app.jar')}$ aws s3 ls s3://app-code/jobs/\n2026-01-02 03:04:05  1234 app-1.jar\n",
            "The bucket's listing in the text has no app.jar",
        ),
        (
            f"{FLINK.format('jobs/app.jar')}$ aws s3 ls s3://app-code/jobs/\n2026-01-02 03:04:05  1234 app.jar\n",
            "Managed Service for Apache Flink cannot read its code",
        ),
        (
            f"{FLINK.format('jobs/app.jar')}$ aws s3 ls s3://app-code/\n2026-01-02 03:04:05  1234 readme.txt\n",
            "Managed Service for Apache Flink cannot read its code",
        ),
        (METADATA.format("DetectLabels") + HEADED.format("scans", "a.png"), "The object exists, so most likely"),
        (METADATA.format("DetectLabels"), "The service reads the S3 object with the caller's permissions"),
        (
            f"{MODEL.format('eu-west-3')}$ aws s3api get-bucket-location --bucket models\n{{'LocationConstraint': "
            f"null}}",
            "GetBucketLocation returns no value, so the bucket is in us-east-1",
        ),
        (
            f"{MODEL.format('us-east-1')}$ aws s3api get-bucket-location --bucket models\n{{'LocationConstraint': "
            f"null}}",
            "SageMaker cannot read the model data",
        ),
        (
            "NotAuthorizedException: Access to Identity 'us-west-2:0a1b2c3d-1111-2222-3333-444455556666' is forbidden.",
            "Send a valid token of the identity's login provider",
        ),
    ],
)
def test_what_the_text_shows_decides_between_the_causes(text: str, start: str) -> None:
    assert summary(text).startswith(start)


ORGANIZATION = (
    "Incorrect S3 bucket policy is detected for bucket: logs\naws cloudtrail create-trail --name t {}\n"
    '{{"Statement":[{{"Effect":"Allow","Principal":{{"Service":"cloudtrail.amazonaws.com"}},"Action":"s3:*",'
    '"Resource":["arn:aws:s3:::logs","arn:aws:s3:::logs/AWSLogs/{}/*"]}}]}}'
)


RULE = (
    "OrganizationAccessDeniedException when calling the {} operation: You do not have permission\n"
    "aws organizations list-delegated-administrators --service-principal {}.amazonaws.com\n"
)


@pytest.mark.parametrize(
    ("text", "said", "decided"),
    [
        (ORGANIZATION.format("--is-organization-trail", "111122223333"), "no AWSLogs/ORGANIZATION-ID/* path", True),
        (ORGANIZATION.format("--is-organization-trail", "o-a1b2c3d4e5"), "no AWSLogs/ORGANIZATION-ID/* path", False),
        (ORGANIZATION.format("--is-organization-trail", "o-a1b2c3d4e5"), "no AWSLogs/MANAGEMENT-ACCOUNT/* path", True),
        (ORGANIZATION.format("# our organization trail", "o-a1b2c3d4e5"), "no AWSLogs/MANAGEMENT-ACCOUNT/* path", True),
        (ORGANIZATION.format("--is-organization-trail", "*"), "The trail is for an organization", False),
        (ORGANIZATION.format("# no organization trail", "o-a1b2c3d4e5"), "The trail is for an organization", False),
        (ORGANIZATION.format("--is-multi-region-trail", "111122223333"), "The trail is for an organization", False),
        (RULE.format("PutOrganizationConfigRule", "config"), "is for aggregators", True),
        (RULE.format("PutOrganizationConformancePack", "config"), "is for aggregators", True),
        (RULE.format("PutOrganizationConfigRule", "config-multiaccountsetup"), "is for aggregators", False),
        (RULE.format("PutConfigurationAggregator", "config"), "is for aggregators", False),
    ],
)
def test_an_organizations_path_and_delegation_are_compared(text: str, said: str, decided: bool) -> None:
    answers = [collect_offline(failure).verdict.summary for failure in read_text(text)]
    assert any(said in each for each in answers) is decided
