"""Messages of AWS Certificate Manager."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

CERTIFICATES: tuple[ServiceSentence, ...] = (
    row(
        ("caa error", "caa_error"),
        r"\bCAA_ERROR\b|due to a Certification Authority Authentication \(CAA\) error",
        "nobody",
        "a CAA record of the domain lets no certificate of Amazon be issued",
        "A CAA record of the domain does not name Amazon: add one with amazon.com (or amazontrust.com, awstrust.com, "
        "amazonaws.com), then request a new certificate. No permission is missing.",
        UsualCause("The record may be on the domain itself or on a domain above it.", None, Who.RESOURCE_OWNER),
        page=f"{_API}/acm/latest/userguide/troubleshooting-caa.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
