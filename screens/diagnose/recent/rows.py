"""How a denial out of CloudTrail looks in the list, and what is said of it below."""

from __future__ import annotations

import json
from datetime import datetime

from diagnostics.recent.denials import RecentDenial
from iam.arn import Arn
from screens.text import ago, marks, visible
from screens.widgets.table import Column, Row

COLUMNS = (
    Column("LAST", 7),
    Column("", 6, right=True),
    Column("WHO", 18, grow=2, most=44),
    Column("WAS DENIED", 22, grow=2, most=40),
    Column("ON", 12, grow=4, most=110),
    Column("ERROR", 20, most=32, grow=1, drop=2),
    Column("REGION", 12, drop=1),
)


def row_id(denial: RecentDenial) -> str:
    failure = denial.failure
    kind = (failure.resource, failure.code, failure.stated_reason, failure.policy_arn, denial.account)
    return "|".join(map(str, (denial.who, denial.what, *kind)))


def row_of(denial: RecentDenial, now: datetime, here: str = "") -> Row:
    """``here`` is the open account: others are named."""
    failure = denial.failure
    times = f"{denial.count:,}{'x' if marks().ascii else '×'}" if denial.count > 1 else ""
    cells = (
        ago(denial.last, now),
        times,
        visible(denial.who),
        visible(denial.what),
        visible(short_resource(failure.resource or "")),
        visible(failure.code or ""),
        visible(denial.where(here)),
    )
    return Row(row_id(denial), cells)


def holds_words(denial: RecentDenial, words: list[str]) -> bool:
    """Whether each of the words (lower case) stands in some column."""
    failure = denial.failure
    text = " ".join(
        (denial.who, denial.what, failure.resource or "", failure.code or "", denial.where(""), *denial.roles)
    ).lower()
    return all(word in text for word in words)


def short_resource(arn: str) -> str:
    """A resource as a list shows it: what stands behind the account's number."""
    found = Arn.parse(arn)
    return (found and found.resource) or arn


def record_of(denial: RecentDenial) -> str:
    """CloudTrail's record of the newest one, laid out to be read."""
    text = denial.failure.text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def detail_of(denial: RecentDenial) -> str:
    """When, from where, and the service's own words; who and what, where those do not say it."""
    failure = denial.failure
    when = f"{denial.last:%Y-%m-%d %H:%M:%S} UTC"
    if denial.count > 1:
        when = f"{denial.count:,} times, {denial.first:%Y-%m-%d %H:%M:%S} to {when}"
    parts = [failure.code or "", when, *denial.sources[:3], *denial.regions]
    message = _message_of(denial)
    if "is not authorized to perform" not in message:
        where = f" on {failure.resource}" if failure.resource else ""
        message = f"{denial.who}: {denial.what}{where}. {message}"
    return visible(f"{', '.join(part for part in parts if part)}. {message}")


def _message_of(denial: RecentDenial) -> str:
    """The words of the service, out of the record."""
    try:
        record = json.loads(denial.failure.text)
    except (ValueError, RecursionError):
        return ""
    message = record.get("errorMessage") if isinstance(record, dict) else None
    return message[:600] if isinstance(message, str) else ""
