"""How far the time in a request may differ from AWS's clock before the request is rejected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestWindow:
    """The maximum difference in minutes between a request's time and AWS's time, and the page that states the limit."""

    minutes: int
    page: str


SIGNATURE = RequestWindow(5, "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html")
"""For Signature Version 4, unless the service states its own limit."""
S3 = RequestWindow(15, "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html")
"""For S3, whose error is RequestTimeTooSkewed."""
REQUEST_EXPIRED = RequestWindow(15, "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html")
"""For the common error RequestExpired, which EC2 also returns for expired temporary credentials."""
