"""Index the accounts in a folder by the names that they contain. The index is on disk, and updated for changed files.

There is a database for each folder in the cache directory, mode 0600: it contains the account of each file, with its
roles, unique IDs, resources with policies, VPC endpoints, alias, and the principals that its roles trust. An account's
names are stored when it is opened, or saved into the folder. If a file has changed since, or if the database cannot be
read or written, nothing is known about the file.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from iam.policy.trusted_principals import trusted_principals
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.read import load
from iam.sources.source_error import SourceError

MOST_FOLDERS = 16
"""The maximum number of folders that have a database. The least recently used databases are deleted."""
_VERSION = 1
_SCHEMA = """
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE, stamp TEXT, account TEXT, named INTEGER);
CREATE TABLE names (file INTEGER, kind TEXT, name TEXT);
CREATE INDEX by_name ON names (kind, name);
CREATE INDEX by_file ON names (file);
"""
_ASSUME = "sts:AssumeRole"


class Named(StrEnum):
    """What a name in the index identifies.

    ``TRUSTED`` is an account ID, a unique ID, or `iam.policy.trusted_principals.ANYONE`.
    """

    ROLE = "role"
    ID = "id"
    RESOURCE = "resource"
    ENDPOINT = "endpoint"
    ALIAS = "alias"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class _Known:
    """The stored data about a file. ``named``: its names are stored too."""

    stamp: str
    account: str
    named: bool


class FolderLookups:
    """The index of one folder. Every method may block, and none raises."""

    def __init__(self, folder: Path, directory: Path | None = None) -> None:
        """Create the index.

        ``directory`` is where the databases are stored, by default in the user's cache directory.
        """
        self._folder = folder
        self._lock = threading.RLock()
        self._known: dict[str, _Known] = {}
        self._database: sqlite3.Connection | None = None
        try:
            self._database = _opened(folder, directory or _cache_directory())
            rows = self._database.execute("SELECT path, stamp, account, named FROM files")
            self._known = {path: _Known(stamp, account, bool(named)) for path, stamp, account, named in rows}
        except (OSError, sqlite3.Error):
            self._database = None

    def account_of(self, path: Path) -> str | None:
        """Return the account in a file, or None if it is unknown or the file has changed since it was indexed."""
        known = self._known.get(self._key(path))
        return known.account if known is not None and known.stamp == stamp_of(path) else None

    def has_names_of(self, path: Path) -> bool:
        """Whether the names in the file's current version are stored."""
        known = self._known.get(self._key(path))
        return known is not None and known.named and known.stamp == stamp_of(path)

    def having(self, kind: Named, names: Iterable[str]) -> frozenset[Path]:
        """Return the files that contained one of the names when they were indexed."""
        query = "SELECT DISTINCT path FROM names JOIN files ON id = file WHERE kind = ? AND name = ?"
        found: set[Path] = set()
        with self._lock:
            if self._database is None:
                return frozenset()
            try:
                for name in dict.fromkeys(names):
                    found.update(self._folder / path for (path,) in self._database.execute(query, (kind.value, name)))
            except sqlite3.Error:
                self._give_up()
                return frozenset()
        return frozenset(found)

    def learn(self, path: Path, stamp: str | None, contents: Contents) -> None:
        """Store the names found in a file's contents.

        ``stamp`` is what `stamp_of` returned before the file was read.
        """
        if stamp is not None and not self.has_names_of(path):
            names = {(kind.value, name) for kind, name in _names(contents)}
            self._keep(path, _Known(stamp, contents.account.id, named=True), sorted(names))

    def learn_file(self, path: Path) -> None:
        """Read a file and store the names in it."""
        stamp = stamp_of(path)
        try:
            self.learn(path, stamp, load(path, roles_later=True))
        except SourceError:
            return

    def learn_account(self, path: Path, stamp: str | None, account: str) -> None:
        """Store which account a file contains."""
        if stamp is not None:
            self._keep(path, _Known(stamp, account, named=False))

    def _keep(self, path: Path, known: _Known, names: Iterable[tuple[str, str]] = ()) -> None:
        key = self._key(path)
        with self._lock:
            if self._database is None or self._known.get(key) == known:
                return
            try:
                with self._database as writing:
                    old = "SELECT id FROM files WHERE path = ?"
                    writing.execute(f"DELETE FROM names WHERE file IN ({old})", (key,))
                    writing.execute("DELETE FROM files WHERE path = ?", (key,))
                    row = (key, known.stamp, known.account, int(known.named))
                    insert = "INSERT INTO files (path, stamp, account, named) VALUES (?, ?, ?, ?)"
                    added = writing.execute(insert, row).lastrowid
                    writing.executemany("INSERT INTO names VALUES (?, ?, ?)", ((added, *each) for each in names))
                self._known[key] = known
            except sqlite3.Error:
                self._give_up()

    def _key(self, path: Path) -> str:
        return str(path.relative_to(self._folder))

    def _give_up(self) -> None:
        self._known, self._database = {}, None


def stamp_of(path: Path) -> str | None:
    """Return a value that changes when the file is rewritten, or None if the file cannot be accessed."""
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _names(contents: Contents) -> Iterator[tuple[Named, str]]:
    account = contents.account
    if account.alias:
        yield Named.ALIAS, account.alias.lower()
    for role in account.roles:
        yield Named.ROLE, role.name
        if role.id:
            yield Named.ID, role.id
        for who in trusted_principals(role.trust, _ASSUME):
            yield Named.TRUSTED, who
    for user in account.users or ():
        if user.id:
            yield Named.ID, user.id
    for resource in contents.resource_policies or {}:
        yield Named.RESOURCE, resource
    for bucket in contents.public_access_blocks or {}:
        yield Named.RESOURCE, bucket
    for endpoint in contents.vpc_endpoints or ():
        yield Named.ENDPOINT, endpoint.id


def _opened(folder: Path, directory: Path) -> sqlite3.Connection:
    """Open the database of a folder; recreate it if it has another version. Raises OSError, sqlite3.Error."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    path = directory / f"{digest[:32]}.sqlite"
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    os.utime(path)
    found = _connected(path)
    try:
        (version,) = found.execute("PRAGMA user_version").fetchone()
        if version != _VERSION:
            _made_anew(found)
    except sqlite3.DatabaseError:
        found.close()
        path.unlink(missing_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        found = _connected(path)
        _made_anew(found)
    _shrink(directory)
    return found


def _connected(path: Path) -> sqlite3.Connection:
    found = sqlite3.connect(path, timeout=1, check_same_thread=False)
    found.execute("PRAGMA synchronous = OFF")  # a database that a power cut damages is created again
    return found


def _made_anew(found: sqlite3.Connection) -> None:
    with closing(found.cursor()) as writing:
        writing.executescript(f"DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS names; {_SCHEMA}")
        writing.execute(f"PRAGMA user_version = {_VERSION}")


def _shrink(directory: Path) -> None:
    several = sorted(directory.glob("*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in several[MOST_FOLDERS:]:
        path.unlink(missing_ok=True)


def _cache_directory() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("rolescope") / "folders"
