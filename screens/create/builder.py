"""The statements of the builder: their fields in the form, the parts that they make, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from diagnostics.sentences import statement_sentence
from iam.creation import statement_names
from iam.creation.action_table import ActionTable
from iam.creation.needed_actions import Needed, needed
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements import Condition, Part, Parts, Remark, Weight, document, operators_for, remarks
from iam.policy.document import Document, PolicyError
from iam.policy.lint import Finding, Severity
from screens.widgets.form.choice import Option
from screens.widgets.form.form import Field, FieldKind
from screens.widgets.form.sentence import Tone

NONE = "none"
MOST_STATEMENTS, MOST_CONDITIONS, MOST_VALUES = 8, 6, 20
PREFIX = "perm.built."
NAME = "perm.built.name"
BUILT = "perm.built"
"""Stands for the policy of all statements where documents are told by their fields."""

_EFFECTS = (Option(NONE, "no statement"), Option("Allow", "Allow"), Option("Deny", "Deny", "whatever else allows it"))
_TONES = {Weight.FAULT: Tone.FAULT, Weight.WARNING: Tone.WARNING, Weight.NOTE: Tone.HINT}
_GRAVEST = (Weight.FAULT, Weight.WARNING, Weight.NOTE)
_ELEMENTS = {"Action": Part.ACTION, "Resource": Part.RESOURCE}


@dataclass(frozen=True, slots=True)
class Built:
    """One statement: its place in the form, its parts, and the field that each of them was typed in."""

    slot: int
    parts: Parts
    fields: Mapping[tuple[Part, int], str]

    def field(self, part: Part, index: int) -> str:
        return self.fields.get((part, index), f"{PREFIX}{self.slot}.{part}.0")


def built(values: Mapping[str, str], table: ActionTable | None) -> tuple[Built, ...]:
    return tuple(
        _statement(values, slot, effect, table)
        for slot in range(MOST_STATEMENTS)
        if (effect := values.get(f"perm.statement.{slot}", NONE)) != NONE
    )


def slot_of(field_id: str) -> int | None:
    """The place in the form of the statement that a field belongs to."""
    match = re.match(r"perm\.(?:built|statement)\.(\d+)", field_id)
    return int(match[1]) if match else None


def has_statements(values: Mapping[str, str]) -> bool:
    return any(values.get(f"perm.statement.{slot}", NONE) != NONE for slot in range(MOST_STATEMENTS))


def _statement(values: Mapping[str, str], slot: int, effect: str, table: ActionTable | None) -> Built:
    at = f"{PREFIX}{slot}."
    fields: dict[tuple[Part, int], str] = {}
    actions: list[str] = []
    for number in range(MOST_VALUES):
        for action in re.split(r"[\s,]+", values.get(f"{at}action.{number}", "").strip()):
            if action:
                fields[Part.ACTION, len(actions)] = f"{at}action.{number}"
                actions.append(action)
    resources: list[str] = []
    for number in range(MOST_VALUES):
        if resource := values.get(f"{at}resource.{number}", "").strip():
            fields[Part.RESOURCE, len(resources)] = f"{at}resource.{number}"
            resources.append(resource)
    conditions: list[Condition] = []
    for number in _condition_numbers(values, at):
        key = values[f"{at}key.{number}"].strip()
        for part in (Part.KEY, Part.OPERATOR, Part.VALUE):
            fields[part, len(conditions)] = f"{at}{part}.{number}"
        told = tuple(each.strip() for each in values.get(f"{at}value.{number}", "").split(",") if each.strip())
        conditions.append(Condition(key, _operator(values.get(f"{at}operator.{number}", ""), key, table), told))
    return Built(slot, Parts(effect, tuple(actions), tuple(resources), tuple(conditions)), fields)


def _condition_numbers(values: Mapping[str, str], at: str) -> list[int]:
    return [number for number in range(MOST_CONDITIONS) if values.get(f"{at}key.{number}", "").strip()]


def _operator(chosen: str, key: str, table: ActionTable | None) -> str:
    """The one that was chosen, where it fits the key."""
    if table is None:
        return chosen or "StringEquals"
    offered = operators_for(key, table)
    return chosen if chosen in offered else offered[0]


def built_document(values: Mapping[str, str], table: ActionTable | None) -> Document | None:
    """The policy of all statements, as far as it goes; None without any."""
    statements = built(values, table)
    return document([each.parts for each in statements], table) if statements else None


def built_place(values: Mapping[str, str], table: ActionTable | None, line: int) -> str:
    """The field that a line of the statements' document comes from."""
    document = built_document(values, table)
    if document is None:
        return "perm.statement.0"
    for index, each in enumerate(built(values, table)):
        span = document.statement_span(index)
        if not span.first_line <= line <= span.last_line:
            continue
        keys = tuple(condition.key for condition in each.parts.conditions)
        for element, part, texts in (
            ("Action", Part.ACTION, each.parts.actions),
            ("Resource", Part.RESOURCE, each.parts.resources),
            ("Condition", Part.KEY, keys),
        ):
            whole = document.element_span(index, element)
            if whole is not None and whole.first_line <= line <= whole.last_line:
                spans = (document.element_span(index, element, text) for text in texts)
                at = (number for number, span in enumerate(spans) if span is not None and span.first_line == line)
                return each.field(part, next(at, 0))
        return f"perm.statement.{each.slot}"
    return "perm.statement.0"


