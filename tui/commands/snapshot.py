"""``rolescope snapshot FILE``: save the account to a file; with ``--accounts``, an organization's accounts to a folder.

Exit status: 0 saved; 1 some accounts could not be read; 2 wrong usage; 3 the account or the organization cannot be
read.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from diagnostics.json_versions import VERSIONS, versioned
from iam.foreign_text import json_text, visible
from iam.organization.tree import OrganizationTree
from iam.sources.source_error import SourceError
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_reader


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
    if options.accounts or options.units:
        return _run_across(options, path)
    if options.via_role or options.full:
        raise UsageError("--via and --full need --accounts.")
    try:
        reader = open_reader(options)
        from iam.sources.snapshot.write import save

        with options.status.telling("") as progress:
            saved = save(reader, path, progress.say)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}; nothing was saved.") from error
    for sentence in saved.skipped:
        print(f"not saved: {visible(sentence)}", file=sys.stderr)
    if options.json:
        print(
            json_text(
                {
                    "schema": f"snapshot/{VERSIONS['snapshot']}",
                    "file": str(saved.path),
                    "account": saved.account_id,
                    "alias": saved.alias,
                    "roles": saved.roles,
                    "users": saved.users,
                    "groups": saved.groups,
                    "policies": saved.policies,
                    "resource_policies": saved.resource_policies,
                    "bytes": saved.size,
                    "not_saved": list(saved.skipped),
                },
                indent=None,
            )
        )
        return ANSWERED
    counts = [f"{saved.roles:,} roles"]
    counts += [f"{saved.users:,} users"] if saved.users is not None else []
    counts += [f"{saved.groups:,} groups"] if saved.groups is not None else []
    counts.append(f"{saved.policies:,} policies")
    print(f"{saved.path}: account {saved.alias or saved.account_id}, {', '.join(counts)}, {saved.size / 1e6:.1f} MB")
    return ANSWERED


CALLS_EACH = 60
"""The approximate number of calls needed to read a small account. Each role, user, group and resource adds to it."""


def _run_across(options: argparse.Namespace, folder: Path) -> int:
    """Save the accounts of an organization to a folder."""
    from iam.credentials.reachable import ReachableAccounts, by_profiles
    from iam.organization.selection import SelectionError, selected
    from iam.sources.aws.organization_tree import read_tree
    from iam.sources.aws.reader import AwsReader
    from iam.sources.organization.capture import capture
    from iam.sources.organization.folder import FolderAccounts

    if options.snapshot or options.demo:
        raise UsageError("--accounts reads AWS accounts: leave out --snapshot and --demo.")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, but several accounts need a folder.")
    own = open_reader(options)
    assert isinstance(own, AwsReader)
    with options.status.telling("reading the organization") as progress:
        reading, problems = read_tree(own.aws)
        tree = reading.value
        if tree is None and options.via_role:
            raise SourceError(reading.why or reading.note)
        if tree is None or tree.members is None:
            # If the accounts are selected only by profiles, they may belong to different organizations.
            tree = replace(
                tree or OrganizationTree("", captured_at=datetime.now(UTC)), unread=dict.fromkeys(by_profiles(), "")
            )
        for sentence in (*problems, *([reading.why] if reading.why else [])):
            print(f"not read: {visible(sentence)}", file=sys.stderr)
        try:
            asked = selected(FolderAccounts(str(folder), tree, {}), options.accounts, options.units)
        except SelectionError as error:
            raise UsageError(str(error)) from None
        if not asked:
            whys = " ".join(dict.fromkeys(filter(None, (reading.why, *problems))))
            raise SourceError(f"No account was found to save. {whys or 'No profile of the AWS configuration has one.'}")
        tree = replace(tree, unread={id: why for id, why in tree.unread.items() if why})
        print(f"{len(asked)} accounts, about {len(asked) * CALLS_EACH:,} calls or more.", file=sys.stderr)
        reachable = ReachableAccounts(own, options.via_role or "")
        try:
            done = capture(folder, tree, asked, reachable.reader, progress.say, lean=not options.full)
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror or error}.") from error
    for id, why in done.refused.items():
        print(f"refused: account {id}: {visible(why)}", file=sys.stderr)
    for id, sentences in done.skipped.items():
        for sentence in sentences:
            print(f"not saved: {id}: {visible(sentence)}", file=sys.stderr)
    if options.json:
        whole = {
            "folder": str(folder),
            "organization": tree.id or None,
            "accounts": sorted((*done.saved, *done.kept)),
            "kept": sorted(done.kept),
            "refused": [{"account": id, "why": why} for id, why in sorted(done.refused.items())],
            "not_saved": {id: list(each) for id, each in sorted(done.skipped.items()) if each},
        }
        print(json_text(versioned("snapshot-accounts", whole)))
    else:
        kept = f" ({len(done.kept)} of them in an earlier run)" if done.kept else ""
        print(f"{folder}: {len(done.saved) + len(done.kept)} accounts saved{kept}, {len(done.refused)} refused")
    return CANNOT_TELL if done.refused else ANSWERED
