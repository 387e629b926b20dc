"""Read a snapshot file: check its size, detect its encoding, parse its JSON. Errors include their location."""

from __future__ import annotations

import gc
import json
import os
import stat
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iam.sources.json_values import MalformedJson
from iam.sources.snapshot.config_items import SeveralAccounts, are_config_items, contents_of_items
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.decode import decode
from iam.sources.snapshot.format import ENTITIES, ENTITIES_LATER, contents_of_read
from iam.sources.source_error import SourceError

# 10,000 roles are about 45 MB pretty-printed.
MAX_BYTES = 400_000_000
LITTLE = 50_000_000
"""The file size in bytes above which the JSON text of the roles takes more memory than the parsed roles."""
HOW_TO_MAKE_ONE = (
    "make one with `rolescope snapshot FILE` or `aws iam get-account-authorization-details --output json > FILE`"
)


def load(path: Path, *, roles_later: bool = False) -> Contents:
    """Read the account in a file. Raises `SourceError` that names the file, the location of the error and what to do.

    With ``roles_later``, each role is parsed on first access.
    """
    raw, modified = _read(path)
    collecting = gc.isenabled()
    gc.disable()  # a million small objects that all stay alive: collecting garbage meanwhile only takes time
    try:
        entities = ENTITIES_LATER if roles_later and len(raw) < LITTLE else ENTITIES
        value = _decode(path, raw, entities)
        if are_config_items(value):
            return contents_of_items(value, modified)
        _check_keys(path, value)
        return contents_of_read(value, modified)
    except SeveralAccounts as error:
        raise SourceError(f"{path}: {error}") from error
    except MalformedJson as error:
        raise SourceError(f"{path}: {error}. Is this a saved account? If not, {HOW_TO_MAKE_ONE}.") from error
    finally:
        if collecting:
            if roles_later:
                gc.freeze()  # a command ends before any of these objects become garbage
            gc.enable()


def _read(path: Path) -> tuple[bytes, datetime]:
    try:
        # Non-blocking, because a named pipe without a writer would otherwise wait forever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            about = os.fstat(descriptor)
            _check(path, about)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return _unpacked(path, file.read()), datetime.fromtimestamp(about.st_mtime, UTC)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise SourceError(f"There is no file {path}: {HOW_TO_MAKE_ONE}.") from None
    except ValueError as error:  # the name contains a NUL character
        raise SourceError(f"{str(path)!r} is not a file name: {error}.") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error


def _unpacked(path: Path, raw: bytes) -> bytes:
    """Return the bytes, decompressed if they are gzip data. AWS Config delivers its snapshots that way."""
    if raw[:2] != b"\x1f\x8b":
        return raw
    import zlib

    reader = zlib.decompressobj(wbits=31)
    try:
        unpacked = reader.decompress(raw, MAX_BYTES)
    except zlib.error as error:
        raise SourceError(f"{path} is not a valid gzip file: {error}.") from None
    if not reader.eof:
        raise SourceError(f"{path} is cut off, or has more than {MAX_BYTES / 1e6:,.0f} MB unpacked.")
    return unpacked


def _check(path: Path, about: os.stat_result) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise SourceError(f"{path} is a directory: name the snapshot file in it.")
    if not stat.S_ISREG(about.st_mode):
        raise SourceError(f"{path} is not an ordinary file: save the account to an ordinary file, then open that.")
    if about.st_size > MAX_BYTES:
        size, most = f"{about.st_size / 1e6:,.0f}", f"{MAX_BYTES / 1e6:,.0f}"
        raise SourceError(f"{path} has {size} MB, but no snapshot over {most} MB is read: {HOW_TO_MAKE_ONE}.")


def _decode(path: Path, raw: bytes, entities: Mapping[str, Callable[[int, Any], Any]]) -> Any:
    """Return the file's JSON, with each entity converted by its function in ``entities``."""
    if not raw or raw.isspace():
        raise SourceError(f"{path} is empty: {HOW_TO_MAKE_ONE}.")
    try:
        value = decode(raw.decode(json.detect_encoding(raw), "surrogatepass"), entities)
    except MalformedJson:
        raise
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path} is not text in UTF-8 (byte {error.start:,}), so it is not a snapshot; {HOW_TO_MAKE_ONE}."
        ) from None
    except json.JSONDecodeError as error:
        if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string"):
            raise SourceError(
                f"{path} is cut off at line {error.lineno}, column {error.colno}: it was not saved completely; "
                f"{HOW_TO_MAKE_ONE}."
            ) from None
        raise SourceError(
            f"{path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}; {HOW_TO_MAKE_ONE}."
        ) from None
    except RecursionError:
        raise SourceError(f"{path} is nested too deeply to be a snapshot: {HOW_TO_MAKE_ONE}.") from None
    except ValueError as error:
        raise SourceError(f"{path} is not JSON: {error}; {HOW_TO_MAKE_ONE}.") from None
    return value


def _check_keys(path: Path, value: Any) -> None:
    if not isinstance(value, dict) or not any(key in value for key in (*ENTITIES, "Rolescope")):
        raise SourceError(
            f"{path} is JSON, but not a saved account (it has none of the keys {', '.join(ENTITIES)} and Rolescope): "
            f"{HOW_TO_MAKE_ONE}."
        )
