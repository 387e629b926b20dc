"""``rolescope snapshot FILE``: save the account to a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from diagnostics.json_versions import VERSIONS
from iam.foreign_text import json_text, visible
from tui.exit_status import ANSWERED, UsageError
from tui.open_account import open_reader


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
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
