"""AWS accounts of vendors, as published on web pages, to say whom a trust policy trusts.

``vendor_accounts.csv`` has a row for each account, with the page that names it and the day on which it was read. Most
rows are from a list that cites the page, https://github.com/fwdcloudsec/known_aws_accounts (Apache-2.0): in these cases
the list was read, not the page. Only rows of that list that cite one page of the vendor or of AWS are used. An account
without a row is unknown, which does not make it suspicious.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class VendorAccount:
    """An account that a published page assigns to a vendor.

    ``list`` is the published list that cites the page, and ``read_on`` the day on which the list was read. If ``list``
    is None, the page itself was read on that day.
    """

    account: str
    vendor: str
    page: str
    list: str | None
    read_on: date

    @property
    def words(self) -> str:
        """Return a sentence that says where the account is published as the vendor's."""
        read = f"(read on {self.read_on.isoformat()})"
        if self.list is None:
            return f"{self.vendor} publishes this account: {self.page} {read}."
        name = self.list.removeprefix("https://github.com/").split("/")[1]
        return f"The public list {name} {read} names this account as one of {self.vendor}, and cites {self.page}."


@cache
def vendor_accounts() -> Mapping[str, VendorAccount]:
    """Return the rows of the table, by account ID."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {
            row["account"]: VendorAccount(
                row["account"], row["vendor"], row["page"], row["list"] or None, date.fromisoformat(row["read_on"])
            )
            for row in csv.DictReader(file)
        }


def vendor_of(account: str) -> VendorAccount | None:
    """Return the table's row for the account, or None if the table does not contain it."""
    return vendor_accounts().get(account)
