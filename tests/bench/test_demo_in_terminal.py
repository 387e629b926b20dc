"""Start-up and bytes of the demo. All through a pseudo-terminal."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from tests.support.driving.terminal import COMMAND, Terminal


def test_rows_are_there_within_three_seconds_of_the_first_frame(tmp_path: Path) -> None:
    terminal = Terminal([COMMAND, "--demo"], tmp_path)
    try:
        terminal.see("NAME")
        frame = time.monotonic()
        terminal.see("32 roles", "orders")
        seconds = time.monotonic() - frame
        print(f"\nrows {seconds:.2f} s after the first frame")
        assert seconds < 3
    finally:
        terminal.close()


def test_bytes_of_a_key(tmp_path: Path) -> None:
    terminal = Terminal([COMMAND, "--demo"], tmp_path, columns=200, rows=50)
    try:
        terminal.see("32 roles")
        terminal.quiet(0.5)
        moves, settled = [], []
        for _ in range(6):
            terminal.keys("j")
            moves.append(terminal.pump(1.0))
            settled.append(moves[-1] + terminal.quiet(0.3))
        print(f"\nbytes of a move at 200x50: {moves}, with the preview that follows: {settled}")
        assert statistics.median(moves) < 600
        began = len(terminal.raw)
        terminal.keys("\r")
        terminal.see("instance profiles")
        terminal.quiet(0.5)
        opened = len(terminal.raw) - began
        terminal.keys(":")
        palette = terminal.quiet(0.5)
        terminal.keys("\x1b")
        terminal.quiet(0.5)
        print(f"bytes of opening a role: {opened}, the palette: {palette}")
        assert opened < 12_000 and palette < 8_000
        lines = []
        for _ in range(4):
            terminal.keys("j")
            lines.append(terminal.quiet(0.3))
        print(f"bytes of a line in a document: {lines}")
        assert max(lines) < 300
        idle = terminal.quiet(2.0, 2.1)
        print(f"bytes while nobody types: {idle}")
        assert idle == 0
    finally:
        terminal.close()
