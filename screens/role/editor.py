"""Runs the operator's own editor on a text, on this process's terminal."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

LARGEST = 1024 * 1024


class EditorError(Exception):
    """Raised if the editor's text is not accepted, or the editor cannot be run. ``str()`` is one sentence."""


def editor_of(environment: Mapping[str, str]) -> list[str]:
    """Return the words of the editor's command, taken from $VISUAL or $EDITOR, or else vi. Raises `EditorError`."""
    command_line = environment.get("VISUAL", "").strip() or environment.get("EDITOR", "").strip() or "vi"
    try:
        return shlex.split(command_line)
    except ValueError as error:
        raise EditorError(f"$VISUAL or $EDITOR is not a valid command: {error}.") from error


def edit(text: str, name: str) -> str:
    """Run the editor on the text, wait until it is closed, and return the saved text.

    The file is in a private folder, which is removed with everything that the editor leaves in it. Raises
    `EditorError`.
    """
    words = editor_of(os.environ)
    with TemporaryDirectory(prefix="rolescope-") as directory:  # with mode 0700
        path = Path(directory) / f"{re.sub(r'[^A-Za-z0-9_.-]', '-', name)[:80]}.json"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
        status = _run([*words, str(path)])
        if status:
            raise EditorError(f"{words[0]} ended with status {status}, so its text is not used.")
        return _saved(path)


def _run(command: list[str]) -> int:
    # ctrl+c is for the editor. A handler that does nothing, because the editor would inherit an ignored signal.
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        return subprocess.call(command)
    except OSError as error:
        raise EditorError(f"{command[0]} could not be started: {error.strerror}. Set $EDITOR.") from error
    finally:
        signal.signal(signal.SIGINT, before)


def _saved(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise EditorError("The edited text is larger than 1 MB, too large for a policy.")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EditorError(f"The edited file is not UTF-8 text (byte {error.start + 1}).") from error
    except OSError as error:
        raise EditorError(f"The edited file could not be read: {error.strerror}.") from error
