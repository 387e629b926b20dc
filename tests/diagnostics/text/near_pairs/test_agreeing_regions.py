"""Two Regions of a text that must agree."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

SCOPED = "Credential should be scoped to a valid region."
NO_ASSUME = "ValidationException: Bedrock Knowledge Base was unable to assume the given role."
NO_OBJECT = (
    "An error occurred (InvalidS3ObjectException) when calling the DetectText operation: Unable to get object metadata "
    "from S3. Check object key, region and/or access permissions."
)
NO_TABLE = (
    "An error occurred (ResourceNotFoundException) when calling the DescribeTable operation: Requested resource not "
    "found: Table: orders not found"
)
TABLE = "arn:aws:dynamodb:eu-west-2:111122223333:table/orders"


def _trust(region: str, service: str = "bedrock") -> str:
    source = f"arn:aws:{service}:{region}:111122223333:thing/*"
    return (
        f'{{"Effect":"Allow","Principal":{{"Service":"{service}.amazonaws.com"}},"Action":"sts:AssumeRole",'
        f'"Condition":{{"ArnLike":{{"aws:SourceArn":"{source}"}}}}}}'
    )


def _summary(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("text", "regions"),
    [
        (f"{SCOPED}\nurl: https://logs.eu-west-1.es.amazonaws.com\naws_region: us-east-1", "us-east-1 eu-west-1"),
        (
            f"{SCOPED}\nlambda = client('lambda', region_name='eu-north-1', "
            "endpoint_url='https://lambda.eu-west-3.amazonaws.com')",
            "eu-north-1 eu-west-3",
        ),
        (
            'curl --aws-sigv4 "aws:amz:us-east-2:execute-api" https://a1.execute-api.us-west-2.amazonaws.com/prod\n'
            f'{{"message":"{SCOPED}"}}',
            "us-east-2 us-west-2",
        ),
        (f'sts_region = "eu-south-1"\nsts = "https://sts.amazonaws.com"\n{SCOPED}', "eu-south-1 us-east-1"),
        (f"{NO_ASSUME}\nAWS_REGION=us-west-2\n{_trust('us-east-1')}", "us-west-2 us-east-1"),
        (
            f"Works in eu-west-1. The same template rolled out to eu-central-1 now fails:\n{NO_ASSUME}\n"
            f"{_trust('eu-west-1')}",
            "eu-central-1 eu-west-1",
        ),
        (f"{NO_ASSUME}\nthe stack in (us-west-2) is refused every time\n{_trust('us-east-2')}", "us-west-2 us-east-2"),
        (
            f"Amazon AppFlow was unable to assume the role.\naws appflow create-flow --region sa-east-1\n"
            f"{_trust('us-west-2', 'appflow')}",
            "sa-east-1 us-west-2",
        ),
        (
            "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.\n"
            f"aws scheduler create-schedule --region eu-west-2\n{_trust('eu-west-1', 'scheduler')}",
            "eu-west-2 eu-west-1",
        ),
        (f"{NO_OBJECT}\nregion_name='eu-west-1'\nbucket region: us-east-2", "eu-west-1 us-east-2"),
        (f"{NO_TABLE}\n$ aws configure get region\nus-east-1\n{TABLE}", "us-east-1 eu-west-2"),
        (f"{NO_TABLE}\nAWS_DEFAULT_REGION=ap-south-1\nthe wiki has {TABLE}", "ap-south-1 eu-west-2"),
    ],
)
def test_two_regions_that_differ_are_both_named(text: str, regions: str) -> None:
    asked, other = regions.split()
    summary = _summary(text)
    assert f"has the Region {asked}, but " in summary
    assert f"has {other}: " in summary


@pytest.mark.parametrize(
    "text",
    [
        f"{SCOPED}\nurl: https://logs.eu-west-1.es.amazonaws.com\nregion: eu-west-1",
        f"{SCOPED}\nhttps://sqs.eu-west-1.amazonaws.com https://sns.us-east-1.amazonaws.com\nregion: us-west-2",
        f"{SCOPED}\nsts = https://sts.amazonaws.com\nsts_region = us-east-1\nregion = eu-west-1",
        f"{NO_ASSUME}\nAWS_REGION=us-east-1\n{_trust('us-east-1')}",
        f"{NO_ASSUME}\nAWS_REGION=us-east-1\n{_trust('*')}",
        f"Fine in eu-west-1, but in us-east-1 it fails:\n{NO_ASSUME}\n{_trust('us-east-1')}",
        f"Deployed in eu-west-1 without trouble; today it fails\n{NO_ASSUME}\n{_trust('us-east-1')}",
        f"{NO_OBJECT}\nregion_name='us-east-2'\nbucket region: us-east-2",
        f"{NO_TABLE}\nAWS_REGION=us-east-1\na replica of {TABLE}",
        f"{NO_TABLE}\nAWS_REGION=us-east-1\narn:aws:acm:eu-west-2:111122223333:certificate/1",
    ],
)
def test_regions_that_agree_or_need_not_agree_are_not_named(text: str) -> None:
    assert "has the Region" not in _summary(text)


def test_an_allowed_principal_is_another_account_than_the_callers() -> None:
    text = (
        "InvalidServiceName: The Vpc Endpoint Service 'com.amazonaws.vpce.eu-west-1.vpce-svc-0d4b8f1c2e7a63950' does "
        "not exist\nallowed principals: arn:aws:iam::490275816633:root\n"
        "$ aws sts get-caller-identity --query Account --output text\n409275816633"
    )
    assert "list of allowed principals names 490275816633" in _summary(text)


@pytest.mark.parametrize(
    ("setting", "said"),
    [("KMS_REGION=eu-west-1", True), ("kms_region: eu-west-1", True), ("REGION=eu-central-1", False)],
)
def test_a_setting_of_one_service_is_the_region_of_the_call(setting: str, said: bool) -> None:
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/loader/i-0ab is not authorized to perform: kms:Decrypt on the "
        "resource associated with this ciphertext because the resource does not exist in this Region, no "
        "resource-based policies allow access, or a resource-based policy explicitly denies access\n"
        f"{setting}\nkey: arn:aws:kms:eu-central-1:111122223333:key/1a2b3c4d-1111-2222-3333-444455556666\n"
    )
    assert ("a key is in one Region" in _summary(text)) is said
