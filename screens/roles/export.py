"""Saves or copies the role list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diagnostics.roles.export import list_texts
from diagnostics.roles.rows import RoleRow, at_time
from screens.export.documents import Export
from screens.session import Session
from screens.text import plural


def roles_export(session: Session, rows: Sequence[RoleRow]) -> Export:
    present = [replace(row, cells=at_time(row, session.now)) for row in rows]
    return Export(f"Export {plural(len(rows), 'role')}", "roles", list_texts(session, present))
