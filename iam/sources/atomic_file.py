"""Write a private file atomically: it is replaced completely or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Context manager: yield a text file that replaces ``path``, with mode 0600, if the block succeeds.

    If the block raises, nothing changes. On Linux the file has no name while it is written, so that even a killed
    process leaves nothing behind; elsewhere it has a temporary name in the same directory. A symbolic link is followed,
    not replaced.

    Raises OSError if the directory cannot be written to, or if ``path`` is a directory or not an ordinary file.
    """
    if "\0" in str(path):
        raise OSError(22, "a file name cannot contain NUL", str(path))
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(21, "it is a directory", str(path))
    if target.exists() and not target.is_file():
        raise OSError(22, "it is not an ordinary file", str(path))
    descriptor, temporary = _unnamed(target.parent) or _named(target)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if temporary is None:
                temporary = _give_name(file.fileno(), target)
        temporary.replace(target)
        temporary = None
        _sync_directory(target.parent)
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _unnamed(directory: Path) -> tuple[int, Path | None] | None:
    flag = getattr(os, "O_TMPFILE", 0)
    if not flag or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(directory, flag | os.O_WRONLY, 0o600), None
    except (IsADirectoryError, NotImplementedError):
        return None
    except OSError as error:
        if error.errno in (95, 22, 21):  # the file system does not support unnamed files
            return None
        raise


def _named(target: Path) -> tuple[int, Path | None]:
    import tempfile

    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent)
    return descriptor, Path(name)


def _give_name(descriptor: int, target: Path) -> Path:
    temporary = target.parent / f".{target.name[:80]}.{os.getpid()}.part"
    temporary.unlink(missing_ok=True)
    # With a directory's descriptor, Python uses linkat(2), the only call that follows /proc's link to the file
    # (open(2)).
    processes = os.open("/proc", os.O_RDONLY)
    try:
        os.link(f"self/fd/{descriptor}", temporary, src_dir_fd=processes, follow_symlinks=True)
    finally:
        os.close(processes)
    return temporary


def _sync_directory(directory: Path) -> None:
    """Sync the directory, so that the new name survives a power failure. Not every file system supports this."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
