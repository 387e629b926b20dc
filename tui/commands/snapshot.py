"""``rolescope snapshot FILE``: save the account to a file."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from iam.foreign_text import visible
from tui.exit_status import ANSWERED, UsageError
from tui.open_account import open_reader


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
    progress = _Progress()
    try:
        reader = open_reader(options)
        from iam.sources.snapshot.write import save

        saved = save(reader, path, progress.say)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}; nothing was saved.") from error
    finally:
        progress.clear()
    for sentence in saved.skipped:
        print(f"not saved: {visible(sentence)}", file=sys.stderr)
    if options.json:
        print(
            json.dumps(
                {
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
                ensure_ascii=False,
            )
        )
        return ANSWERED
    counts = [f"{saved.roles:,} roles"]
    counts += [f"{saved.users:,} users"] if saved.users is not None else []
    counts += [f"{saved.groups:,} groups"] if saved.groups is not None else []
    counts.append(f"{saved.policies:,} policies")
    print(f"{saved.path}: account {saved.alias or saved.account_id}, {', '.join(counts)}, {saved.size / 1e6:.1f} MB")
    return ANSWERED


class _Progress:
    """One line on a terminal's standard error, rewritten a few times a second at most; without one, each phase once."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = ""
        self._when = 0.0

    def say(self, text: str) -> None:
        text = visible(text)
        if self._terminal:
            if time.monotonic() - self._when < 0.2:
                return
            self._when = time.monotonic()
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
            self._last = text
            return
        phase = text.partition(":")[0]
        if phase != self._last and not phase[:1].isdigit():
            self._last = phase
            print(phase, file=sys.stderr)

    def clear(self) -> None:
        if self._terminal and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
