"""The statements of a draft: the rows as typed, the statement elements made from them, and where each belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from iam.creation.draft.places import Place, What, statement_part
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements.action_table import ActionTable
from iam.creation.statements.needed_actions import Needed, needed
from iam.creation.statements.parts import (
    Parts,
    Remark,
    StatementCondition,
    StatementPart,
    Weight,
    document,
    operators_for,
    remarks,
)
from iam.policy.document import Document
from iam.policy.lint import LintFinding, LintSeverity

NONE = "none"
MOST_STATEMENTS, MOST_CONDITIONS, MOST_VALUES = 8, 6, 20

Rows = dict[int, str]
"""The typed texts by row number. Rows may be empty."""


@dataclass
class StatementDraft:
    """A statement in a draft. ``effect`` is Allow, Deny or none; if it is reset to none, the rows are kept."""

    effect: str = NONE
    rows: dict[StatementPart, Rows] = field(default_factory=dict)

    def row(self, part: StatementPart, number: int) -> str:
        return self.rows.get(part, {}).get(number, "")

    @property
    def condition_rows(self) -> list[int]:
        """The numbers of the rows that contain a condition key."""
        return [number for number, key in sorted(self.rows.get(StatementPart.KEY, {}).items()) if key]

    @classmethod
    def of(cls, parts: Parts) -> StatementDraft:
        conditions = parts.conditions
        rows = {
            StatementPart.ACTION: dict(enumerate(parts.actions)),
            StatementPart.RESOURCE: dict(enumerate(parts.resources)),
            StatementPart.KEY: {number: each.key for number, each in enumerate(conditions)},
            StatementPart.OPERATOR: {number: each.operator for number, each in enumerate(conditions)},
            StatementPart.VALUE: {number: ", ".join(each.values) for number, each in enumerate(conditions)},
        }
        return cls(parts.effect, rows)


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """A statement and its slot. ``rows`` says in which row each value of its parts was typed."""

    slot: int
    parts: Parts
    rows: Mapping[tuple[StatementPart, int], int]

    def place(self, part: StatementPart, index: int) -> Place:
        return statement_part(self.slot, part, self.rows.get((part, index), 0))


def written_statement(statement: StatementDraft, slot: int, table: ActionTable | None) -> WrittenStatement:
    """Return the statement made from the rows, and the row that each of its values comes from."""
    rows: dict[tuple[StatementPart, int], int] = {}
    values: dict[StatementPart, list[str]] = {StatementPart.ACTION: [], StatementPart.RESOURCE: []}
    for part, found in values.items():
        for number, text in sorted(statement.rows.get(part, {}).items()):
            # A row may contain several actions.
            for value in re.split(r"[\s,]+", text) if part is StatementPart.ACTION else [text]:
                if value:
                    rows[part, len(found)] = number
                    found.append(value)
    conditions: list[StatementCondition] = []
    for number in statement.condition_rows:
        for part in (StatementPart.KEY, StatementPart.OPERATOR, StatementPart.VALUE):
            rows[part, len(conditions)] = number
        key = statement.row(StatementPart.KEY, number)
        compared = tuple(each.strip() for each in statement.row(StatementPart.VALUE, number).split(",") if each.strip())
        conditions.append(
            StatementCondition(key, _operator(statement.row(StatementPart.OPERATOR, number), key, table), compared)
        )
    actions, resources = tuple(values[StatementPart.ACTION]), tuple(values[StatementPart.RESOURCE])
    return WrittenStatement(slot, Parts(statement.effect, actions, resources, tuple(conditions)), rows)


def _operator(chosen: str, key: str, table: ActionTable | None) -> str:
    """Return the chosen operator if it fits the key, else the default one."""
    if table is None:
        return chosen or "StringEquals"
    offered = operators_for(key, table)
    return chosen if chosen in offered else offered[0]


def written_statements(drafts: Sequence[StatementDraft], table: ActionTable | None) -> tuple[WrittenStatement, ...]:
    return tuple(written_statement(each, slot, table) for slot, each in enumerate(drafts) if each.effect != NONE)


def statements_document(statements: Sequence[WrittenStatement], table: ActionTable | None) -> Document | None:
    """Return the policy made of all statements, which may be incomplete; None if there are none."""
    return document([each.parts for each in statements], table) if statements else None


def place_of_line(statements: Sequence[WrittenStatement], table: ActionTable | None, line: int) -> Place:
    """Return the place where a line of the statements' document was entered."""
    document = statements_document(statements, table)
    for index, each in enumerate(statements if document is not None else ()):
        assert document is not None
        span = document.statement_span(index)
        if not span.first_line <= line <= span.last_line:
            continue
        keys = tuple(condition.key for condition in each.parts.conditions)
        for element, part, texts in (
            ("Action", StatementPart.ACTION, each.parts.actions),
            ("Resource", StatementPart.RESOURCE, each.parts.resources),
            ("Condition", StatementPart.KEY, keys),
        ):
            whole = document.element_span(index, element)
            if whole is not None and whole.first_line <= line <= whole.last_line:
                spans = (document.element_span(index, element, text) for text in texts)
                at = (number for number, span in enumerate(spans) if span is not None and span.first_line == line)
                return each.place(part, next(at, 0))
        return Place(What.EFFECT, slot=each.slot)
    return Place(What.EFFECT)


def placed_remarks(
    statements: Sequence[WrittenStatement],
    table: ActionTable,
    facts: AccountFacts,
    findings: Sequence[LintFinding] = (),
) -> Iterator[tuple[Place, Remark]]:
    """Yield the remarks on every statement, and the findings of lint and AWS on their document, each with its place."""
    for each in statements:
        for remark in remarks(each.parts, table, facts):
            yield each.place(remark.part, remark.index), remark
    for finding in findings:
        path = finding.path
        if len(path) < 2 or path[0] != "Statement" or not isinstance(path[1], int) or path[1] >= len(statements):
            continue
        statement = statements[path[1]]
        found = _part_of(path[2:], statement.parts, table)
        if found is None:
            continue  # missing parts of a statement are reported by its remarks
        part, index = found
        weight = Weight.FAULT if finding.severity is LintSeverity.ERROR else Weight.WARNING
        words = f"AWS: {finding.message}" if finding.source == "aws" else finding.message
        yield statement.place(part, index), Remark(part, index, words, weight)


_ELEMENTS = {"Action": StatementPart.ACTION, "Resource": StatementPart.RESOURCE}


def _part_of(path: Sequence[str | int], parts: Parts, table: ActionTable) -> tuple[StatementPart, int] | None:
    """Return the statement part at a path in its document, with its index; None for the statement itself."""
    if path and path[0] in _ELEMENTS:
        return _ELEMENTS[str(path[0])], int(path[1]) if len(path) > 1 else 0
    if len(path) > 1 and path[0] == "Condition":
        for index, each in enumerate(parts.conditions):
            if each.operator == path[1] and (len(path) < 3 or each.key == path[2]):
                if len(path) < 3:
                    return StatementPart.OPERATOR, index
                return StatementPart.KEY if table.key(each.key) is None else StatementPart.VALUE, index
    return None


def needed_besides(
    statements: Sequence[WrittenStatement], facts: AccountFacts, *, keys_known: bool
) -> tuple[Needed, ...]:
    """Return the permissions that the statements need in addition; KMS permissions only if ``keys_known``."""
    found = needed([each.parts for each in statements], facts)
    return tuple(each for each in found if keys_known or not each.parts.actions[0].startswith("kms:"))
