"""The shell that runs as a role: what ends the program ends it too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from iam.credentials import subshell

DEAF = "import signal, time; signal.signal(signal.SIGHUP, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
FORGETS = (
    "import signal, sys, time; heard = []\n"
    "def hear(number, _):\n"
    "    heard.append(number)\n"
    "    len(heard) > 1 and sys.exit(0)\n"
    "signal.signal(signal.SIGHUP, hear); print('up', flush=True); time.sleep(600)"
)


@pytest.mark.parametrize(("program", "status", "tries"), [(FORGETS, 0, 1_000), (DEAF, -signal.SIGKILL, 2)])
def test_a_shell_that_misses_a_hang_up_ends_all_the_same(
    program: str, status: int, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subshell, "HANG_UP_SECONDS", 0.05)
    monkeypatch.setattr(subshell, "HANG_UPS", tries)
    before: list[int] = []
    kept = signal.signal(signal.SIGHUP, lambda number, _: before.append(number))
    try:
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as running:
            assert running.stdout is not None and running.stdout.readline()
            with subshell._signals_for(running):
                os.kill(os.getpid(), signal.SIGHUP)
                assert running.wait(60) == status
    finally:
        signal.signal(signal.SIGHUP, kept)
    assert before == [signal.SIGHUP]
