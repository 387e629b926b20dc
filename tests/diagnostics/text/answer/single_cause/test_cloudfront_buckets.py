"""The bucket policy in the text is compared with the origin that the text shows."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>4T</RequestId></Error>\n"
    "$ aws cloudfront get-distribution-config --id E2QWERTY1ABCDE --query 'DistributionConfig.Origins'\n"
    "site-new.s3.eu-central-1.amazonaws.com E1OACEXAMPLE99\n"
)


def bucket_policy(resource: str, distribution: str = "E2QWERTY1ABCDE") -> str:
    source = f"arn:aws:cloudfront::111122223333:distribution/{distribution}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": resource,
        "Condition": {"StringEquals": {"AWS:SourceArn": source}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            REFUSED + bucket_policy("arn:aws:s3:::site-old/*"),
            "the origin is the bucket site-new, and the bucket policy",
        ),
        (REFUSED + bucket_policy("arn:aws:s3:::site-new"), "names only the bucket site-new, not its objects"),
        (
            "<Code>AccessDenied</Code> Error from cloudfront\norigin: site-new.s3.amazonaws.com\n"
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity '
            'E1"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site-old/*"}',
            "the origin is the bucket site-new",
        ),
    ],
)
def test_what_differs_is_named(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        REFUSED + bucket_policy("arn:aws:s3:::site-new/*"),
        REFUSED + bucket_policy("arn:aws:s3:::site-*/*", "*"),
        REFUSED.replace("cloudfront", "athena") + bucket_policy("arn:aws:s3:::site-old/*").replace("cloudfront", "es"),
    ],
)
def test_what_agrees_is_not(text: str) -> None:
    assert "so S3 refuses CloudFront" not in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("works", "expected"),
    [("https://d1.cloudfront.net/index.html works", True), ("https://d1.cloudfront.net/a.png works", False)],
)
def test_a_refused_root_beside_an_index_that_works_needs_a_default_root_object(works: str, expected: bool) -> None:
    refused = "CloudFront: AccessDenied: Access Denied for https://d1.cloudfront.net/ but "
    summary = collect_offline(read_text(refused + works)[0]).verdict.summary
    assert ("Set the distribution's default root object to index.html" in summary) is expected
