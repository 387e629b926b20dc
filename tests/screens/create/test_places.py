"""The form's field ids and the draft's places."""

from __future__ import annotations

from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import RoleDraft
from screens.create.places import _by_id, field_id, place_of, values_of


def test_each_place_has_a_field_of_its_own() -> None:
    assert all(field_id(place) == id and place_of(id) == place for id, place in _by_id().items())
    assert {place.what for place in _by_id().values()} == set(What)


def test_only_what_was_typed_has_a_value() -> None:
    draft = RoleDraft()
    assert not values_of(draft)
    draft.put(Place(What.TAG, row=1), "team=ferry")
    draft.put(place_of("perm.built.2.action.0"), "s3:GetObject")
    assert values_of(draft) == {"tags.1": "team=ferry", "perm.built.2.action.0": "s3:GetObject"}
