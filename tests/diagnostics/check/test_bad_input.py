"""No bad document passes in silence: one or more for each lint code that identity and trust policies can have and that
is no suggestion, and more than a hundred others.

Here every third; all, with the numbers: ``python -m tests.diagnostics.check.test_bad_input``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from iam.changes.plan import PlanError
from iam.policy.document import Document, PolicyError
from iam.policy.lint import LintSeverity, PolicyKind, lint
from tests.support.gate.bad_documents import BAD_DOCUMENTS
from tests.support.gate.commands import COMMANDS, House
from tests.support.texts.lint_cases import CASES, text_of


def said(kind: str, text: str, house: House) -> set[str]:
    """The codes of what the gate finds, or the sentence with which the document is refused before."""
    try:
        findings = COMMANDS["change"](Document(text), PolicyKind(kind), house).findings
    except (PlanError, PolicyError) as error:
        return {str(error)}
    return {each.code for each in findings if each.outcome.found}


def coded() -> Iterator[tuple[str, str, Any]]:
    """(kind, code, change) of what lint has a code for that is more than a suggestion."""
    for code, kind, bad, _ in CASES:
        if kind not in ("identity", "trust"):
            continue
        severities = {
            each.severity for each in lint(Document(text_of(kind, bad)), PolicyKind(kind)) if each.code == code
        }
        if severities != {LintSeverity.SUGGESTION}:
            yield kind, code, bad


def silent(house: House, rows: Iterator[tuple[str, str, Any]]) -> Iterator[str]:
    sound = {kind: said(kind, text_of(kind, {}), house) for kind in ("identity", "trust")}
    for kind, what, change in rows:
        if not said(kind, text_of(kind, change), house) - sound[kind]:
            yield f"{kind}: {what}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House.built(tmp_path)


def test_every_third_code_is_said(house: House) -> None:
    assert list(silent(house, islice(coded(), 0, None, 3))) == []


def test_every_third_of_the_other_bad_documents_is_said(house: House) -> None:
    assert len(BAD_DOCUMENTS) > 100
    assert list(silent(house, islice(BAD_DOCUMENTS, 0, None, 3))) == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        built, of_codes = House.built(Path(folder)), list(coded())
        for rows, words in (
            (of_codes, f"documents of {len({each[1] for each in of_codes})} codes"),
            (list(BAD_DOCUMENTS), "others"),
        ):
            passed = list(silent(built, iter(rows)))
            print("\n".join([f"{len(rows)} {words}: silent passes {len(passed)}", *passed]))
