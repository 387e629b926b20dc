"""What helps, the smallest change first, each evaluated with the change in place."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.history import Changes
from diagnostics.access_denied.judge import Finding
from diagnostics.diagnosis import Fix


def fixes_for(finding: Finding, case: Case, changes: Changes) -> Iterator[Fix]:
    yield from ()
