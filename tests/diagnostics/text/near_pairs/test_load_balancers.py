"""Who writes the access logs of a load balancer, and in which Region a service reads a bucket."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

POLICY = (
    '{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{}:root"}},"Action":"s3:PutObject",'
    '"Resource":"arn:aws:s3:::my-elb-logs/*"}}'
)
READS = (
    "An error occurred (InvalidS3ObjectException) when calling the DetectLabels operation: Unable to get object "
    "metadata from S3. Check object key, region and/or access permissions.\n"
)


def said(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("words", "account", "named"),
    [
        ("Access logs of a load balancer", "112233445566", "logdelivery.elasticloadbalancing.amazonaws.com"),
        ("ALB access logs in eu-west-1", "112233445566", "156460612806"),
    ],
)
def test_an_account_that_is_not_the_services_is_named(words: str, account: str, named: str) -> None:
    text = f'{words}: "Access Denied" for the bucket\n{POLICY.format(account)}\n'
    assert named in said(text) and f"the bucket policy names {account}" in said(text)


@pytest.mark.parametrize(
    ("words", "account"),
    [
        ("Access logs of a load balancer in eu-west-1", "156460612806"),
        ("Access logs of a Network Load Balancer", "112233445566"),
        ("Uploads of our partner", "112233445566"),
    ],
)
def test_other_writers_are_not_compared(words: str, account: str) -> None:
    assert "not an account of the service" not in said(f'{words}: "Access Denied"\n{POLICY.format(account)}\n')


@pytest.mark.parametrize(
    ("called", "bucket", "named"),
    [
        ('region_name="us-east-2"', '{"LocationConstraint": "us-west-2"}', True),
        ("--region us-east-2", "x-amz-bucket-region: us-west-2", True),
        ("--region us-west-2", "x-amz-bucket-region: us-west-2", False),
        ("--region us-east-2", "the bucket's policy: arn:aws:cloudtrail:us-west-2:111122223333:trail/t", False),
        ("--region us-east-2 and --region us-west-2", "x-amz-bucket-region: us-west-2", False),
    ],
)
def test_the_buckets_region_is_compared_with_the_calls(called: str, bucket: str, named: bool) -> None:
    text = f"{READS}{called}\n{bucket}\n"
    assert ("the service reads objects of its own Region" in said(text)) is named
