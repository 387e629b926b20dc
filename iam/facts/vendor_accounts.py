"""AWS accounts of vendors, as pages publish them: whom a trust policy names, where that is no secret.

``vendor_accounts.csv`` has a row for each account, with the page that names it and the day it was read. Most rows are
from a list that cites the page, https://github.com/fwdcloudsec/known_aws_accounts (Apache-2.0): there the list was
read, and not the page. Of the list only those rows are taken that cite one page of the vendor or of AWS. An account
without a row is unknown, and not suspicious.
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
    """An account that a page says is a vendor's.

    ``list`` is the published list that cites the page, and was read on ``read_on``; None where the page itself was.
    """

    account: str
    vendor: str
    page: str
    list: str | None
    read_on: date

    @property
    def words(self) -> str:
        """Where that is published, as a sentence."""
        read = f"(read on {self.read_on.isoformat()})"
        if self.list is None:
            return f"{self.vendor} publishes this account: {self.page} {read}."
        name = self.list.removeprefix("https://github.com/").split("/")[1]
        return f"The public list {name} {read} names this account as one of {self.vendor}, and cites {self.page}."


@cache
def vendor_accounts() -> Mapping[str, VendorAccount]:
    """The rows of the table, by account."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {
            row["account"]: VendorAccount(
                row["account"], row["vendor"], row["page"], row["list"] or None, date.fromisoformat(row["read_on"])
            )
            for row in csv.DictReader(file)
        }


def vendor_of(account: str) -> VendorAccount | None:
    """The vendor whose account it is; None for one that no page in the table names."""
    return vendor_accounts().get(account)
