"""Save drafts between runs: the values typed for roles that have not been created yet, one file for each account.

The files are in ``rolescope/drafts`` in the user's state directory (XDG_STATE_HOME), and only the user can read them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import RecipeDraft, RoleDraft
from iam.creation.draft.rows import Rows, StatementDraft
from iam.creation.statements.parts import StatementPart
from iam.sources.atomic_file import replacing

KEPT = timedelta(days=7)
LARGEST = 1024 * 1024
_READ_AGAIN = ("copied", "table")  # data that was read from AWS is read again


def drafts_path(label: str) -> Path:
    """Return the path of the file with an account's drafts. ``label`` is from `diagnostics.drafts.label_of`."""
    from platformdirs import user_state_path

    return user_state_path("rolescope") / "drafts" / f"{label}.json"


def keep(text: str, path: Path) -> None:
    """Write the text that `text_of` returned to the file; an empty text deletes the file. Raises OSError."""
    if not text:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(text)


def kept(path: Path) -> tuple[RoleDraft, ...]:
    """Return the saved drafts, the latest last. Empty if the file contains no drafts of this version.

    A file that was written more than seven days ago is deleted.
    """
    try:
        if time.time() - path.stat().st_mtime > KEPT.total_seconds():
            path.unlink()
            return ()
        with path.open(encoding="utf-8") as file:
            return drafts_of(file.read(LARGEST))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def text_of(drafts: Sequence[RoleDraft]) -> str:
    """Return the drafts as text for `keep`; "" if there are none."""
    return json.dumps([_value_of(each) for each in drafts]) if drafts else ""


def drafts_of(text: str) -> tuple[RoleDraft, ...]:
    """Return the drafts that a text contains.

    Raises `ValueError`, `TypeError` or a similar error if the text contains no drafts.
    """
    return tuple(_draft_of(each) for each in json.loads(text))


def _value_of(draft: RoleDraft) -> dict[str, Any]:
    value = {key: each for key, each in vars(draft).items() if key not in _READ_AGAIN}
    value["recipe_slots"] = [asdict(each) for each in draft.recipe_slots]
    value["left_at"] = asdict(draft.left_at) if draft.left_at is not None else None
    value["statement_slots"] = [asdict(each) for each in draft.statement_slots]
    return value


def _draft_of(value: dict[str, Any]) -> RoleDraft:
    found = RoleDraft(**{key: each for key, each in value.items() if key not in _READ_AGAIN})
    if (left_at := value.get("left_at")) is not None:
        found.left_at = Place(**{**left_at, "what": What(left_at["what"]), "part": StatementPart(left_at["part"])})
    found.recipe_slots = [RecipeDraft(**each) for each in value["recipe_slots"]]
    found.statement_slots = [
        StatementDraft(each["effect"], {StatementPart(part): _rows(rows) for part, rows in each["rows"].items()})
        for each in value["statement_slots"]
    ]
    found.attached_rows, found.tag_rows = _rows(value["attached_rows"]), _rows(value["tag_rows"])
    fresh = RoleDraft()
    if len(found.recipe_slots) != len(fresh.recipe_slots) or len(found.statement_slots) != len(fresh.statement_slots):
        raise ValueError("a draft of another version")
    return found


def _rows(value: dict[str, str]) -> Rows:
    return {int(number): text for number, text in value.items()}
