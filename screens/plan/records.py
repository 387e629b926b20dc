"""The changes that the journals know of, for this account: read in a worker, offered where one is unfinished."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from textual.message import Message

from diagnostics.drafts import Draft, label_of, read_drafts, texts_path
from iam.changes.journal import JournalRecord, damaged, in_use, journals
from iam.credentials.profile_file import WrittenProfile, written_profiles

MOST = 200
"""The latest changes that are listed."""


@dataclass(eq=False, repr=False)
class ChangesRead(Message):
    """The journals were read: the account's changes, the latest first, and the files that cannot be read with a
    sentence on why: of which account those are is unknown. ``written_profiles``: as in the session.
    """

    account_id: str
    changes: tuple[JournalRecord, ...]
    damaged: tuple[tuple[Path, str], ...] = ()
    written_profiles: tuple[WrittenProfile, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """What was typed for the account in another run, by place."""


def read_changes(account_id: str, source: str) -> ChangesRead:
    """What was changed in this account, by this run and earlier ones.

    A demo account ends with its process, and what another process is carrying out at this moment is its own affair.
    """
    drafts = read_drafts(texts_path(label_of(source, account_id)), datetime.now(UTC))
    if source not in ("aws", "demo"):
        return ChangesRead(account_id, (), drafts=drafts)
    found: list[JournalRecord] = []
    for record in _of_account(account_id, source):
        if len(found) >= MOST:
            break
        if record.unfinished and record.process != os.getpid() and in_use(record.path):
            continue
        found.append(record)
    if source == "demo":
        return ChangesRead(account_id, tuple(found), drafts=drafts)
    return ChangesRead(account_id, tuple(found), tuple(islice(damaged(), MOST)), written_profiles(), drafts)


def _of_account(account_id: str, source: str) -> Iterator[JournalRecord]:
    for record in journals():
        mine = source != "demo" or record.process == os.getpid()
        if mine and record.plan.account_id == account_id and record.source == source:
            yield record
