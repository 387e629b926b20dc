"""The log: what went wrong in the terminal UI, in the state directory; with ``--log FILE`` everything, in FILE.

Keys, tokens, passwords and signatures never.
"""

from __future__ import annotations

import logging
import os
from functools import cached_property
from pathlib import Path
from typing import IO

from tui.configuration import log_path

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


MAX_BYTES = 512 * 1024
"""The size from which the log becomes ``rolescope.log.1``, in place of the one before it."""


def _open_private(path: Path) -> IO[str]:
    """Open a file of ours for appending, with mode 0600 whether or not it is new. Raises OSError."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")
    os.fchmod(file.fileno(), 0o600)
    return file


class _StateLog(logging.Handler):
    """A small rotating log in the state directory, mode 0600, opened at the first record; none where it cannot be."""

    @cached_property
    def _opened(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        class Rotating(RotatingFileHandler):
            def _open(self) -> IO[str]:  # type: ignore[override]  # also what rotation opens
                return _open_private(Path(self.baseFilename))

        path = log_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handler: logging.Handler = Rotating(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
        except OSError:
            handler = logging.NullHandler()
        handler.setFormatter(self.formatter)
        return handler

    def emit(self, record: logging.LogRecord) -> None:
        self._opened.emit(record)


def start_log() -> None:
    """Have what goes wrong in the UI logged."""
    _log_to(_StateLog(), logging.INFO)


def log_to_file(path: Path) -> None:
    """Every AWS call, and what went wrong, at the end of the file (mode 0600 where it is new). Raises OSError."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")
    _log_to(logging.StreamHandler(file), logging.DEBUG)


def _log_to(handler: logging.Handler, ours: int) -> None:
    """``ours``: from which level on; of libraries only warnings."""
    from tui.secrets import WithoutSecrets

    handler.setFormatter(WithoutSecrets(FORM))
    logger = logging.getLogger()
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logging.getLogger("rolescope").setLevel(ours)
