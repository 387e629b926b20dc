"""The times of a presigned token are compared with the time of its use."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.tokens.presigned import presigned
from tests.support.texts.answers import causes_in

TOKEN = "shop/?Action=connect&User=app&X-Amz-Date=20260301T100000Z&X-Amz-Expires=900&X-Amz-Signature=ab"


@pytest.mark.parametrize(
    ("text", "expired"),
    (
        (f"AUTH app {TOKEN}\nit is 10:20 UTC", True),
        (f"2026-03-01T10:31:07.123Z AUTH app {TOKEN}", True),
        (f"AUTH app {TOKEN}\nit is 10:12 UTC", False),
        (f"AUTH app {TOKEN}\nit is 10:20 here", False),
        (f"AUTH app {TOKEN}", False),
        # A line of the log at the moment of the signature tells that the log is in UTC, or in which time zone.
        (f"[10:00:01] iam token created\n[10:44:10] auth {TOKEN}", True),
        (f"12:00:00 INFO generated auth token for app\n12:00:00 connected\n15:31:09 auth {TOKEN}", True),
        (f"[10:00:01] iam token created\n[10:02:10] auth {TOKEN}", False),
        (f"12:00:00 INFO started\n12:31:09 auth {TOKEN}", False),
        (f"09:41:17 INFO generated auth token for app\n12:31:09 auth {TOKEN}", False),
        (f"10:20 UTC: {TOKEN.replace('X-Amz-Expires=900', 'X-Amz-Expires=3600')}", False),
    ),
)
def test_only_a_shown_later_time_makes_it_expired(text: str, expired: bool) -> None:
    times = presigned(text)
    assert times is not None
    assert times.expired is expired


def test_a_token_without_its_duration_has_no_times() -> None:
    assert presigned(TOKEN.replace("X-Amz-Expires", "Expires")) is None


@pytest.mark.parametrize(
    "refused",
    (
        "(error) WRONGPASS invalid username-password pair or user is disabled.",
        "FATAL: PAM authentication failed for user app",
    ),
)
def test_an_expired_token_comes_before_permissions(refused: str) -> None:
    verdict = collect_offline(read_text(f"AUTH app {TOKEN}\n{refused}\nnow 10:41 UTC")[0]).verdict
    assert verdict.summary.startswith("Make a new token: the one in the text was valid from 10:00:00 to 10:15:00 UTC")
    assert "Make a new token" not in causes_in(f"AUTH app {TOKEN}\n{refused}\nnow 10:03 UTC")
