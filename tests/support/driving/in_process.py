"""The command in the process of the test: the start of another Python takes longer than most answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from io import BufferedReader, BytesIO, TextIOWrapper
from subprocess import CompletedProcess
from unittest.mock import patch

from tui.cli import main


def run_here(*arguments: str, given: bytes = b"") -> CompletedProcess[bytes]:
    """What the command writes and exits with; ``given`` is its standard input."""
    out, err = BytesIO(), BytesIO()
    with _streams(given, out, err):
        try:
            status: object = main(arguments)
        except SystemExit as ended:  # argparse refuses, or shows its help
            status = ended.code or 0
    assert isinstance(status, int)
    return CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


@contextmanager
def _streams(given: bytes, out: BytesIO, err: BytesIO) -> Iterator[None]:
    with ExitStack() as stack:
        written = [TextIOWrapper(each, encoding="utf-8", newline="\n", write_through=True) for each in (out, err)]
        stack.enter_context(patch.object(sys, "stdin", TextIOWrapper(BufferedReader(BytesIO(given)), encoding="utf-8")))  # type: ignore[arg-type]
        stack.enter_context(redirect_stdout(written[0]))
        stack.enter_context(redirect_stderr(written[1]))
        yield
        for each in written:
            each.detach()  # or its end would close what was written
