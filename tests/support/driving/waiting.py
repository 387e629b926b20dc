"""Telling a process that waits for something from one that has work to do but no processor to do it on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

LONG = 120
"""Seconds after which what is waited for is not coming, on however busy a machine."""

GLANCES = 5
"""A thread seen asleep so many times in turn waits for something, and not only for another thread of its process."""


def at_work(pid: int | None = None) -> bool:
    """Whether a thread of the process runs, or would if it had a processor; of this process, another than this one.

    Where the system does not tell (there is no ``/proc``), none does.
    """
    return any(state in "RD" for state in _states(pid))


def _states(pid: int | None) -> Iterator[str]:
    own = str(threading.get_native_id())
    try:
        threads = list(Path(f"/proc/{pid or 'self'}/task").iterdir())
    except OSError:
        return
    for thread in threads:
        if thread.name != own:
            try:
                # "12 (name of the command) S …": the name may hold anything.
                yield (thread / "stat").read_text().rpartition(")")[2].split()[0]
            except (OSError, IndexError):
                continue
