"""``rolescope what-if``: who gains or loses what by a policy that is put in, changed or taken away.

With ``--json``, one document::

    {"change": "one sentence", "principals": [{"arn", "gained": [ACCESS], "lost": [ACCESS], "loosened": [ACCESS],
     "tightened": [ACCESS], "fully_computed"}], "assuming": [{"role", "gained": [who], "lost": [who]}],
     "unread": ["one sentence"],
     "recorded": {"events", "calls", "refused", "not_granted": calls that today's policies do not allow either,
                  "roles": [{"role", "calls", "refused": [{"action", "resource", "calls"}]}],
                  "problems": ["one sentence"]}}   with --trail, --athena or --lake

    ACCESS = {"actions": the first 100, "action_count", "resource": a pattern, "conditions": ["one sentence"]}

Exit status: 0 answered; 2 the change cannot be made; 3 the account could not be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from diagnostics.differences.asked import answer_lines, read_policy, unread_guardrails
from diagnostics.differences.recorded import Recorded, recorded_calls, recorded_json
from diagnostics.differences.what_if import WhatIfError, put, remove
from diagnostics.differences.whole import compare_access
from diagnostics.review.subject import ReviewedAccount
from diagnostics.right_size.trail import RolesTrail, TrailFiles
from iam.policy.document import MAX_CHARACTERS, Document
from iam.policy.lint import PolicyKind
from iam.sources.reader import SourceError
from iam.sources.reader.trail_queries import Told
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, WRONG_USAGE, UsageError
from tui.open_account import open_account
from tui.progress import ProgressLine
from tui.trail_query import NotRun, agreed_query, wants_query


def run(options: argparse.Namespace) -> int:
    try:
        document = None if options.remove or options.policy is None else _document(options.policy)
        if document is None and not options.remove:
            raise WhatIfError("Say which policy: --policy FILE, or --remove.")
        account, reader = open_account(options)
        if document is not None:
            kind = PolicyKind(options.kind) if options.kind else None
            changed = put(account, document, options.at, kind)
        else:
            changed = remove(account, options.at, options.policy or "")
    except WhatIfError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    except SourceError as error:
        print(error, file=sys.stderr)
        return ACCOUNT_UNREADABLE
    before, after = ReviewedAccount(account, reader), ReviewedAccount(changed.account, reader)
    with ProgressLine(sys.stderr) as progress:
        access = compare_access(before, after, progress.tell)
    try:
        trail = _trail(options, before)
        recorded = replayed(trail, before, after) if trail is not None else None
    except UsageError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    except SourceError as error:
        print(error, file=sys.stderr)
        return ACCOUNT_UNREADABLE
    except NotRun as error:
        print(error, file=sys.stderr)
        recorded = None
    if options.json:
        whole = {
            "change": changed.sentence,
            **access.json(),
            "unread": unread_guardrails(before),
        } | ({"recorded": recorded_json(recorded)} if recorded is not None else {})
        print(json.dumps(whole, indent=2, ensure_ascii=False))
    else:
        print("\n".join(answer_lines(changed, access, recorded, before)))
    return ANSWERED


def _trail(options: argparse.Namespace, before: ReviewedAccount) -> RolesTrail | None:
    if options.trail:
        return TrailFiles(tuple(map(Path, options.trail)), None, before.account)
    if not wants_query(options):
        return None
    from diagnostics.trail_query.calls import QueriedTrail

    agreed = agreed_query(options, before.reader, Told.ALL_ROLES_CALLS, before.account.id)
    return QueriedTrail(*agreed, before.account)


def replayed(trail: RolesTrail, before: ReviewedAccount, after: ReviewedAccount) -> Recorded:
    """The recorded calls under the change, with progress."""
    with ProgressLine(sys.stderr, "recorded calls asked again") as progress:
        return recorded_calls(trail, before, after, lambda done: progress(done, 0))


def _document(name: str) -> Document:
    return Document.from_value(sys.stdin.read(MAX_CHARACTERS)) if name == "-" else read_policy(Path(name))
