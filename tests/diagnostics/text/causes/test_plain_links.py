"""A plain link to an S3 object is an anonymous request: that it is refused may be as it should be."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

BODY = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>7Q2J</RequestId></Error>"
LINK = "https://acme-archive.s3.eu-central-1.amazonaws.com/2025/12.pdf"


def first(text: str) -> str:
    return collect_offline(read_text(text)[0]).first_look[0].cause


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{BODY}\n{LINK}", "If it is meant to be private, change nothing"),
        (f"$ curl {LINK}\n{BODY}", "If it is meant to be private, change nothing"),
        (f"is our payroll bucket public? the auditor opened {LINK} in a browser:\n{BODY}", "That is good"),
        (f"pentest: the link https://s3.amazonaws.com/acme-archive/a.txt answers\n{BODY}", "That is good"),
    ],
)
def test_a_link_without_a_signature_is_refused_unless_the_object_is_public(text: str, says: str) -> None:
    assert first(text).startswith("The link has no signature")
    assert says in first(text)


@pytest.mark.parametrize(
    "text",
    [
        f"the presigned url {LINK}?X-Amz-Signature=abc&X-Amz-Expires=60 gives\n{BODY}",
        f"An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\nthe link is {LINK}",
        f"software.amazon.awssdk.services.s3.model.S3Exception: Access Denied\n{LINK}",
        f"in the browser: https://cdn.example.com/a.png\n{BODY}",
        f"in the browser: http://acme.s3-website-eu-west-1.amazonaws.com/a.png\n{BODY}",
    ],
)
def test_other_requests_are_signed_or_not_of_s3(text: str) -> None:
    assert not first(text).startswith("The link has no signature")
