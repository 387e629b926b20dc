"""Failures around KMS keys and the policies of AWS services in which no permission of the caller was denied."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

KEYS: tuple[System, ...] = (
    # AWS KMS API Reference, "PutKeyPolicy", Policy: the policy must allow the calling principal to make a subsequent
    # PutKeyPolicy request (https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html).
    made_system(
        "KMS's safety check of key policies",
        "Under the new key policy, whoever makes this call must be allowed kms:PutKeyPolicy on the key. Either allow "
        "that role to perform kms:PutKeyPolicy in its IAM policies, and keep the statement for the account's root "
        "principal (arn:aws:iam::ACCOUNT:root, kms:*), which lets IAM policies take effect; or name the role in the "
        "key policy. In a stack the caller is CloudFormation's execution role, if the stack has one.",
        r"\bnew\s+key\s+policy\s+will\s+not\s+allow\s+you\s+to\s+update\s+the\s+key\s+policy",
        "new key policy will not allow you",
        flags=re.IGNORECASE,
        verdict="With this policy, the caller could no longer change the key policy, and KMS's safety check refuses "
        "that. In the new policy, allow the caller itself kms:PutKeyPolicy.",
        title="Allow the identity that makes the call to perform kms:PutKeyPolicy on the key",
    ),
)
