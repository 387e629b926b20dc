"""The row for an encoded authorization message that cannot be decoded."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

ENCODED_MESSAGES: tuple[System, ...] = (
    # AWS STS API reference, "DecodeAuthorizationMessage": InvalidAuthorizationMessage
    # (https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html).
    made_system(
        "the encoded message",
        "It is cut off, contains line breaks, or has expired: take the full message from the original output or from "
        "CloudTrail, or repeat the call. sts:DecodeAuthorizationMessage was allowed.",
        r"\bInvalidAuthorizationMessage(?:Exception)?\b",
        "invalidauthorizationmessage",
        verdict="The encoded message cannot be decoded: it is cut off, changed or expired. The permission to decode it "
        "is not missing.",
    ),
)
