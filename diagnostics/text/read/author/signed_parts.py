"""The part of a signed request that only the failing requests have, according to the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class SignedPart:
    """``which`` are the requests that fail, ``remedy`` is what makes them pass, ``passes`` is what the text says."""

    which: str
    remedy: str
    detail: str
    passes: str


_WELL = (
    r"(?:works?|load|loads|pass(?:es)?|succeeds?|(?:is|are) (?:all )?(?:fine|ok|okay|good)|go(?:es)? through"
    r"|(?:list|read|write|upload|download)s?\b[^.;\n]{0,40}\b(?:same|fine|well|without)|gives? (?:a )?200|returns? 200)"
)
_PASSING = regex(
    r"(?:^|(?<=[.;:,\n(]))\s*(?P<said>(?:(?:but|and|while|though|the|all|every|each|any|most|many|other|plain|simple"
    r"|small|normal|our)\s+){0,3}"
    r"(?:(?:\w+ and (?:every |all )?)?(?:GETs?|HEADs?|PUTs?|reads?|lists?)(?: and (?:GETs?|HEADs?|reads?|lists?))?"
    r"(?: requests?| calls?)?"
    r"|(?:pages?|requests?|calls?|files?|objects?|keys?|names?|routes?|urls?|paths?|endpoints?|tools?|clients?"
    r"|programs?|uploads?|downloads?))"
    rf"\b[^.;\n]{{0,50}}?\b{_WELL}\b[^.;,\n]{{0,30}})",
    re.IGNORECASE,
)
_NOT = regex(
    r"\b(?:not|no longer|never|used to|once|until|if|should|must|would|another user)\b|n['’]t\b|\?", re.IGNORECASE
)
_FAILING_BODY = regex(
    r"\b(?:only|any|all|every|each|but|and)?\s*\b(?:POST|PUT|PATCH)s?\b[^.;\n]{0,80}"
    r"\b(?:fails?|gives?|gets?|returns?|answers?|403|SignatureDoesNotMatch|refused|mismatch)"
    r"|\b(?:fails?|403|mismatch)\b[^.;\n]{0,40}\b(?:with a (?:\w+ )?body|POST|PUT|PATCH)\b"
    r"|\b(?:requests?|calls?) with a (?:\w+ )?body\b"
)
_PASSING_READ = regex(r"\b(?:GETs?|HEADs?|reads?|pages?|lists?|without (?:a )?body)\b", re.IGNORECASE)
_ORIGIN_ACCESS = regex(r"\bOAC\b|\borigin access control\b|\bCloudFront\b", re.IGNORECASE)
_FUNCTION_URL = regex(r"\bfunction urls?\b|\blambda-url\b", re.IGNORECASE)
_QUERY = regex(
    r"https?://[^\s\"'<>?]+\?(?!X-Amz-|AWSAccessKeyId)[\w.\[\]%-]+=|\bquery (?:string|param\w*)\b", re.IGNORECASE
)
_PORT = regex(
    r"\b(?:localhost|127\.0\.0\.1|\d{1,3}(?:\.\d{1,3}){3}|[a-z][\w-]*(?:\.[\w-]+)*):(?!80\b|443\b)(?P<port>\d{2,5})(?![\d:]|\.\d)",
    re.IGNORECASE,
)
_STANDARD_PORT = regex(
    r"\b(?:default|standard|usual|normal) ports?\b|\bport (?:80|443)\b|\bwithout (?:a )?port\b", re.I
)
_CHARACTERS = regex(
    r"\b(?:spaces?|umlauts?|accents?|plus signs?|parenthes[ei]s|brackets?|special characters?|non-?ascii|unicode"
    r"|a \+|an? [@=&:,!'*])(?=\W)[^.;\n]{0,40}"
    r"\b(?:names?|keys?|paths?|files?|objects?)\b"
    r"|\b(?:names?|keys?|paths?|files?|objects?)\b[^.;\n]{0,40}\b(?:spaces?|umlauts?|accents?|plus signs?"
    r"|parenthes[ei]s|brackets?|special characters?|non-?ascii|unicode)\b",
    re.IGNORECASE,
)
_PRESIGNED = regex(r"\bpre-?signed\b", re.IGNORECASE)
_ANOTHER_USER = regex(r"\b(?:other|another|different) (?:keys?|users?|credentials|accounts?|roles?|profiles?)\b", re.I)


def part_that_differs(text: str) -> SignedPart | None:
    """Return what distinguishes the requests with a wrong signature from those that pass; None if nothing shows it.

    Amazon CloudFront Developer Guide, "Restrict access to an AWS Lambda function URL origin"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html);
    IAM User Guide, "Create a signed AWS API request"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
    """
    said = next((found["said"] for found in _PASSING.finditer(text) if not _NOT.search(found["said"])), "")
    if not said or _ANOTHER_USER.search(text):
        return None
    passes = " ".join(said.split())[:96]
    if _FAILING_BODY.search(text) and _PASSING_READ.search(passes):
        return _of_body(text, passes)
    ports = sorted(_PORT.finditer(text), key=lambda each: text[: each.start()][-3:] != "://")
    if ports and _STANDARD_PORT.search(text):
        found = ports[0]
        return SignedPart(
            f"to port {found['port']}",
            f"sign the Host header with the port ({found[0]}), exactly as it is sent",
            "SigV4 signs the Host header, and clients leave the port out only if it is 80 or 443. Update or correct "
            "the library that signs, or use a standard port.",
            passes,
        )
    if _CHARACTERS.search(text):
        return SignedPart(
            "with special characters in the path",
            "encode the path once, and sign exactly the path that is sent",
            "S3 signs the path encoded once, other services encode it twice. Each reserved character needs its "
            "percent code (a space is %20, not +), and no proxy may decode it.",
            passes,
        )
    if _QUERY.search(text) and not _PRESIGNED.search(text):
        return SignedPart(
            "with a query string",
            "give the signer the query as separate parameters, not as part of the path",
            "SigV4 signs the query's parameters sorted by name, each encoded once, and apart from the path. They must "
            "be sent as they were signed.",
            passes,
        )
    return None


def _of_body(text: str, passes: str) -> SignedPart:
    if _ORIGIN_ACCESS.search(text) and _FUNCTION_URL.search(text):
        return SignedPart(
            "with a body",
            "the client must send the body's SHA-256 in the header x-amz-content-sha256",
            "CloudFront signs for the function URL, but does not hash the body, and Lambda supports no unsigned "
            "payload. The browser's code, or Lambda@Edge at the viewer's request, must add the header.",
            passes,
        )
    return SignedPart(
        "with a body",
        "sign the SHA-256 of exactly the bytes that are sent (x-amz-content-sha256)",
        "The body that is hashed differs from the body that arrives: it is serialized again, compressed or sent in "
        "chunks after signing. Or Content-Type is signed and changed later.",
        passes,
    )
