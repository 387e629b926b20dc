"""G1: an incomplete ARN (`arn:aws:sqs`) means the same to every question that is asked of an identity policy.

IAM completes it with wildcards: IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.lint import PolicyKind
from iam.policy.lint.run import lint
from iam.policy.match import covers
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.change.compare import access_change
from iam.questions.who_can import who_can
from tests.support.accounts.questions import ID, allow, deny, document, indexed, role, snapshot
from tests.support.accounts.reviewing import findings_in, names

ROLE = f"arn:aws:iam::{ID}:role/one"
QUEUE = f"arn:aws:sqs:eu-west-1:{ID}:jobs"
INCOMPLETE = [
    # the pattern, and whether it is about the queue
    ("arn:aws:sqs", True),
    ("arn:aws", True),
    ("arn:aws:sqs:eu-west-1", True),
    (f"arn:aws:sqs:eu-*:{ID}", True),
    ("arn:aws:s3", False),
    ("arn:aws:sqs:us-east-1", False),
]


def _policies(*statements: dict[str, Any]) -> Policies:
    return Policies((NamedPolicy(Document.from_value(document(*statements))),))


@pytest.mark.parametrize(("pattern", "matches"), INCOMPLETE)
def test_a_grant_is_the_same_to_evaluate_who_can_and_what_if(tmp_path: Path, pattern: str, matches: bool) -> None:
    granted = allow("sqs:SendMessage", pattern)
    asked = Request(ROLE, "sqs:SendMessage", QUEUE)
    assert evaluate(asked, _policies(granted)).allowed is matches
    content = snapshot([role("one", granted)])
    index = indexed(tmp_path, content)
    assert bool(who_can(index, "sqs:SendMessage", QUEUE).principals) is matches
    change = access_change(Policies(), _policies(granted), asked, index.account, resources=[QUEUE])
    gained = {one.pattern for one in change.newly_allowed}
    assert change.fully_computed and any(covers(each, QUEUE) for each in gained) is matches


@pytest.mark.parametrize(("pattern", "matches"), INCOMPLETE)
def test_a_deny_is_the_same_to_evaluate_who_can_and_what_if(tmp_path: Path, pattern: str, matches: bool) -> None:
    granted, denied = allow("sqs:SendMessage", QUEUE), deny("sqs:*", pattern)
    asked = Request(ROLE, "sqs:SendMessage", QUEUE)
    assert evaluate(asked, _policies(granted, denied)).allowed is not matches
    index = indexed(tmp_path, snapshot([role("one", granted, denied)]))
    assert bool(who_can(index, "sqs:SendMessage", QUEUE).principals) is not matches
    change = access_change(_policies(granted), _policies(granted, denied), asked, index.account)
    assert bool(change.newly_denied) is matches


@pytest.mark.parametrize(("pattern", "bad"), [("arn:aws", True), ("arn:aws:iam", True), ("arn:aws:s3", False)])
def test_the_review_finds_what_an_incomplete_arn_grants(tmp_path: Path, pattern: str, bad: bool) -> None:
    content = snapshot([role("one", allow(["iam:PassRole", "iam:PutRolePolicy"], pattern))])
    assert ("one" in names(findings_in(tmp_path, content, "permissions"))) is bad


def test_lint_warns_of_it() -> None:
    found = lint(Document.from_value(document(allow("sqs:SendMessage", "arn:aws:sqs"))), PolicyKind.IDENTITY)
    assert "MISSING_ARN_FIELD" in {one.code for one in found}
