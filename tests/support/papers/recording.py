"""The recording of the manual, made by the program itself: ``python -m tests.support.papers.recording`` does the three
first things of the README on the demo account in a pseudo-terminal, and writes ``docs/demo.cast`` (asciicast v2, to be
played with ``asciinema play``)."""

from __future__ import annotations

import codecs
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.support.driving.terminal import COMMAND, Terminal

ROOT = Path(__file__).parents[3]
CAST = ROOT / "docs" / "demo.cast"
COLUMNS, ROWS = 110, 34
LONGEST_PAUSE = 2.0
"""Seconds: what the machine needs longer for is not played."""

# What is typed, and what is on the screen then.
WALK: tuple[tuple[str, str], ...] = (
    ("2", "Paste here"),
    ("\x1b[200~{denial}\x1b[201~", "web-frontend-ec2"),
    ("\x12", "FIX 1"),
    ("p", "no calls made yet"),
    ("\x1b", "FIX 1"),
    ("1", "sorted by"),
    ("/", "filter"),
    ("orders", "of 32 roles"),
    ("\r", "enter"),
    ("w", "Who can assume"),
    ("\x1b", "of 32 roles"),
    ("a", "Use orders"),
    ("\x1b", "of 32 roles"),
    ("3", "who may assume it"),
)


class Recorded(Terminal):
    """Remembers when the program wrote what."""

    def __init__(self, command: list[str], home: Path) -> None:
        self.events: list[tuple[float, bytes]] = []
        super().__init__(command, home, columns=COLUMNS, rows=ROWS)

    def written(self, seconds: float = 0.02) -> bytes | None:
        data = super().written(seconds)
        if data:
            self.events.append((time.monotonic() - self.began, data))
        return data


def denial() -> str:
    """The one that the README gives to try."""
    found = re.search(r"```\n\s*(User: arn:.*?)\s*```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return " ".join(found[1].split())


def record(reading: float = LONGEST_PAUSE) -> list[tuple[float, bytes]]:
    """Walk through the demo; ``reading`` seconds after each step for who watches."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Recorded([COMMAND, "--demo"], Path(home))
        try:
            terminal.see("sorted by")
            for keys, words in WALK:
                time.sleep(reading)
                terminal.keys(keys.format(denial=denial()))
                terminal.see(words)
                terminal.quiet()
            terminal.keys("\x11")
            assert terminal.status() == 0
        finally:
            terminal.close()
        return terminal.events


def cast(events: list[tuple[float, bytes]]) -> Iterator[str]:
    """The lines of the file."""
    yield json.dumps({"version": 2, "width": COLUMNS, "height": ROWS, "title": "rolescope --demo"})
    decode = codecs.getincrementaldecoder("utf-8")("replace")
    before = at = 0.0
    for when, data in events:
        at += min(when - before, LONGEST_PAUSE)
        before = when
        yield json.dumps([round(at, 3), "o", decode.decode(data)])


def main() -> None:
    CAST.write_text("\n".join(cast(record())) + "\n", encoding="utf-8")
    print(f"{CAST}: {CAST.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
