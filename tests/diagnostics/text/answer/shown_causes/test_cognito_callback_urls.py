"""The requested redirect_uri is compared with the callback URLs of the app client."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

MISMATCH = "https://login.example.org/error?error=redirect_mismatch&client_id=4t1q\n"


@pytest.mark.parametrize(
    ("asked", "listed", "said"),
    [
        ("https%3A%2F%2Fa.example.org%2Fcb", '["https://a.example.org/cb/"]', "the slash at the end is missing"),
        ("https://a.example.org/cb/", '["https://a.example.org/cb"]', "the slash at the end is too much"),
        ("http%3A%2F%2Fa.example.org%2Fcb", "[https://a.example.org/cb]", "the scheme differs"),
        ("https://a.example.org/Cb", '["https://b.example.net", "https://a.example.org/cb"]', "upper and lower case"),
        ("https%3A%2F%2Fa.example.org%2Fcb", '["https://a.example.org/cb"]', ""),
    ],
)
def test_the_callback_urls(asked: str, listed: str, said: str) -> None:
    summary = diagnosed(
        f"{MISMATCH}authorize?redirect_uri={asked}&scope=openid\nCallbackURLs: {listed}"
    ).verdict.summary
    assert summary.startswith("The request has redirect_uri") == bool(said)
    assert said in summary
