"""Store the names of recently read roles, for shell completion.

The file is ``rolescope/role-names.json`` in the user's cache directory, with mode 0600. It has one list of names for
each combination of account options. Only names from AWS accounts are stored. Without the file, completion offers none.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iam.account import Account

MOST_CHOICES = 8
"""The maximum number of accounts whose names are stored: those that were read last."""
MOST_NAMES = 10_000

_ROLE_ARGUMENTS = ("role_name", "use_role", "change_role", "adopt_role", "right_size_role", "role", "also", "via")


def keep_names(options: argparse.Namespace, account: Account) -> None:
    """Store the names of the account's roles for completion. Write errors are ignored."""
    if not account.roles or "roles" in account.incomplete:
        return
    names = [role.name for role in account.roles[:MOST_NAMES] if role.name.isprintable()]
    known = _read()
    choice = _choice(options)
    if known.get(choice) == names:
        return
    known.pop(choice, None)
    kept = dict([*known.items(), (choice, names)][-MOST_CHOICES:])
    from iam.sources.atomic_file import replacing

    with suppress(OSError):
        path = _path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            json.dump(kept, file)


def complete_names(parser: argparse.ArgumentParser) -> None:
    """Make completion offer the stored names for every argument that is the name of a role."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inside in action.choices.values():
                complete_names(inside)
        elif action.dest in _ROLE_ARGUMENTS:
            action.completer = _offered  # type: ignore[attr-defined]  # argcomplete's attribute


def _offered(prefix: str, parsed_args: argparse.Namespace, **_: Any) -> Iterator[str]:
    return (name for name in _read().get(_choice(parsed_args), ()) if name.startswith(prefix))


def _choice(options: argparse.Namespace) -> str:
    """Return a key for the AWS account that the options choose; "" for a snapshot or the demo."""
    if getattr(options, "demo", False) or getattr(options, "snapshot", None):
        return ""
    profile = getattr(options, "profile", None) or os.environ.get("AWS_PROFILE") or "default"
    return f"profile {profile} {getattr(options, 'endpoint_url', None) or ''}".rstrip()


def _path() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("rolescope") / "role-names.json"


def _read() -> dict[str, list[str]]:
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        choice: [name for name in names if isinstance(name, str)]
        for choice, names in found.items()
        if isinstance(names, list)
    }
