"""A file on a disk that has no space left, on every operating system."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _FullDisk(io.FileIO):
    """A regular file that fails every write with ``ENOSPC``.

    Once ``os.dup2`` has put something else in its place, such as the null device, what is written goes there.
    """

    def write(self, data: ReadableBuffer, /) -> int:
        if stat.S_ISREG(os.fstat(self.fileno()).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def on_full_disk(file: Path | int) -> io.TextIOWrapper:
    """Open a path or an open descriptor for writing, as a text file on a full disk."""
    return io.TextIOWrapper(io.BufferedWriter(_FullDisk(file, "w")), encoding="utf-8")
