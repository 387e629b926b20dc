"""What a command waits for is shown on a terminal at once, and elsewhere where it takes long."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime

import pytest

from iam.sources.aws.calls import CallLog, LoggedCall
from tests.support.driving.waiting import LONG
from tui import status_line
from tui.status_line import StatusLine

CALL = "for iam:ListRoles, attempt 5, throttled by AWS 3 times ..."


class TerminalStream(io.StringIO):
    def isatty(self) -> bool:
        return True

    def comes(self, words: str) -> bool:
        end = time.monotonic() + LONG
        while words not in self.getvalue() and time.monotonic() < end:
            time.sleep(0.01)
        return words in self.getvalue()


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> TerminalStream:
    monkeypatch.setattr(status_line, "FIRST_AFTER", 0.01)
    return TerminalStream()


def is_gone(stream: TerminalStream) -> bool:
    text = stream.getvalue()
    return text.split("\r")[-2].strip() == "" and text.endswith("\r")


def slow(log: CallLog) -> None:
    at = datetime(2031, 1, 1, tzinfo=UTC)  # the clock of the machine was set back since
    log._running[1] = LoggedCall(1, "iam", "ListRoles", "us-east-1", at, time.monotonic() - 7, retries=4, throttled=3)


def test_a_call_that_takes_long_is_named_until_its_answer_came(stream: TerminalStream) -> None:
    log = CallLog()
    slow(log)
    with StatusLine(stream) as line, line.telling("reviewing"):
        line.count(3, 40)
        assert stream.comes(CALL)
        assert "reviewing" not in stream.getvalue()
        log._running.clear()
        assert stream.comes("\rreviewing: 3 of 40 ...")
    assert is_gone(stream)


def test_the_line_is_free_when_the_work_is_done(stream: TerminalStream) -> None:
    with StatusLine(stream) as line:
        with line.telling("recorded calls"):
            line.count(1_200, 0)
            assert stream.comes("recorded calls: 1,200 ...")
        assert is_gone(stream)


def test_foreign_text_is_text(stream: TerminalStream) -> None:
    with StatusLine(stream) as line, line.telling(""):
        line.say("reading \x1b[2Jrole")
        assert stream.comes("role ...")
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), TerminalStream()])
def test_nothing_is_said_where_it_is_to_be_quiet(stream: io.StringIO) -> None:
    with StatusLine(stream, quiet=True) as line, line.telling("reviewing"):
        line.count(1, 2)
        assert line._thread is None
    assert stream.getvalue() == ""


def test_a_file_has_one_line_where_a_call_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "SILENT_AT_MOST", 0.05)
    log, stream = CallLog(), TerminalStream()
    monkeypatch.setattr(stream, "isatty", lambda: False)
    slow(log)
    with StatusLine(stream):
        assert stream.comes(f"{CALL}\n")
        time.sleep(0.3)
    assert stream.getvalue().count("\n") == 1 and stream.getvalue().startswith("waiting ")
    log._running.clear()


def test_a_file_has_nothing_where_all_is_quick_or_nothing_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    with StatusLine(stream) as line, line.telling("reviewing"):
        line.count(1, 2)
    monkeypatch.setattr(status_line, "SILENT_AT_MOST", 0.01)
    with StatusLine(stream):
        time.sleep(0.1)
    assert stream.getvalue() == ""


@pytest.mark.parametrize("terminal", [True, False])
def test_many_short_calls_are_counted(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    for name in ("FIRST_AFTER", "LONG_SECONDS", "SILENT_AT_MOST"):
        monkeypatch.setattr(status_line, name, 0.01)
    stream = TerminalStream()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    log = CallLog()
    log._number = 47
    log._running[47] = LoggedCall(47, "iam", "GetPolicy", "us-east-1", datetime.now(UTC), time.monotonic() + LONG)
    with StatusLine(stream):
        assert stream.comes(" AWS calls so far, now iam:GetPolicy ...")
