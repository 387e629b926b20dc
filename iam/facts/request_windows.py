"""How far a request's time may be from AWS's clock, by who refuses it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestWindow:
    """``minutes`` before and after AWS's time in which a request is taken; ``page`` says so."""

    minutes: int
    page: str


SIGNATURE = RequestWindow(5, "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html")
"""Signature Version 4, where a service states no window of its own."""
S3 = RequestWindow(15, "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html")
"""S3's RequestTimeTooSkewed."""
REQUEST_EXPIRED = RequestWindow(15, "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html")
"""The common error RequestExpired; EC2 says it of expired temporary credentials too."""
