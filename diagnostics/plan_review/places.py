"""Find the places in a repository where a plan's resources are declared: file and line of the Terraform block."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from diagnostics.plan_review.planned import PlannedChanges
from iam.lazy_pattern import regex

_BLOCK = regex(r'^\s*resource\s+"(\w+)"\s+"([\w-]+)"', re.MULTILINE)
_MOST_FILES, _MOST_BYTES = 5_000, 2 * 1024 * 1024


def declared_in(folder: Path, changes: PlannedChanges) -> dict[str, tuple[str, int]]:
    """Return each resource's file, relative to ``folder``, and line, by the resource's address.

    If several modules declare a resource with the same name, its place is unknown.
    """
    if changes.tool != "Terraform":
        return {}
    places: dict[str, list[tuple[str, int]]] = {}
    for file in _files(folder):
        try:
            text = file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            places.setdefault(f"{match[1]}.{match[2]}", []).append((file.relative_to(folder).as_posix(), line))
    found = {}
    for address in dict.fromkeys(one.address for one in changes.resources):
        plain = re.sub(r"\[[^\]]*\]", "", address)
        several = places.get(".".join(plain.split(".")[-2:]), [])
        modules = plain.split(".")[1:-2:2]
        named = [each for each in several if modules and modules[-1] in each[0].split("/")]
        if len(chosen := named or several) == 1:
            found[address] = chosen[0]
    return found


def _files(folder: Path) -> Iterable[Path]:
    found = []
    for path in sorted(folder.rglob("*.tf")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and path.stat().st_size <= _MOST_BYTES:
            found.append(path)
        if len(found) >= _MOST_FILES:
            break
    return found
