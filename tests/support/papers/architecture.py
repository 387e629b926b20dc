"""The two pictures of docs/architecture.md, from the code: ``python -m tests.support.papers.architecture`` writes them.

The first shows the rooms, the folders in each, and which room imports which. The second shows the way of the data;
every module that it names must be there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parents[3]
ROOMS = ("tui", "screens", "diagnostics", "iam")
LINE = 18
BOX = 'rx="6" fill="none" stroke="#5a7a9a"'

Flow = tuple[str, tuple[tuple[str, str], ...]]
FLOWS: tuple[Flow, ...] = (
    (
        "Reading",
        (
            ("a source", "iam/sources"),
            ("Account, in parts", "iam/account.py"),
            ("rows, then details", "screens/roles"),
        ),
    ),
    (
        "Diagnosing",
        (
            ("text", "diagnostics/text/read"),
            ("a denial or a conflict", "diagnostics/failure.py"),
            ("its procedure", "diagnostics/diagnose.py"),
            ("steps, verdict, fixes", "diagnostics/diagnosis.py"),
            ("screen or report", "diagnostics/report.py"),
        ),
    ),
    (
        "Deciding",
        (
            ("request and policies", "iam/policy/request.py"),
            ("every layer", "iam/policy/evaluate.py"),
            ("Decision", "iam/policy/decision.py"),
            ("why", "iam/policy/explain.py"),
        ),
    ),
    (
        "Changing",
        (
            ("a fix or a form", "diagnostics/plans"),
            ("builders", "iam/changes/builders"),
            ("Plan", "iam/changes/plan.py"),
            ("apply, with a journal", "iam/changes/apply.py"),
            ("read again", "iam/changes/read_again.py"),
        ),
    ),
)


def imports_between_rooms() -> set[tuple[str, str]]:
    """The pairs of rooms of which some module of the first imports the second."""
    pairs: set[tuple[str, str]] = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            pairs |= {(room, other) for name in named if (other := name.partition(".")[0]) in ROOMS and other != room}
    return pairs


def _text(x: float, y: float, words: str, *, size: int = 12, weight: str = "normal", color: str = "#333") -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="sans-serif" font-size="{size}" font-weight="{weight}" fill="{color}">'
        f"{escape(words)}</text>"
    )


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1} {y1} L{x2} {y2}" stroke="#5a7a9a" fill="none" marker-end="url(#arrow)"/>'


def _picture(width: float, height: float, parts: Iterator[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<rect width="100%" height="100%" fill="#ffffff"/>'
        '<defs><marker id="arrow" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 z" fill="#5a7a9a"/></marker></defs>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def _folders(room: str) -> list[str]:
    """The folders of a room, two levels, as lines."""
    lines = []
    for folder in sorted(path for path in (ROOT / room).iterdir() if (path / "__init__.py").exists()):
        inner = sorted(path.name for path in folder.iterdir() if (path / "__init__.py").exists())
        lines += wrap(f"{folder.name}/ {' '.join(inner)}", 40, subsequent_indent="\N{NO-BREAK SPACE}" * 6)
    return lines


def rooms() -> str:
    pairs = imports_between_rooms()
    listed = {room: _folders(room) for room in ROOMS}
    wide, gap = 270, 40
    height = max(map(len, listed.values())) * LINE + 95

    def parts() -> Iterator[str]:
        for number, room in enumerate(ROOMS):
            x = 20 + number * (wide + gap)
            yield f'<rect x="{x}" y="20" width="{wide}" height="{len(listed[room]) * LINE + 45}" {BOX}/>'
            yield _text(x + 12, 42, room, size=15, weight="bold")
            for row, line in enumerate(listed[room]):
                yield _text(x + 12, 66 + row * LINE, line, size=11)
        for number in range(len(ROOMS) - 1):
            x = 20 + number * (wide + gap) + wide
            yield _arrow(x, 38, x + gap, 38)
        for number, room in enumerate(ROOMS):
            others = [other for other in ROOMS if (room, other) in pairs]
            words = f"imports {', '.join(others)}" if others else "imports no other room"
            yield _text(20 + number * (wide + gap) + 12, height - 6, words, color="#666")

    return _picture(20 + len(ROOMS) * (wide + gap), height + 10, parts())


def data() -> str:
    wide, gap, tall = 190, 34, 90

    def parts() -> Iterator[str]:
        for row, (title, stations) in enumerate(FLOWS):
            y = 20 + row * tall
            yield _text(20, y + 32, title, size=15, weight="bold")
            for number, (words, place) in enumerate(stations):
                if not (ROOT / place).exists():
                    raise FileNotFoundError(place)
                x = 130 + number * (wide + gap)
                yield f'<rect x="{x}" y="{y}" width="{wide}" height="52" {BOX}/>'
                yield _text(x + 10, y + 22, words, weight="bold")
                yield _text(x + 10, y + 40, place, size=11, color="#666")
                if number:
                    yield _arrow(x - gap, y + 26, x, y + 26)

    return _picture(130 + 5 * (wide + gap), 20 + len(FLOWS) * tall, parts())


def main() -> None:
    (ROOT / "docs" / "rooms.svg").write_text(rooms(), "utf-8")
    (ROOT / "docs" / "data.svg").write_text(data(), "utf-8")


if __name__ == "__main__":
    main()
