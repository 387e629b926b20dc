"""The places of a draft: one for each value that is typed or chosen for a new role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from iam.creation.statements.parts import StatementPart


class What(StrEnum):
    """The kind of value that is entered at a place."""

    TRUST_KIND = "trust_kind"
    TRUST_ANSWER = "trust_answer"
    TRUST_POLICY = "trust_policy"
    RECIPE = "recipe"
    RECIPE_ANSWER = "recipe_answer"
    ATTACHED = "attached"
    COPIED_ROLE = "copied_role"
    EFFECT = "effect"
    STATEMENT = "statement"
    STATEMENTS_NAME = "statements_name"
    POLICY_NAME = "policy_name"
    POLICY = "policy"
    NAME = "name"
    PATH = "path"
    DESCRIPTION = "description"
    SESSION = "session"
    BOUNDARY = "boundary"
    TAG = "tag"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Place:
    """One field of a draft.

    ``recipe`` and ``key`` identify a recipe's question, ``slot`` the recipe or statement, ``part`` a part of a
    statement, and ``row`` one of several values.
    """

    what: What
    recipe: str = ""
    key: str = ""
    slot: int = 0
    part: StatementPart = StatementPart.ACTION
    row: int = 0


def trust_answer(recipe: str, key: str) -> Place:
    return Place(What.TRUST_ANSWER, recipe=recipe, key=key)


def recipe_answer(slot: int, recipe: str, key: str) -> Place:
    return Place(What.RECIPE_ANSWER, recipe=recipe, key=key, slot=slot)


def statement_part(slot: int, part: StatementPart, row: int = 0) -> Place:
    return Place(What.STATEMENT, slot=slot, part=part, row=row)
