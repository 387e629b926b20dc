"""A role with many calls, out of a trail of files: the measurement, small."""

from __future__ import annotations

from pathlib import Path

from diagnostics.right_size.report import unseen_lines
from iam.questions.catalogue import catalogue
from tests.support.oracles.right_sizing import lines, sized


def test_every_recorded_call_is_still_allowed_and_most_actions_go(tmp_path: Path) -> None:
    found, _ = sized(400, tmp_path)
    assert (found.replay.calls, found.replay.allowed, found.replay.refused) == (200, 200, [])
    assert found.only_narrows
    assert found.gone.bit_count() > 1_000
    assert found.coverage.days > 89
    assert len(list(lines(found))) > 50


def test_a_trail_without_data_events_says_so_and_takes_none_of_them_away(tmp_path: Path) -> None:
    found, _ = sized(200, tmp_path, data=False)
    assert found.replay.refused == []
    assert any("data events are not in the trail" in line and "s3" in line for line in unseen_lines(found))
    gone = set(catalogue().actions(found.gone))
    assert not gone & {"s3:GetObject", "s3:PutObject", "dynamodb:Query", "dynamodb:PutItem", "lambda:InvokeFunction"}
