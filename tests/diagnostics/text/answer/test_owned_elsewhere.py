"""What a call does not find, and another account has, is to be shared by that account."""

from __future__ import annotations

import pytest

from diagnostics.text.answer.owned_elsewhere import owned_elsewhere

GATEWAY = "Transit Gateway tgw-0a9b8c7d6e5f40312 was deleted or does not exist"
IMAGE = "The image id '[ami-0123456789abcdef0]' does not exist"


@pytest.mark.parametrize(
    ("said", "line", "step"),
    [
        (GATEWAY, "hub 444455556666: describe-transit-gateways -> tgw-0a9b8c7d6e5f40312 available", "AWS RAM"),
        (IMAGE, "images account 444455556666: ami-0123456789abcdef0 available", "modify-image-attribute"),
        (
            "volume vol-0123456789abcdef0 does not exist",
            "444455556666 has vol-0123456789abcdef0 in-use",
            "Make the call",
        ),
    ],
)
def test_the_owner_and_the_way_to_share_are_named(said: str, line: str, step: str) -> None:
    found = owned_elsewhere(said, f"Error: {said}\n{line}")
    assert "444455556666" in found
    assert step in found


@pytest.mark.parametrize(
    "line",
    [
        "our account is 444455556666",
        "tgw-0a9b8c7d6e5f40312 available",
        "444455556666: tgw-0ffffffffffff0312 available",
        "444455556666: tgw-0a9b8c7d6e5f40312 deleted",
        "Caller: arn:aws:sts::444455556666:assumed-role/net/x\n444455556666: tgw-0a9b8c7d6e5f40312 available",
    ],
)
def test_without_another_owner_nothing_is_said(line: str) -> None:
    assert owned_elsewhere(GATEWAY, f"Error: {GATEWAY}\n{line}") == ""
