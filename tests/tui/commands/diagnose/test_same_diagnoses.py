"""A saved demo account leads to the same causes and the same advice as the demo account itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from diagnostics.diagnose import collect
from diagnostics.text.read.parse import parse
from iam.account import Account
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from iam.sources.snapshot.write import save
from tests.support.demo.failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure

# Only AWS can decode an encoded message: a file cannot know what it says.
_ENCODED = ("F29a", "F29b")


@pytest.fixture(scope="module")
def both(
    demo_reader: AwsReader, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[AccountReader, Account]]:
    path = tmp_path_factory.mktemp("same") / "demo.json"
    save(demo_reader, path, lambda text: None)
    readers: tuple[AccountReader, AccountReader] = (demo_reader, open_snapshot(path))
    return {reader.kind: (reader, list(reader.accounts())[-1]) for reader in readers}


@pytest.mark.parametrize("failure", [*FAILURES, *CONFLICTS], ids=lambda failure: failure.id)
def test_the_same_cause_and_the_same_first_fix(
    both: Mapping[str, tuple[AccountReader, Account]], failure: DemoFailure | DemoConflict
) -> None:
    context = failure.context if isinstance(failure, DemoFailure) else {}
    role = failure.role if isinstance(failure, DemoFailure) else None
    said = {}
    for kind, (reader, account) in both.items():
        diagnosis = collect(parse(failure.text)[0], OpenedAccount(account, reader), context, role=role)
        first = diagnosis.fixes[0].title if diagnosis.fixes else None
        said[kind] = (diagnosis.verdict.cause, first)
    if failure.id in _ENCODED:
        assert said["snapshot"][0] == "unreadable"
    else:
        assert said["snapshot"] == said["demo"]
