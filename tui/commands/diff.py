"""``rolescope diff A [B]``: what was added, removed and changed from A to B, and which access was gained or lost.

A and B are snapshots; without B, the account that the options choose. With ``--json``, one document::

    {"entities": [{"kind", "arn", "change": "added" | "removed" | "changed", "parts": ["trust", …]}],
     "principals": as in `rolescope what-if`, "assuming" and "unread": as there,
     "findings": {"new": [as in `rolescope review`], "gone": [{"rule", "subject", "severity"}]}}

``--fail-on SEVERITY``: exit status 1 where there is a new finding as grave. 2 a file cannot be read; 3 the account.
"""

from __future__ import annotations

import argparse

from diagnostics.differences.whole import compare
from diagnostics.json_versions import versioned
from diagnostics.review.subject import ReviewedAccount
from iam.foreign_text import json_text
from iam.risks.risk import Severity
from iam.sources.reader import SourceError
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account


def run(options: argparse.Namespace) -> int:
    try:
        before, after = _opened(options, options.before), _opened(options, options.after)
    except SourceError as error:
        if options.after is None:
            raise
        raise UsageError(str(error)) from error
    with options.status.telling("comparing") as progress:
        found = compare(before, after, progress.tell)
    if options.json:
        print(json_text(versioned("diff", found.json())))
    else:
        print("\n".join(found.lines()))
    worst = Severity(options.fail_on).rank if options.fail_on is not None else -1
    return CANNOT_TELL if any(one.severity.rank <= worst for one in found.new) else ANSWERED


def _opened(options: argparse.Namespace, snapshot: str | None) -> ReviewedAccount:
    """A snapshot, or without one the account of the options."""
    chosen = argparse.Namespace(**vars(options))
    if snapshot is not None:
        chosen.snapshot, chosen.demo, chosen.as_user, chosen.profile, chosen.endpoint_url = (
            snapshot,
            False,
            None,
            None,
            None,
        )
    return ReviewedAccount(*open_account(chosen))
