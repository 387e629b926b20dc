"""Resources whose description in the text names no KMS key, so that AWS's own key encrypts them."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_SECRET = regex(r"\{[^{}]*\"ARN\"\s*:\s*\"arn:[\w-]+:secretsmanager:[^{}]*", re.IGNORECASE)
_OF_DESCRIPTION = regex(r"\"(?:LastChangedDate|VersionIdsToStages|RotationEnabled|CreatedDate)\"")
_KEY = regex(r"KmsKeyId|encryptionKey", re.IGNORECASE)


def described_without_a_key(text: str) -> str:
    """Return the words on a secret whose complete description has no key; "" if the text has none.

    AWS Secrets Manager API Reference, "DescribeSecret": KmsKeyId is omitted if the secret has the AWS managed key
    aws/secretsmanager (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html).
    """
    for found in _SECRET.finditer(text):
        if _OF_DESCRIPTION.search(found[0]) and not _KEY.search(text):
            return "describe-secret shows no KmsKeyId"
    return ""


_STORE = regex(r"\{\s*\"type\"\s*:\s*\"S3\"\s*,\s*\"location\"\s*:\s*\"(?P<bucket>[\w.-]+)\"\s*\}")
_ACCOUNT = regex(r"(?<![\w-])\d{12}(?![\w-])")
_ROLE = regex(r"arn:[\w-]+:(?:iam|sts)::(?P<account>\d{12}):(?:role|assumed-role)/[\w+=,.@/-]*[\w+=@-]")


def of_artifacts(denial: Denial) -> Decision | None:
    """Return the decision for a pipeline that works across accounts and whose artifact store names no key.

    AWS CodePipeline API Reference, "ArtifactStore": without encryptionKey, the default key for Amazon S3 is used
    (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ArtifactStore.html); User Guide, "Create a
    pipeline in CodePipeline that uses resources from another AWS account", which requires a customer managed key
    (https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html).
    """
    text = denial.pasted or denial.text
    store = _STORE.search(text)
    if store is None or _KEY.search(text) or len(set(_ACCOUNT.findall(text))) < _ACCOUNTS:
        return None
    role = _ROLE.search(text)
    who = role[0] if role else "the role of the other account"
    found = decide(
        "resource.no-action",
        f"the artifact store {store['bucket']} has no encryptionKey",
        f"Most likely KMS refuses the artifacts of {store['bucket']}: the pipeline's artifact store names no key, so "
        "AWS's own key aws/s3 encrypts them, which no other account can use and whose policy nobody can change.",
        "Give the pipeline's artifact store a customer managed key",
        Who.RESOURCE_OWNER,
        "the pipeline",
        f"Make a key whose policy lets {who} perform kms:Decrypt (and kms:GenerateDataKey, where it writes "
        "artifacts), set it as artifactStore.encryptionKey (aws codepipeline update-pipeline), and release the change "
        "again: older artifacts keep the old key. The statements on the bucket stay as they are.",
    )
    return replace(found, nearer=True)


_ACCOUNTS = 2
"""The number of accounts in the text from which the pipeline works across accounts."""
