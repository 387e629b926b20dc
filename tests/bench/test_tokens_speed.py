"""Reading tokens out of a paste takes work in proportion to its length, however much of it only begins like one."""

from __future__ import annotations

from time import process_time

import pytest

from diagnostics.text.tokens.find import taken_out

CHARACTERS = 200_000


def seconds(text: str) -> float:
    """The least of three: what else the machine does only adds."""

    def once() -> float:
        begin = process_time()
        taken_out(text)
        return process_time() - begin

    return min(once() for _ in range(3))


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ" + "a" * 73 + "\n",
        "PHNhbWxw" + "A" * 68 + "\n",
        "Signature= ",
        "<saml:Response urn:oasis:names:tc:SAML:2.0 ",
        "<Response urn:oasis:names:tc:SAML:2.0><Assertion><Attribute Name='x'>",
        "AKIAIOSFODNN7EXAMPLE ,,,,,,,, ",
        "[token, decoded here: {",
    ],
)
def test_four_times_the_text_takes_about_four_times_the_work(piece: str) -> None:
    text = piece * (CHARACTERS // len(piece))
    assert seconds(text * 4) < 10 * max(seconds(text), 0.005), "the square would be sixteen times"
