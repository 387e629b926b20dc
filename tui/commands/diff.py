"""``rolescope diff A [B]``: what was added, removed and changed from A to B, and which access was gained or lost.

A and B are snapshots; without B, the account that the options choose. With ``--json``, one document::

    {"entities": [{"kind", "arn", "change": "added" | "removed" | "changed", "parts": ["trust", …]}],
     "principals": as in `rolescope what-if`, "assuming" and "unread": as there,
     "findings": {"new": [as in `rolescope review`], "gone": [{"rule", "subject", "severity"}]}}

``--fail-on SEVERITY``: exit status 1 where there is a new finding as grave. 2 a file cannot be read; 3 the account.
"""

from __future__ import annotations

import argparse
import json
import sys

from diagnostics.differences.access import organization_left_out
from diagnostics.differences.entities import differences
from diagnostics.differences.report import access_json, assuming_json, entity_json, entity_lines
from diagnostics.review.finding import Finding, Severity
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.run import in_order, review
from diagnostics.review.subject import ReviewedAccount
from iam.foreign_text import visible
from iam.sources.reader import SourceError
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, CANNOT_TELL, WRONG_USAGE
from tui.commands.what_if import compared, compared_assuming, lines_of
from tui.open_account import open_account

_LEFT_OUT = "One side alone tells the organization's policies: access is compared without them."


def run(options: argparse.Namespace) -> int:
    try:
        before, after = _opened(options, options.before), _opened(options, options.after)
    except SourceError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE if options.after is not None else ACCOUNT_UNREADABLE
    entities = differences(before.account, after.account)
    found = compared(before, after)
    assuming = compared_assuming(before, after)
    had, has = _findings(before), _findings(after)
    new = in_order(has[key] for key in has.keys() - had.keys())
    gone = in_order(had[key] for key in had.keys() - has.keys())
    unread = [_LEFT_OUT] if organization_left_out(before, after) else []
    if options.json:
        whole = {
            "entities": [entity_json(one) for one in entities],
            "principals": [access_json(one) for one in found],
            "assuming": [assuming_json(one) for one in assuming],
            "unread": unread,
            "findings": {
                "new": [finding_json(one) for one in new],
                "gone": [{"rule": one.rule, "subject": one.subject, "severity": one.severity.value} for one in gone],
            },
        }
        print(json.dumps(whole, indent=2, ensure_ascii=False))
    else:
        lines = list(entity_lines(entities)) or ["No role, user, group or policy differs."]
        lines += ["", *lines_of(found, assuming, len(after.index.principals)), *(f"? {each}" for each in unread), ""]
        lines += [visible(f"new finding   {one.severity.value} {one.rule}: {one.summary}") for one in new]
        lines += [visible(f"gone finding  {one.severity.value} {one.rule}: {one.subject}") for one in gone]
        print("\n".join(lines).rstrip())
    grave = options.fail_on is not None and any(one.severity.rank <= Severity(options.fail_on).rank for one in new)
    return CANNOT_TELL if grave else ANSWERED


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


def _findings(reviewed: ReviewedAccount) -> dict[tuple[str, str], Finding]:
    return {one.key: one for one in review(reviewed) if isinstance(one, Finding)}
