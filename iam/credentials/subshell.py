"""Run a shell as a role. Its prompt shows the role and the minutes left; the session is discarded when the shell ends.

The credentials are only in the shell's environment. If rolescope is killed, the shell keeps its environment.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from iam.credentials.exports import environment, variables
from iam.credentials.role_session import RoleSession

HANG_UPS = 10
HANG_UP_SECONDS = 0.2
_PROMPT = r'PS1="(${ROLESCOPE_ROLE} $(( (ROLESCOPE_UNTIL - $(date +%s)) / 60 )) min) ${PS1#(${ROLESCOPE_ROLE} *min) }"'
"""The command that bash runs before each prompt.

Other shells show a fixed ``PS1``, with the end time of the session.
"""


def shell_environment(
    session: RoleSession, before: Mapping[str, str], region: str, endpoint_url: str | None
) -> dict[str, str]:
    """Return the shell's environment: the session's variables, and those of the prompt."""
    name = re.sub(r"[^\w+=,.@-]", "-", session.role_arn.rpartition("/")[2], flags=re.ASCII)
    found = environment(variables(session, region, endpoint_url), before)
    return found | {
        "ROLESCOPE_ROLE": name,
        "ROLESCOPE_UNTIL": str(int(session.expires.timestamp())),
        "PROMPT_COMMAND": _PROMPT,
        "PS1": f"({name} until {session.expires.astimezone():%H:%M}) $ ",
    }


def shell_of(before: Mapping[str, str]) -> str:
    """Return the path of the user's shell from the environment ``before``."""
    return before.get("SHELL") or "/bin/sh"


def run_shell(session: RoleSession, region: str, endpoint_url: str | None) -> int:
    """Run a shell on this process's terminal until the user leaves it, and return its exit status. Raises OSError."""
    shell = shell_of(os.environ)
    until = f"{session.expires.astimezone():%H:%M}"
    sys.__stdout__.write(  # type: ignore[union-attr]  # there is a terminal
        f"\r\nThis {Path(shell).name} runs as {session.arn} until {until}; exit returns to rolescope.\r\n"
    )
    sys.__stdout__.flush()  # type: ignore[union-attr]
    given = shell_environment(session, os.environ, region, endpoint_url)
    with subprocess.Popen([shell], env=given) as running, _signals_for(running):
        return running.wait()


def _hang_up(running: subprocess.Popen[bytes]) -> None:
    """Send hang-up signals to the shell until it ends.

    While bash builds its prompt, it reacts to a hang-up only at the next prompt.
    """
    for _ in range(HANG_UPS):
        running.send_signal(signal.SIGHUP)
        time.sleep(HANG_UP_SECONDS)
        if running.returncode is not None:
            return
    running.kill()


@contextmanager
def _signals_for(running: subprocess.Popen[bytes]) -> Iterator[None]:
    """Context manager: leave ctrl+c to the shell, and end the shell if a signal ends rolescope.

    SIGINT gets an empty handler instead of SIG_IGN, because child processes inherit SIG_IGN.
    """

    def end(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=_hang_up, args=(running,), daemon=True).start()
        before = kept[signal.Signals(number)]
        if callable(before):
            before(number, frame)

    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)}
    signal.signal(signal.SIGINT, lambda number, frame: None)
    signal.signal(signal.SIGHUP, end)
    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
