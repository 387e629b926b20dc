"""An upload with a customer-provided key that S3 refuses without a reason: the bucket may block such keys."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

REFUSED = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n"
BLOCKED = "the bucket blocks customer-provided keys (SSE-C)"


@pytest.mark.parametrize(
    "text",
    [
        f"$ aws s3 cp d.gz s3://north/d.gz --sse-c AES256 --sse-c-key k\nupload failed: {REFUSED}alone: ok",
        f"put_object(Bucket='north', SSECustomerAlgorithm='AES256', SSECustomerKey=key)\n{REFUSED}",
        f"velero: error putting object\n  customerKeyEncryptionFile: /credentials/key\n{REFUSED}",
    ],
)
def test_a_customer_provided_key_is_the_first_cause(text: str) -> None:
    assert BLOCKED in answer_to(text)


@pytest.mark.parametrize(
    "text",
    [
        f"$ aws s3 cp d.gz s3://north/d.gz\n{REFUSED}",
        f"$ aws s3 cp d.gz s3://north/d.gz\n{REFUSED}We do not use SSE-C.",
        "User: arn:aws:iam::111122223333:user/eva is not authorized to perform: s3:PutObject on resource: "
        '"arn:aws:s3:::north/d.gz" because no identity-based policy allows the s3:PutObject action\n--sse-c AES256',
        f"--sse-c AES256\n{REFUSED.replace('PutObject', 'GetObject')}",
    ],
)
def test_other_uploads_stated_reasons_and_reads_are_not(text: str) -> None:
    assert BLOCKED not in answer_to(text)
