"""Rows for Amazon CloudFront: AWS WAF, geographic rules, certificates, logs."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

CLOUDFRONT_LOG_BUCKETS: tuple[System, ...] = (
    # Amazon CloudFront Developer Guide, "Configure standard logging (legacy)"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html).
    made_system(
        "the object ownership of the log bucket",
        "Turn on ACLs for the bucket (object ownership: bucket owner preferred), or use CloudFront's standard logging "
        "(v2), which needs no ACLs. " + NONE_MISSING,
        r"bucket\s+that\s+you\s+specified\s+for\s+CloudFront\s+logs\s+does\s+not\s+enable\s+ACL\s+access",
        "does not enable acl access",
        flags=re.IGNORECASE,
        verdict="CloudFront's older logging writes with ACLs, but ACLs are turned off for the bucket, as they are for "
        "all new buckets.",
        title="Let the bucket use ACLs, or log with version 2",
    ),
)
