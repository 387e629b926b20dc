"""The settings with which a deployment tool sends a value that a Deny's condition asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from iam.lazy_pattern import regex

_SSE = "s3:x-amz-server-side-encryption"
_BOUNDARY = "iam:permissionsboundary"
_ROWS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    # https://developer.hashicorp.com/terraform/language/backend/s3
    (
        _SSE,
        regex(
            r"\bbackend\s+\"s3\"|\b(?:Failed to save|Error saving|Error uploading) state\b|\.tfstate\b", re.IGNORECASE
        ),
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
        regex(
            r"\bbackend\s+\"s3\"|\b(?:Failed to save|Error saving|Error uploading) state\b|\.tfstate\b", re.IGNORECASE
        ),
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


def settings_of_tool(keys: Iterable[str], text: str) -> str:
    """Return as a sentence how the tool in the text sends one of these condition keys; "" if none is known."""
    low = {key.lower() for key in keys}
    return next((setting for key, tool, setting in _ROWS if key in low and tool.search(text)), "")
