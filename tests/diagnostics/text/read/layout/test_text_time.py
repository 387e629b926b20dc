"""The time that a text states for its failure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diagnostics.text.read.layout.text_time import time_of_text

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DENIED = "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:GetObject"


@pytest.mark.parametrize(
    ("prefix", "wanted"),
    [
        ("2026-11-19T14:03:12Z ERROR ", "2026-11-19T14:03:12+00:00"),
        ("2026-11-19T14:03:12.123456+02:00 ", "2026-11-19T12:03:12+00:00"),
        ("[19/Nov/2026:14:03:12 +0000] ", "2026-11-19T14:03:12+00:00"),
        ("Date: Thu, 19 Nov 2026 14:03:12 GMT\n", "2026-11-19T14:03:12+00:00"),
        ('{"eventTime": "2026-11-19T14:03:12Z", "errorMessage": "', "2026-11-19T14:03:12+00:00"),
        ('{"timestamp": 1795096992123, "message": "', "2026-11-19T14:03:12+00:00"),
        ("2026/11/19 14:03:12 -0500 ", "2026-11-19T19:03:12+00:00"),
        ("$ date\nThu Nov 19 14:03:12 UTC 2026\n", "2026-11-19T14:03:12+00:00"),
        ("here it is Thu Nov 19 14:03 UTC 2026\n", "2026-11-19T14:03:00+00:00"),
    ],
)
def test_a_time_with_year_and_zone_is_one_moment(prefix: str, wanted: str) -> None:
    found = time_of_text(prefix + DENIED, NOW)
    assert found is not None
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (wanted, wanted)


def test_a_log_without_a_zone_is_a_range() -> None:
    found = time_of_text(f"2026-11-19 14:03:12,001 {DENIED}", NOW)
    assert found is not None
    assert found.as_json == {"from": "2026-11-19T00:03:12Z", "to": "2026-11-20T02:03:12Z"}


def test_a_log_without_a_year_is_of_the_latest_that_is_over() -> None:
    recent = time_of_text(f"Nov 18 10:00:00 host app[1]: {DENIED}", NOW)
    older = time_of_text(f"Dec 24 10:00:00 host app[1]: {DENIED}", NOW)
    assert recent is not None and recent.earliest.year == 2026
    assert older is not None and older.earliest.year == 2025


def test_the_time_before_the_failure_counts_not_those_of_other_lines() -> None:
    text = f"2026-11-18T08:00:00Z started\n2026-11-19T09:00:00Z {DENIED}\n2026-11-19T10:00:00Z stopped"
    found = time_of_text(text, NOW)
    assert found is not None and found.earliest.hour == 9


@pytest.mark.parametrize("text", [DENIED, f"{DENIED} v2012-10-17", "account 123456789012345", "2026-13-45T99:00:00Z x"])
def test_a_text_without_a_time_has_none(text: str) -> None:
    assert time_of_text(text, NOW) is None


@pytest.mark.parametrize("prefix", ["-3000ms ", "-5000ms ", "zookeeper: ", "zone a: "])
def test_a_word_or_a_number_behind_the_time_is_no_zone(prefix: str) -> None:
    found = time_of_text(f"2026-11-19 14:03:12 {prefix}{DENIED}", NOW)
    assert found is not None
    assert (found.latest - found.earliest).total_seconds() == 26 * 3600
