"""Compare policies statement by statement, to find what changed and to undo one change but no later ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from iam.changes.compare import canonical
from iam.history.timeline import statements_of


def meanings(text: str | None) -> list[str]:
    """Return a text for each statement of a policy, equal for statements with the same meaning."""
    if not text:
        return []
    try:
        return [json.dumps(each, sort_keys=True) for each in statements_of(json.loads(canonical(text)))]
    except ValueError:
        return []


@dataclass(frozen=True, slots=True)
class Merged:
    """A policy with a change undone; ``text`` is None if nothing of the policy remains.

    ``kept`` counts the statements from later changes, which stay. ``conflicts`` describes statements that the change
    added and a later change modified; they stay too.
    """

    text: str | None
    kept: int = 0
    conflicts: tuple[str, ...] = ()


def merged(before: str | None, after: str | None, now: str | None) -> Merged:
    """Return ``now`` with the change from ``before`` to ``after`` undone, statement by statement.

    Statements that the change removed are added, unless ``now`` contains them again. Statements that the change added
    are removed, if ``now`` still contains them.
    """
    old, new, held = _statements(before), _statements(after), _statements(now)
    added, removed = _difference(new, old), _difference(old, new)
    left = Counter(added)
    kept: list[tuple[str, Any]] = []
    for meaning, statement in held:
        if left[meaning]:
            left[meaning] -= 1
        else:
            kept.append((meaning, statement))
    conflicts = tuple(_words(dict(new)[meaning]) for meaning in left.elements())
    there = Counter(meaning for meaning, _ in kept)
    back = Counter(removed)
    result = [statement for _, statement in kept]
    for index, (meaning, statement) in enumerate(old):
        if back[meaning] and not there[meaning]:
            result.insert(min(index, len(result)), statement)
        if back[meaning]:
            back[meaning] -= 1
    later = len(_difference(kept, [*old, *new]))
    if not result:
        return Merged(None, later, conflicts)
    frame = json.loads(now or before or after or "{}")
    frame = {key: value for key, value in frame.items() if key != "Statement"}
    if not now and before:
        frame = {key: value for key, value in json.loads(before).items() if key != "Statement"}
    frame.setdefault("Version", "2012-10-17")
    return Merged(json.dumps({**frame, "Statement": _with_own_ids(result)}, indent=2), later, conflicts)


def _statements(text: str | None) -> list[tuple[str, Any]]:
    if not text:
        return []
    return list(zip(meanings(text), statements_of(json.loads(text)), strict=True))


def _difference(one: Sequence[tuple[str, Any]], other: Sequence[tuple[str, Any]]) -> list[str]:
    left = Counter(meaning for meaning, _ in one)
    left.subtract(meaning for meaning, _ in other)
    return list(left.elements())


def _with_own_ids(statements: Sequence[Any]) -> list[Any]:
    """Return the statements with unique IDs, as IAM requires: if an ID occurs again, a number is added."""
    used: set[str] = set()
    found = []
    for statement in statements:
        sid = statement.get("Sid") if isinstance(statement, dict) else None
        if isinstance(sid, str) and sid:
            fresh, number = sid, 2
            while fresh in used:
                fresh, number = f"{sid}{number}", number + 1
            used.add(fresh)
            statement = {**statement, "Sid": fresh}
        found.append(statement)
    return found


def _words(statement: Any) -> str:
    sid = statement.get("Sid") if isinstance(statement, dict) else None
    action = statement.get("Action") or statement.get("NotAction") if isinstance(statement, dict) else None
    named = action if isinstance(action, str) else ", ".join(map(str, (action or ())[:3]))
    return f"statement {sid}" if sid else f"the statement about {named}"
