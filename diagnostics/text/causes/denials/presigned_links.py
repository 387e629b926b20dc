"""Presigned URLs that S3 refused and a browser or plain client reports by status alone.

Amazon S3 User Guide, "Download and upload objects with presigned URLs": whose permissions and which lifetime a URL has
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.tokens.presigned import presigned
from diagnostics.who import Who
from iam.lazy_pattern import regex

_SIGNED_LINK = regex(
    r"https?://[\w.-]*\bs3[.-][\w.-]*amazonaws\.com(?:\.cn)?/[^\s\"'<>)]*?[?&](?:X-Amz-Credential=(?P<key>A[A-Z]{3})"
    r"|X-Amz-Signature=|AWSAccessKeyId=(?P<old>A[A-Z]{3}))",
)


def signed_link(signs: Signs) -> Iterator[FirstLook]:
    """Yield what to look at if a presigned URL was refused without a reason."""
    denial = signs.denial
    if denial.principal or denial.stated_reason or denial.code not in (None, "403"):
        return
    link = _SIGNED_LINK.search(denial.text)
    if link is None:
        return
    times = presigned(denial.text)
    valid = f" This URL was valid until {times.expires:%Y-%m-%d %H:%M:%S} UTC." if times is not None else ""
    key = link["key"] or link["old"]
    signer = {
        "ASIA": " A session signed the URL (the session's key begins with ASIA): the URL ends with that session.",
        "AKIA": " A user's key signed it (AKIA).",
    }.get(key or "", "")
    yield FirstLook(
        "Open the URL once with curl -i and read the Code in the answer, which a browser does not show. "
        f"SignatureDoesNotMatch: method, headers (Content-Type) or Region differ from those that were signed. "
        f"“Request has expired”: make a new URL.{valid} ExpiredToken: the signer's session has ended. AccessDenied: "
        f"the signer lacks {signs.denial.action or 'the action'} on the object, or its KMS key.{signer}",
        contains(link[0][:96]),
        None,
        Who.CALLER,
    )
