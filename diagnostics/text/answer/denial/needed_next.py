"""The action that the same call always needs next, named together with the denied one."""

from __future__ import annotations

from iam.facts.next_actions import SAME, next_actions


def needed_next(missing: str) -> str:
    """Return the only further action that the call always needs, which would be denied next; "" if none, or several.

    Return "" for an action of IAM: its further actions give more access than the call, so they are not proposed with
    it.
    """
    known = next_actions(missing) if not missing.startswith("iam:") else None
    names = [each.action for each in known.needs if not each.when and each.on in (SAME, "*")] if known else []
    return f", and {names[0]}, which is needed next," if len(names) == 1 else ""
