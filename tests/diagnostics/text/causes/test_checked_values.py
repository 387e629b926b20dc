"""Values that AWS rejects before it looks at permissions: which limit it is decides the advice."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in

SHORT = "Member must have length less than or equal to"
FORM = "Member must satisfy regular expression pattern: [\\w+=,.@-]+"


@pytest.mark.parametrize(
    ("text", "said", "absent"),
    [
        (f"1 validation error detected: Value 'shop-dev' at 'roleName' failed to satisfy constraint: {SHORT} 64",
         "Shorten the name", "characters of this name"),
        (f"ValidationError: Value 'x' at 'policyName' failed to satisfy constraint: {SHORT} 128", "Shorten", "spaces"),
        (f"Value 'shop/dev' at 'roleName' failed to satisfy constraint: {FORM}", "characters of this name", "Shorten"),
        (f"Value 'a b' at 'groupName' failed to satisfy constraint: {FORM}", "without spaces", "Shorten"),
        ("InvalidRequest: Content-MD5 HTTP header is required for Put Object requests with Object Lock parameters",
         "has Object Lock", "Shorten"),
        ("Content-MD5 OR x-amz-checksum- HTTP header is required for Put Part requests with Object Lock parameters",
         "sent none", "Shorten"),
    ],
)  # fmt: skip
def test_the_constraint_decides(text: str, said: str, absent: str) -> None:
    found = causes_in(text)
    assert said in found
    assert absent not in found


@pytest.mark.parametrize(
    "text",
    [f"Value 'x' at 'functionName' failed to satisfy constraint: {SHORT} 140", "Content-MD5 header is required"],
)
def test_values_of_other_services_are_left_alone(text: str) -> None:
    assert "Shorten the name" not in causes_in(text)
    assert "Object Lock" not in causes_in(text)
