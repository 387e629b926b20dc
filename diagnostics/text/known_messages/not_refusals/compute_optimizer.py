"""The row for Compute Optimizer's enrollment."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

COMPUTE_OPTIMIZER: tuple[System, ...] = (
    # AWS Compute Optimizer API Reference: OptInRequiredException
    # (https://docs.aws.amazon.com/compute-optimizer/latest/APIReference/API_GetEC2InstanceRecommendations.html).
    made_system(
        "the account's enrollment in Compute Optimizer",
        "Run aws compute-optimizer update-enrollment-status --status Active in the account (for an organization, in "
        "the management account with --include-member-accounts), then wait up to 24 hours for findings.",
        r"account\s+(?:\d{12}\s+)?is\s+not\s+registered\s+for\s+recommendations?\b"
        r"|\bOptInRequiredException\b[^\n]{0,120}?compute-?optimizer",
        "not registered for recommendation",
        "optinrequiredexception",
        flags=re.IGNORECASE,
        verdict="The account is not enrolled in AWS Compute Optimizer: enroll it. No permission is missing.",
        title="Enroll the account",
    ),
)
