"""Rows for Amazon SES: SMTP passwords, verified identities."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system
from iam.regions import REGION_NAME

SMTP_PASSWORDS: tuple[System, ...] = (
    # Amazon SES developer guide, "Obtaining Amazon SES SMTP credentials": they differ by Region
    # (https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html).
    made_system(
        "the SMTP password",
        "Use SMTP credentials of this endpoint's Region: each Region has its own, calculated from the secret key and "
        "the Region; the secret key itself is not an SMTP password. Create new ones in SES in that Region. Each Region "
        "also has its own verified identities and sandbox.",
        r"\b535[ ,-][^\n]{0,20}Authentication\s+Credentials\s+Invalid",
        "authentication credentials invalid",
        flags=re.IGNORECASE,
        subject=rf"\bemail-smtp(?:-fips)?\.({REGION_NAME})\.amazonaws\.com",
        unless=r"\A(?![\s\S]*(?:email-smtp|\bSES\b|amazonaws))",
        verdict="SES does not accept the SMTP user and password. Check that the password is an SMTP password of this "
        "Region: an access key's secret key is none. No permission is missing.",
        title="Create SMTP credentials for this Region",
    ),
)

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
