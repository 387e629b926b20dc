"""Programs and services whose own sentences say that S3, or a role, refused them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis

CRAWLER = (
    "ERROR : Error Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 8N4Q; S3 "
    "Extended Request ID: abc=) retrieving file at s3://{}/2024/orders.csv. Tables created did not infer schemas from "
    "this file."
)


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Failure using stage area. Cause: [Access Denied (Status Code: 403; Error Code: AccessDenied)]",
            "S3 refused the identity of the stage",
        ),
        (
            "Failed to access remote file: access denied. Please check your credentials\ncopy into t from @stage/a",
            "its trust policy is not the cause",
        ),
        (
            "PERMISSION_DENIED: AWS IAM role with ARN arn:aws:iam::444455556666:role/uc is non self-assuming. Please "
            "fix "
            "the role to be self-assuming.",
            "must also trust the role itself",
        ),
        (
            "ERROR: Spectrum Scan Error\n  code:      15007\n  context:   Forbidden: HTTP response error code: 403 "
            "Message: "
            "AccessDenied Access Denied x-amz-request-id: 8N4Q",
            "S3 refuses the role of the external schema",
        ),
        (
            "The requested role arn:aws:iam::444455556666:role/rs-s3 is not associated to cluster",
            "associate arn:aws:iam::444455556666:role/rs-s3 with it",
        ),
        (
            "FATAL: received: 403 Forbidden. Request failed with 403\nFailed to create cache",
            "S3 refused the runner's cache",
        ),
        (CRAWLER.format("sales-landing"), "The role of the Glue crawler lacks permissions"),
    ],
)
def test_the_sentence_says_who_was_refused(text: str, words: str) -> None:
    found = answer(text)
    assert words in " ".join((found.verdict.summary, *(step.summary for step in found.steps))), found.verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "Failure using stage area. Cause: [The specified bucket does not exist (Status Code: 404)]",
    ],
)
def test_other_failures_are_not_taken_for_them(text: str) -> None:
    summary = answer(text).verdict.summary
    assert "S3 refused" not in summary


NO_PERMISSION = (
    '{{"error":{{"type":"security_exception","reason":"no permissions for [] and User [name=arn:aws:iam::111122223333:'
    'user/ops, backend_roles=[], requestedTenant=null]"}},"status":403}} {}'
)


@pytest.mark.parametrize(
    ("call", "named"), [("PUT https://d.eu-west-1.es.amazonaws.com/_snapshot/r", True), ("", False)]
)
def test_a_snapshot_repository_needs_its_own_security_role(call: str, named: bool) -> None:
    causes = " ".join(look.cause for look in answer(NO_PERMISSION.format(call)).first_look)
    assert ("manage_snapshots" in causes) is named


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Cause: [The AWS Access Key Id you provided is not valid.]", "does not accept the access key"),
        (
            "ComputeError: Generic S3 error: Error performing PUT http://169.254.169.254/latest/api/token in 12.0s, "
            "after "
            "10 retries, max_retries: 10, retry_timeout: 180s - HTTP error: error sending request",
            "(object_store) does not read ~/.aws",
        ),
        (
            "Generic S3 error: Error performing GET http://169.254.169.254/latest/meta-data/iam/security-credentials: "
            "connection refused",
            "(object_store) does not read ~/.aws",
        ),
        (
            "Generic S3 error: Error performing GET http://169.254.170.23/v1/credentials in 2.1s, after 10 retries - "
            "Server "
            "returned non-2xx status code: 404 Not Found",
            "requested the pod's or task's credentials, but got none",
        ),
    ],
)
def test_credentials_of_programs(text: str, words: str) -> None:
    assert words in answer(text).verdict.summary


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("S3Exception: (Service: S3, Status Code: 301, Request ID: 8N4Q, Extended Request ID: abc)", True),
        ("AmazonS3Exception: Moved (Service: Amazon S3; Status Code: 301; Error Code: 301 Moved Permanently)", True),
        ("HttpException: moved (Status Code: 301)", False),
    ],
)
def test_a_bare_301_of_s3_is_about_the_buckets_region(text: str, elsewhere: bool) -> None:
    assert ("different Region than the one that was called" in answer(text).verdict.summary) is elsewhere


@pytest.mark.parametrize(
    ("settings", "resource", "unsigned", "repository"),
    [
        ("sign_aws_requests = false", "opensearch_snapshot_repository.nightly", True, True),
        ('username = "admin"', "elasticsearch_snapshot_repository.r", True, True),
        ('aws_profile = "ops"', "opensearch_snapshot_repository.nightly", False, True),
        ("sign_aws_requests = false", "opensearch_role.reader", False, False),
    ],
)
def test_a_provider_registers_a_repository_with_a_signed_request(
    settings: str, resource: str, unsigned: bool, repository: bool
) -> None:
    shown = answer(f'provider "opensearch" {{\n{settings}\n}}\n{resource}: Creating...\nelastic: Error 403 (Forbidden)')
    causes = " ".join(look.cause for look in shown.first_look)
    assert ("does not sign its requests" in causes) is unsigned
    assert ("iam:PassRole on the snapshot role" in causes) is repository
