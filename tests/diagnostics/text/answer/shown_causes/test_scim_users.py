"""The attribute of a user that is empty is named."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

SCIM = '{"detail":"Request is unparsable, syntactically incorrect, or violates schema.","status":"400"}\n'


@pytest.mark.parametrize(
    ("user", "empty"),
    [
        ("givenName = Petr, surname = (empty), displayName = P. Novak", "surname"),
        ('"familyName": "", "givenName": "Ida"', "familyName"),
        ("givenName = Petr, surname = Novak, displayName = P. Novak", ""),
    ],
)
def test_the_empty_attribute_of_a_user(user: str, empty: str) -> None:
    summary = diagnosed(f"{SCIM}{user}").verdict.summary
    assert summary.startswith(f"The user's {empty} is empty") == bool(empty)
    assert summary.startswith("IAM Identity Center did not accept this user") != bool(empty)
