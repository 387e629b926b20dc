"""Texts and forms that were typed but not used yet. They are saved for seven days, so that a crash loses nothing.

There is one file for each account, in ``rolescope/drafts`` of the user's state directory (XDG_STATE_HOME), with mode
0600. A text with a credential or an external ID is never written.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from diagnostics.masking.kinds import EXTERNAL_IDS, SecretKind, find
from iam.creation.draft.kept import KEPT, drafts_path
from iam.creation.draft.kept import LARGEST as LARGEST_ROLES
from iam.lazy_pattern import regex
from iam.sources.atomic_file import replacing

LARGEST = 200_000
"""The maximum number of characters of a saved text. The limit for a file of drafts is twice as high."""
_SECRET = frozenset(
    (
        SecretKind.ACCESS_KEY,
        SecretKind.PASSWORD,
        SecretKind.TOKEN,
        SecretKind.SECRET,
    )
)
_CODE = regex(r"(?:token[-_ ]?code|mfa[-_ ]?code|otp)\W{1,5}\d{6}(?!\d)", re.I)
_FIELDS = ("external", "mfa", "token", "password", "secret")
"""Words in field names. The values of such fields are never saved."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed in one place. ``values`` are by field name, "" for a single text box. ``time`` is in UTC.

    ``began`` is the document from which the text began; None if that is unknown or there was none.
    """

    place: str
    values: Mapping[str, str]
    time: datetime
    began: str | None = None

    @property
    def empty(self) -> bool:
        return not any(text.strip() for text in self.values.values())


def has_external_id(text: str) -> bool:
    return any(each.search(text) for each in EXTERNAL_IDS)


def secret(values: Mapping[str, str]) -> bool:
    """Return whether a value is or contains a credential, an MFA code or an external ID."""
    for name, text in values.items():
        if text.strip() and any(word in name.lower() for word in _FIELDS):
            return True
        if next(find(text, _SECRET), None) is not None or has_external_id(text) or _CODE.search(text):
            return True
    return False


def label_of(source: str, account_id: str) -> str:
    """Return the label that an account's draft files have in their names.

    The demo and snapshots have their own labels.
    """
    return {"aws": account_id, "demo": "demo"}.get(source, f"{source}-{account_id}")


def texts_path(label: str) -> Path:
    """Return the path of an account's drafts file, given its `label_of`."""
    from platformdirs import user_state_path

    return user_state_path("rolescope") / "drafts" / f"{label}-texts.json"


def read_drafts(path: Path, now: datetime) -> Mapping[str, Draft]:
    """Return the drafts by place, without those older than `KEPT`; empty if the file is missing or unreadable."""
    try:
        with path.open(encoding="utf-8") as file:
            listed = json.loads(file.read(LARGEST * 2))["drafts"]
        found = [_draft(each) for each in listed]
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return MappingProxyType({})
    return MappingProxyType({each.place: each for each in found if now - each.time < KEPT})


def role_names(label: str) -> tuple[str, ...]:
    """Return the names of roles that were drafted but not created; "" for one without a name."""
    path = drafts_path(label)
    try:
        if time.time() - path.stat().st_mtime > KEPT.total_seconds():
            return ()
        with path.open(encoding="utf-8") as file:
            return tuple(str(each["name"]) for each in json.loads(file.read(LARGEST_ROLES)))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ()


def _draft(value: Mapping[str, object]) -> Draft:
    values = value["values"]
    if not isinstance(values, dict) or not all(isinstance(each, str) for pair in values.items() for each in pair):
        raise ValueError("a draft of another version")
    began = value.get("began")
    when = datetime.fromisoformat(str(value["time"]))
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    return Draft(str(value["place"]), values, when, began if isinstance(began, str) else None)


def write_drafts(drafts: Iterable[Draft], path: Path) -> None:
    """Write the drafts that may be saved, or delete the file if there are none. Raises OSError.

    The document from which a text began is left out if it contains a secret.
    """
    kept = [each for each in drafts if not each.empty and not secret(each.values)]
    kept = [each for each in kept if sum(map(len, each.values.values())) <= LARGEST]
    if not kept:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with replacing(path) as file:
        json.dump({"drafts": [_written(each) for each in kept]}, file)


def _written(draft: Draft) -> dict[str, object]:
    began = draft.began
    if began is not None and (len(began) > LARGEST or secret({"": began})):
        began = None
    return asdict(draft) | {"time": draft.time.isoformat(), "began": began}
