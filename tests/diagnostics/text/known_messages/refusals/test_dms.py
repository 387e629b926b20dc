"""Messages of DMS about secrets, target buckets and its own roles: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

SECRET = (
    "Test Endpoint failed: Application-Message: Failed to build connection string Unable to find Secrets Manager secret"
)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "its own role (SecretsManagerAccessRoleArn) is refused, or"),
        (" curlCode: 28, Timeout was reached", "cannot reach Secrets Manager (timeout)"),
    ],
)
def test_a_timeout_shows_that_the_network_is_at_fault(more: str, said: str) -> None:
    (failure,) = read_text(SECRET + more)
    assert said in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("name", "found", "missing"),
    [("vpc-role", "NoSuchEntity", True), ("cloudwatch-logs-role", "NoSuchEntity", True), ("vpc-role", "", False)],
)
def test_a_role_of_dms_that_get_role_does_not_find_is_to_be_created(name: str, found: str, missing: bool) -> None:
    text = (
        "creating DMS Replication Instance (r): AccessDeniedFault: The IAM Role "
        f"arn:aws:iam::210987654321:role/dms-{name} is not configured properly."
    )
    if found:
        text += (
            f"\n$ aws iam get-role --role-name dms-{name}\n\nAn error occurred ({found}) when calling the GetRole "
            f"operation: The role with name dms-{name} cannot be found."
        )
    summaries = [collect_offline(each).verdict.summary for each in read_text(text)]
    assert any("does not exist in the account: create it" in each for each in summaries) == missing


@pytest.mark.parametrize(
    ("text", "of_dms"),
    [
        (
            "Application-Status: 1020912, Application-Detailed-Message: failed to list bucket cdc. RetCode: SQL_ERROR",
            True,
        ),
        ("E:  Failed to list bucket 'cdc' with error 'AccessDenied' [1001730]  (transfer_client.cpp:592)", True),
        ("backup: failed to list bucket cdc: access denied", False),
    ],
)
def test_dms_lists_its_target_bucket_first(text: str, of_dms: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("DMS could not list the target bucket" in summary) is of_dms


@pytest.mark.parametrize(
    ("listing", "longer"),
    [
        ("$ aws iam list-roles --output text\nteam-dms-vpc-role\tdms-cloudwatch-logs-role", True),
        ('resource "aws_iam_role" "dms" {\n  name = "dms-vpc-role-prod"\n}', True),
        ("$ aws iam list-roles --output text\nteam-dms-vpc-role\tdms-vpc-role", False),  # it exists
        ('resource "aws_iam_role" "dms" {\n  name = "dms-vpc-role"\n}', False),
        ("AmazonDMSVPCManagementRole is attached", False),
    ],
)
def test_a_role_with_a_longer_name_is_not_the_one_that_dms_uses(listing: str, longer: bool) -> None:
    text = f"The IAM Role arn:aws:iam::210987654321:role/dms-vpc-role is not configured properly.\n{listing}\n"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith("Create the role that DMS needs with exactly this name") is longer
