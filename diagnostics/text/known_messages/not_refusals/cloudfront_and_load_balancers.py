"""Rows for CloudFront and load balancers: AWS WAF, geographic rules, certificates."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

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

LOAD_BALANCERS: tuple[System, ...] = (
    # Elastic Load Balancing User Guide, "Troubleshoot your Application Load Balancers", HTTP 403
    # (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
    made_system(
        "the load balancer",
        "Look at the sampled requests of the load balancer's web ACL (AWS WAF), and at the fixed responses of its "
        "listener rules. IAM is not involved in this answer.",
        r"\b403\b[\s\S]{0,300}?\bserver:\s*awselb/|\bserver:\s*awselb/[\s\S]{0,300}?\b403\b",
        "awselb/",
        flags=re.IGNORECASE,
        verdict="The load balancer itself answered 403: AWS WAF or a listener rule refused the request. No permission "
        "is missing.",
        title="Look at the web ACL and the listener rules",
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
