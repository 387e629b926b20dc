"""The partitions of a trail's table that a question needs: as SQL, as values, and as folders of the bucket.

A table's partitions may be projected (Athena User Guide, "Supported types for partition projection") or listed in
Glue's catalog. Partition keys are recognized by the names that AWS's documentation and users give them: a day, or a
year, a month and a day; a Region; an account. A key with any other name is not restricted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from itertools import product

from iam.sources.aws.trail_query.literals import identifier, one_of, quoted
from iam.sources.reader.trail_queries import PartitionKey, TrailEngine, TrailQuestion, TrailTable


class Means(Enum):
    DATE, YEAR, MONTH, DAY, REGION, ACCOUNT, OTHER = range(7)


_NAMES = {
    Means.YEAR: {"year", "yr", "yyyy", "y"},
    Means.MONTH: {"month", "mm", "m"},
    Means.DAY: {"day", "dd", "d", "date"},
    Means.REGION: {"region", "awsregion", "regionname"},
    Means.ACCOUNT: {"account", "accountid", "awsaccount", "awsaccountid", "recipientaccountid", "accountnumber"},
}
_DATES = {"date", "dt", "day", "timestamp", "ts", "eventdate", "eventday", "partitiondate", "logdate", "daydate"}
_JAVA = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H"}


def strftime_of(java: str) -> str:
    """Return a Java date pattern as a strftime format; "" if it contains anything but years, months, days and hours."""
    found = re.sub(r"yyyy|MM|dd|HH", lambda part: _JAVA[part[0]], java).replace("'", "")
    return "" if re.search(r"(?<!%)[A-Za-z]", found) or "%Y" not in found else found


def format_of(value: str) -> str:
    """Return the date format of a partition's value, or "" if the value is not a date."""
    match = re.fullmatch(r"\d{4}([-/_]?)\d{2}\1\d{2}", value)
    return match[1].join(("%Y", "%m", "%d")) if match else ""


def meanings(table: TrailTable) -> dict[str, Means]:
    names = {_plain(key.name) for key in table.partitions}
    parts = bool(names & _NAMES[Means.YEAR]) and bool(names & _NAMES[Means.MONTH])
    found = {}
    for key in table.partitions:
        name = _plain(key.name)
        split = (Means.YEAR, Means.MONTH, Means.DAY) if parts else ()
        means = next((each for each in (*split, Means.REGION, Means.ACCOUNT) if name in _NAMES[each]), Means.OTHER)
        if means is Means.OTHER and (key.projection == "date" or name in _DATES) and (key.format or key.type == "date"):
            means = Means.DATE
        found[key.name] = means
    return found


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def conditions(table: TrailTable, question: TrailQuestion) -> Iterator[str]:
    """Yield SQL conditions that exclude the partitions that the question does not need.

    Raises ValueError if Athena requires a value for a key and the question has none.
    """
    if table.engine is TrailEngine.LAKE:
        return
    means = meanings(table)
    by = {kind: key for key in table.partitions if (kind := means[key.name]) is not Means.OTHER}
    since, until = days_of(question)
    if key := by.get(Means.DATE):
        first, last = (
            f"DATE {quoted(day.isoformat())}" if key.type == "date" else quoted(f"{day:{key.format}}")
            for day in (since, until + timedelta(days="%H" in key.format))
        )
        yield f"{identifier(key.name)} BETWEEN {first} AND {last}"
    if Means.YEAR in by and Means.MONTH in by:
        year, month = (f"CAST({identifier(by[each].name)} AS integer)" for each in (Means.YEAR, Means.MONTH))
        if key := by.get(Means.DAY):
            whole, form = f"{year} * 10000 + {month} * 100 + CAST({identifier(key.name)} AS integer)", "%Y%m%d"
        else:
            whole, form = f"{year} * 100 + {month}", "%Y%m"
        yield f"{whole} BETWEEN {since:{form}} AND {until:{form}}"
    if (key := by.get(Means.ACCOUNT)) and question.only_of:
        values = question.only_of if key.type in ("int", "bigint") else map(quoted, question.only_of)
        # For an injected key, IN counts as an equality: https://docs.aws.amazon.com/athena/latest/ug/
        # partition-projection-dynamic-id-partitioning.html
        yield f"{identifier(key.name)} {one_of(values)}"
    for key in table.partitions:
        if key.projection == "injected" and not (means[key.name] is Means.ACCOUNT and question.only_of):
            raise ValueError(
                f"{table.name} is partitioned by {key.name}, for which Athena requires a value in every query"
            )


def narrows_time(table: TrailTable) -> bool:
    found = set(meanings(table).values())
    return Means.DATE in found or {Means.YEAR, Means.MONTH} <= found


def days_of(question: TrailQuestion) -> tuple[date, date]:
    """Return the first and last day whose folders may contain events that the question needs.

    CloudTrail delivers some events a day later.
    """
    return question.since.date(), question.until.date() + timedelta(days=1)


def is_asked(table: TrailTable, question: TrailQuestion, values: Mapping[str, str]) -> bool:
    """Whether the question needs a partition listed in the catalog. ``values`` are the partition's values by key."""
    means = meanings(table)
    since, until = days_of(question)
    known = {means[name]: (value, name) for name, value in values.items()}
    if question.only_of and Means.ACCOUNT in known and known[Means.ACCOUNT][0] not in question.only_of:
        return False
    form, text = "", ""
    if Means.DATE in known:
        text, name = known[Means.DATE]
        form = next(key.format for key in table.partitions if key.name == name) or "%Y-%m-%d"
    elif Means.YEAR in known and Means.MONTH in known:
        parts = [known[each][0].zfill(2) for each in (Means.YEAR, Means.MONTH, Means.DAY) if each in known]
        text, form = "-".join(parts), "%Y-%m-%d"[: 3 * len(parts) - 1]
    return not form or f"{since:{form}}" <= text <= f"{until:{form}}"


def folders(table: TrailTable, question: TrailQuestion, regions: tuple[str, ...]) -> Iterator[str]:
    """Yield the locations (``s3://…``) of the projected partitions that the question needs, down to single days."""
    means = meanings(table)
    since, until = days_of(question)
    others = [key for key in table.partitions if means[key.name] in (Means.REGION, Means.ACCOUNT, Means.OTHER)]
    choices = [_values(key, means[key.name], question, regions) for key in others]
    seen: set[str] = set()
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        dates = {key.name: _of_day(key, means[key.name], day) for key in table.partitions if key not in others}
        for chosen in product(*choices):
            place = table.location
            for name, value in {**dates, **dict(zip((key.name for key in others), chosen, strict=True))}.items():
                place = place.replace(f"${{{name}}}", value)
            place = place.partition("${")[0]
            if place not in seen:
                seen.add(place)
                yield place if place.endswith("/") else f"{place}/"


def _of_day(key: PartitionKey, means: Means, day: date) -> str:
    form = {Means.YEAR: "%Y", Means.MONTH: "%m", Means.DAY: "%d"}.get(means, key.format or "%Y-%m-%d")
    return f"{day:{form.partition('/%H')[0]}}"


def _values(key: PartitionKey, means: Means, question: TrailQuestion, regions: tuple[str, ...]) -> tuple[str, ...]:
    if means is Means.ACCOUNT and question.only_of:
        return question.only_of
    return key.values or (regions if means is Means.REGION else (f"${{{key.name}}}",))
