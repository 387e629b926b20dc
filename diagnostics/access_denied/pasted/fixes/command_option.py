"""The option of the pasted command that sets a condition key."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.text.answer.condition_remedies import KNOWN_VALUES
from iam.claims import Keys, Source
from iam.words import listing


def in_command(keys: Keys, key: str, passing: Sequence[str]) -> str:
    """Return which option of the command to change; "" if no command in the text sets the condition key."""
    own_how = key.lower() == "aws:securetransport" or (passing and key.lower() in KNOWN_VALUES)
    had = None if own_how else keys.get(key)
    option = had.read_from.split()[0] if had is not None and had.source is Source.COMMAND and had.read_from else ""
    if not option.startswith("--"):
        return ""
    if not passing:
        return f"leave out {option}, or send another value"
    name = key.rpartition(":")[2]
    if had is not None and had.read_from.startswith(f"{option} {name}="):
        return f"write {name}={listing(list(passing), 'or')} in {option}"
    return f"change {option} to {listing(list(passing), 'or')}"
