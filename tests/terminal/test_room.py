"""The installed command in a terminal whose size changes while keys come in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.support.driving.terminal import COMMAND, Terminal, WarmTerminal


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path)
    yield terminal
    terminal.close()


def is_drawn_whole(terminal: Terminal) -> None:
    """What is shown is what ctrl+l draws from nothing."""
    terminal.quiet()
    before = terminal.text
    terminal.screen.erase_in_display(2)
    terminal.keys("\x0c")
    terminal.until(lambda text: text == before, f"the screen as it was:\n{before}\n")


def test_keys_while_the_terminal_changes_its_size(demo: Terminal) -> None:
    demo.see("32 roles", "PERMISSIONS")
    dice = Random(2)
    lower = [(50, 24), (45, 12), (50, 20), (48, 10)]
    anything = [(dice.randint(1, 60), dice.randint(1, 50)) for _ in range(150)]
    for columns, rows in lower * 25 + anything:
        demo.resize(columns, rows)
        demo.keys(dice.choice("jk"))
        demo.pump(dice.choice((0, 0.01, 0.03)))
    demo.resize(80, 24)
    demo.see("32 roles", "? keys")
    is_drawn_whole(demo)
    demo.keys("q")
    assert demo.status() == 0


def test_a_terminal_too_small_says_so_and_what_was_typed_is_there_when_it_grows(demo: Terminal) -> None:
    demo.see("32 roles")
    demo.keys("2")
    demo.see("Paste here")
    demo.keys("AccessDenied for carla")
    demo.see("AccessDenied for carla")
    notice = "Too small: 40x10 needed; ctrl+c quits"
    for columns, rows, words in ((39, 24, notice), (120, 9, notice), (10, 3, "Too small")):
        demo.resize(columns, rows)
        demo.see(words)
        text = demo.until(lambda text: not text.strip().count("\n"), "one line")
        assert text.startswith("Too")
        demo.keys("x\r")
        demo.quiet(0.1)
    for columns, rows in ((2, 5), (1, 1), (120, 40)):
        demo.resize(columns, rows)
    text = demo.see("AccessDenied for carla", "2 Diagnose")
    assert "carlax" not in text
    is_drawn_whole(demo)
    demo.resize(1, 1)
    demo.keys("\x03")
    assert demo.status() == 0


def test_a_terminal_that_is_small_from_the_start(tmp_path: Path) -> None:
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path, columns=30, rows=5)
    try:
        terminal.see("Too small: 40x10 needed")
        terminal.resize(80, 24)
        terminal.see("32 roles", "? keys")
        is_drawn_whole(terminal)
    finally:
        terminal.close()
