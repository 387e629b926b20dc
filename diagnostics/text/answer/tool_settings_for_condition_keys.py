"""The settings with which a deployment tool sends a value that a Deny's condition asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iam.lazy_pattern import regex

_SSE = "s3:x-amz-server-side-encryption"
_ANY_SSE = f"null:{_SSE}"
"""The key, where the condition only asks whether the request has it."""
_BOUNDARY = "iam:permissionsboundary"
_S3_BACKEND = regex(
    r"\bbackend\s+\"s3\"|\b(?:Failed to save|Error saving|Error uploading) state\b|\.tfstate\b", re.IGNORECASE
)
_ROWS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    # What users of OpenTofu 1.10.1 found: the lock file was written without the header that the state has
    # (https://github.com/opentofu/opentofu/issues/2970).
    (
        _ANY_SSE,
        regex(r"\.tflock\b[\s\S]*\bencrypt\s*=\s*true\b|\bencrypt\s*=\s*true\b[\s\S]*\.tflock\b"),
        "Update Terraform or OpenTofu: with encrypt = true, some versions send the header with the state but not with "
        "the lock file of use_lockfile (seen with OpenTofu 1.10.1). Until then, exempt *.tflock from the Deny, or lock "
        "with a DynamoDB table.",
    ),
    # https://developer.hashicorp.com/terraform/language/backend/s3
    (
        _ANY_SSE,
        _S3_BACKEND,
        "In the S3 backend of Terraform and OpenTofu, set encrypt = true, which sends AES256, or kms_key_id (the key's "
        "ARN), which sends aws:kms.",
    ),
    (
        _SSE,
        _S3_BACKEND,
        "In the S3 backend of Terraform and OpenTofu, set kms_key_id to the key's ARN; the backend then sends "
        "aws:kms. With only encrypt = true, it sends AES256.",
    ),
    # https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-package.html
    (
        _SSE,
        regex(r"\bsam (?:deploy|package)\b|\baws cloudformation (?:package|deploy)\b"),
        "Add --kms-key-id KEY: sam and aws cloudformation package send aws:kms with it, and AES256 without it.",
    ),
    # https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
    (
        _SSE,
        regex(r"\bserverless(?:\.ya?ml| deploy| framework)\b|\bsls deploy\b", re.IGNORECASE),
        "Set provider.deploymentBucket.serverSideEncryption (AES256 or aws:kms), which the Serverless Framework sends.",
    ),
    (
        f"{_SSE}-aws-kms-key-id",
        regex(r"\bserverless(?:\.ya?ml| deploy| framework)\b|\bsls deploy\b|serverlessdeploymentbucket", re.IGNORECASE),
        "In serverless.yml, set provider.deploymentBucket.serverSideEncryption to aws:kms and sseKMSKeyId to the key's "
        "ARN: the Serverless Framework then sends both.",
    ),
    (
        f"{_SSE}-aws-kms-key-id",
        regex(r"\bsam (?:deploy|package)\b|\baws cloudformation (?:package|deploy)\b|aws-sam-cli-managed-default"),
        "Add --kms-key-id with the key's ARN to sam or aws cloudformation package.",
    ),
    (
        f"{_SSE}-aws-kms-key-id",
        _S3_BACKEND,
        "In the S3 backend of Terraform and OpenTofu, set kms_key_id to the key's ARN.",
    ),
    # https://docs.aws.amazon.com/cdk/v2/guide/customize-permissions-boundaries.html
    (
        _BOUNDARY,
        regex(r"\bcdk bootstrap\b|\bCDKToolkit\b|\bfailed bootstrapping\b"),
        "Run cdk bootstrap with --custom-permissions-boundary NAME (a policy's name, not its ARN).",
    ),
    # https://kops.sigs.k8s.io/iam_roles/
    (
        _BOUNDARY,
        regex(r"(?<![\w./-])kops(?![\w./-])|executor\.go:\d+\] error running task"),
        "In the kOps cluster spec set spec.iam.permissionsBoundary to the policy's ARN; kops then creates its roles "
        "with it.",
    ),
)


def settings_of_tool(keys: Sequence[tuple[str, str]], text: str) -> str:
    """Return as a sentence how the tool in the text sends one of these condition keys; "" if none is known.

    Each key comes with the operator of its condition.
    """
    low = {key.lower() for _, key in keys}
    null = {f"null:{key.lower()}" for operator, key in keys if operator.lower() == "null"}
    return next((setting for key, tool, setting in _ROWS if key in low | null and tool.search(text)), "")
