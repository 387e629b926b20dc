"""A draft that is not finished outlives the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from iam.creation.draft.kept import keep, kept, text_of
from iam.creation.draft.places import Place, What, recipe_answer, statement_part, trust_answer
from iam.creation.draft.role_draft import RoleDraft
from iam.creation.statements.parts import StatementPart


def test_all_that_was_answered_comes_back(tmp_path: Path) -> None:
    made = RoleDraft()
    for place, text in (
        (Place(What.TRUST_KIND), "github"),
        (trust_answer("github", "organization"), "acme"),
        (Place(What.RECIPE, slot=1), "read-bucket"),
        (recipe_answer(1, "read-bucket", "bucket"), "harbor-assets"),
        (Place(What.EFFECT, slot=0), "Allow"),
        (statement_part(0, StatementPart.ACTION, 3), "s3:GetObject"),
        (Place(What.TAG, row=2), "team=ferry"),
        (Place(What.NAME), "r\u00f4le \N{SNOWMAN}"),
    ):
        made.put(place, text)
    made.left_at = statement_part(0, StatementPart.RESOURCE, 1)
    assert not RoleDraft(left_at=made.left_at).begun
    path = tmp_path / "drafts" / "account.json"
    other = RoleDraft(name="other")
    keep(text_of((made, other)), path)
    assert kept(path) == (made, other)
    assert path.stat().st_mode & 0o077 == 0
    keep(text_of(()), path)
    assert not path.exists() and kept(path) == ()


@pytest.mark.parametrize("text", ["", "{", "[]", "[1]", "[{}]", "{}", '{"name": 1}', '{"other": "x"}'])
def test_what_is_no_draft_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "account.json"
    path.write_text(text)
    assert kept(path) == ()