# The form.


def built_fields(
    values: Mapping[str, str],
    table: ActionTable | None,
    facts: AccountFacts,
    names: Callable[[str], Sequence[str]],
) -> list[Field]:
    """``names`` gives the account's own names by kind, ``arn:s3`` its ARNs of a service."""
    found: list[Field] = []
    for slot in _slots(values):
        label = "Statement" if slot == 0 else "Another statement"
        found.append(Field(f"perm.statement.{slot}", label, FieldKind.CHOICE, options=_EFFECTS, default=NONE))
        if values.get(f"perm.statement.{slot}", NONE) != NONE:
            found += _statement_fields(values, slot, table, facts, names)
    if has_statements(values):
        found.append(Field(NAME, "Statements' policy", hint="its name: statements"))
    return found


def _statement_fields(
    values: Mapping[str, str],
    slot: int,
    table: ActionTable | None,
    facts: AccountFacts,
    names: Callable[[str], Sequence[str]],
) -> Iterator[Field]:
    at, parts = f"{PREFIX}{slot}.", _statement(values, slot, "Allow", table).parts

    notes: dict[str, str] = {}

    def resources(typed: str) -> tuple[str, ...]:
        """Asked for only while somebody types in the field: they are many."""
        if table is None:
            return ()
        known = table.named(parts.actions)
        found = statement_names.resources(known, lambda service: names(f"arn:{service}"), facts, typed)
        notes.update((each.text, each.note) for each in found)
        return tuple(each.text for each in found)

    @cache
    def keys() -> dict[str, str]:
        found = statement_names.keys(table.named(parts.actions), table) if table is not None else ()
        return {each.text: each.note for each in found}

    yield Field(
        f"{at}action",
        "  Action",
        FieldKind.LIST,
        "part of its name, such as s3:Get",
        names=table.names if table else (),
        describe=table.describe if table else None,
        most=MOST_VALUES,
    )
    yield Field(
        f"{at}resource",
        "  Resource",
        FieldKind.LIST,
        "its ARN, or part of its name",
        names=resources,
        describe=lambda text: notes.get(text, ""),
        most=MOST_VALUES,
    )
    filled = _condition_numbers(values, at)
    for number in range(min(max(filled, default=-1) + 2, MOST_CONDITIONS)):
        yield Field(
            f"{at}key.{number}",
            "  Condition key",
            hint="none" if number == 0 else "no other",
            names=lambda typed: tuple(keys()),
            describe=lambda text: keys().get(text, ""),
        )
        if number in filled:
            key = values[f"{at}key.{number}"].strip()
            operators = operators_for(key, table) if table else ("StringEquals",)
            options = tuple(Option(each, each) for each in operators)
            yield Field(f"{at}operator.{number}", "    is compared by", FieldKind.CHOICE, options=options)
            known = statement_names.values(key, table, facts, names) if table else ()
            yield Field(
                f"{at}value.{number}", "    with", hint="a value, or several with commas", names=known, several=True
            )


# What is said of it.


