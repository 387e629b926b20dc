"""``rolescope diagnose --recent``: list the account's latest denials from CloudTrail, without the terminal UI.

``--athena`` and ``--lake`` query a trail in place, once the user has confirmed the query and its cost. With
``--organization``, the query covers all accounts of the organization.

The JSON output contains the events themselves, so that ``rolescope diagnose`` can read and explain all of them.
"""

from __future__ import annotations

import argparse
import json
import sys

from diagnostics.json_versions import versioned
from diagnostics.recent.denials import COSTS, EVENTS_AT_ONCE, RecentDenials, walk
from diagnostics.recent.report import HowFar, to_json, to_markdown, to_text
from diagnostics.trail_query.denials import denial_pages
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.trail_queries import QueryPurpose, TrailQuery
from iam.sources.reader.trail_query_source import TrailQuerySource
from iam.sources.source_error import SourceError
from tui.commands.given import wants_query
from tui.exit_status import ACCOUNT_UNREADABLE, ANSWERED, UsageError
from tui.trail_query import agreed_query


def run(arguments: argparse.Namespace) -> int:
    """Print the list. After ctrl+c, print what has been read so far.

    In a busy account there are always more events to read.
    """
    query: TrailQuery | None = None
    if arguments.offline:
        raise UsageError("--recent reads CloudTrail: leave out --offline, or give the error's text.")
    from tui.open_account import open_reader

    role = (arguments.recent or arguments.role or "").rpartition("/")[2] or None
    found = RecentDenials()
    shows_progress = sys.stderr.isatty()
    try:
        reader = open_reader(arguments)
        pages = reader.recent_events()
        if agreed := _query(arguments, reader):
            query, source = agreed
            pages = denial_pages(source.ask_trail(query))
        for _ in walk(pages, found, most=query.question.most if query is not None else EVENTS_AT_ONCE):
            if shows_progress:
                reached = f"{found.reached:%Y-%m-%d %H:%M}" if found.reached else "now"
                print(f"\r{found.events:,} events, back to {reached} …", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        pass
    if shows_progress:
        print(file=sys.stderr)
    for region, why in found.why.items():
        print(f"{region}: {why}" if region else why, file=sys.stderr)
    if found.unreadable:
        print(COSTS, file=sys.stderr)
        return ACCOUNT_UNREADABLE
    denials = found.newest(role)
    here = (caller.account if (caller := reader.caller().value) else "") if query is not None else ""
    far = HowFar(found.events, found.reached, found.ended, found.why, query, here)
    if arguments.json:
        print(json.dumps(versioned("recent", to_json(denials, far)), indent=2))
    else:
        if arguments.masks:
            arguments.masks.learn_text(json.dumps(to_json(denials, far)))  # the page contains names without their ARNs
        print((to_markdown if arguments.markdown else to_text)(denials, far, role))
    return ANSWERED


def _query(arguments: argparse.Namespace, reader: AccountReader) -> tuple[TrailQuery, TrailQuerySource] | None:
    if not wants_query(arguments):
        if arguments.organization:
            raise UsageError("--organization needs --athena or --lake: the event history covers only one account.")
        return None
    if arguments.organization:
        return agreed_query(arguments, reader, QueryPurpose.DENIALS, None)
    caller = reader.caller()
    if caller.value is None:
        raise SourceError(caller.why)
    return agreed_query(arguments, reader, QueryPurpose.DENIALS, caller.value.account)
