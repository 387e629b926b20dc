"""``right-size --watch``: the plan carried out in the demo, a denial of its role seen there, and given back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.right_size.plan import right_size_plan
from diagnostics.right_size.run import right_size
from diagnostics.right_size.trail import EventHistory
from diagnostics.right_size.watch import GIVEN_BACK
from iam.event import Event
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.questions import allow, role, snapshot
from tests.support.accounts.trail_records import record
from tui.cli import main
from tui.commands.plans.watched import EVERY, Watched, carry_out_and_watch, watch_time
from tui.json_schemas import schema

if TYPE_CHECKING:
    from iam.demo.aws.world import World

ROLE = "lake-etl-glue"
Output = pytest.CaptureFixture[str]


class Clock:
    """Time that passes by sleeping; ``events`` come after so many sleeps."""

    def __init__(self) -> None:
        self.time, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time


def watched(
    world: World, monkeypatch: pytest.MonkeyPatch, clock: Clock, *events: Event, json_form: bool = False, **more: Any
) -> tuple[Watched, OpenedAccount]:
    from iam.demo.open import reader

    mine = reader(world)
    opened = OpenedAccount(list(mine.accounts())[-1], mine)
    worker = opened.account.role(ROLE)
    assert worker is not None
    found = right_size(worker, opened.account, mine, trail=EventHistory(mine, worker, opened.account, 90))
    plan = right_size_plan(found, opened)

    def pages() -> Iterator[EventPage]:
        yield EventPage("us-east-1", events if clock.slept else ())

    monkeypatch.setattr(mine, "recent_events", pages)
    options = argparse.Namespace(
        **{"watch": timedelta(minutes=3), "write": False, "confirm": plan.type_name, "json": json_form, **more},
        check=False,
        fail_on=None,
        demo=True,
    )
    return carry_out_and_watch(found, plan, opened, options, sleep=clock.sleep, now=clock.now), opened


def denied(opened_at: str) -> Event:
    from iam.demo.account.facts import NOW

    world_role = "arn:aws:iam::111122223333:role/service-role/lake-etl-glue"
    told = record("s3", "CreateBucket", {"bucketName": "harbor-lake-new"}, role=world_role, time=opened_at,
                  error="AccessDenied")  # fmt: skip
    return Event("CreateBucket", NOW + timedelta(minutes=1), detail=json.dumps(told))


def test_a_denied_call_is_given_back_and_the_watch_goes_on(
    demo_world: World, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    clock = Clock()
    done, opened = watched(demo_world, monkeypatch, clock, denied("2026-11-20T12:01:00Z"))
    out = capsys.readouterr().out
    assert done.good and [each.action for each in done.given_back] == ["s3:CreateBucket"], (done, out)
    assert clock.slept == [EVERY, EVERY, EVERY]
    assert "denied: s3:CreateBucket on arn:aws:s3:::harbor-lake-new" in out
    assert f"1 permission restored by the inline policy {GIVEN_BACK}." in out
    changed = opened.reader.role(ROLE).value
    assert changed is not None and changed.inline is not None
    (policy,) = (each for each in changed.inline if each.name == GIVEN_BACK)
    assert policy.document.value["Statement"] == [
        {"Effect": "Allow", "Action": ["s3:CreateBucket"], "Resource": "arn:aws:s3:::harbor-lake*"}
    ]
    assert done.as_json()["given_back"][0]["resource"] == "arn:aws:s3:::harbor-lake-new"


def test_the_document_of_a_watch_fits_its_schema(
    demo_world: World, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    done, _ = watched(demo_world, monkeypatch, Clock(), denied("2026-11-20T12:01:00Z"), json_form=True)
    listed = schema("right-size")["properties"]["watch"]
    assert set(done.as_json()) == set(listed["properties"]) == set(listed["required"])
    assert set(done.as_json()["given_back"][0]) == set(listed["properties"]["given_back"]["items"]["properties"])


def test_without_a_denial_nothing_is_given_back(
    demo_world: World, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    done, _ = watched(demo_world, monkeypatch, Clock(), json_form=True)
    assert done.good and done.given_back == [] and done.outcomes[-1].status == "verified"
    assert capsys.readouterr().out == ""


def test_ctrl_c_ends_the_watch_and_the_change_stays(demo_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep", interrupted)
    done, _ = watched(demo_world, monkeypatch, clock)
    assert done.why == "The watch was stopped early; the change remains in effect." and not done.good


def test_without_the_name_nothing_is_called(demo_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done, _ = watched(demo_world, monkeypatch, Clock(), confirm=None)
    assert "No calls were made." in done.why and done.outcomes == []


@pytest.mark.parametrize(("text", "wanted"), [("30m", timedelta(minutes=30)), ("7d", timedelta(days=7))])
def test_a_time(text: str, wanted: timedelta) -> None:
    assert watch_time(text) == wanted


@pytest.mark.parametrize("text", ["", "d", "0d", "15d", "1w", "x"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="between 1s and 14d"):
        watch_time(text)


def test_a_snapshot_is_not_changed(tmp_path: Path, capsys: Output) -> None:
    made = role("worker", allow(["sqs:SetQueueAttributes", "sqs:DeleteQueue"]), path="/app/")
    saved, trail = tmp_path / "saved.json", tmp_path / "trail.json"
    saved.write_text(json.dumps(snapshot([made])), encoding="utf-8")
    call = record("sqs", "SetQueueAttributes", {"queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/jobs"})
    trail.write_text(json.dumps({"Records": [call] * 5}), encoding="utf-8")
    words = ["right-size", "worker", "--snapshot", str(saved), "--trail", str(trail), "--watch", "1h", "--json"]
    assert main(words) == 2
    assert "A snapshot is a file and cannot be changed" in capsys.readouterr().err
