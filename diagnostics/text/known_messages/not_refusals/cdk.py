"""Rows for the AWS CDK: credentials, accounts, policy statements."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

CDK_CREDENTIALS: tuple[System, ...] = (
    made_system(
        "the CDK's credentials",
        "Sign in, or name a profile (--profile, AWS_PROFILE), and check whether aws sts get-caller-identity works with "
        f"it in the same shell. {NONE_MISSING}",
        r"Unable\s+to\s+resolve\s+AWS\s+account\s+to\s+use",
        "resolve aws account to use",
        verdict="The CDK found no AWS credentials that work, and the stack's env names no account: it has made no call "
        "for the stack yet.",
        title="Give the CDK credentials",
    ),
)
