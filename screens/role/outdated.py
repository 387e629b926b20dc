"""Find what has changed in a document since the operator began to edit it, and what the edited text would reverse."""

from __future__ import annotations

from iam.changes.compare import document_values, same_document, value_changes
from iam.words import joined, listing

MOST_VALUES = 2
"""The maximum number of changed values that a sentence names; the others are only counted."""


def is_outdated(began: str | None, now: str) -> bool:
    """Return whether the document is known to differ from the version in which the operator began to edit it."""
    return began is not None and not same_document(began, now)


def changed_since(began: str | None, now: str) -> str:
    """Return how the document has changed since the operator began to edit it; "" if it has not changed.

    ``began`` is the document at that time, None if it is unknown.
    """
    if began is None:
        return (
            "It is unknown whether the document has changed since you began this text. f6 compares the document "
            "with your text."
        )
    if not is_outdated(began, now):
        return ""
    found = value_changes(began, now)
    said = [f"now has {listing(tuple(found.added.values()), limit=MOST_VALUES)}"] if found.added else []
    said += [f"no longer has {listing(tuple(found.removed.values()), limit=MOST_VALUES)}"] if found.removed else []
    what = f": it {joined(said)}" if said else ""
    return f"The document has changed since you began this text{what}. f6 shows the difference."


def reversed_changes(began: str | None, now: str, typed: str) -> str:
    """Return which changes of the document the edited text reverses; "" if the document has not changed.

    ``began`` is the document when the operator began to edit it, ``now`` the current one, ``typed`` the edited text.
    """
    if began is None or not is_outdated(began, now):
        return ""
    found, values = value_changes(began, now), document_values(typed)
    gone = [text for key, text in found.added.items() if key not in values]
    back = [text for key, text in found.removed.items() if key in values]
    said = [f"removes {listing(gone, limit=MOST_VALUES)}"] if gone else []
    said += [f"restores {listing(back, limit=MOST_VALUES)}"] if back else []
    since = "The document was changed after you began your text"
    if not said:
        return f"{since}: check that your text keeps that later change."
    return f"{since}. This plan reverses that later change: the plan {joined(said)}."
