"""Start-up and bytes, as ratios and counts that hold on other machines too. All through a pseudo-terminal."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from tests.support.terminal import COMMAND, Terminal

BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("BARE FRAME")
Bare().run()
"""
ROUNDS = 5


def first_frame(command: list[str], words: str, home: Path, stop: str) -> float:
    """Seconds from the start of the process until the words are on the screen."""
    terminal = Terminal(command, home, columns=120, rows=40)
    try:
        terminal.see(words)
        seconds = time.monotonic() - terminal.began
        terminal.keys(stop)
        return seconds
    finally:
        terminal.close()


def test_first_frame_against_a_bare_textual_application(tmp_path: Path) -> None:
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(first_frame([sys.executable, "-c", BARE], "BARE FRAME", tmp_path, "\x11"))
        ours.append(first_frame([COMMAND, "--demo"], "NAME", tmp_path, "q"))
    ratio = min(ours) / min(bare)
    print(
        f"\nfirst frame: bare {min(bare) * 1000:.0f} ms, rolescope --demo {min(ours) * 1000:.0f} ms, ratio {ratio:.2f}"
    )
    print(f"medians: {statistics.median(bare) * 1000:.0f} and {statistics.median(ours) * 1000:.0f} ms")
    assert ratio < 1.8


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
        assert statistics.median(moves) < 1500
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
        assert opened < 16_000 and palette < 10_000
        lines = []
        for _ in range(4):
            terminal.keys("j")
            lines.append(terminal.quiet(0.3))
        print(f"bytes of a line in a document: {lines}")
        assert max(lines) < 1500
        idle = terminal.quiet(2.0, 2.1)
        print(f"bytes while nobody types: {idle}")
        assert idle == 0
    finally:
        terminal.close()
