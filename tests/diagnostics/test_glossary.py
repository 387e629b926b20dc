"""The glossary: four lines a word, the last with this account's own example."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diagnostics.glossary import TERMS, Term, terms_for
from iam.account import Account
from iam.sources.aws.reader import AwsReader

EMPTY = Account("111122223333", "aws", datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.title)
def test_four_lines_with_an_example_of_the_account(term: Term, demo_reader: AwsReader) -> None:
    account = list(demo_reader.accounts())[-1]
    for role in (None, account.role("web-frontend-ec2"), account.role("ci-pipeline-builder")):
        lines = term.explained(account, role)
        assert len(lines) == 4 and lines[-1].startswith("Here: ")
    assert len(term.explained(EMPTY, None)) == 3
    assert len(term.explained(None, None)) == 3


def test_the_words_of_the_screen_come_first() -> None:
    assert terms_for("BOUNDARY  none")[0].title == "boundary"
    assert terms_for("this one has expired: tokens end")[0].title == "temporary credentials"
    assert len(terms_for("")) == len(TERMS)
