"""Sentences of services with several causes: what else the text shows decides between them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in

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


RUN = (
    '{{"applicationId": "{}", "state": "FAILED", "stateDetails": "Could not assume runtime role '
    "arn:aws:iam::111122223333:role/spark because it doesn't exist or isn't setup with the required trust "
    'relationship."}}\n{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"Service": '
    '"emr-serverless.amazonaws.com"}}, "Action": "sts:AssumeRole", "Condition": {{"ArnLike": {{"aws:SourceArn": '
    '"arn:aws:emr-serverless:eu-west-3:111122223333:/applications/{}"}}}}}}]}}'
)


@pytest.mark.parametrize(("named", "differs"), [("00fold", True), ("00fnew", False), ("*", False)])
def test_the_application_of_a_job_is_compared_with_its_roles_trust(named: str, *, differs: bool) -> None:
    assert ("applications/00fnew." in summary(RUN.format("00fnew", named))) is differs


FLOW_LOG = "Flow log fl-0aa1 to our bucket: Access error - The log destination is not accessible.\n"
DELIVERY = (
    '{{"Effect": "Allow", "Principal": {{"Service": "delivery.logs.amazonaws.com"}}, "Action": ["s3:PutObject", '
    '"s3:GetBucketAcl"], "Resource": "*"{}}}\n'
)
WITH_ACL = ', "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}'


@pytest.mark.parametrize(
    ("around", "begins"),
    [
        (f"ACLs are disabled.\n{DELIVERY.format(WITH_ACL)}", "most likely the delivery sends no such header"),
        (f"{DELIVERY.format(WITH_ACL)}ObjectOwnership: BucketOwnerEnforced", "Take the condition out"),
        (DELIVERY.format(WITH_ACL), "a condition, the Resource or a Deny excludes this flow log"),
        (DELIVERY.format(""), "a condition, the Resource or a Deny excludes this flow log"),
        (DELIVERY.format("").replace('"s3:GetBucketAcl"', '"s3:GetObject"'), "does not let delivery.logs.amazonaws"),
    ],
)
def test_what_the_bucket_policy_in_the_text_has_is_not_asked_for_again(around: str, begins: str) -> None:
    assert begins in summary(f"{FLOW_LOG}{around}")


GRANT = (
    "InvalidKMSResourceException: The grant for the CMK to this delivery stream might have been revoked or caller "
    "might not have sufficient permissions for the CMK.\n"
)


@pytest.mark.parametrize(
    ("policy", "lacks"),
    [
        ('"Action": ["kms:DescribeKey", "kms:GenerateDataKey"]', True),
        ('"Action": ["kms:Decrypt", "kms:CreateGrant"]', False),
        ('"Action": ["kms:*"]', False),
        ("A rule sends the events.", False),
    ],
)
def test_the_grant_of_a_stream_comes_before_its_producers(policy: str, lacks: bool) -> None:
    (failure, *_) = read_text(f"{GRANT}{policy}")
    causes = [each.cause for each in collect_offline(failure).first_look]
    assert ("actions on the key without kms:CreateGrant" in causes[0]) is lacks
    assert any(each.startswith("Create the grant again") for each in causes)


PULLED = (
    "CREATE_FAILED: Lambda does not have permission to access the ECR image. Check the ECR permissions.\nImageUri: "
    '777788889999.dkr.ecr.us-west-2.amazonaws.com/api:1\n{{"Statement": [{{"Effect": "Allow", "Principal": {{"AWS": '
    '"111122223333"}}, "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}}, {{"Effect": "Allow", '
    '"Principal": {{"Service": "lambda.amazonaws.com"}}, "Action": ["ecr:BatchGetImage", '
    '"ecr:GetDownloadUrlForLayer"], "Condition": {{"StringLike": {{"aws:SourceArn": {}}}}}}}]}}\n'
)


@pytest.mark.parametrize(
    ("arns", "differs"),
    [
        ('"arn:aws:lambda:us-east-1:111122223333:function:*"', True),
        ('["arn:aws:lambda:us-east-1:111122223333:function:a", "arn:aws:lambda:us-east-2:111122223333:*"]', True),
        ('"arn:aws:lambda:us-west-2:111122223333:function:*"', False),
        ('"arn:aws:lambda:*:111122223333:function:*"', False),
        ('["arn:aws:lambda:us-east-1:111122223333:function:a", "arn:aws:lambda:us-west-2:111122223333:*"]', False),
    ],
)
def test_the_region_of_an_image_is_compared_with_its_repositorys_policy(arns: str, *, differs: bool) -> None:
    said = summary(PULLED.format(arns))
    assert ("in us-east-1 (aws:SourceArn), but the image, and so the function, is in us-west-2" in said) is differs


FAILED = '"eventName": "Replication:OperationFailedReplication", "failureReason": "AssumeRoleNotPermitted"\n'


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (f'{FAILED}"Principal": {{"Service": ["batchoperations.s3.amazonaws.com"]}}', True),
        (
            f"{FAILED}identifiers = ['batchoperations.s3.amazonaws.com']",
            True,
        ),
        (f'{FAILED}"Principal": {{"Service": ["batchoperations.s3.amazonaws.com", "s3.amazonaws.com"]}}', False),
        (f'{FAILED}"Service": "s3.amazonaws.com"\n"Service": "batchoperations.s3.amazonaws.com"', False),
        ('The Batch job\'s report: AssumeRoleNotPermitted\n"Service": "batchoperations.s3.amazonaws.com"', False),
    ],
)
def test_a_trust_policy_for_batch_jobs_alone_is_not_enough_for_live_replication(text: str, *, lacks: bool) -> None:
    assert summary(text).startswith("The trust policy in the text lets only batchoperations") is lacks


MANIFEST = (
    '"FailureReason": "Reading the manifest caused an error: {}"\n{{"Action": "s3:GetObject", "Resource": "{}"}}\n'
    '"Location": {{"ObjectArn": "arn:aws:s3:::lists-a/x/manifest.json"}}\n'
)


@pytest.mark.parametrize(
    ("reason", "resource", "said"),
    [
        ("AccessDenied", "arn:aws:s3:::lists/*", "does not name lists-a, the bucket of the manifest"),
        ("Access Denied", "arn:aws:s3:::other/*", "does not name lists-a, the bucket of the manifest"),
        ("Forbidden", "arn:aws:s3:::lists-a/*", "is not allowed to read the manifest"),
        ("AccessDenied", "*", "is not allowed to read the manifest"),
    ],
)
def test_the_bucket_of_a_manifest_is_compared_with_the_roles_policy(reason: str, resource: str, said: str) -> None:
    found = sentence_in(MANIFEST.format(reason, resource))
    assert found is not None and said in found.row.summary


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
        (ORGANIZATION.format("--is-organization-trail", "111122223333"), "The trail is for an organization", True),
        (ORGANIZATION.format("--is-organization-trail", "o-a1b2c3d4e5"), "The trail is for an organization", False),
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


READ = (
    "HTTP error 403 while getting https://corp-444455556666.d.codeartifact.eu-west-1.amazonaws.com/pypi/libs/simple/x/\n"
    "arn:aws:iam::{}:role/build has {} on the repository\n{}"
)
NAMES_IT = '"Principal": {"AWS": "arn:aws:iam::111122223333:root"}'


@pytest.mark.parametrize(
    ("account", "action", "more", "decided"),
    [
        ("111122223333", "codeartifact:ReadFromRepository", "", True),
        ("111122223333", "codeartifact:*", "", True),
        ("444455556666", "codeartifact:ReadFromRepository", "", False),
        ("111122223333", "codeartifact:GetAuthorizationToken", "", False),
        ("111122223333", "codeartifact:ReadFromRepository", NAMES_IT, False),
    ],
)
def test_a_repository_of_another_account_needs_its_own_policy(
    account: str, action: str, more: str, decided: bool
) -> None:
    found = sentence_in(READ.format(account, action, more))
    assert found is not None
    assert ("Let the policy of the repository libs in account 444455556666 allow" in found.row.summary) is decided
