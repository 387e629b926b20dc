"""``rolescope what-if``: who gains or loses which access if a policy is added, changed or removed.

With ``--json``, one document::

    {"change": "one sentence", "principals": [{"arn", "gained": [ACCESS], "lost": [ACCESS], "loosened": [ACCESS],
     "tightened": [ACCESS], "fully_computed"}],
     "assuming": [{"role", "gained": [who], "lost": [who], "fully_computed"}],
     "unread": ["one sentence"],
     "recorded": {"events", "calls", "refused", "not_granted": calls that today's policies do not allow either,
                  "roles": [{"role", "calls", "refused": [{"action", "resource", "calls"}]}],
                  "problems": ["one sentence"]}}   with --trail, --athena or --lake

    ACCESS = {"actions": the first 100, "action_count", "resource": a pattern, "conditions": ["one sentence"]}

For a folder of several accounts, each entry has ``account``, and ``accounts`` lists the accounts below the target. If
an account is moved, ``paths`` lists the statements that test its old or new path (``before``, ``after``: whether the
path matches). ``notes`` say where no guardrail applies. ``fully_computed`` is False if others may gain or lose access
too.

Exit status: 0 answered; 2 the change cannot be made; 3 the account, or what would be changed in it, cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from diagnostics.differences.asked import answer_lines, not_compared
from diagnostics.differences.organization import move_across, put_across, remove_across
from diagnostics.differences.recorded import Recorded, recorded_across, recorded_calls, recorded_json
from diagnostics.differences.what_if import WhatIfError, WhatIfUnread, attach, put, remove
from diagnostics.differences.whole import compare_access
from diagnostics.json_versions import versioned
from diagnostics.review.subject import ReviewedAccount
from diagnostics.right_size.trail import RolesTrail, TrailFiles
from diagnostics.trail_query.calls import QueriedTrail
from iam.account import Account
from iam.foreign_text import json_text
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.trail_queries import QueryPurpose
from iam.sources.source_error import SourceError
from tui.commands.given import given_text, wants_query
from tui.commands.shards import in_shard, needs_accounts
from tui.exit_status import ANSWERED, UsageError
from tui.open_account import chosen_account, open_account, open_accounts, open_reader, selected_accounts
from tui.status_line import StatusLine
from tui.trail_query import NotRun, agreed_query


def run(options: argparse.Namespace) -> int:
    try:
        accounts = open_accounts(options)
        attached = (options.policy or "").startswith("arn:")
        if options.move is not None or (accounts is not None and not (options.account and attached)):
            return _run_across(options)
        needs_accounts(options)
        if options.policy is None and not options.remove:
            raise UsageError("Name the policy: --policy FILE, or --remove.")
        if options.at is None:
            raise UsageError("Name the place: --at ARN-or-TARGET.")
        text = "" if options.remove or attached else given_text(options.policy, "policy")
        account, reader = open_account(options)
        kind = PolicyKind(options.kind) if options.kind else None
        if options.remove:
            changed = remove(account, options.at, options.policy or "")
        elif attached:
            changed = attach(account, options.policy, options.at, kind)
        else:
            changed = put(account, Document.from_value(text), options.at, kind)
    except WhatIfUnread as error:
        raise SourceError(str(error)) from error
    except WhatIfError as error:
        raise UsageError(str(error)) from error
    before, after = ReviewedAccount(account, reader), ReviewedAccount(changed.account, reader)
    with options.status.telling("comparing") as progress:
        access = compare_access(before, after, progress.tell, deleted=changed.deletes)
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
            "unread": not_compared(before),
        } | ({"recorded": recorded_json(recorded)} if recorded is not None else {})
        print(json_text(versioned("what-if", whole)))
    else:
        print("\n".join(answer_lines(changed, access, recorded, before)))
    return ANSWERED


def _run_across(options: argparse.Namespace) -> int:
    """Evaluate the change over all accounts of a folder. Raises `WhatIfError`."""
    accounts = open_accounts(options)
    if accounts is None:
        raise UsageError("--move needs the accounts of an organization: --snapshot FOLDER.")
    if options.shard is not None and _wants_calls(options):
        raise UsageError("Recorded calls are evaluated against all accounts together, so leave out --shard.")
    if (options.move is None) != (options.to is None):
        raise UsageError("--move ACCOUNT needs --to UNIT.")
    if options.move is not None and (options.policy is not None or options.at is not None or options.remove):
        raise UsageError("--move cannot be used with --policy, --at or --remove: make one change at a time.")
    within = selected_accounts(options, accounts)
    if options.account:
        within = [chosen_account(options, accounts).account.id]
    if options.shard is not None:
        members = (*accounts.ids, *(each.id for each in accounts.missing))
        within = in_shard(within if within is not None else members, options.shard)
    with options.status.telling("comparing") as progress:
        if options.move is not None:
            found = move_across(accounts, options.move, options.to, progress.tell)
        elif options.at is None or (options.policy is None and not options.remove):
            raise UsageError(
                "Name the policy and the place: --policy FILE --at TARGET, or --remove, or --move ACCOUNT."
            )
        elif options.remove:
            found = remove_across(accounts, options.at, options.policy or "", within, progress.tell)
        else:
            document = Document.from_value(given_text(options.policy, "policy"))
            kind = PolicyKind(options.kind) if options.kind else None
            found = put_across(accounts, document, options.at, kind, within, progress.tell)
    if _wants_calls(options) and found.changed:
        try:
            trail = _trail_of_accounts(options, found.changed)
            with options.status.telling("recorded calls evaluated again"):
                recorded = recorded_across(trail, accounts, found.changed, lambda done: options.status.count(done, 0))
            found = replace(found, recorded=recorded)
        except NotRun as error:
            print(error, file=sys.stderr)
    if options.json:
        mark = {"shard": f"{options.shard[0]}/{options.shard[1]}"} if options.shard is not None else {}
        print(json_text(versioned("what-if", found.json() | mark)))
    else:
        print("\n".join(found.lines(accounts)))
    return ANSWERED


def _wants_calls(options: argparse.Namespace) -> bool:
    return bool(options.trail) or wants_query(options)


def _trail(options: argparse.Namespace, before: ReviewedAccount) -> RolesTrail | None:
    if options.trail:
        return TrailFiles(_files(options), None, before.account)
    if not wants_query(options):
        return None

    agreed = agreed_query(options, before.reader, QueryPurpose.ALL_ROLES_CALLS, before.account.id)
    return QueriedTrail(*agreed, before.account)


def _files(options: argparse.Namespace) -> tuple[Path, ...]:
    return tuple(map(Path, options.trail))


def _trail_reader(options: argparse.Namespace) -> AccountReader:
    """Return the reader that queries the trail: the caller's own, or for a folder that of ``--trail-profile``."""
    if not options.snapshot:
        return open_reader(options)
    if options.trail_profile:
        from iam.sources.aws.reader import open_aws  # loads boto3

        return open_aws(profile=options.trail_profile, region=options.region, endpoint_url=None)
    raise UsageError(
        "A folder has no trail: give the trail's files (--trail), or the profile that reaches a trail "
        "(--trail-profile)."
    )


def _trail_of_accounts(options: argparse.Namespace, changed: Mapping[str, Account]) -> RolesTrail:
    """Return the recorded calls of several accounts: from files, or one query over an organization's trail."""
    first = changed[min(changed)]
    if options.trail:
        return TrailFiles(_files(options), None, first, changed)
    reader = _trail_reader(options)
    query, source = agreed_query(options, reader, QueryPurpose.ALL_ROLES_CALLS, None, accounts=tuple(sorted(changed)))
    return QueriedTrail(query, source, first, changed)


def replayed(trail: RolesTrail, before: ReviewedAccount, after: ReviewedAccount, status: StatusLine) -> Recorded:
    """Evaluate the recorded calls with the policies before and after the change, and show the progress."""
    with status.telling("recorded calls evaluated again"):
        return recorded_calls(trail, before, after, lambda done: status.count(done, 0))
