"""``rolescope diagnose --recent``: the list as text, Markdown and JSON; narrowed, masked, cut short, refused."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Any

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial
from iam.sources.reader.evidence import EventPage
from iam.sources.source_error import SourceError
from tests.support.denials.recent import event
from tui.cli import main


class Trail:
    """A reader that only knows its events; the last entry may be an exception, as ctrl+c is one."""

    def __init__(self, *pages: EventPage | BaseException) -> None:
        self.pages = pages

    def recent_events(self) -> Iterator[EventPage]:
        for page in self.pages:
            if isinstance(page, BaseException):
                raise page
            yield page


def run(trail: Trail | SourceError, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    def opened(_: argparse.Namespace) -> Any:
        if isinstance(trail, SourceError):
            raise trail
        return trail

    monkeypatch.setattr("tui.open_account.open_reader", opened)
    return main(["diagnose", "--recent", *arguments])


PAGE = EventPage("us-east-1", (event(1), event(4, session="b"), event(9, eventName="DeleteQueue", errorMessage="no")))


def test_text_and_how_far_was_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Trail(PAGE), monkeypatch) == 0
    out, err = capsys.readouterr()
    first, *_, last = out.strip().splitlines()
    assert first.startswith("2026-11-20 08:59:00    2x  role shop-api  sqs:CreateQueue  arn:aws:sqs:us-east-1:")
    assert last == "3 events of CloudTrail were read, back to 2026-11-20 08:51 UTC."
    assert err == ""


def test_its_json_is_read_by_diagnose_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Trail(PAGE), monkeypatch, "--json") == 0
    out = capsys.readouterr().out
    assert [entry["count"] for entry in json.loads(out)["denials"]] == [2, 1]
    failures = read_text(out)
    assert [failure.action for failure in failures if isinstance(failure, Denial)] == [
        "sqs:CreateQueue",
        "sqs:DeleteQueue",
    ]


@pytest.mark.parametrize("form", [(), ("--json",), ("--markdown",)])
def test_ids_are_masked_in_every_form(
    form: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Trail(PAGE), monkeypatch, *form, "--mask-accounts") == 0
    out = capsys.readouterr().out
    assert "111122223333" not in out and "ACCOUNT-1" in out


@pytest.mark.parametrize("arguments", [("SHOP-api",), ("--role", "shop-api"), ("arn:aws:iam::1:role/x/shop-api",)])
def test_about_one_role(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Trail(PAGE), monkeypatch, *arguments) == 0
    assert "sqs:CreateQueue" in capsys.readouterr().out
    assert run(Trail(PAGE), monkeypatch, "another") == 0
    assert "No request about another was refused in the events that were read." in capsys.readouterr().out


def test_what_was_read_until_ctrl_c_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Trail(PAGE, KeyboardInterrupt()), monkeypatch) == 0
    out, err = capsys.readouterr()
    assert "sqs:CreateQueue" in out
    assert "older ones were not read" in out
    assert "Traceback" not in err


def test_a_region_that_may_not_be_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    refused = EventPage("eu-west-1", why="AWS denied cloudtrail:LookupEvents.")
    assert run(Trail(refused, PAGE), monkeypatch, "--json") == 0
    out, err = capsys.readouterr()
    assert err == "eu-west-1: AWS denied cloudtrail:LookupEvents.\n"
    assert json.loads(out)["complete"] is False
    assert run(Trail(refused), monkeypatch) == 3
    out, err = capsys.readouterr()
    assert out == "" and "a pasted error can still be explained" in err


def test_no_account_and_no_sense(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SourceError("No credentials were found: sign in."), monkeypatch) == 3
    assert run(Trail(PAGE), monkeypatch, "--offline") == 2
    assert "Traceback" not in capsys.readouterr().err
