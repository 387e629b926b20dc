"""`apply`, `resume` and `roll_back` for tests of what comes after the gate: every plan passes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from iam.changes import apply as applying
from iam.changes.apply import CallOutcome
from iam.changes.journal import read_journal
from iam.changes.plan import Plan
from iam.gate.passed import Passed
from iam.gate.verdict import Verdict


def let_through(plan: Plan) -> Passed:
    """The plan as passed, with the name typed that it asks for."""
    verdict = Verdict.of(plan, ())
    return verdict.passed(verdict.plan.type_name)


def apply(plan: Plan, *given: Any, **named: Any) -> Iterator[CallOutcome]:
    return applying.apply(let_through(plan), *given, **named)


def resume(path: Path, *given: Any, **named: Any) -> Iterator[CallOutcome]:
    return applying.resume(path, let_through(read_journal(path).plan), *given, **named)


def roll_back(path: Path, *given: Any, **named: Any) -> Iterator[CallOutcome]:
    return applying.roll_back(path, let_through(read_journal(path).plan), *given, **named)
