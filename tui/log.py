"""The log: errors of the terminal UI, in the state directory; with ``--log FILE``, every AWS call, in FILE.

Keys, tokens, passwords and signatures are never logged.
"""

from __future__ import annotations

import logging
import os
from functools import cached_property
from pathlib import Path
from typing import IO

from tui.paths import log_path

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"


MAX_BYTES = 512 * 1024
"""The size in bytes from which the log is renamed to ``rolescope.log.1``, replacing the previous one."""


def _open_private(path: Path) -> IO[str]:
    """Open one of the program's files for appending, and set its mode to 0600 even if it exists. Raises OSError."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")
    os.fchmod(file.fileno(), 0o600)
    return file


class _StateLog(logging.Handler):
    """A small rotating log in the state directory, mode 0600, opened at the first record.

    Nothing is logged if it cannot be opened.
    """

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
    """Start logging the UI's errors to the log in the state directory."""
    _log_to(_StateLog(), logging.INFO)


def log_to_file(path: Path) -> None:
    """Log every AWS call and all errors to the file, appending to it (mode 0600 if it is new). Raises OSError."""
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")
    _log_to(logging.StreamHandler(file), logging.DEBUG)


def _log_to(handler: logging.Handler, ours: int) -> None:
    """Add a log handler. ``ours`` is the minimum level of the program's own records; libraries log only warnings."""
    from tui.secrets import WithoutSecrets

    handler.setFormatter(WithoutSecrets(FORM))
    logger = logging.getLogger()
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logging.getLogger("rolescope").setLevel(ours)
