"""Convert between the form's field IDs and the places in the draft."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from iam.creation.draft.places import Place, What, recipe_answer, statement_part, trust_answer
from iam.creation.draft.role_draft import MOST_RECIPES, RoleDraft
from iam.creation.draft.rows import MOST_CONDITIONS, MOST_STATEMENTS, MOST_VALUES
from iam.creation.recipes.table import PERMISSION_RECIPES, TRUST_RECIPES
from iam.creation.statements.parts import StatementPart

MOST_ROWS = 50
"""The maximum number of rows for managed policies, and of rows for tags."""

_SINGLE = {
    What.TRUST_KIND: "trust.kind",
    What.TRUST_POLICY: "trust.custom",
    What.COPIED_ROLE: "perm.copy",
    What.STATEMENTS_NAME: "perm.built.name",
    What.POLICY_NAME: "perm.json.name",
    What.POLICY: "perm.json",
    What.NAME: "name",
    What.PATH: "path",
    What.DESCRIPTION: "description",
    What.SESSION: "session",
    What.BOUNDARY: "boundary",
    What.PROFILE: "profile",
}
ATTACHED, TAGS = "perm.managed", "tags"


def field_id(place: Place) -> str:
    match place.what:
        case What.TRUST_ANSWER:
            return f"trust.{place.recipe}.{place.key}"
        case What.RECIPE:
            return f"perm.recipe.{place.slot}"
        case What.RECIPE_ANSWER:
            return f"perm.{place.slot}.{place.recipe}.{place.key}"
        case What.EFFECT:
            return f"perm.statement.{place.slot}"
        case What.STATEMENT:
            return f"{statement_rows(place.slot, place.part)}.{place.row}"
        case What.ATTACHED:
            return f"{ATTACHED}.{place.row}"
        case What.TAG:
            return f"{TAGS}.{place.row}"
        case single:
            return _SINGLE[single]


def statement_rows(slot: int, part: StatementPart) -> str:
    """Return the ID of the field whose rows contain a part of a statement."""
    return f"perm.built.{slot}.{part}"


def place_of(field_id: str) -> Place:
    """Return the place for a field ID. Raises KeyError if there is none."""
    return _by_id()[field_id]


def values_of(draft: RoleDraft) -> dict[str, str]:
    """Return the typed values by field ID. This is called at each key press, so only places with text are visited.

    If the recipe no longer asks for an answer, the answer has no field.
    """
    known = _by_id()
    found = ((field_id(place), draft.text(place)) for place in _entered(draft) if draft.typed(place))
    return {id: text for id, text in found if id in known}


def _entered(draft: RoleDraft) -> Iterator[Place]:
    """Yield every place in the draft that may contain entered text."""
    yield from map(Place, _SINGLE)
    for recipe, answers in draft.trust_answers.items():
        yield from (trust_answer(recipe, key) for key in answers)
    for slot, chosen in enumerate(draft.recipe_slots):
        yield Place(What.RECIPE, slot=slot)
        for recipe, answers in chosen.answers.items():
            yield from (recipe_answer(slot, recipe, key) for key in answers)
    for slot, statement in enumerate(draft.statement_slots):
        yield Place(What.EFFECT, slot=slot)
        for part, rows in statement.rows.items():
            yield from (statement_part(slot, part, row) for row in rows)
    yield from (Place(What.ATTACHED, row=row) for row in draft.attached_rows)
    yield from (Place(What.TAG, row=row) for row in draft.tag_rows)


@cache
def _by_id() -> dict[str, Place]:
    return {field_id(place): place for place in _places()}


def _places() -> Iterator[Place]:
    yield from map(Place, _SINGLE)
    for recipe in TRUST_RECIPES:
        yield from (trust_answer(recipe.id, question.key) for question in recipe.questions)
    for slot in range(MOST_RECIPES):
        yield Place(What.RECIPE, slot=slot)
        for recipe in PERMISSION_RECIPES:
            yield from (recipe_answer(slot, recipe.id, question.key) for question in recipe.questions)
    for slot in range(MOST_STATEMENTS):
        yield Place(What.EFFECT, slot=slot)
        for part in StatementPart:
            most = MOST_VALUES if part in (StatementPart.ACTION, StatementPart.RESOURCE) else MOST_CONDITIONS
            yield from (statement_part(slot, part, row) for row in range(most))
    for row in range(MOST_ROWS):
        yield Place(What.ATTACHED, row=row)
        yield Place(What.TAG, row=row)
