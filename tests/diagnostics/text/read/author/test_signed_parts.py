"""The part of the request that is signed wrongly, if the text says that other requests pass."""

from __future__ import annotations

import pytest

from diagnostics.text.read.author.signed_parts import part_that_differs
from tests.support.texts.answers import answer_to

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)


@pytest.mark.parametrize(
    ("said", "which", "remedy"),
    [
        (
            "CloudFront with an OAC in front of a function URL. Every GET is fine. Any POST gives 403.",
            "with a body",
            "x-amz-content-sha256",
        ),
        ("GETs return 200, but every PUT with a JSON body fails.", "with a body", "exactly the bytes that are sent"),
        ("Most files upload fine, a file with a space in its name fails.", "with special characters", "path once"),
        ("Most calls work. https://api.example.com/items?limit=5 gives a 403.", "with a query string", "separate"),
        (
            "Other tools list the same bucket, and so does port 443; ours is at nas.lan:9000.",
            "to port 9000",
            "nas.lan:9",
        ),
    ],
)
def test_what_differs_is_named(said: str, which: str, remedy: str) -> None:
    found = part_that_differs(f"{said}\n{MISMATCH}")
    assert found is not None
    assert which in found.which
    assert remedy in found.remedy


@pytest.mark.parametrize(
    "said",
    [
        "GET requests do not work either. Any POST gives 403.",
        "POST to the queue fails.",
        "Most calls work with another user. https://api.example.com/items?limit=5 gives a 403.",
        "Most calls work. Some fail now and then.",
    ],
)
def test_nothing_differs(said: str) -> None:
    assert part_that_differs(f"{said}\n{MISMATCH}") is None


def test_neither_clock_nor_key_is_blamed() -> None:
    answer = answer_to("Pages and every GET are fine. Any POST with a body gives\n\nHTTP 403 SignatureDoesNotMatch")
    assert "signs only requests with a body wrongly" in answer
    assert "check the calling machine's clock" not in answer
