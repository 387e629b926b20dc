"""What is not found in the Region of the call, and what the console shows in another one."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.regions.other_region import in_another_region, signed_for_another

NOT_FOUND = (
    "An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found: "
    "arn:aws:lambda:us-east-1:758820193364:function:bill"
)
CONSOLE = "https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/bill"


def test_the_region_of_the_console_comes_first() -> None:
    (failure,) = read_text(f"{NOT_FOUND}\nI see it here: {CONSOLE}")
    summary = collect_offline(failure).verdict.summary
    assert summary.startswith(
        "The call went to us-east-1, but the console in the text shows eu-west-1: call with --region"
    )


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (f"{NOT_FOUND}\n{CONSOLE.replace('eu-west-1', 'us-east-1')}", ""),
        (NOT_FOUND, ""),
        (f"{NOT_FOUND}\n{CONSOLE}\n{CONSOLE.replace('eu-west-1', 'eu-north-1')}", ""),
        (f"aws sqs get-queue-url --queue-name q --region eu-north-1\n{CONSOLE}", "eu-west-1"),
        (f"    region     eu-north-1   env\n{CONSOLE}", "eu-west-1"),
        (CONSOLE, ""),
    ],
)
def test_only_one_other_region_is_told(text: str, other: str) -> None:
    assert in_another_region(text).endswith(f"--region {other}." if other else "")
    assert bool(in_another_region(text)) is bool(other)


def test_an_arn_of_the_name_in_another_region_is_told() -> None:
    call = "aws --region eu-west-2 lambda get-function --function-name bill"
    arn = "arn:aws:lambda:eu-west-1:758820193364:function:bill"
    assert "an ARN with this name in eu-west-1" in in_another_region(f"{call}\noutput: {arn}", "GetFunction")
    assert not in_another_region(f"{call}\noutput: {arn}2", "GetFunction")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key, secret and region are filled in", "does not use the set Region"),
        ("the region is configured in the UI", "does not use the set Region"),
        ("I entered the region", "does not use the set Region"),
        ("", "set the client's Region to the bucket's Region"),
        ("fs.s3a.endpoint.region is not set", "set the client's Region to the bucket's Region"),
        ("which region is it?", "set the client's Region to the bucket's Region"),
    ],
)
def test_a_masked_region_is_not_repeated(text: str, said: str) -> None:
    message = "AuthorizationHeaderMalformed: the region 'us-east-1' is wrong; expecting 'OTHER REGION'"
    assert said in signed_for_another(f"{message}\n{text}")
    assert "OTHER" not in signed_for_another(f"{message}\n{text}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "set the client's Region to eu-west-3"),
        ("\nregion: eu-west-3", "the program does not sign with this Region"),
        ("\n--region eu-west-3", "the program does not sign with this Region"),
        ('\n"Region": "eu-west-3"', "the program does not sign with this Region"),
        ("</Message><Region>eu-west-3</Region>", "set the client's Region to eu-west-3"),
        ("\nThe bucket is in eu-west-3.", "set the client's Region to eu-west-3"),
    ],
)
def test_the_region_of_a_signature_is_named(text: str, said: str) -> None:
    message = "AuthorizationHeaderMalformed: the region 'custom' is wrong; expecting 'eu-west-3'"
    assert said in signed_for_another(message + text)
