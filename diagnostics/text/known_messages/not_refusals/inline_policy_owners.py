"""The row for an inline policy's name in another stack."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

INLINE_POLICY_OWNERS: tuple[System, ...] = (
    # AWS CloudFormation Template Reference, "AWS::IAM::Policy": an inline policy, embedded under its PolicyName
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html).
    made_system(
        "the owner of an inline policy's name",
        "Put the environment or the stack into PolicyName (CDK: an iam.Policy with its own policyName, in place of a "
        "grant to an imported role or user), or give each stack its own role or user. Until January 2026, stacks "
        "with the same policy name overwrote each other's policy: compare what the policy allows now. Deleting it "
        "does not help.",
        r"Policy resource was already managed by another stack\b"
        r"|\balready managed by another stack or another resource in the current stack",
        "already managed by another stack",
        flags=re.IGNORECASE,
        verdict="Give this stack's inline policy a PolicyName of its own: another stack or resource already manages an "
        "inline policy of that name on the same role, user or group. No permission is missing.",
        title="Give the inline policy another name in each stack",
    ),
)
