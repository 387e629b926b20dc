"""ARNs that were typed by hand or scanned are put together; well-formed ones stay."""

from __future__ import annotations

import pytest

from diagnostics.text.read.clean.typed_arns import joined_arns, with_digits

STS = "arn:aws:sts::"


@pytest.mark.parametrize(
    ("written", "arn"),
    [
        ("arn aws sts  :: 30 71 88 42 09 56 : assumed role / Menu / m", f"{STS}307188420956:assumed-role/Menu/m"),
        ("arn aws s3 ::: bistro-menus /live / board.json", "arn:aws:s3:::bistro-menus/live/board.json"),
        ("arn : aws : iam :: 2222 3333 4444 : user / leo", "arn:aws:iam::222233334444:user/leo"),
        ("arn aws iam 445566778899 user ana", "arn:aws:iam::445566778899:user/ana"),
        ("arn: aws: kms: eu-central-1: 560911827343: key/4f0c", "arn:aws:kms:eu-central-1:560911827343:key/4f0c"),
        ("arn aws s3 ::: 123412341234-raw /live", "arn:aws:s3:::123412341234-raw/live"),
        ("arn:aws:iam::1234 1234 1234:role/deploy", "arn:aws:iam::123412341234:role/deploy"),
    ],
)  # fmt: skip
def test_an_arn_with_blanks_is_put_together(written: str, arn: str) -> None:
    text, repaired = joined_arns(f"User: {written} is not authorized")
    assert text == f"User: {arn} is not authorized"
    assert [read for _, read in repaired] == [arn]


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:sqs:eu-west-1:222233334444:orders because arn:aws:s3:::b/* and arn:aws:iam::aws:policy/X",
        "arn:aws:sts::123412341234:assumed-role/x tried again",
        "arn:aws:iam::123412341234:role/a b, arn:aws:iam::123412341234:user/ because",
        "the arn of aws iam",
        "arn:aws:logs:eu-west-1:123412341234:log-group:/aws/lambda/x:*",
        "arn:aws:s3:::123412341234-raw and arn:aws:s3:::123412341234-raw/*",
        "arn:aws:s3:::123412341234.logs/AWSLogs/123412341234/*",
        "arn:aws:s3:::123412341234",
    ],
)
def test_a_well_formed_arn_stays(text: str) -> None:
    assert joined_arns(text) == (text, ())


def test_letters_of_an_account_number_are_digits() -> None:
    text, numbers = with_digits(
        "arn:aws:sts::64O2183O7715:assumed-role/nagios/x on arn:aws:rds:us-east-2:64O2183O7715:db:*"
    )
    assert text == "arn:aws:sts::640218307715:assumed-role/nagios/x on arn:aws:rds:us-east-2:640218307715:db:*"
    assert numbers == (("64O2183O7715", "640218307715"),)