def built_remarks(
    values: Mapping[str, str], table: ActionTable, facts: AccountFacts, findings: Sequence[Finding] = ()
) -> Iterator[tuple[str, Remark]]:
    """(field, remark) of every statement, with what `iam.policy.lint` and AWS found in the document of them all."""
    statements = built(values, table)
    for each in statements:
        for remark in remarks(each.parts, table, facts):
            yield each.field(remark.part, remark.index), remark
    for finding in findings:
        place = finding.path
        if len(place) < 2 or place[0] != "Statement" or not isinstance(place[1], int) or place[1] >= len(statements):
            continue
        statement = statements[place[1]]
        found = _part_of(place[2:], statement.parts, table)
        if found is None:
            continue  # what a statement lacks is said by its remarks
        part, index = found
        weight = Weight.FAULT if finding.severity is Severity.ERROR else Weight.WARNING
        words = f"AWS: {finding.message}" if finding.source == "aws" else finding.message
        yield statement.field(part, index), Remark(part, index, words, weight)


def _part_of(path: Sequence[str | int], parts: Parts, table: ActionTable) -> tuple[Part, int] | None:
    """The part of a statement that a path in its document leads to; None for the statement as a whole."""
    if path and path[0] in _ELEMENTS:
        return _ELEMENTS[str(path[0])], int(path[1]) if len(path) > 1 else 0
    if len(path) > 1 and path[0] == "Condition":
        for index, each in enumerate(parts.conditions):
            if each.operator == path[1] and (len(path) < 3 or each.key == path[2]):
                if len(path) < 3:
                    return Part.OPERATOR, index
                return Part.KEY if table.key(each.key) is None else Part.VALUE, index
    return None


def built_notes(
    values: Mapping[str, str],
    table: ActionTable,
    facts: AccountFacts,
    findings: Sequence[Finding],
    wanted: Sequence[Needed],
) -> dict[str, tuple[str, Tone]]:
    """The gravest remark of each field; at a statement what it says, at the next one what is needed besides."""
    notes: dict[str, tuple[str, Tone]] = {}
    found = sorted(built_remarks(values, table, facts, findings), key=lambda pair: _GRAVEST.index(pair[1].weight))
    for field, remark in found:
        notes.setdefault(field, (remark.sentence, _TONES[remark.weight]))
    faulty = {field for field, remark in found if remark.weight is Weight.FAULT}
    for each in built(values, table):
        if not any(field.startswith(f"{PREFIX}{each.slot}.") for field in faulty):
            notes[f"perm.statement.{each.slot}"] = (_sentence(each.parts, table), Tone.NOTE)
    if wanted and not faulty:
        next_one = f"perm.statement.{len(_slots(values)) - 1}"
        notes.setdefault(next_one, (f"{wanted[0].sentence} ctrl+t adds the statement.", Tone.NOTE))
    return notes


def _slots(values: Mapping[str, str]) -> range:
    """The places of the form: those up to the last statement, and an empty one."""
    chosen = [slot for slot in range(MOST_STATEMENTS) if values.get(f"perm.statement.{slot}", NONE) != NONE]
    return range(min(max(chosen, default=-1) + 2, MOST_STATEMENTS))


def _sentence(parts: Parts, table: ActionTable) -> str:
    try:
        (statement,) = document([parts], table).unplaced_statements
    except PolicyError:
        return ""
    return statement_sentence(statement)


# What is needed besides.


def needed_besides(
    values: Mapping[str, str], table: ActionTable | None, facts: AccountFacts, *, keys_known: bool
) -> tuple[Needed, ...]:
    """A key of the account's own is spoken of only where it is known to have one."""
    found = needed([each.parts for each in built(values, table)], facts)
    return tuple(each for each in found if keys_known or not each.parts.actions[0].startswith("kms:"))


def add(values: dict[str, str], parts: Parts) -> str | None:
    """Put a statement into the form, in the first free place; the field where it goes on, None where none is free."""
    free = (slot for slot in range(MOST_STATEMENTS) if values.get(f"perm.statement.{slot}", NONE) == NONE)
    slot = next(free, None)
    if slot is None:
        return None
    at = f"{PREFIX}{slot}."
    for key in [key for key in values if key.startswith(at)]:
        del values[key]
    values[f"perm.statement.{slot}"] = parts.effect
    values |= {f"{at}action.{number}": action for number, action in enumerate(parts.actions)}
    values |= {f"{at}resource.{number}": resource for number, resource in enumerate(parts.resources)}
    for number, condition in enumerate(parts.conditions):
        values[f"{at}key.{number}"] = condition.key
        values[f"{at}operator.{number}"] = condition.operator
        values[f"{at}value.{number}"] = ", ".join(condition.values)
    return f"{at}resource.0"
