"""Save an account to a snapshot file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from iam.sources.atomic_file import replacing
from iam.sources.reader.account_reader import AccountReader
from iam.sources.snapshot.capture import Capture, Progress
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import to_json


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved to a snapshot file. ``skipped`` are sentences that say what could not be read."""

    path: Path
    account_id: str
    alias: str | None
    roles: int
    users: int | None
    groups: int | None
    policies: int
    resource_policies: int | None
    size: int
    skipped: tuple[str, ...]


def save(
    reader: AccountReader, path: Path, progress: Progress, *, of_organization: bool = False, lean: bool = False
) -> Saved:
    """Read the entire account and write it atomically to ``path``. `Capture` explains ``of_organization`` and ``lean``.

    Raises `SourceError` if the account cannot be read, OSError if the file cannot be written.
    """
    # opened first, so that an unwritable directory is reported before the account is read
    with replacing(path) as file:
        capture = Capture(reader, progress, of_organization=of_organization, lean=lean)
        contents = capture.run()
        progress("writing")
        # In ASCII, because names may contain text that UTF-8 cannot represent.
        json.dump(to_json(contents), file, indent=1)
        file.write("\n")
        size = file.tell()
    return _saved(path, contents, size, capture.skipped)


def _saved(path: Path, contents: Contents, size: int, skipped: list[str]) -> Saved:
    account = contents.account
    policies = contents.resource_policies
    return Saved(
        path=path,
        account_id=account.id,
        alias=account.alias,
        roles=len(account.roles),
        users=None if account.users is None else len(account.users),
        groups=None if account.groups is None else len(account.groups),
        policies=len(account.policies or ()) + len(contents.aws_managed),
        resource_policies=None if policies is None else sum(policy is not None for policy in policies.values()),
        size=size,
        skipped=tuple(dict.fromkeys(skipped)),
    )
