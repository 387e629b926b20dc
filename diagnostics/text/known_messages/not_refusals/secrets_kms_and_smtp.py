"""Rows for names of secrets, SMTP passwords of SES and the Region of calls to KMS."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system
from iam.regions import REGION_NAME

SECRET_NAMES: tuple[System, ...] = (
    # AWS Secrets Manager API reference, "GetSecretValue": ResourceNotFoundException
    # (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
    made_system(
        "the secret's name, Region or account",
        "Check the spelling of the secret's name, its Region and its account (aws secretsmanager list-secrets). "
        f"{NONE_MISSING}",
        r"Secrets\s+Manager\s+can(?:'|no)t\s+find\s+the\s+specified\s+secret",
        "find the specified secret",
        subject=r"--secret-id[ =][\"']?([\w/+=.@:-]{1,300})|SecretId[\"']?\s*[:=]\s*[\"']([\w/+=.@:-]{1,300})",
        verdict="Secrets Manager has no secret {name} where the call looked: check its spelling, the Region and the "
        "account. A missing permission is not the cause.",
        regional=True,
    ),
)

SMTP_AND_KMS: tuple[System, ...] = (
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
    # AWS KMS API Reference, "Decrypt": NotFoundException; keys are Regional
    # (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html).
    made_system(
        "the Region of the call to KMS",
        "Call KMS in {name}: check AWS_REGION, the profile's Region, and AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL, "
        "which "
        f"override them. {NONE_MISSING}",
        rf"NotFoundException[^\n]{{0,80}}[: ]Invalid\s+arn\s+{REGION_NAME}\b",
        "invalid arn",
        subject=rf"Invalid\s+arn\s+({REGION_NAME})\b",
        verdict="The key is in {name}, but the call went to KMS in another Region. No permission is missing.",
        title="Call KMS in the Region of the key",
        regional=True,
    ),
)
