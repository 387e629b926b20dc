"""A service that delivers below another key prefix than the bucket's policy names is found."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

CONFIG = (
    "An error occurred (InsufficientDeliveryPolicyException) when calling the PutDeliveryChannel operation: "
    "Insufficient delivery policy to s3 bucket: hist, unable to write to bucket, provided s3 key prefix is '{}', "
    "provided kms key is 'null'."
)
TRAIL = (
    "$ aws cloudtrail create-trail --name t --s3-bucket-name hist {}\n\nAn error occurred "
    "(InsufficientS3BucketPolicyException) when calling the CreateTrail operation: Incorrect S3 bucket policy is "
    "detected for bucket: hist"
)
BALANCER = (
    "{}\n\nAn error occurred (InvalidConfigurationRequest) when calling the ModifyLoadBalancerAttributes operation: "
    "Access Denied for bucket: hist. Please check S3bucket permission"
)
OF_CLI = "--attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.prefix,Value=prod"
DELIVERY = "logdelivery.elasticloadbalancing"


def said(message: str, service: str, prefix: str) -> str:
    base = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}}
    acl = {**base, "Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::hist"}
    put = {**base, "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::hist/{prefix}AWSLogs/111122223333/*"}
    text = f"{message}\n\nbucket policy:\n{json.dumps({'Statement': [acl, put]})}"
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("message", "service", "prefix", "words"),
    [
        (CONFIG.format("null"), "config", "config/", "allows config/AWSLogs/, but the service writes to AWSLogs/"),
        (CONFIG.format("eu"), "config", "us/", "allows us/AWSLogs/, but the service writes to eu/AWSLogs/"),
        (TRAIL.format(""), "cloudtrail", "trails/", "allows trails/AWSLogs/, but the service writes to AWSLogs/"),
        (
            TRAIL.format("--s3-key-prefix eu"),
            "cloudtrail",
            "",
            "allows AWSLogs/, but the service writes to eu/AWSLogs/",
        ),
        (BALANCER.format(OF_CLI), DELIVERY, "", "allows AWSLogs/, but the service writes to prod/AWSLogs/"),
        (BALANCER.format("access_logs.s3.enabled=true,access_logs.s3.prefix=a/b"), DELIVERY, "a/", "to a/b/AWSLogs/"),
    ],
)
def test_another_key_prefix_is_named(message: str, service: str, prefix: str, words: str) -> None:
    assert words in said(message, service, prefix)


@pytest.mark.parametrize(
    ("message", "service", "prefix"),
    [
        (CONFIG.format("null"), "config", ""),
        (CONFIG.format("eu"), "config", "eu/"),
        (TRAIL.format("--s3-key-prefix $PREFIX ..."), "cloudtrail", "eu/"),
        (TRAIL.format("--s3-key-prefix eu"), "cloudtrail", "eu/"),
        (BALANCER.format(OF_CLI), DELIVERY, "prod/"),
        (BALANCER.format("access_logs.s3.enabled=true"), DELIVERY, "prod/"),
    ],
)
def test_the_same_or_an_unknown_key_prefix_is_not(message: str, service: str, prefix: str) -> None:
    assert "the service writes to" not in said(message, service, prefix)
