"""Save the accounts of an organization to a folder, several at once.

A file is complete or not written, and an interrupted run is resumed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from iam.organization.tree import OrganizationTree
from iam.sources.atomic_file import replacing
from iam.sources.organization.format import FILE, json_of
from iam.sources.reader import AccountReader
from iam.sources.snapshot.write import save
from iam.sources.source_error import SourceError

AT_ONCE = 4
"""Accounts that are read side by side: IAM's rates are of each account, STS's of the caller's."""
UNFINISHED = "Unfinished"
"""The key of ``organization.json`` that lists the accounts which a run has still to read."""

Say = Callable[[str], None]


@dataclass
class Captured:
    """``saved`` are the accounts that were written, ``kept`` those of the run that was cut off, ``refused`` why others
    could not be read, ``skipped`` what of an account was left out, a sentence each.
    """

    saved: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, tuple[str, ...]] = field(default_factory=dict)


def left_over(folder: Path) -> tuple[str, ...] | None:
    """The accounts that a run which was cut off has still to read; None where there was none."""
    try:
        value = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError):
        return None
    found = value.get(UNFINISHED) if isinstance(value, dict) else None
    return tuple(map(str, found)) if isinstance(found, list) else None


def capture(
    folder: Path,
    tree: OrganizationTree,
    accounts: Sequence[str],
    reader_of: Callable[[str], AccountReader],
    say: Say,
    *,
    lean: bool = True,
) -> Captured:
    """Read the accounts into ``folder``: ``accounts/NUMBER.json`` each, and what they share. May block, for minutes.

    ``lean`` leaves out what takes most of the calls (`iam.sources.snapshot.capture`).

    Raises OSError where the folder cannot be written.
    """
    done = Captured()
    for each in (folder, folder / "accounts"):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = left_over(folder)
    wanted = list(accounts)
    if before is not None:
        done.kept = [id for id in wanted if id not in before and (folder / "accounts" / f"{id}.json").exists()]
        wanted = [id for id in wanted if id not in done.kept]
    left = list(wanted)
    _write(folder, tree, left, done)
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rolescope-account")
    try:
        running = {pool.submit(_save, folder, id, reader_of, say, lean): id for id in wanted}
        for future in as_completed(running):
            id = running[future]
            try:
                done.skipped[id] = future.result()
                done.saved.append(id)
            except SourceError as error:
                done.refused[id] = str(error)
            left.remove(id)
            say(f"{len(wanted) - len(left)} of {len(wanted)} accounts: {id} {'refused' if id in done.refused else ''}")
            _write(folder, tree, left, done)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    _write(folder, tree, None, done)
    return done


def _save(
    folder: Path, account: str, reader_of: Callable[[str], AccountReader], say: Say, lean: bool
) -> tuple[str, ...]:
    reader = reader_of(account)
    try:
        caller = reader.caller()
        if caller.value is None:
            raise SourceError(caller.why or "Who calls there is unknown.")
        if caller.value.account != account:
            raise SourceError(f"The credentials are of account {caller.value.account}.")
        path = folder / "accounts" / f"{account}.json"
        return save(reader, path, lambda text: say(f"{account}: {text}"), of_organization=True, lean=lean).skipped
    finally:
        reader.close()


def _write(folder: Path, tree: OrganizationTree, left: Sequence[str] | None, done: Captured) -> None:
    value: dict[str, Any] = json_of(replace(tree, unread=_unread(tree.unread, done)))
    if left is not None:
        value[UNFINISHED] = list(left)
    with replacing(folder / FILE) as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def _unread(before: Mapping[str, str], done: Captured) -> dict[str, str]:
    read = {*done.saved, *done.kept}
    return {id: why for id, why in {**before, **done.refused}.items() if id not in read}
