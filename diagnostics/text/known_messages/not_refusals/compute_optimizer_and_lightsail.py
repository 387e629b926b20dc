"""Rows for Compute Optimizer's enrollment and Lightsail's Region."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

COMPUTE_OPTIMIZER_AND_LIGHTSAIL: tuple[System, ...] = (
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
    # Amazon Lightsail API Reference
    # (https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_CreateDistribution.html).
    made_system(
        "the Region of the Lightsail call",
        "Make the call with --region us-east-1. The instances can stay in their Region. No permission is missing.",
        r"[Dd]omain\s+and\s+distribution\s+APIs\s+are\s+only\s+available\s+in\s+the",
        "domain and distribution apis are only available",
        verdict="Lightsail's calls for domains and distributions exist only in us-east-1: call that Region.",
        title="Call us-east-1",
    ),
)
