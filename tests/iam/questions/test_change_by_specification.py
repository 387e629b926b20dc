"""What edits of identity policies change over small accounts: a few of many (`tests.support.oracles.compare_edits`)."""

from __future__ import annotations

import json

from tests.support.oracles.compare_edits import by_answers, by_specification, lines, run


def test_no_changed_decision_is_missed_and_all_that_is_said_is_so() -> None:
    tally = run(range(4), seed=1)
    assert tally.pairs == tally.complete == 4 and tally.changed and tally.effects
    assert not tally.missed and not tally.wrong


def test_another_engines_answers_are_taken_in_the_judges_place() -> None:
    asked = list(lines([4], seed=1))
    answers = {json.loads(one)["id"]: "allowed" if by_specification(one) else "implicitDeny" for one in asked}
    assert not run([4], 1, by_answers(answers)).missed
    upside_down = {
        id: "implicitDeny" if one == "allowed" or id.endswith("before") else "allowed" for id, one in answers.items()
    }
    assert run([4], 1, by_answers(upside_down)).missed
