"""``--athena`` and ``--lake``: query a trail in place, after the query and its cost were shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from diagnostics.trail_query.offer import cost_words, offer_lines
from iam.account import Role
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.trail_queries import (
    QueryPurpose,
    TrailEngine,
    TrailQuery,
    TrailQueryError,
    TrailQuestion,
    TrailSettings,
    TrailTable,
)
from iam.sources.reader.trail_query_source import TrailQuerySource
from iam.sources.source_error import SourceError
from tui.configuration import read_configuration
from tui.exit_status import ANSWERED, CommandError, UsageError
from tui.paths import configuration_path

if TYPE_CHECKING:
    from iam.history.trail import TrailRows


class NotRun(CommandError):
    """Raised if the query was shown and the user declined to run it."""

    status = ANSWERED


def agreed_query(
    options: argparse.Namespace,
    reader: AccountReader,
    purpose: QueryPurpose,
    account: str | None,
    role: Role | None = None,
    events: tuple[str, ...] = (),
    accounts: tuple[str, ...] = (),
) -> tuple[TrailQuery, TrailQuerySource]:
    """Return the query that the options select, after the user confirmed it, and the service that runs it.

    Raises `UsageError` if the choice is unclear or nobody can confirm, `SourceError` if there is nothing to query,
    `NotRun` if the user declines.
    """
    if options.athena is not None and options.lake is not None:
        raise UsageError("Use either --athena or --lake, not both.")
    if options.days < 1:
        raise UsageError("--days takes a number of days, 1 or more.")
    engine = TrailEngine.ATHENA if options.athena is not None else TrailEngine.LAKE
    settings = _settings(options)
    source = _source(reader, settings)
    table = _table(engine, options.athena or options.lake or "", source)
    now = reader.clock()
    try:
        since = now - timedelta(days=options.days)
        question = TrailQuestion(purpose, since, now, account, role, events=events, accounts=accounts)
    except OverflowError:
        raise UsageError("--days reaches back before the first date of the calendar: give fewer days.") from None
    found = source.trail_query(table, question, settings)
    if found.value is None:
        raise SourceError(found.why)
    print("\n".join(offer_lines(found.value)), file=sys.stderr)
    if not options.run_query:
        _ask(cost_words(found.value))
    return found.value, source


def changes_by_query(
    options: argparse.Namespace, reader: AccountReader, account: str, say: Callable[[str], object]
) -> TrailRows:
    """Return the recorded access changes from a trail, with the selected query, which the user confirms first.

    Raises the same errors as `agreed_query`, and `UsageError` if the query fails.
    """
    from iam.history.calls import CHANGE_EVENTS
    from iam.history.trail import TrailRows

    query, source = agreed_query(options, reader, QueryPurpose.CHANGES, account, events=tuple(sorted(CHANGE_EVENTS)))
    say("running the query")
    question = query.question
    try:
        rows = tuple(dict(row.record) for row in source.ask_trail(query).rows())
    except TrailQueryError as error:
        raise UsageError(str(error)) from error
    return TrailRows(rows, question.since, question.until, cut=len(rows) >= question.most)


def _source(reader: AccountReader, settings: TrailSettings) -> TrailQuerySource:
    if not settings.profile:
        return reader
    from iam.sources.aws.reader import trail_source  # loads boto3

    return trail_source(reader, settings)


def _table(engine: TrailEngine, name: str, reader: TrailQuerySource) -> TrailTable:
    found = reader.trail_tables(engine, name)
    option = "--athena" if engine is TrailEngine.ATHENA else "--lake"
    if found.value is None:
        raise SourceError(found.why)
    if len(found.value) == 1:
        return found.value[0]
    if found.value:
        listed = ", ".join(f"{each.name} ({each.region})" for each in found.value)
        raise UsageError(
            f"Choose one: {option} NAME, and --region if two have the same name. The choices are {listed}."
        )
    kind = "table of a trail in Athena's catalog" if engine is TrailEngine.ATHENA else "event data store"
    named = f" named {name[:200]}" if name else ""
    raise SourceError(f"There is no {kind}{named} in the Regions in use. {found.note}".rstrip())


def _settings(options: argparse.Namespace) -> TrailSettings:
    settings = read_configuration(configuration_path()).trail or TrailSettings()
    return replace(settings, profile=options.trail_profile or settings.profile)


def _ask(cost: str) -> None:
    """Ask for confirmation. The cost is repeated in the question: earlier output may have scrolled away."""
    if not sys.stdin.isatty():
        raise UsageError("No query was run: --run-query runs the query above.")
    print(f"\n{cost[:1].upper()}{cost[1:]}. Run it? [y/N] ", end="", file=sys.stderr, flush=True)
    try:
        said = input()
    except EOFError:
        said = ""
    if said.strip().lower() not in ("y", "yes"):
        raise NotRun("No query was run.")
