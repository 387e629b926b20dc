"""Answer a question that names a service and its role: what the role needs."""

from __future__ import annotations

import re

from iam.facts.service_roles.service_role import ServiceRole
from iam.facts.service_roles.table import SERVICE_ROLES
from iam.words import joined, listing

_PLAIN = frozenset({"and", "the", "of", "a", "an", "for", "amazon", "aws", "role", "service", "in", "to", "with", "by"})
_SAME = {"logs": "log", "logging": "log"}
_MOST = 8


def asked_role(text: str) -> ServiceRole | None:
    """Return the service role that the text is about, or None.

    Of the service roles with all words of their title in the text, it is the one with the longest title. Otherwise it
    is the only service role whose title begins with a word of the text. Also return None if AWS's page lists neither
    policies nor actions for it.
    """
    words = {_plain(each) for each in re.findall(r"[A-Za-z][A-Za-z0-9-]*", text)}
    found = [row for row in SERVICE_ROLES if (own := _of_title(row)) and own <= words]
    if not found:
        named = [row for row in SERVICE_ROLES if _plain(row.title.split()[0]) in words - _PLAIN]
        found = named if len(named) == 1 else []
    best = max(found, key=lambda row: len(_of_title(row)), default=None)
    return best if best is not None and (best.policies or best.actions) else None


def needs_sentence(row: ServiceRole) -> str:
    """Return sentences that say which principals the role must trust, and which policies or actions it needs."""
    said = f"The role of {row.title} trusts {joined(list(row.principals))}"
    if row.policies:
        names = [each.rpartition("/")[2] for each in row.policies]
        return f"{said}, and AWS's documentation says to attach {joined(names)}. {row.note}".strip()
    if row.actions:
        more = f" and {len(row.actions) - _MOST} more" if len(row.actions) > _MOST else ""
        return f"{said}, and needs {listing(list(row.actions[:_MOST]))}{more}. {row.note}".strip()
    return f"{said}. {row.note}".strip()


def _of_title(row: ServiceRole) -> frozenset[str]:
    return frozenset(_plain(each) for each in re.findall(r"[A-Za-z][A-Za-z0-9-]*", row.title)) - _PLAIN


def _plain(word: str) -> str:
    low = _SAME.get(word.lower(), word.lower())
    return low[:-1] if low.endswith("s") and len(low) > 4 else low
