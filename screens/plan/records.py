"""Reads the recorded changes of this account from the journals, in a worker. Unfinished changes can be continued."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from diagnostics.drafts import Draft, label_of, read_drafts, role_names, texts_path
from iam.changes.journal import End, JournalRecord, damaged, in_use, journals
from iam.changes.undo_plan import undone_by
from iam.credentials.profile_file import WrittenProfile, written_profiles
from iam.words import listing, plural
from screens.worker_failures import Answer

MOST = 200
"""The maximum number of changes listed; the latest are kept."""


@dataclass(eq=False, repr=False)
class ChangesRead(Answer):
    """The journals were read: the account's changes, latest first, and the unreadable files with the reasons.

    The account of an unreadable file is unknown. ``written_profiles`` is as in the session.
    """

    account_id: str
    changes: tuple[JournalRecord, ...]
    damaged: tuple[tuple[Path, str], ...] = ()
    written_profiles: tuple[WrittenProfile, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """The text that was typed for the account in an earlier run, by place."""
    roles: tuple[str, ...] = ()
    """The names of the roles that were drafted in Create in an earlier run; "" for a role without a name."""


def read_changes(account_id: str, source: str) -> ChangesRead:
    """Read the changes that this run and earlier ones made in this account.

    A demo account ends with its process, so earlier runs cannot have changed it. Plans that another process is carrying
    out now are left out.
    """
    label = label_of(source, account_id)
    drafts, roles = read_drafts(texts_path(label), datetime.now(UTC)), role_names(label)
    if source not in ("aws", "demo"):
        return ChangesRead(account_id, (), drafts=drafts, roles=roles)
    found: list[JournalRecord] = []
    for record in _of_account(account_id, source):
        if len(found) >= MOST:
            break
        if record.unfinished and record.process != os.getpid() and in_use(record.path):
            continue
        found.append(record)
    if source == "demo":
        return ChangesRead(account_id, tuple(found), drafts=drafts, roles=roles)
    return ChangesRead(account_id, tuple(found), tuple(islice(damaged(), MOST)), written_profiles(), drafts, roles)


def made_in_run(changes: Sequence[JournalRecord]) -> str:
    """Return a sentence about the changes that this process made and did not undo; "" if there are none."""
    mine = [
        each for each in changes if each.process == os.getpid() and each.end is End.APPLIED and not each.plan.undoes
    ]
    left = [each.plan.title for each in mine if undone_by(each, changes) is None]
    if not left:
        return ""
    return f"{plural(len(left), 'change')} made: {listing(left)}. Activity (5) has the undo, also in later runs."


def _of_account(account_id: str, source: str) -> Iterator[JournalRecord]:
    for record in journals():
        mine = source != "demo" or record.process == os.getpid()
        if mine and record.plan.account_id == account_id and record.source == source:
            yield record
