"""Messages whose words alone indicate their cause."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in

SHARED = "The resource you are attempting to share can only be shared within your AWS Organization."


@pytest.mark.parametrize(
    "text",
    [
        f"Error: error associating RAM Resource Share: InvalidParameterException: {SHARED}",
        f"OperationNotPermittedException: {SHARED}\n        status code: 400, request id: "
        f"11111111-2222-3333-4444-555555555555",
        f"An error occurred (OperationNotPermittedException) when calling the AssociateResourceShare operation: "
        f"{SHARED}",
    ],
)
def test_sharing_with_the_organization_is_turned_on_in_ram(text: str) -> None:
    assert "aws ram enable-sharing-with-aws-organization" in causes_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "OperationNotPermittedException: The resource share does not allow external principals",
        "the subnets are shared within our AWS organization",
    ],
)
def test_other_words_about_sharing_are_not_read_so(text: str) -> None:
    assert "enable-sharing-with-aws-organization" not in causes_in(text)
