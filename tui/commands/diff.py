"""``rolescope diff A [B]``: what was added, removed and changed from A to B, and which access was gained or lost.

A and B are snapshots, or two folders of accounts; without B, A is compared with the account that the options select.
For folders, ``--json`` prints ``guardrails``, ``accounts`` (each a document as below) and ``not_compared``. With
``--json``, one document::

    {"entities": [{"kind", "arn", "change": "added" | "removed" | "changed", "parts": ["trust", …]}],
     "principals": as in `rolescope what-if`, "assuming" and "unread": as there,
     "findings": {"new": [as in `rolescope review`], "gone": [{"rule", "subject", "severity"}]}}

Exit status: 1 with ``--fail-on SEVERITY`` if a new finding is at least this severe; 2 a file cannot be read; 3 the
account cannot be read; else 0.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from diagnostics.differences.folders import FolderDifference, guardrail_differences
from diagnostics.differences.whole import compare
from diagnostics.json_versions import versioned
from diagnostics.review.subject import ReviewedAccount
from iam.foreign_text import json_text
from iam.organization.accounts import Standing
from iam.organization.place import Place
from iam.risks.risk import Severity
from iam.sources.organization.folder import FolderAccounts, open_folder
from iam.sources.source_error import SourceError
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account


def run(options: argparse.Namespace) -> int:
    after = options.after or options.snapshot
    if Path(options.before).is_dir() and after and Path(after).is_dir() and not options.account:
        return _run_across(options, options.before, after)
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


def _run_across(options: argparse.Namespace, before: str, after: str) -> int:
    """Compare two folders: added and removed accounts, the guardrails, and the differences of each account."""
    try:
        had, has = open_folder(before), open_folder(after)
    except SourceError as error:
        raise UsageError(str(error)) from error
    found = FolderDifference(guardrail_differences(had.tree, has.tree))
    with options.status.telling("comparing") as progress:
        for id in dict.fromkeys((*had.ids, *has.ids)):
            old, new = had.opened(id), has.opened(id)
            if old is None or new is None:
                found.left_out[id] = _why(had.standing(id), has.standing(id), had, has)
                continue
            progress.say(f"account {id}")
            sides = [ReviewedAccount(each.account, each.reader) for each in (old, new)]
            found.accounts[id] = compare(sides[0], sides[1], progress.tell)
    if options.json:
        print(json_text(versioned("diff-accounts", found.json())))
    else:
        names = {id: has.name_of(id) or had.name_of(id) for id in found.accounts}
        print("\n".join(found.lines(names)))
    worst = Severity(options.fail_on).rank if options.fail_on is not None else -1
    new_findings = (one for each in found.accounts.values() for one in each.new)
    return CANNOT_TELL if any(one.severity.rank <= worst for one in new_findings) else ANSWERED


def _why(before: Standing, after: Standing, had: FolderAccounts, has: FolderAccounts) -> str:
    """Return why an account was not compared: each folder in which it could not be read, with the reason."""
    missing = [(folder.place, each) for folder, each in ((had, before), (has, after)) if each.place is not Place.READ]
    return " ".join(f"{place} has no such account{f': {each.why}' if each.why else '.'}" for place, each in missing)


def _opened(options: argparse.Namespace, snapshot: str | None) -> ReviewedAccount:
    """Return the account in a snapshot. Without a snapshot, return the account that the options select."""
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
