"""Join the headers and the body of a printed HTTP response: both report the same failure."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_RESPONSE = regex(
    r"^(?P<headers>(?:< )?HTTP/[\d.]+ [45]\d\d\b[^\n]*\n(?:(?:< )?[\w-]+: [^\n]*\n)*?)"
    r"(?:< )?x-amzn-errortype: (?P<type>\w+?)(?:Exception)?(?::[^\n]*)?[ \t]*\n"
    r"(?P<more>(?:(?:< )?[\w-]+: [^\n]*\n)*)(?:<?[ \t]*\n)?(?P<body>[{<][^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)


def with_bodies(text: str) -> str:
    """Return the text without the header of the error's type where the body of the response repeats it.

    Services put the type into x-amzn-errortype, and into the body the type or a message: Smithy, "AWS restJson1
    protocol" (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).
    """
    return _RESPONSE.sub(_without_type, text) if "errortype" in text.lower() else text


def _without_type(found: re.Match[str]) -> str:
    repeats = found["type"].lower() in re.sub(r"\W", "", found["body"]).lower()
    return f"{found['headers']}{found['more']}\n{found['body']}" if repeats else found[0]
