"""The reviews of several accounts as one document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.review.across import Reviewed
from diagnostics.review.joined import JoinedReview
from iam.foreign_text import json_pieces
from tests.support.organizations.generate import generate
from tests.support.organizations.patterns import ACCOUNTS, by_itself, reviews


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[Reviewed]:
    made = generate(6, 11)
    for account in ACCOUNTS:
        made.roles.setdefault(account, []).append(by_itself(account))
    return reviews(made.write(tmp_path_factory.mktemp("joined") / "it"))


def joined(parts: list[list[Reviewed]]) -> JoinedReview:
    whole = JoinedReview()
    for part in parts:
        for one in part:
            whole.add(one)
    return whole


def text(of: JoinedReview) -> str:
    return "".join(json_pieces(of.document()))


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_however_the_accounts_were_divided_the_document_is_the_same(done: list[Reviewed], parts: int) -> None:
    whole = JoinedReview()
    for number in reversed(range(parts)):
        part = joined([done[number::parts]])
        if number == 0:
            part.add_missing("200000000099", "The account was not read: no file.")
        whole.add_document(json.loads(text(part)))
    plain = joined([list(reversed(done))])
    plain.add_missing("200000000099", "The account was not read: no file.")
    assert text(whole) == text(plain)


def test_findings_are_in_order_and_none_is_lost(done: list[Reviewed]) -> None:
    document: dict[str, Any] = json.loads(text(joined([done])))
    found = [(one["account"], one["rule"], one["subject"], one["summary"]) for one in document["findings"]]
    assert len(found) > 10
    asked = [each for one in done for each in one.findings]
    assert sorted(found) == sorted((one["account"], one["rule"], one["subject"], one["summary"]) for one in asked)
    grave = ["critical", "high", "medium", "low", "info"]
    order = [(grave.index(one["severity"]), one["rule"], one["account"]) for one in document["findings"]]
    assert order == sorted(order)
    for cause in document["causes"]:
        having = [one for one in asked if (one["rule"], one["severity"]) == (cause["rule"], cause["severity"])]
        assert cause["findings"] == len(having) and cause["accounts"] == sorted({one["account"] for one in having})


def test_a_reading_that_failed_is_told_once(done: list[Reviewed]) -> None:
    whole = joined([done])
    for _ in range(2):
        whole.add_missing("200000000099", "The account was not read: no file.")
    unread = json.loads(text(whole))["unread"]
    assert [one["account"] for one in unread].count("200000000099") == 1


def test_as_text_each_account_has_its_findings_under_its_name(done: list[Reviewed]) -> None:
    whole = joined([list(reversed(done))])
    whole.add_missing("200000000099", "The account was not read: no file.")
    lines = "\n".join(whole.lines()).split("\n")
    headings = [line for line in lines if line.startswith("ACCOUNT ")]
    assert headings == sorted(headings, key=lambda line: line[-13:]) and len(headings) == len(done)
    assert lines[0].startswith(f"{len(done)} accounts: ")
    assert "  200000000099: The account was not read: no file." in lines[lines.index("NOT READ") :]
