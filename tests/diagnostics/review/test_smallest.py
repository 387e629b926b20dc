"""The fewest changes that close every path: planted shared causes, changes that only help together, what stays open."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.finding import Finding
from diagnostics.review.report.json_document import smallest_json
from diagnostics.review.report.text import smallest_lines
from diagnostics.review.run import review
from diagnostics.review.smallest import PATH_RULES, SmallestSet, found_set, left_open, taken, worth_asking
from iam.policy.document import Document
from tests.support.accounts.questions import ID, allow, attached, document, managed, role, snapshot, trust, user
from tests.support.accounts.review_cases import VENDOR, boss
from tests.support.accounts.reviewing import reviewed
from tests.support.oracles.shared_causes import drawn, with_changes

DENIED = {"Sid": "NoEscalation", "Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}
BOSS = f"arn:aws:iam::{ID}:role/boss"
ROOT = {"AWS": f"arn:aws:iam::{ID}:root"}
LAMBDA = allow(["lambda:CreateFunction", "lambda:InvokeFunction"])


def found_in(tmp_path: Path, content: dict[str, Any]) -> SmallestSet:
    subject = reviewed(tmp_path, content)
    return found_set(subject, [one for one in review(subject, rules=PATH_RULES) if isinstance(one, Finding)])


@pytest.mark.parametrize("seed", [1, 2])
def test_as_many_changes_as_there_are_planted_causes(tmp_path: Path, seed: int) -> None:
    content, causes = drawn(random.Random(seed))
    found = found_in(tmp_path, content)
    assert found.verified is True and not found.left and len(found.changes) <= causes < found.paths
    after = reviewed(tmp_path, with_changes(content, found.changes))
    assert not [one for one in review(after, rules=PATH_RULES) if isinstance(one, Finding)]


def test_one_statement_opens_the_paths_of_many(tmp_path: Path) -> None:
    roles = [role(f"r{number}", LAMBDA, **attached("build")) for number in range(4)]
    content = snapshot(
        [boss({"Service": "lambda.amazonaws.com"}), *roles], policies=[managed("build", allow("iam:PassRole"))]
    )
    found = found_in(tmp_path, content)
    (change,) = found.changes
    assert change.sentence == "Remove iam:PassRole on * from build: 4 paths close" and len(change.closes) == 4
    assert next(smallest_lines(found)).startswith("FEWEST CHANGES  1 change closes 4 of 4 paths")
    assert smallest_json(found)["changes"][0]["closes"][0] == {"rule": "escalation.path", "subject": roles[0]["Arn"]}


def test_two_policies_that_grant_the_same_are_both_changed(tmp_path: Path) -> None:
    both = role("both", LAMBDA, **attached("one", "two"))
    grants = [managed(name, allow("iam:PassRole"), allow("s3:GetObject")) for name in ("one", "two")]
    lets = boss({"Service": "lambda.amazonaws.com"})
    found = found_in(tmp_path, snapshot([lets, both, role("other", LAMBDA, **attached("one"))], policies=grants))
    assert found.verified is True and not found.left


def test_those_outside_count_too(tmp_path: Path) -> None:
    entry = trust({"AWS": f"arn:aws:iam::{VENDOR}:root"})
    roles = [role(f"in-{number}", allow("sts:AssumeRole", BOSS), AssumeRolePolicyDocument=entry) for number in range(3)]
    found = found_in(tmp_path, snapshot([boss(ROOT), *roles]))
    (change,) = found.changes
    assert (
        change.sentence == "Stop every principal of this account from assuming boss: 6 paths close" and found.verified
    )


def test_a_way_for_emergencies_stays_open(tmp_path: Path) -> None:
    glass = role("break-glass", allow("*"), AssumeRolePolicyDocument=trust(ROOT))
    users = [user(name, allow("sts:AssumeRole", glass["Arn"])) for name in ("ann", "ben")]
    subject = reviewed(tmp_path, snapshot([glass], users))
    findings = [one for one in review(subject, rules=PATH_RULES) if isinstance(one, Finding)]
    assert len(left_open(findings)) == 2 and not worth_asking(subject, findings)
    assert found_set(subject, findings).paths == 0


@pytest.mark.parametrize(
    ("statements", "after"),
    [
        ([allow(["iam:PassRole", "s3:Get*"])], [allow("s3:Get*")]),
        ([allow("iam:passrole"), allow("s3:*")], [allow("s3:*")]),
        ([allow("iam:*")], [allow("iam:*"), DENIED]),
        ([allow("iam:PassRole")], [allow("iam:PassRole"), DENIED]),
    ],
)
def test_an_action_is_left_out_or_denied(statements: list[Any], after: list[Any]) -> None:
    changed = taken(Document.from_value(document(*statements)), "iam:PassRole")
    assert changed.value["Statement"] == after
