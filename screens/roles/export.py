"""Save or copy the list of roles."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.roles.export import list_texts
from diagnostics.roles.rows import RoleRow
from screens.export.documents import Export
from screens.session import Session
from screens.text import plural


def roles_export(session: Session, rows: Sequence[RoleRow]) -> Export:
    return Export(f"Export {plural(len(rows), 'role')}", "roles", list_texts(session, rows))
