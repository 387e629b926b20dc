"""What the program holds of the memory when each screen was opened once.

    python -m tests.support.driving.memory [SNAPSHOT]

On a made account of 10,000 roles, or on the file. What moto takes besides, the demo tells: ``--demo`` for the file.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.against_floor import big_account
from tests.support.driving.monkey import memory
from tests.support.driving.terminal import COMMAND, Terminal

DENIED = (
    "An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:sts::111122223333:"
    "assumed-role/{}/s is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::harbor-media/a.csv because "
    "no identity-based policy allows the s3:PutObject action"
)
BACK = "\x1b"
STEPS = (
    ("a key in the list", ("j", "k")),
    ("a role", ("\r",)),
    ("its policies", ("\t\t", "\x1b[6~")),
    ("who can assume it", ("w", BACK)),
    ("last accessed", ("l", BACK)),
    ("versions", ("v", BACK)),
    ("tags", ("t", BACK)),
    ("a change", ("m", BACK)),
    ("its use", ("a", BACK)),
    ("its deletion", ("x", BACK)),
    ("diagnose", ("2",)),
    ("a diagnosis", ("\x1b[200~" + DENIED + "\x1b[201~", "\x12")),
    ("create", ("3",)),
    ("review", ("4",)),
    ("activity", ("5",)),
    ("glossary", ("K", BACK)),
    ("keys", ("?", BACK)),
    ("palette", (":", BACK)),
    ("troubles", ("!", BACK)),
    ("profiles", ("P", BACK)),
    ("filter by action", ("1", "1", "/", "action:s3:PutObject", BACK)),
)


def walk(account: list[str], home: Path) -> Iterator[tuple[str, float]]:
    """(step, MB after it)."""
    terminal = Terminal([COMMAND, *account], home)
    try:
        role = first_role(terminal)
        yield "the list of roles", memory(terminal.child.pid)
        for name, keys in STEPS:
            for key in keys:
                terminal.keys(key.replace("{}", role))
                terminal.quiet(0.5)
            yield name, memory(terminal.child.pid)
    finally:
        terminal.close()


def first_role(terminal: Terminal) -> str:
    """The list is narrowed to roles whose policies can be changed, and the first of them is under the cursor."""
    terminal.until(lambda text: re.search(r"\d roles", text) is not None, "the list of roles")
    terminal.keys("/", "trust:lambda", "\r")
    terminal.quiet(1)
    found = re.search(r"▸ (\S+)", terminal.text)
    assert found is not None, terminal.text
    return found[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = sys.argv[1] if len(sys.argv) > 1 else str(big_account(Path(folder)))
        before = 0.0
        for name, now in walk([file] if file.startswith("--") else ["--snapshot", file], Path(folder)):
            print(f"{name:<20} {now:6.1f} MB {now - before:+6.1f}", flush=True)
            before = now


if __name__ == "__main__":
    main()
