"""STS's message for session policies and tags that are too large together."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

SESSION_POLICY_MESSAGES = (
    # STS API reference, AssumeRole, "PackedPolicyTooLarge".
    Said(
        r"PackedPolicyTooLarge\w*(?![\s\S]*session tags consumes)|Packed policy consumes \d+%",
        "The session policies and tags that the call sends are too large together: send fewer or shorter ones.",
        None,
        Who.CALLER,
    ),
)
