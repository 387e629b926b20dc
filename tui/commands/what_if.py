"""``rolescope what-if``: who gains or loses what by a policy that is put in, changed or taken away.

With ``--json``, one document::

    {"change": "one sentence", "principals": [{"arn", "gained": [ACCESS], "lost": [ACCESS], "loosened": [ACCESS],
     "tightened": [ACCESS], "fully_computed"}],
     "assuming": [{"role", "gained": [who], "lost": [who], "fully_computed"}],
     "unread": ["one sentence"],
     "recorded": {"events", "calls", "refused", "not_granted": calls that today's policies do not allow either,
                  "roles": [{"role", "calls", "refused": [{"action", "resource", "calls"}]}],
                  "problems": ["one sentence"]}}   with --trail, --athena or --lake

    ACCESS = {"actions": the first 100, "action_count", "resource": a pattern, "conditions": ["one sentence"]}

Exit status: 0 answered; 2 the change cannot be made; 3 the account, or what would be changed
in it, could not be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from diagnostics.differences.asked import answer_lines, unread_guardrails
from diagnostics.differences.recorded import Recorded, recorded_calls, recorded_json
from diagnostics.differences.what_if import WhatIfError, WhatIfUnread, put, remove
from diagnostics.differences.whole import compare_access
from diagnostics.json_versions import versioned
from diagnostics.review.subject import ReviewedAccount
from diagnostics.right_size.trail import RolesTrail, TrailFiles
from diagnostics.trail_query.calls import QueriedTrail
from iam.foreign_text import json_text
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.sources.reader.trail_queries import Told
from iam.sources.source_error import SourceError
from tui.commands.given import given_text, wants_query
from tui.exit_status import ANSWERED, UsageError
from tui.open_account import open_account
from tui.status_line import StatusLine
from tui.trail_query import NotRun, agreed_query


def run(options: argparse.Namespace) -> int:
    try:
        if options.policy is None and not options.remove:
            raise UsageError("Say which policy: --policy FILE, or --remove.")
        text = "" if options.remove else given_text(options.policy, "policy")
        account, reader = open_account(options)
        if options.remove:
            changed = remove(account, options.at, options.policy or "")
        else:
            kind = PolicyKind(options.kind) if options.kind else None
            changed = put(account, Document.from_value(text), options.at, kind)
    except WhatIfUnread as error:
        raise SourceError(str(error)) from error
    except WhatIfError as error:
        raise UsageError(str(error)) from error
    before, after = ReviewedAccount(account, reader), ReviewedAccount(changed.account, reader)
    with options.status.telling("comparing") as progress:
        access = compare_access(before, after, progress.tell)
    try:
        trail = _trail(options, before)
        recorded = replayed(trail, before, after, options.status) if trail is not None else None
    except NotRun as error:
        print(error, file=sys.stderr)
        recorded = None
    if options.json:
        whole = {
            "change": changed.sentence,
            **access.json(),
            "unread": unread_guardrails(before),
        } | ({"recorded": recorded_json(recorded)} if recorded is not None else {})
        print(json_text(versioned("what-if", whole)))
    else:
        print("\n".join(answer_lines(changed, access, recorded, before)))
    return ANSWERED


def _trail(options: argparse.Namespace, before: ReviewedAccount) -> RolesTrail | None:
    if options.trail:
        return TrailFiles(tuple(map(Path, options.trail)), None, before.account)
    if not wants_query(options):
        return None

    agreed = agreed_query(options, before.reader, Told.ALL_ROLES_CALLS, before.account.id)
    return QueriedTrail(*agreed, before.account)


def replayed(trail: RolesTrail, before: ReviewedAccount, after: ReviewedAccount, status: StatusLine) -> Recorded:
    """The recorded calls under the change, with progress."""
    with status.telling("recorded calls asked again"):
        return recorded_calls(trail, before, after, lambda done: status.count(done, 0))
