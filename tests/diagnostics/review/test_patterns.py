"""The same cause in several accounts is one pattern, however the accounts were divided."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.across import Reviewed
from diagnostics.review.joined import JoinedReview
from diagnostics.review.patterns import pattern_lines
from iam.foreign_text import json_pieces
from tests.support.organizations.generate import Generated, generate
from tests.support.organizations.patterns import ACCOUNTS, by_itself, reviews


@pytest.fixture(scope="module")
def made() -> Generated:
    made = generate(0)
    for account in ACCOUNTS:
        made.roles[account] = [by_itself(account)]
    return made


def document(done: Iterable[Reviewed]) -> dict[str, Any]:
    joined = JoinedReview()
    for one in done:
        joined.add(one)
    return dict(json.loads("".join(json_pieces(joined.document()))))


def test_one_pattern_of_three_accounts(made: Generated, tmp_path: Path) -> None:
    done = reviews(made.write(tmp_path / "it"))
    whole = document(done)
    (one,) = [each for each in whole["patterns"] if each["rule"] == "escalation.path"]
    assert one["accounts"] == list(ACCOUNTS) and one["findings"] == 3 and one["severity"] == "critical"
    findings = [each for each in whole["findings"] if each["rule"] == "escalation.path"]
    assert {each["pattern"]["id"] for each in findings} == {one["id"]}
    assert len({each["group"] for each in findings}) == 3  # the cause of one account names the account
    assert any("Can become administrator" in line and "3 in 3 accounts" in line for line in pattern_lines([one]))


def test_what_was_accepted_or_is_said_already_is_in_no_pattern_and_no_count(made: Generated, tmp_path: Path) -> None:
    done = reviews(made.write(tmp_path / "it"))
    whole = document(done)
    open_ones = [one for one in whole["findings"] if "double_of" not in one]
    assert sum(one["findings"] for one in whole["patterns"]) == sum(whole["counts"].values()) == len(open_ones)
    for one in done[0].findings:
        one["accepted"] = {"by": "", "until": None, "reason": "so"}
    rest = document(done)
    assert sum(one["findings"] for one in rest["patterns"]) == len(open_ones) - len(done[0].findings)
