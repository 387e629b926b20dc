"""What a command waits for is told on a terminal, and on nothing else."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta

import pytest

from iam.sources.aws.calls import CallLog, LoggedCall
from tests.support.waiting import LONG
from tui import waiting
from tui.waiting import WaitingLine

WORDS = "for iam:ListRoles, attempt 5, slowed down by AWS 3 times ..."


class TerminalStream(io.StringIO):
    def isatty(self) -> bool:
        return True


def slow(log: CallLog) -> None:
    began = datetime.now(UTC) - timedelta(seconds=7)
    log._running[1] = LoggedCall(1, "iam", "ListRoles", "us-east-1", began, retries=4, throttled=3)


def test_a_call_that_takes_long_is_named_until_its_answer_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LONG_SECONDS", 0.01)
    log, stream = CallLog(), TerminalStream()
    slow(log)
    with WaitingLine(stream):
        end = time.monotonic() + LONG
        while WORDS not in stream.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
    text = stream.getvalue()
    assert WORDS in text
    assert text.split("\r")[-2].strip() == "" and text.endswith("\r")


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO(), False), (TerminalStream(), True)])
def test_nothing_is_said_to_a_file_or_where_it_is_to_be_quiet(stream: io.StringIO, quiet: bool) -> None:
    with WaitingLine(stream, quiet=quiet) as line:
        assert line._thread is None
    assert stream.getvalue() == ""
