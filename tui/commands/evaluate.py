"""``rolescope evaluate [FILE]``: evaluate requests against policies. Each input and output line is a JSON object."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from iam.policy.evaluate_lines import MAX_CHARACTERS, answer_line
from tui.exit_status import ANSWERED, WRONG_USAGE, UsageError


def run(options: argparse.Namespace) -> int:
    """Print a result for every line, in order, as it arrives. Exit status 2 if the file or a line could not be read."""
    if options.file == "-":
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper here
        return _answer(sys.stdin, at_once=True)
    try:
        with Path(options.file).open(encoding="utf-8-sig", errors="replace") as lines:
            return _answer(lines, at_once=False)
    except BrokenPipeError:
        raise  # the program that reads the output has ended; `main` handles this
    except OSError as error:
        raise UsageError(f"{options.file} cannot be read: {error.strerror or error}.") from error


def _answer(source: TextIO, at_once: bool) -> int:
    status = ANSWERED
    for line in _lines(source):
        text, good = answer_line(line)
        print(text, flush=at_once)
        if not good:
            status = WRONG_USAGE
    return status


def _lines(source: TextIO) -> Iterator[str]:
    """Yield the lines that are not blank. An overlong line is read only as far as needed to reject it."""
    while line := source.readline(MAX_CHARACTERS + 2):
        if len(line) > MAX_CHARACTERS:
            rest = line
            while rest and not rest.endswith("\n"):
                rest = source.readline(MAX_CHARACTERS)
        if line.strip():
            yield line
