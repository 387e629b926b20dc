"""Parse numbers, dates and addresses in the values of conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from iam.lazy_pattern import regex

if TYPE_CHECKING:
    from fractions import Fraction
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    Amount = int | Fraction
    Network = IPv4Network | IPv6Network
    Address = IPv4Address | IPv6Address

_number = regex(r"\s*[+-]?\d{1,400}(?:\.\d{0,400})?(?:[eE][+-]?\d{1,3})?\s*")
_epoch = regex(r"\s*-?\d{5,18}(?:\.\d{1,9})?\s*")
_date = regex(
    r"\s*(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:[Tt ](?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,18}))?)?)?)?"
    r"\s*(?P<zone>[Zz]|[+-]\d\d(?::?\d\d)?)?\s*"
)


@lru_cache(maxsize=4096)
def number(text: str) -> Amount | None:
    """Return the exact value of an integer or decimal, or None if the text is neither.

    Integers are distinguished even beyond the precision of a double.
    """
    if not _number.fullmatch(text):
        return None
    return _exact(text.strip())


@lru_cache(maxsize=4096)
def instant(text: str) -> Amount | None:
    """Return a date in seconds since 1970, or None if the text is not a date.

    Accepts the W3C's forms of ISO 8601 (from a year to fractions of a second, with any time zone; UTC without one),
    their compact forms, and seconds since 1970 as a number of at least 5 digits.
    """
    match = _date.fullmatch(text)
    # A number may be a year, a compact date of eight digits, or seconds: if both are possible, it is a date.
    if match is None or (match["month"] is not None and len(text.strip()) == 6):
        return _exact(text.strip()) if _epoch.fullmatch(text) else None
    try:
        moment = datetime(
            int(match["year"]),
            int(match["month"] or 1),
            int(match["day"] or 1),
            int(match["hour"] or 0),
            int(match["minute"] or 0),
            min(int(match["second"] or 0), 59),
            tzinfo=_zone(match["zone"]),
        )
    except ValueError:
        return _exact(text.strip()) if _epoch.fullmatch(text) else None
    seconds: Amount = int((moment - _EPOCH).total_seconds())
    if match["second"] == "60":
        seconds += 1
    if match["fraction"]:
        seconds += _exact(f"0.{match['fraction']}")
    return seconds


def _exact(text: str) -> Amount:
    """Return the exact value of a number.

    Integers stay integers, so that the fractions module is loaded only if needed.
    """
    digits = text.removeprefix("+").removeprefix("-")
    if digits.isdigit():
        return int(text)
    from fractions import Fraction

    return Fraction(text)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(offset if text[0] == "+" else -offset)


@lru_cache(maxsize=4096)
def address(text: str) -> Address | None:
    from ipaddress import ip_address

    try:
        return ip_address(text.strip())
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def network(text: str) -> Network | None:
    """Return the network for a CIDR block or a single address, or None for any other text. Host bits may be set."""
    block, slash, length = text.strip().partition("/")
    if slash and not (length.isascii() and length.isdigit()):
        return None
    from ipaddress import ip_network

    try:
        return ip_network(f"{block}/{length}" if slash else block, strict=False)
    except ValueError:
        return None
