"""Compare two folders of accounts: the organization's SCPs and RCPs, and each account that is in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnostics.differences.whole import AccountDifference
from iam.foreign_text import visible
from iam.organization.tree import Guardrail, GuardrailKind, OrganizationTree
from iam.words import listing


@dataclass(frozen=True, slots=True)
class GuardrailDifference:
    """An SCP or RCP that was added, removed, or changed: its document, or its targets."""

    kind: GuardrailKind
    name: str
    change: str
    parts: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "name": self.name, "change": self.change, "parts": list(self.parts)}

    def line(self) -> str:
        parts = f" ({listing(self.parts)})" if self.parts else ""
        return visible(f"{self.change:<8} {self.kind.value} {self.name}{parts}")


def guardrail_differences(
    before: OrganizationTree | None, after: OrganizationTree | None
) -> tuple[GuardrailDifference, ...] | None:
    """Return the differences between the SCPs and RCPs of two organizations; None if those of one were not read."""
    sides = [(tree.scps, tree.rcps) if tree is not None else (None, None) for tree in (before, after)]
    if any(each is None for side in sides for each in side):
        return None
    (old_scps, old_rcps), (new_scps, new_rcps) = sides
    return (
        *_changed(GuardrailKind.SCP, old_scps or (), new_scps or ()),
        *_changed(GuardrailKind.RCP, old_rcps or (), new_rcps or ()),
    )


def _changed(
    kind: GuardrailKind, before: tuple[Guardrail, ...], after: tuple[Guardrail, ...]
) -> Iterator[GuardrailDifference]:
    had, has = ({each.arn or each.name: each for each in side} for side in (before, after))
    for arn in dict.fromkeys((*had, *has)):
        if arn not in has:
            yield GuardrailDifference(kind, had[arn].name, "removed")
        elif arn not in had:
            yield GuardrailDifference(kind, has[arn].name, "added")
        else:
            old, new = had[arn], has[arn]
            same = {
                "document": (old.document and old.document.value) == (new.document and new.document.value),
                "targets": set(old.targets) == set(new.targets),
            }
            if parts := tuple(part for part, equal in same.items() if not equal):
                yield GuardrailDifference(kind, new.name, "changed", parts)


@dataclass
class FolderDifference:
    """The differences between two folders.

    ``guardrails`` is None if the SCPs and RCPs of one were not read; ``left_out`` says why an account was not compared.
    """

    guardrails: tuple[GuardrailDifference, ...] | None
    accounts: dict[str, AccountDifference] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        guardrails = self.guardrails
        return {
            "guardrails": None if guardrails is None else [each.json() for each in guardrails],
            "accounts": [{"account": id, **each.json()} for id, each in self.accounts.items()],
            "not_compared": [{"account": id, "why": why} for id, why in self.left_out.items()],
        }

    def lines(self, names: Mapping[str, str]) -> Iterator[str]:
        if self.guardrails is None:
            yield "? The organization's policies were not read on both sides."
        else:
            yield from (each.line() for each in self.guardrails)
        for id, each in self.accounts.items():
            yield from ("", visible(f"ACCOUNT {id} {names.get(id, '')}".rstrip()), *each.lines())
        yield from ("",) * bool(self.left_out)
        yield from (visible(f"? Account {id} was not compared: {why}") for id, why in self.left_out.items())
