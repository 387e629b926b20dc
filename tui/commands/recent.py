"""``rolescope diagnose --recent``: the account's latest denials, as CloudTrail tells them, without a terminal UI.

Its JSON holds the events themselves, so that ``rolescope diagnose`` can read it and explain them all.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from diagnostics.recent import COSTS, EVENTS_AT_ONCE, RecentDenial, RecentDenials, walk
from diagnostics.report import visible
from iam.sources.reader import SourceError
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, WRONG_USAGE


def run(arguments: argparse.Namespace) -> int:
    """Print the list. What was read until ctrl+c is printed too: a busy account has no end."""
    if arguments.offline:
        print("--recent reads CloudTrail: leave --offline away, or give the error's text.", file=sys.stderr)
        return WRONG_USAGE
    from tui.open_account import open_reader

    role = arguments.recent.rpartition("/")[2] or None
    found = RecentDenials()
    shows_progress = sys.stderr.isatty()
    try:
        reader = open_reader(arguments)
        for _ in walk(reader.recent_events(), found):
            if shows_progress:
                reached = f"{found.reached:%Y-%m-%d %H:%M}" if found.reached else "now"
                print(f"\r{found.events:,} events, back to {reached} …", end="", file=sys.stderr, flush=True)
    except SourceError as error:
        print(error, file=sys.stderr)
        return ACCOUNT_UNREADABLE
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
    print(json.dumps(as_json(found, denials), indent=2) if arguments.json else as_text(found, denials, role))
    return ANSWERED


def as_json(found: RecentDenials, denials: tuple[RecentDenial, ...]) -> dict[str, Any]:
    return {
        "denials": [_denial_json(denial) for denial in denials],
        "events_read": found.events,
        "read_back_to": found.reached.isoformat() if found.reached else None,
        "complete": found.ended and not found.why,
        "unreadable": [{"region": region, "why": why} for region, why in found.why.items()],
    }


def _denial_json(denial: RecentDenial) -> dict[str, Any]:
    failure = denial.failure
    return {
        "who": denial.who,
        "roles": list(denial.roles),
        "principal": failure.principal,
        "action": failure.action,
        "operation": failure.operation,
        "resource": failure.resource,
        "error_code": failure.code,
        "stated_reason": failure.stated_reason,
        "count": denial.count,
        "first": denial.first.isoformat(),
        "last": denial.last.isoformat(),
        "regions": list(denial.regions),
        "sources": list(denial.sources),
        "CloudTrailEvent": failure.text,
    }


def as_text(found: RecentDenials, denials: tuple[RecentDenial, ...], role: str | None) -> str:
    """A line each, and below it how far was read."""
    lines = []
    for denial in denials:
        times = f"{denial.count}x" if denial.count > 1 else ""
        on = denial.failure.resource or "-"
        cells = (denial.who, denial.what, on, denial.failure.code or "", ",".join(denial.regions))
        lines.append(f"{denial.last:%Y-%m-%d %H:%M:%S} {times:>5}  " + "  ".join(visible(cell) for cell in cells))
    about = f" about {visible(role)}" if role else ""
    if not denials:
        lines.append(f"No request{about} was refused in the events that were read.")
    reached = f", back to {found.reached:%Y-%m-%d %H:%M} UTC" if found.reached else ""
    more = "" if found.ended else f"; older ones are not read beyond {EVENTS_AT_ONCE:,} events, or were cut short"
    lines += ["", f"{found.events:,} events of CloudTrail were read{reached}{more}."]
    return "\n".join(lines)
