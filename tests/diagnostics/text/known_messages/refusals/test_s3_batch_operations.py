"""Messages of S3 Batch Operations about the manifest: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

MANIFEST = (
    '"FailureReason": "Reading the manifest caused an error: {}"\n{{"Action": "s3:GetObject", "Resource": "{}"}}\n'
    '"Location": {{"ObjectArn": "arn:aws:s3:::lists-a/x/manifest.json"}}\n'
)


@pytest.mark.parametrize(
    ("reason", "resource", "said"),
    [
        ("AccessDenied", "arn:aws:s3:::lists/*", "does not name lists-a, the bucket of the manifest"),
        ("Access Denied", "arn:aws:s3:::other/*", "does not name lists-a, the bucket of the manifest"),
        ("Forbidden", "arn:aws:s3:::lists-a/*", "is not allowed to read the manifest"),
        ("AccessDenied", "*", "is not allowed to read the manifest"),
    ],
)
def test_the_bucket_of_a_manifest_is_compared_with_the_roles_policy(reason: str, resource: str, said: str) -> None:
    found = sentence_in(MANIFEST.format(reason, resource))
    assert found is not None and said in found.row.summary
