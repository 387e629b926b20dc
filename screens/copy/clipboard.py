"""Copy text to the operator's clipboard, through tmux, GNU screen and SSH.

Tested with tmux 3.5a: by default, tmux drops a plain OSC 52 sequence, while `tmux load-buffer -w -` works. Whether a
terminal accepted an OSC 52 sequence cannot be known, so the program only says "sent".
"""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MOST_BYTES = 74_994
"""The number of base64 characters that terminals usually accept in one OSC 52 sequence."""
SCREEN_CHUNK = 76


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of sending text to the clipboard. If ``ok`` is False, it was not sent and must be shown instead.

    ``sentence`` describes the outcome.
    """

    ok: bool
    sentence: str


def osc52(text: str) -> str:
    return f"\x1b]52;c;{_encoded(text)}\x07"


def for_screen(text: str) -> str:
    """Split an OSC 52 sequence into device control strings that are short enough for GNU screen to pass on."""
    encoded = _encoded(text)
    chunks = [encoded[start : start + SCREEN_CHUNK] for start in range(0, len(encoded), SCREEN_CHUNK)] or [""]
    return "\x1bP\x1b]52;c;" + "\x1b\\\x1bP".join(chunks) + "\x07\x1b\\"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def too_long(text: str) -> bool:
    return len(_encoded(text)) > MOST_BYTES


def send(text: str, write: Callable[[str], None], environment: Mapping[str, str] | None = None) -> Sent:
    """Send the text to the clipboard. ``write`` is a function that writes to the terminal.

    Inside tmux, this runs tmux: call it in a worker.
    """
    environment = os.environ if environment is None else environment
    if too_long(text):
        return Sent(False, "The text is too long for a terminal's clipboard: select it here.")
    if environment.get("TMUX"):
        try:
            result = subprocess.run(
                ["tmux", "load-buffer", "-w", "-"],
                input=text.encode("utf-8", "surrogatepass"),
                capture_output=True,
                timeout=5,
                check=False,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return Sent(False, f"tmux did not accept the text ({error}): select it here.")
        if result.returncode:
            why = result.stderr.decode("utf-8", "replace").strip() or f"exit status {result.returncode}"
            return Sent(False, f"tmux did not accept the text ({why}): select it here.")
        return Sent(True, "Sent to tmux's buffer, and from there to the terminal's clipboard.")
    if environment.get("STY"):
        write(for_screen(text))
        return Sent(True, "Sent to the terminal's clipboard through screen.")
    write(osc52(text))
    return Sent(True, "Sent to the terminal's clipboard.")
