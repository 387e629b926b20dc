"""Simplify policies for one principal: conditions and variables are replaced by the principal's known values."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field, replace
from typing import Any

from iam.account import Account, Role, User
from iam.context import with_context
from iam.key_presence import key_presence, kind_of
from iam.policy.compiled import Asked
from iam.policy.condition_keys import KnownAbsent, known_absent
from iam.policy.conditions import Condition
from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import Statement
from iam.policy.variables import Variable, template

_OF_PRINCIPAL = ("aws:principal", "aws:userid", "aws:username")
"""Prefixes (in lower case) of condition keys that describe the caller."""
_VARIABLE = re.compile(r"\$\{[^{}]*\}")
_CHARACTER = re.compile(r"[*?$]")


def settled(policies: Policies, entity: Role | User, account: Account) -> tuple[Policies, tuple[str, ...]]:
    """Return the policies simplified for the principal, and the caller's keys that remain in them.

    Conditions that the principal meets, and statements whose conditions it does not meet, are removed; variables are
    replaced by its values. The remaining keys have a value only in a session. Raises `PolicyError` for a document that
    cannot be evaluated.
    """
    asked = Asked(with_context(Request(entity.arn, "*", "*"), account, entity))
    work = _Settling(asked, known_absent(key_presence(kind_of(entity), entity, account)))
    return policies.mapped(work.policy), tuple(work.left)


@dataclass(frozen=True, slots=True)
class _Settling:
    asked: Asked
    absent: KnownAbsent
    left: dict[str, None] = field(default_factory=dict)

    def policy(self, policy: NamedPolicy) -> NamedPolicy:
        document = policy.document
        if not any(start in document.text.lower() for start in _OF_PRINCIPAL):
            return policy
        live = document.version == "2012-10-17"
        value = copy.deepcopy(document.value)
        written = value["Statement"] if isinstance(value["Statement"], list) else [value["Statement"]]
        pairs = zip(document.statements, written, strict=True)
        value["Statement"] = [found for one, each in pairs if (found := self._statement(one, each, live)) is not None]
        return replace(policy, document=Document.from_value(value))

    def _statement(self, one: Statement, written: dict[str, Any], live: bool) -> dict[str, Any] | None:
        """Return the statement as it applies to the principal.

        None if one of its conditions is false, or if it contains no resource for the principal.
        """
        conditions: dict[str, dict[str, Any]] = {}
        for block in one.conditions:
            condition = Condition(block, live)
            keys = (block.key, *(key for found in condition.templates for key in found.keys))
            if not all(self._is_known(key) for key in keys):
                filled = [self._kept(text) if live else text for text in block.values]
                conditions.setdefault(block.operator, {})[block.key] = filled
            elif not condition.holds(self.asked.lookup):
                return None
        found = {name: value for name, value in written.items() if name != "Condition"}
        if conditions:
            found["Condition"] = conditions
        if live and one.resource is not None:
            # A text with a variable that has no value equals nothing.
            found["Resource"] = [text for each in one.resource if (text := self._filled(each)) is not None]
        if live and one.not_resource is not None:
            found["NotResource"] = [self._kept(each) for each in one.not_resource]
        return None if found.get("Resource") == [] else found

    def _is_known(self, key: str) -> bool:
        if not key.lower().startswith(_OF_PRINCIPAL):
            return False
        if self.asked.lookup(key) is not None or self.absent(key.lower()):
            return True
        self.left[key] = None
        return False

    def _filled(self, text: str) -> str | None:
        """Return the text with the principal's values for its variables; None if one of them has no value."""
        lacks: list[str] = []

        def value(match: re.Match[str]) -> str:
            found = template(match[0])
            variable = next((part for part in found.parts if isinstance(part, Variable)), None) if found else None
            if variable is None or not self._is_known(variable.key):
                return match[0]
            values = self.asked.lookup(variable.key)
            given = values[0] if values is not None and len(values) == 1 else variable.default
            if given is None:
                lacks.append(variable.key)
                return match[0]
            return _CHARACTER.sub(r"${\g<0>}", given)  # the value of a variable is never a wildcard

        filled = _VARIABLE.sub(value, text)
        return None if lacks else filled

    def _kept(self, text: str) -> str:
        """Return the text with the principal's values filled in.

        If a value is missing, return the text unchanged and record the principal's keys that it uses.
        """
        filled = self._filled(text)
        if filled is None:
            self.left.update(dict.fromkeys(key for key in _keys(text) if key.lower().startswith(_OF_PRINCIPAL)))
        return text if filled is None else filled


def _keys(text: str) -> tuple[str, ...]:
    found = template(text)
    return found.keys if found is not None else ()
