"""``ctrl+z`` in the installed command: the whole job stops, and the shell's ``fg`` brings it back."""

from __future__ import annotations

from pathlib import Path

from tests.support.driving.terminal import COMMAND, Terminal, WarmTerminal


def test_a_job_of_two_processes_stops_and_comes_back(tmp_path: Path) -> None:
    makefile = tmp_path / "Makefile"
    makefile.write_text(f"demo:\n\t{COMMAND} --demo\n")
    terminal = Terminal(["/bin/bash", "--norc", "--noprofile", "-i"], tmp_path, PS1="$ ")
    try:
        terminal.keys(f"make -C {tmp_path} demo\r")
        terminal.see("32 roles", "PERMISSIONS")
        for _ in range(2):
            terminal.keys("\x1a")
            terminal.see("Stopped")
            terminal.keys("clear; echo $((40 + 2)) in the shell\r")
            terminal.see("42 in the shell")
            terminal.keys("fg\r")
            terminal.see("32 roles", "PERMISSIONS")
        terminal.keys("q")
        terminal.see("Leaving directory")  # what is typed before the program ended is thrown away with it
        terminal.keys("echo status $?\r")
        terminal.see("status 0")
        terminal.keys("exit\r")
        assert terminal.status() == 0
    finally:
        terminal.close()


def test_without_a_shell_it_goes_on_and_says_so(tmp_path: Path) -> None:
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path)
    try:
        terminal.see("32 roles", "PERMISSIONS")
        terminal.keys("\x1a")
        terminal.see("was not started from a shell", "PERMISSIONS")
        terminal.keys("q")
        assert terminal.status() == 0
    finally:
        terminal.close()
