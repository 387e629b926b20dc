"""The table of vendors' accounts."""

from __future__ import annotations

import re
from datetime import date

import pytest

from iam.facts.vendor_accounts import vendor_accounts, vendor_of


def test_each_row_has_a_page_and_the_day_of_reading() -> None:
    rows = vendor_accounts()
    assert len(rows) > 150
    for account, row in rows.items():
        assert re.fullmatch(r"\d{12}", account) and row.account == account
        assert row.vendor.strip() == row.vendor != ""
        assert re.fullmatch(r"https://\S+\.\S+/\S+", row.page)
        assert row.list is None or re.fullmatch(r"https://github\.com/\S+/blob/[0-9a-f]{40}/\S+", row.list)
        assert row.read_on >= date(2026, 11, 30)


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ("464622532012", "Datadog publishes this account: https://docs.datadoghq.com/"),
        (
            "008923505280",
            "The public list known_aws_accounts (read on 2026-11-30) names this account as one of Grafana, and cites "
            "https://grafana.com/",
        ),
    ],
)
def test_a_page_that_only_a_list_cites_is_not_claimed_as_read(account: str, words: str) -> None:
    row = vendor_of(account)
    assert row is not None and row.words.startswith(words)


def test_others_are_unknown() -> None:
    assert vendor_of("111122223333") is None
