"""``rolescope diagnose --recent``: the account's latest denials, as CloudTrail tells them, without a terminal UI.

Its JSON holds the events themselves, so that ``rolescope diagnose`` can read it and explain them all.
"""

from __future__ import annotations

import argparse
import json
import sys

from diagnostics.masking import Masks
from diagnostics.recent.denials import COSTS, RecentDenials, walk
from diagnostics.recent.report import HowFar, to_json, to_markdown, to_text
from iam.sources.reader import SourceError
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, WRONG_USAGE


def run(arguments: argparse.Namespace) -> int:
    """Print the list. What was read until ctrl+c is printed too: a busy account has no end."""
    if arguments.offline:
        print("--recent reads CloudTrail: leave --offline away, or give the error's text.", file=sys.stderr)
        return WRONG_USAGE
    from tui.open_account import open_reader

    role = (arguments.recent or arguments.role or "").rpartition("/")[2] or None
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
    far = HowFar(found.events, found.reached, found.ended, found.why)
    masks = Masks() if arguments.mask_accounts else None
    if arguments.json:
        document = to_json(denials, far)
        print(json.dumps(masks.value(document) if masks else document, indent=2))
    else:
        page = (to_markdown if arguments.markdown else to_text)(denials, far, role)
        print(masks.text(page) if masks else page)
    return ANSWERED
