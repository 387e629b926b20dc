"""The form's field ids and the draft's places."""

from __future__ import annotations

from iam.creation.draft.places import Place, What, recipe_answer
from iam.creation.draft.role_draft import RoleDraft
from screens.create.places import _by_id, _places, field_id, place_of, values_of


def test_each_place_has_a_field_of_its_own() -> None:
    assert all(field_id(place) == id and place_of(id) == place for id, place in _by_id().items())
    assert {place.what for place in _by_id().values()} == set(What)


def test_only_what_was_typed_has_a_value() -> None:
    draft = RoleDraft()
    assert not values_of(draft)
    draft.put(Place(What.TAG, row=1), "team=ferry")
    draft.put(place_of("perm.built.2.action.0"), "s3:GetObject")
    assert values_of(draft) == {"tags.1": "team=ferry", "perm.built.2.action.0": "s3:GetObject"}


def test_the_values_of_a_draft_are_those_of_all_its_places() -> None:
    draft = RoleDraft()
    for number, place in enumerate(_places()):
        if number % 7 == 0 and place.what is not What.TRUST_KIND:
            draft.put(place, f"text {number}")
    draft.put(recipe_answer(0, "gone", "gone"), "of a recipe that is no more")
    wanted = {field_id(place): draft.text(place) for place in _places() if draft.typed(place)}
    assert values_of(draft) == wanted and len(wanted) > 50
