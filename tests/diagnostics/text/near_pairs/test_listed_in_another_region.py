"""A resource that the text shows in another Region than that of the call."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect, collect_offline, read_text
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.opened import opened

KEY = "arn:aws:kms:us-east-1:111122223333:key/d40f9b3a-7c15-4c0e-9b5c-2a6ef0b813d7"
NOT_THERE = (
    "An error occurred (AccessDeniedException) when calling the Decrypt operation: The ciphertext refers to a customer "
    "master key that does not exist, does not exist in this region, or you are not allowed to access."
)


@pytest.mark.parametrize(
    ("key", "region", "said"),
    [
        (KEY, "eu-west-1", True),
        (KEY.replace("arn:aws:", "arn:aws-us-gov:").replace("us-east-1", "us-gov-east-1"), "us-gov-west-1", True),
        (KEY, "us-east-1", False),
        (KEY.replace("key/", "key/mrk-"), "eu-west-1", False),
        ("alias/data", "eu-west-1", False),
    ],
)
def test_a_key_of_another_region_is_named_before_any_policy(key: str, region: str, said: bool) -> None:
    text = f"aws kms decrypt --ciphertext-blob fileb://dek.bin --region {region}\n{NOT_THERE}\nencrypted_by={key}"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("a key is in one Region" in summary) == said


NO_QUEUE = (
    "AWS.SimpleQueueService.NonExistentQueue: The specified queue does not exist or you do not have access to it.\n"
    "  statusCode: 400, hostname: 'sqs.{}.amazonaws.com'\nQUEUE_URL=https://sqs.{}.amazonaws.com/111122223333/{}\n"
)


@pytest.mark.parametrize(
    ("host", "of_url", "beside", "said"),
    [
        ("us-east-1", "eu-west-1", "", True),
        ("ap-south-1", "eu-north-1", "role has sqs:* on *", True),
        ("eu-west-1", "eu-west-1", "", False),
        ("us-east-1", "eu-west-1", "https://sqs.us-east-1.amazonaws.com/111122223333/other", False),
    ],
)
def test_a_queue_is_asked_for_in_the_region_of_its_url(host: str, of_url: str, beside: str, said: bool) -> None:
    summary = collect_offline(read_text(f"{NO_QUEUE.format(host, of_url, 'jobs')}{beside}\n")[0]).verdict.summary
    assert ("only in its own Region" in summary) is said
    assert not said or of_url in summary


def test_a_cmdlets_region_is_compared_with_the_queues_url() -> None:
    text = (
        "PS C:\\> Get-SQSQueueUrl -QueueName claims -Region eu-central-1\nGet-SQSQueueUrl : The specified queue does "
        "not exist.\nQueueDoesNotExistException\nit is https://sqs.eu-west-1.amazonaws.com/111122223333/claims\n"
    )
    assert "only in its own Region" in collect_offline(read_text(text)[0]).verdict.summary


QUEUES = (
    "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the SendMessage operation: The specified "
    'queue does not exist.\n$ aws sqs get-queue-url --queue-name billing\n{{\n    "QueueUrl": '
    '"https://sqs.eu-west-1.amazonaws.com/{}/billing"\n}}\nQUEUE_URL=https://sqs.eu-west-1.amazonaws.com/{}/{}\n'
)
IMAGES = (
    "denied: repository does not exist or may require 'docker login'\n$ aws ecr describe-repositories\n"
    "444455556666.dkr.ecr.eu-west-1.amazonaws.com/shop/api\n\nimage: {}.dkr.ecr.eu-west-1.amazonaws.com/shop/api\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QUEUES.format("111122223333", "111122223344", "billing"), True),
        (QUEUES.format("111122223333", "111122223333", "billing"), False),
        (QUEUES.format("111122223333", "111122223344", "invoices"), False),
        (IMAGES.format("444455556677"), True),
        (IMAGES.format("444455556666"), False),
    ],
)
def test_the_account_of_a_url_is_compared_with_a_list(text: str, said: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("correct the account in the URL" in summary) is said


@pytest.mark.parametrize(("region", "said"), [("eu-west-1", True), ("eu-central-1", False)])
def test_a_described_secret_shows_its_region(region: str, said: bool) -> None:
    text = (
        "An error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager "
        "can't find the specified secret.\n$ aws secretsmanager describe-secret --secret-id shop/db "
        "--region eu-central-1\n"
        '{\n    "ARN": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/db-a1B2c3",\n'
        f"}}\nthe program has region={region} and reads shop/db\n"
    )
    assert ("ARN of shop/db has eu-central-1" in collect_offline(read_text(text)[0]).verdict.summary) is said


def test_the_account_of_a_url_is_compared_with_an_account_open_too() -> None:
    (failure,) = read_text(QUEUES.format("111122223333", "111122223344", "billing"))
    assert "correct the account in the URL" in collect(failure, OpenedAccount(*opened(None))).verdict.summary
