"""Diagnoses of the demo account's denials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import DemoFailure


def account_of(reader: AccountReader) -> tuple[Account, AccountReader]:
    return list(reader.accounts())[-1], reader


@pytest.fixture(scope="module")
def administrator(demo_reader_as: Callable[[str | None], AccountReader]) -> tuple[Account, AccountReader]:
    return account_of(demo_reader_as(None))


def diagnosis_of(failure: DemoFailure, words: str, account: tuple[Account, AccountReader]) -> Diagnosis:
    parsed = read_text(failure.text if words == "stated" else failure.bare or "")[0]
    if failure.resource and isinstance(parsed, Denial) and parsed.resource is None:
        parsed = replace(parsed, resource=failure.resource)
    return collect(parsed, OpenedAccount(*account), failure.context, role=failure.role)
