"""Save the accounts of an organization to a folder, several in parallel.

Each file is written completely or not at all, and an interrupted run can be resumed.
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
from iam.sources.json_values import MalformedJson
from iam.sources.organization.format import FILE, json_of, tree_of
from iam.sources.organization.lookups import FolderLookups
from iam.sources.reader.account_reader import AccountReader
from iam.sources.snapshot.write import save
from iam.sources.source_error import SourceError

AT_ONCE = 4
"""The number of accounts read in parallel.

IAM's rate limits apply to each account, those of STS to the caller's account.
"""
UNFINISHED = "Unfinished"
"""The key in ``organization.json`` that lists the accounts that an interrupted run has not read yet."""
FINISHED = "Finished"
"""The key in ``organization.json`` that lists the accounts that the same run has read."""

Say = Callable[[str], None]


@dataclass
class Captured:
    """The result of a run.

    ``saved`` lists the accounts that this run wrote, and ``kept`` those that an interrupted run had already written.
    ``refused`` gives the reason why each other account could not be read. ``skipped`` lists, in sentences, what was
    left out of an account.
    """

    saved: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, tuple[str, ...]] = field(default_factory=dict)


def _before(folder: Path) -> dict[str, Any]:
    """Return the folder's ``organization.json`` from the previous run; empty if there is none."""
    try:
        value = json.loads((folder / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _read_before_the_cut(before: Mapping[str, Any]) -> frozenset[str]:
    """Return the accounts that an interrupted run had read. Files of other accounts are from an older run."""
    found = before.get(FINISHED) if UNFINISHED in before else None
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def _refused_before(before: Mapping[str, Any]) -> dict[str, str]:
    try:
        return dict(tree_of({"Unread": before.get("Unread")}).unread)
    except MalformedJson:
        return {}


def capture(
    folder: Path,
    tree: OrganizationTree,
    accounts: Sequence[str],
    reader_of: Callable[[str], AccountReader],
    say: Say,
    *,
    lean: bool = True,
) -> Captured:
    """Read the accounts and save them to ``folder``: ``accounts/NUMBER.json`` for each, and the data that they share.

    May block for minutes. ``lean`` leaves out the parts that need most of the calls (`iam.sources.snapshot.capture`).
    Raises OSError if the folder cannot be written.
    """
    done = Captured()
    for each in (folder, folder / "accounts"):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = _before(folder)
    read = _read_before_the_cut(before)
    done.kept = [id for id in accounts if id in read and (folder / "accounts" / f"{id}.json").exists()]
    wanted = [id for id in accounts if id not in done.kept]
    # Accounts that an earlier run could not read, and that this run does not request, stay unread.
    refused = {id: why for id, why in _refused_before(before).items() if id not in accounts}
    tree = replace(tree, unread={**refused, **tree.unread})
    left = list(wanted)
    lookups = FolderLookups(folder)
    _write(folder, tree, left, done)
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rolescope-account")
    try:
        running = {pool.submit(_save, folder, id, reader_of, say, lean): id for id in wanted}
        for future in as_completed(running):
            id = running[future]
            try:
                done.skipped[id] = future.result()
                done.saved.append(id)
                lookups.learn_file(folder / "accounts" / f"{id}.json")
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
            raise SourceError(caller.why or "The caller there is unknown.")
        if caller.value.account != account:
            raise SourceError(f"The credentials belong to account {caller.value.account}.")
        path = folder / "accounts" / f"{account}.json"
        return save(reader, path, lambda text: say(f"{account}: {text}"), of_organization=True, lean=lean).skipped
    finally:
        reader.close()


def _write(folder: Path, tree: OrganizationTree, left: Sequence[str] | None, done: Captured) -> None:
    value: dict[str, Any] = json_of(replace(tree, unread=_unread(tree.unread, done)))
    if left is not None:
        value[UNFINISHED] = list(left)
        value[FINISHED] = [*done.kept, *done.saved]
    with replacing(folder / FILE) as file:
        json.dump(value, file, indent=1)
        file.write("\n")


def _unread(before: Mapping[str, str], done: Captured) -> dict[str, str]:
    read = {*done.saved, *done.kept}
    return {id: why for id, why in {**before, **done.refused}.items() if id not in read}
