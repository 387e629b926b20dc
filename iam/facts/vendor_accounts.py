"""AWS accounts of vendors, as their own pages publish them: whom a trust policy names, where that is no secret.

A row says which page names the account and when that was read; an account without a row is unknown, and not suspicious.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class VendorAccount:
    """An account that a vendor's page tells its customers to trust."""

    account: str
    vendor: str
    page: str
    read_on: date


VENDOR_ACCOUNTS: tuple[VendorAccount, ...] = (
    VendorAccount(
        "464622532012",
        "Datadog",
        "https://docs.datadoghq.com/integrations/faq/error-datadog-not-authorized-sts-assume-role",
        date(2026, 11, 30),
    ),
    VendorAccount(
        "377450845233", "Trelica", "https://docs.trelica.com/integrations/apps/amazon-web-services", date(2026, 11, 30)
    ),
)
_BY_ACCOUNT = {each.account: each for each in VENDOR_ACCOUNTS}


def vendor_of(account: str) -> VendorAccount | None:
    """The vendor whose page publishes the account; None for one that no page in the table names."""
    return _BY_ACCOUNT.get(account)
