"""Object keys that a call has in the form of S3's events."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

NO_OBJECT = (
    "An error occurred (InvalidS3ObjectException) when calling the DetectLabels operation: Unable to get object "
    "metadata from S3. Check object key, region and/or access permissions."
)
NO_KEY = "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist."


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            f"{NO_KEY}\nkey=in/My+Report+2026.pdf\nhead-object --key 'in/My Report 2026.pdf' works",
            "in/My Report 2026.pdf",
        ),
        (f"{NO_OBJECT}\nName: 'cats/two%20cats.png'\n$ aws s3 ls s3://pets/cats/\n  99 two cats.png", "two cats.png"),
    ],
)
def test_an_encoded_key_is_named_with_the_key_itself(text: str, key: str) -> None:
    answer = collect_offline(read_text(text)[0])
    assert key in answer.verdict.summary
    assert "unquote_plus" in answer.fixes[0].change.text  # type: ignore[union-attr]


def test_a_wrong_key_is_named_with_a_wrong_region() -> None:
    text = (
        f"{NO_OBJECT}\nclient('rekognition', region_name='eu-west-1')\nName: 'in/blue+door.jpg'\n"
        "bucket region: us-east-2\n$ aws s3 ls s3://doors/in/\n 12 blue door.jpg"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "us-east-2" in summary
    assert "in/blue+door.jpg is the URL-encoded form of in/blue door.jpg" in summary


@pytest.mark.parametrize(
    "text",
    [
        f"{NO_KEY}\nKey='in/a+b list.txt'\n$ aws s3 ls s3://x/in/\n 12 a+b list.txt",
        f"{NO_KEY}\nkey=in/My+Report.pdf\nin/Other Report.pdf exists",
    ],
)
def test_a_key_that_is_not_shown_decoded_is_not_called_encoded(text: str) -> None:
    assert "URL-encoded form of" not in collect_offline(read_text(text)[0]).verdict.summary
