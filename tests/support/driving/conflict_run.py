"""Running one explanation, and what holds for every one of them."""

from __future__ import annotations

from typing import Any

from diagnostics.already_exists.procedure import explain
from diagnostics.diagnosis import Step, Verdict
from diagnostics.failure import Conflict
from diagnostics.fix import Fix
from iam.account import Account
from iam.other_services import StackResource
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.conflict_memory import MemoryReader

ADVICE = ("adopt", "rename", "reuse", "new-version", "delete", "wait", "request-quota", "leave")


def taken(
    entity_type: str | None, name: str | None, operation: str | None = None, text: str = "", **more: Any
) -> Conflict:
    """A conflict as AWS states it."""
    text = text or f"An error occurred (EntityAlreadyExists): {name} already exists."
    return Conflict(text, "EntityAlreadyExists", entity_type, name, operation, **more)


def stack(name: str, physical: str, status: str = "CREATE_COMPLETE", kind: str = "Role") -> StackResource:
    return StackResource(name, status, f"AWS::IAM::{kind}", physical, region="eu-west-1")


def run(conflict: Conflict, account: Account, **reader: Any) -> tuple[dict[str, Step], Verdict, list[Fix]]:
    """The parts of one explanation, which come in the contract's order: steps, one verdict, fixes."""
    return sort_out(list(explain(conflict, OpenedAccount(account, MemoryReader(account, **reader)))))  # type: ignore[arg-type]  # it has the reads that conflicts need


def sort_out(parts: list[Step | Verdict | Fix]) -> tuple[dict[str, Step], Verdict, list[Fix]]:
    kinds = [type(part) for part in parts]
    assert kinds == sorted(kinds, key=[Step, Verdict, Fix].index)
    steps = {part.id: part for part in parts if isinstance(part, Step)}
    assert len(steps) == kinds.count(Step)
    (verdict,) = [part for part in parts if isinstance(part, Verdict)]
    fixes = [part for part in parts if isinstance(part, Fix)]
    assert fixes
    for fix in fixes:
        assert first_word(fix) in ADVICE, fix.title
        assert fix.title
        assert fix.target
    return steps, verdict, fixes


def first_word(fix: Fix) -> str:
    return fix.title.split()[0].rstrip(":;,")
