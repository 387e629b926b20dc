"""Rows for AWS KMS: the state, the name, the Region and the policy of a key."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system
from iam.regions import REGION_NAME

KEY_POLICIES: tuple[System, ...] = (
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
KEY_STATE = "the KMS key's state"
VOLUME_KEY = "the KMS key of the volume"

KMS_KEYS: tuple[System, ...] = (
    # Amazon EBS User Guide, "Requirements for Amazon EBS encryption": what the caller needs on the key
    # (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html).
    made_system(
        VOLUME_KEY,
        "Check the key's state (aws kms describe-key) and who may use it. Whoever launches needs kms:CreateGrant, "
        "kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext and kms:ReEncrypt* on the key, in its "
        "policies and in the key policy. A volume that names no key is encrypted with the account's default key (aws "
        "ec2 get-ebs-default-kms-key-id).",
        r"\bInvalidKM[Ss]Key\.InvalidState|\bvolumes\s+are\s+encrypted\s+with\s+an\s+inaccessible\s+AWS\s+KMS\s+key",
        "invalidkmskey",
        "inaccessible aws kms key",
        verdict="EC2 could not use the KMS key of a volume: whoever launches is not allowed to use the key, or the "
        "key is disabled or pending deletion.",
        title="Let whoever launches use the volume's KMS key, and check the key's state",
        sure=False,
    ),
    # AWS KMS API Reference, "Encrypt", KeyId: a key in another account is named by its key ARN or alias ARN
    # (https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html).
    made_system(
        "the KMS key's name",
        "Compare the account and Region in the message with those of the key (aws kms describe-key --key-id KEY-ARN). "
        "If they differ, name the key in the setting by its full ARN, not by its ID or alias. If they agree, the ID or "
        "alias is mistyped, or was deleted.",
        r"\bKMS\.?NotFoundException|\bInvalidKMSKey\.NotFound|\bKey\s+'[^'\n]{0,30}:kms:[^'\n]{1,200}'\s+does\s+not\s+exist"
        r"|\bAlias\s+arn:[\w-]{1,20}:kms:\S{1,300}\s+is\s+not\s+found",
        "kms.notfound",
        "kmsnotfound",
        "invalidkmskey",
        "does not exist",
        "is not found",
        verdict="KMS has no such key in the account and Region in which it was looked up. An ID or alias without an "
        "ARN is looked up in the caller's own account and Region: a key elsewhere needs its full ARN.",
        title="Compare the account and Region of the key, and name it by its ARN",
    ),
    made_system(
        KEY_STATE,
        "Check the key (aws kms describe-key, KeyState): it is disabled, pending deletion or pending import.",
        r"\bKMS\.?(?:Disabled|KMSInvalidState|InvalidState)Exception|\bK(?:MS|ms)InvalidStateException"
        # AWS CodeCommit API Reference, "GetBlob".
        r"|\bEncryptionKey(?:Disabled|Unavailable)Exception\b"
        r"|arn:[\w-]{1,20}:kms:\S{1,200}\s+is\s+(?:disabled|pending\s+\w+)",
        "kms.",
        "kmsdisabled",
        "encryptionkeydisabled",
        "encryptionkeyunavailable",
        "invalidstate",
        "is disabled",
        "is pending",
        unless=r"KMSInvalidStateException[^\x1e]{0,120}(?:external key store|custom key store|CloudHSM)",
    ),
)

KMS_REGIONS: tuple[System, ...] = (
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
