"""The commands that show more about a denial: what AWS encoded in its message, or what it recorded."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.fix import Fix, ShellCommand
from diagnostics.who import Who


def decode_command(blob: str) -> str:
    return (
        f"aws sts decode-authorization-message --encoded-message {shlex.quote(blob)} "
        "--query DecodedMessage --output text"
    )


def text_fixes(denial: Denial) -> Iterator[Fix]:
    """Yield the fixes that need only the text: commands that show more."""
    if denial.encoded_message and not denial.decoded:
        yield Fix(
            "Decode the message, or ask somebody who is allowed to call sts:DecodeAuthorizationMessage",
            Who.YOU,
            ShellCommand("the encoded message", decode_command(denial.encoded_message)),
        )
    if denial.authorization_id:
        region = denial.authorization_region
        where = f" --region {shlex.quote(region)}" if region else ""
        yield Fix(
            "Ask AWS for the evaluation that it kept (iam:GetRequestAuthorizationDetails)",
            Who.YOU,
            ShellCommand(
                denial.authorization_id,
                "aws iam-toolbox get-request-authorization-details --authorization-id "
                f"{shlex.quote(denial.authorization_id)}{where}",
            ),
        )
