"""The rows and details of denials from CloudTrail, for the list of recent denials."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from diagnostics.recent.causes import DenialCause, common, why_of
from diagnostics.recent.denials import RecentDenial
from iam.arn import Arn
from screens.text import ago, marks, visible
from screens.widgets.table import Column, Row

COLUMNS = (
    Column("LAST", 7, most=10),
    Column("", 6, right=True),
    Column("WHO", 22, grow=2, most=44),
    Column("WAS DENIED", 22, grow=2, most=40),
    Column("ON", 22, grow=4, most=110),
    Column("WHY", 20, most=60, grow=3, drop=1),
    Column("REGION", 12, drop=2),
)


def row_id(denial: RecentDenial) -> str:
    failure = denial.failure
    kind = (failure.resource, failure.code, failure.stated_reason, failure.policy_arn, denial.account)
    return "|".join(map(str, (denial.who, denial.what, *kind)))


def rows_of(causes: Sequence[DenialCause], opened: Collection[str], now: datetime, here: str) -> Iterator[Row]:
    """Yield a row for each cause, and for each denial of the causes in ``opened``.

    ``here`` is the open account: rows for denials in other accounts name the account.
    """
    single = "  " if any(len(cause.denials) > 1 for cause in causes) else ""
    for cause in causes:
        denials = cause.denials
        if len(denials) == 1:
            yield _row(denials, row_id(denials[0]), single, now, here)
            continue
        yield _row(denials, cause.id, "- " if cause.id in opened else "+ ", now, here)
        for denial in denials if cause.id in opened else ():
            yield _row((denial,), row_id(denial), "    ", now, here)


def _row(denials: Sequence[RecentDenial], id: str, sign: str, now: datetime, here: str) -> Row:
    """Return the row for several denials: values that they all have in common, and counts of those that differ."""
    count = sum(each.count for each in denials)
    services = {each.what.partition(":")[0] for each in denials if ":" in each.what}
    actions = f"actions of {services.pop()}" if len(services) == 1 else "actions"
    cells = (
        sign + ago(max(each.last for each in denials), now),
        f"{count:,}{'x' if marks().ascii else '×'}" if count > 1 else "",
        common(denials, lambda each: each.who, "callers"),
        common(denials, lambda each: each.what, actions),
        common(denials, lambda each: short_resource(each.failure.resource or ""), "resources"),
        common(denials, why_of, "reasons"),
        ", ".join(dict.fromkeys(each.where(here) for each in denials)),
    )
    return Row(id, tuple(map(visible, cells)))


def holds_words(denial: RecentDenial, words: list[str]) -> bool:
    """Return whether each of the words (in lower case) occurs in some column."""
    failure = denial.failure
    text = " ".join(
        (
            why_of(denial),
            denial.who,
            denial.what,
            failure.resource or "",
            failure.code or "",
            denial.where(""),
            *denial.roles,
        )
    ).lower()
    return all(word in text for word in words)


def short_resource(arn: str) -> str:
    """Return a resource in a short form for the list: the part after the account ID; for IAM, also without the path."""
    found = Arn.parse(arn)
    if found and found.service == "iam":
        kind, _, name = found.resource.partition("/")
        return f"{kind}/{name.rpartition('/')[2]}" if name else found.resource
    return (found and found.resource) or arn


def record_of(denial: RecentDenial) -> str:
    """Return CloudTrail's record of the newest denial, formatted for reading."""
    text = denial.failure.text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def detail_of(denial: RecentDenial) -> str:
    """Return the denial's time, source and error message.

    The caller and the action are added if the message does not name them.
    """
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
    """Return the service's error message from the record."""
    try:
        record = json.loads(denial.failure.text)
    except (ValueError, RecursionError):
        return ""
    message = record.get("errorMessage") if isinstance(record, dict) else None
    return message[:600] if isinstance(message, str) else ""
