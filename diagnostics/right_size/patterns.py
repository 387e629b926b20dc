"""Combine the recorded resources into the patterns that a policy names.

Many objects under one prefix become ``prefix/*``. The part that names the resource itself (the bucket, the table, the
log group) is kept, unless there are too many of one type. A pattern never covers resources of another type, and is
never just ``*``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from iam.lazy_pattern import regex

MOST_LEAVES = 2
"""The maximum number of names at one level within a resource, such as objects. If there are more, their parent is
named.
"""
MOST_BRANCHES = 5
MOST_NAMED = 20
"""The maximum number of resources of one type that are named individually."""
MOST_IDS = 2
"""The maximum number of resources with IDs from AWS that are named individually.

Such resources (``i-0abc…``) come and go.
"""
KEPT = 500
"""The number of ARNs that are stored before they are grouped."""

_SEGMENT = regex(r"[^/:]*[/:]|[^/:]+")
_GENERATED = regex(
    r"^\d{2,}$|=\d|\d{4}-?\d{2}-?\d{2}|\d{6,}|(?<![0-9A-Za-z])(?=[0-9a-f]*\d)[0-9a-f]{8,}(?![0-9A-Za-z])"
)
_AWS_ID = regex(r"[a-z]+-[0-9a-f]{8,17}")
_COME_AND_GO = frozenset({"instance/", "volume/", "snapshot/", "network-interface/", "image/", "fleet/", "task/"})
_WORD = regex(r"[^-_./]+[-_./]")


class ResourcePatterns:
    """Collects any number of ARNs, and returns patterns that cover them."""

    def __init__(self, arns: Iterable[str] = ()) -> None:
        self._exact: set[str] = set()
        self._wide: tuple[str, ...] = ()
        self._most = KEPT
        for arn in arns:
            self.add(arn)

    def add(self, arn: str) -> None:
        if arn in self._exact or (self._wide and arn.startswith(self._wide)):
            return
        self._exact.add(arn)
        if len(self._exact) > self._most:
            self._group()
            self._most = max(KEPT, 2 * len(self._exact))

    def _group(self) -> None:
        found = grouped((*self._exact, *(f"{start}*" for start in self._wide)))
        self._wide = tuple(each[:-1] for each in found if each.endswith("*"))
        self._exact = {each for each in found if not each.endswith("*")}

    def patterns(self) -> tuple[str, ...]:
        return grouped((*self._exact, *(f"{start}*" for start in self._wide)))

    def __bool__(self) -> bool:
        return bool(self._exact or self._wide)


@dataclass
class _Node:
    ends: bool = False
    inside: dict[str, _Node] = field(default_factory=dict)


def grouped(arns: Iterable[str]) -> tuple[str, ...]:
    """Return patterns that together match all these ARNs, some of which may already end in ``*``."""
    roots: dict[tuple[str, int], _Node] = {}
    whole: dict[str, None] = {}
    for arn in arns:
        parts = arn.split(":", 5)
        if len(parts) < 6:
            whole[arn] = None  # "*"
            continue
        segments = _SEGMENT.findall(parts[5])
        node = roots.setdefault((":".join(parts[:5]) + ":", _named_by(parts[2], parts[5])), _Node())
        for segment in segments:
            node = node.inside.setdefault(segment, _Node())
        node.ends = True
    for (head, depth), node in sorted(roots.items(), key=lambda each: each[0]):
        whole.update(dict.fromkeys(_fewer(head, list(_patterns(node, "", depth)), depth)))
    return tuple(sorted(whole))


def _named_by(service: str, resource: str) -> int:
    """Return how many segments, including the type, name the resource itself; the others are within it."""
    return 1 if service == "s3" and not resource.startswith(("accesspoint", "job/")) else 2


def _patterns(node: _Node, prefix: str, left: int) -> Iterator[str]:
    """Yield the patterns. ``left`` is the number of further segments that name the resource itself."""
    inside = node.inside
    if left <= 0 and inside:
        leaves = sum(each.ends for each in inside.values())
        made = any(_GENERATED.search(name.rstrip("/:")) for name in inside)
        if "*" in inside or made or leaves > MOST_LEAVES or len(inside) > MOST_BRANCHES:
            yield f"{prefix}*"
            return
    if node.ends:
        yield prefix
    for name, each in sorted(inside.items()):
        yield from _patterns(each, prefix + name, left - 1)


def _fewer(head: str, found: list[str], depth: int) -> Iterator[str]:
    """Return fewer patterns if there are too many of one kind."""
    kinds: dict[str, list[str]] = {}
    for each in found:
        match = _SEGMENT.match(each)
        kind = match[0] if depth == 2 and match and match[0] != each else ""
        kinds.setdefault(kind, []).append(each.removeprefix(kind))
    for kind, names in kinds.items():
        ids = [each for each in names if _AWS_ID.fullmatch(each)]
        if kind in _COME_AND_GO and len(ids) > MOST_IDS:
            names = ["*"]
        elif len(names) > MOST_NAMED:
            names = _by_first_word(names)
            if len(names) > MOST_NAMED and kind:
                names = ["*"]
        yield from (f"{head}{kind}{each}" for each in names)


def _by_first_word(names: list[str]) -> list[str]:
    """Return one pattern for each first word of the names: ``orders-*``."""
    words: dict[str, list[str]] = {}
    for each in names:
        match = _WORD.match(each)
        words.setdefault(match[0] if match else each, []).append(each)
    return [
        pattern
        for word, its in words.items()
        for pattern in ([f"{word}*"] if len(its) > MOST_LEAVES and word != its[0] else its)
    ]
