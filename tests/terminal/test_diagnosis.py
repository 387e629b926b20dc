"""A failure pasted into the installed command, through a pseudo-terminal: from the words to the verdict."""

from __future__ import annotations

from pathlib import Path

from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.driving.bracketed_paste import EXPLAIN, paste
from tests.support.driving.terminal import COMMAND, WarmTerminal

TEXTS = {each.id: each.text for each in (*FAILURES, *CONFLICTS)}


def test_a_denial_and_then_a_name_conflict(tmp_path: Path) -> None:
    terminal = WarmTerminal([COMMAND, "--demo"], tmp_path, columns=80, rows=24)
    try:
        terminal.see("32 roles")
        terminal.keys("2")
        terminal.see("Paste here")
        terminal.keys(paste(TEXTS["F03"]))
        terminal.see("dynamodb:Query")
        terminal.keys(EXPLAIN)
        terminal.see("identity.resource-mismatch", "certain", "FIX 1", "Identity policies")
        terminal.keys("f", "\r")
        terminal.see("Fix 1 of 2", "AllowDynamodbQuery", "table/orders/index/*")
        terminal.keys("\x1b")
        terminal.see("FIX 1", "identity.resource-mismatch")
        terminal.quiet(0.1)
        terminal.keys(paste(TEXTS["E01"]))
        terminal.see("reportexporter")
        terminal.keys(EXPLAIN)
        terminal.see("name.taken-other-case", "reporting-prod", "adopt")
        terminal.keys("\x11")  # ctrl+q
        assert terminal.status() == 0
    finally:
        terminal.close()
