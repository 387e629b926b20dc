"""QuickSight's message for a bucket that it cannot read."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

QUICKSIGHT_MESSAGES = (
    # Amazon QuickSight User Guide, "I can't connect to Amazon S3"
    # (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-connect-S3.html).
    Said(
        r"QuickSight[^\n]{0,300}(?:not accessible|can't (?:access|connect)[^\n]{0,40}\bS3\b"
        r"|access (?:is |was )?denied[^\n]{0,40}\b(?:S3|buckets?)\b)",
        "QuickSight reads S3 with its own role: select the bucket under Manage QuickSight, Security and permissions. "
        "The bucket policy and the key policy must allow that role too.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
)
