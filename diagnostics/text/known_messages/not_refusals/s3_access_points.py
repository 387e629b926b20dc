"""Rows for the ARN of an access point of S3 or of S3 Control."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

S3_ACCESS_POINTS: tuple[System, ...] = (
    # AWS SDKs and Tools Reference Guide, "Amazon S3 access points" (s3_use_arn_region): the message is botocore's,
    # utils.py (https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-access-point.html).
    documented(
        "the Region in the ARN of the access point",
        "The ARN is for Region {name}, the client uses a different Region, and s3_use_arn_region is false: call that "
        "Region, or set s3_use_arn_region to true. AWS was not called.",
        "Set the client's Region to the ARN's, or AWS_S3_USE_ARN_REGION=true (s3_use_arn_region in the profile).",
        'The use_arn_region configuration is disabled but received arn for "{name}"',
        title="Call the Region of the ARN",
    ),
    documented(
        "the partition in the ARN of the access point",
        "The ARN is in the partition {name}, but the client uses a different partition: use a Region and credentials "
        "of that partition. AWS was not called.",
        "aws, aws-cn and aws-us-gov share neither accounts nor credentials.",
        'partition, but access-point ARN provided is for "{name}" partition',
        'partition, but arn provided is for "{name}" partition',
        title="Use a Region and credentials of the ARN's partition",
    ),
    documented(
        "the account in the ARN and in AccountId",
        "AccountId ({name}) is not the account in the ARN: pass the ARN's account (--account-id). AWS was not called.",
        "The bucket policy and the access point's policy were not evaluated.",
        'Account ID in arn does not match the AccountId parameter provided: "{name}"',
        title="Pass the account of the ARN",
    ),
)
