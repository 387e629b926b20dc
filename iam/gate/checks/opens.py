"""Check whether a change gives somebody more access than is likely to be intended."""

from __future__ import annotations

from collections.abc import Iterator

from iam.changes.gained import made_administrator, new_administrators, openings
from iam.gate.finding import GateFinding
from iam.gate.planned_change import PlannedChange


def access_findings(change: PlannedChange) -> Iterator[GateFinding]:
    """Yield a finding for each stranger who can newly assume a role, and for each new administrator."""
    for opening in openings(change.plan.calls, change.before.id):
        yield GateFinding("opens.stranger", opening.sentence, field="trust", value=opening.name, role=opening.name)
    before = {role.name for role in change.before.roles}
    for role in change.roles:
        if role.name not in before:
            for opening in made_administrator(role, change.after):
                yield GateFinding("opens.administrator", opening.sentence, value=opening.name)
    for opening in new_administrators(change.before, change.after):
        yield GateFinding("opens.administrator", opening.sentence, value=opening.name)
