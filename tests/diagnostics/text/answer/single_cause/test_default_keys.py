"""A description without a KMS key shows that AWS's own key encrypts the data, which no other account can use."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

BUILD = (
    "CLIENT_ERROR: AccessDenied: Access Denied status code: 403, request id: 7QK, host id: z for primary source and "
    "source version arn:aws:s3:::pipe-eu/shop/Src/h4Ks\nThe bucket policy of 111122223333 allows "
    "arn:aws:iam::444455556666:role/cb s3:GetObject\n"
)
STORE = '"artifactStore": {"type": "S3", "location": "pipe-eu"%s}\n'
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a/b-QwErTy"
REFUSED = (
    "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
    "allowed\n"
    f'policy of the secret: {{"Principal": {{"AWS": "arn:aws:iam::444455556666:role/fn"}}}}\n$ aws secretsmanager '
    f"describe-secret --secret-id {SECRET}\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BUILD + STORE % "", "names no key, so AWS's own key aws/s3"),
        (REFUSED + f'{{"ARN": "{SECRET}", "Name": "a/b", "LastChangedDate": "2026-08-30"}}', "aws/secretsmanager"),
        (REFUSED + f'{{"ARN": "{SECRET}", "RotationEnabled": false, "Name": "a/b"}}', "aws/secretsmanager"),
    ],
)
def test_the_missing_key_decides(text: str, said: str) -> None:
    answer = collect_offline(read_text(text)[0])
    assert said in answer.verdict.summary
    assert "customer managed key" in answer.fixes[0].title


@pytest.mark.parametrize(
    "text",
    [
        BUILD + STORE % ', "encryptionKey": {"id": "alias/pipe", "type": "KMS"}',
        BUILD,
        REFUSED + f'{{"ARN": "{SECRET}", "LastChangedDate": "2026-08-30", "KmsKeyId": "alias/shared"}}',
        REFUSED + f'{{"ARN": "{SECRET}", "Name": "a/b"}}',
    ],
)
def test_with_a_key_or_without_a_description_it_does_not(text: str) -> None:
    assert "AWS's own key" not in collect_offline(read_text(text)[0]).verdict.summary
