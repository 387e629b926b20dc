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
CLOUDFRONT: tuple[System, ...] = (
    # Amazon CloudFront Developer Guide, "HTTP 403 status code (Permission Denied)"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-403-permission-denied.html).
    made_system(
        "CloudFront",
        "CloudFront's page says which rule it was: the rules of AWS WAF or a geographic restriction (Request blocked), "
        "an HTTP method or a host name that the distribution does not have. The request did not reach IAM.",
        r"The\s+request\s+could\s+not\s+be\s+satisfied",
        "request could not be satisfied",
    ),
)

CERTIFICATES: tuple[System, ...] = (
    # Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates with CloudFront"
    # (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html).
    made_system(
        "the certificate of the distribution",
        "Request or import the certificate in ACM in us-east-1, in the distribution's account, and wait until it is "
        "issued. It must cover every alternate domain name. A missing permission is not the cause.",
        r"InvalidViewerCertificate\b",
        "invalidviewercertificate",
        verdict="CloudFront does not accept this certificate: it uses only valid ACM certificates in us-east-1, "
        "wherever the other resources are.",
        title="Give the distribution a certificate of us-east-1",
    ),
)
