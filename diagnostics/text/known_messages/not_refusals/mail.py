"""Rows for SES's verified identities, and for mail servers."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

VERIFIED_IDENTITIES: tuple[System, ...] = (
    # Amazon SES Developer Guide, "Verified identities", "Request production access".
    made_system(
        "Amazon SES's verified identities",
        "See whether {name} is a sender or a recipient. A sender (From, Source, Return-Path) must always be verified, "
        "as an address or domain, in the Region of the call. A recipient must be verified only if the account is in "
        "the SES sandbox of that Region: request production access there, or verify it for tests. More permissions do "
        "not help.",
        r"Email\s+address\s+is\s+not\s+verified",
        "email address is not verified",
        subject=r"failed the check in region [\w-]+:\s*((?:[\w.+-]+@)?(?:[\w-]+\.)+[a-z]{2,24}?)(?=from\b|[^\w.-]|$)",
        verdict="SES has not verified {name} in this Region. If that is the recipient, the account is in the SES "
        "sandbox there: request production access. No permission is missing.",
        title="Request production access for a recipient, or verify the sender",
    ),
)

MAIL_SERVERS: tuple[System, ...] = (
    made_system(
        "the mail server",
        "Check the mail server's accounts, and who may send as whom.",
        r"^\s*5\d\d[ -]5\.7\.\d",
        "5.7.",
    ),
)
