"""``rolescope merge FILE…``: merge the outputs for several parts of the accounts (``--shard I/N``) into one.

The outputs are JSON documents of ``review``, ``who-can`` or ``what-if``: all from the same command, one for each part.
The result is what the command prints without ``--shard``. Outputs of ``--format jsonl`` need no merge: ``cat`` joins
them. Exit status: 0 merged; 2 a part is missing, is given twice, or is from another command.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from diagnostics.differences.organization import joined_assuming, joined_principals
from diagnostics.json_versions import VERSIONS, versioned
from diagnostics.review.joined import JoinedReview
from iam.foreign_text import json_pieces
from tui.exit_status import ANSWERED, UsageError

Part = dict[str, Any]
_SHARD = re.compile(r"\d+/\d+")
_DECISIONS = ("allowed", "conditional", "unknown", "denied")


def run(options: argparse.Namespace) -> int:
    parts = map(_read, options.files)  # only one is in memory at a time: a part with 125 accounts has 90 MB
    first = next(parts)
    name = _name_of(first)
    if name not in _JOINS:
        raise UsageError(f"The outputs of {name} cannot be joined; those of {', '.join(_JOINS)} can.")
    join, question, shards = _JOINS[name](), _question(first), []
    try:
        for part in chain((first,), parts):
            if _name_of(part) != name:
                both = sorted({name, _name_of(part)})
                raise UsageError(f"The files are outputs of different commands: {', '.join(both)}.")
            if differing := [key for key, value in _question(part).items() if value != question[key]]:
                raise UsageError(f"The parts answer different questions: their {differing[0]} differs.")
            shards.append(_shard(part))
            join.add_document({key: value for key, value in part.items() if key not in ("schema", "shard")})
        _check(options.files, shards)
        whole = join.document()
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"One of the files lacks a field that the output of {name} must have: {error}.") from error
    for piece in json_pieces(versioned(name, whole)):
        sys.stdout.write(piece)
    print()
    return ANSWERED


def _name_of(part: Part) -> str:
    return str(part["schema"].partition("/")[0])


def _question(part: Part) -> dict[str, str]:
    return {key: json.dumps(part.get(key)) for key in ("action", "resource", "read_as")}


def _read(name: str) -> Part:
    """Read a part. Raises `UsageError` if it is invalid."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        part = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{name} cannot be read as JSON: {getattr(error, 'strerror', None) or error}.") from error
    if not isinstance(part, dict) or not isinstance(part.get("schema"), str) or not _SHARD.fullmatch(_mark(part)):
        raise UsageError(f"{name} is not the output of one shard (--shard I/N --json).")
    command = part["schema"].partition("/")[0]
    if part["schema"] != f"{command}/{VERSIONS.get(command)}":
        raise UsageError(f"{name} was written by another version of rolescope ({part['schema']}).")
    return part


def _mark(part: Part) -> str:
    return str(part.get("shard"))


def _shard(part: Part) -> tuple[int, int]:
    number, _, of = _mark(part).partition("/")
    return int(number), int(of)


def _check(files: Sequence[str], shards: Sequence[tuple[int, int]]) -> None:
    """Raise `UsageError` unless each part is present exactly once."""
    (of, *others) = {of for _, of in shards}
    if others:
        raise UsageError("The outputs are from runs that divided the accounts into different numbers of parts.")
    numbers = [number for number, _ in shards]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        both = [file for file, number in zip(files, numbers, strict=True) if number == twice]
        raise UsageError(f"Part {twice}/{of} was given twice: {' and '.join(both[:2])}.")
    if gone := sorted(set(range(1, of + 1)) - set(numbers)):
        raise UsageError(f"Parts are missing: {', '.join(f'{number}/{of}' for number in gone[:10])}.")


def _who_can(parts: Sequence[Part]) -> Part:
    def joined(key: str) -> list[Any]:
        best: dict[str, Any] = {}
        for one in (one for part in parts for one in part[key]):
            had = best.get(one["arn"])
            if had is None or _DECISIONS.index(one["decision"]) < _DECISIONS.index(had["decision"]):
                best[one["arn"]] = one
            elif one["decision"] == had["decision"]:
                found = [*had["granted_by"], *one["granted_by"]]
                granted = {(str(each["arn"]), each["statement"]): each for each in found}
                resources = sorted({*had["resources"], *one["resources"]})
                best[one["arn"]] = {
                    **had,
                    "resources": resources,
                    "granted_by": [granted[place] for place in sorted(granted)],
                }
        return sorted(
            best.values(),
            key=lambda one: (_DECISIONS.index(one["decision"]), one.get("account") or "", one["name"]),
        )

    first = parts[0]
    principals = joined("principals")
    able = {one["arn"] for one in principals}
    whole = {
        **first,
        "principals": principals,
        "others": joined("others"),
        "kept_out": [one for one in joined("kept_out") if one["arn"] not in able],
        "complete": all(part["complete"] for part in parts),
        "all_accounts_checked": all(part["all_accounts_checked"] for part in parts),
    }
    for key in ("unread", "not_listed", "notes"):
        whole[key] = _each_once(parts, key)
    if any("hops" in part for part in parts):
        whole["hops"] = _each_once([{"hops": part.get("hops", [])} for part in parts], "hops")
    return whole


def _what_if(parts: Sequence[Part]) -> Part:
    whole: Part = {
        "change": next((part["change"] for part in parts if part["change"]), ""),
        "accounts": sorted({id for part in parts for id in part["accounts"]}),
        "fully_computed": all(part["fully_computed"] for part in parts),
    }
    for key in ("unread", "notes", "paths"):
        whole[key] = _each_once(parts, key)
    whole["principals"] = joined_principals([one for part in parts for one in part["principals"]])
    whole["assuming"] = joined_assuming([one for part in parts for one in part["assuming"]])
    return whole


def _each_once(parts: Sequence[Part], key: str) -> list[Any]:
    found: dict[str, Any] = {}
    for one in (one for part in parts for one in part[key]):
        found.setdefault(json.dumps(one, sort_keys=True), one)
    return list(found.values())


class _Join(Protocol):
    """The parts of one command's output, which are merged into one document."""

    def add_document(self, part: Part) -> None: ...

    def document(self) -> Part: ...


class _Whole:
    """Parts that are small enough to be in memory together."""

    def __init__(self, join: Callable[[Sequence[Part]], Part]) -> None:
        self._join, self._parts = join, list[Part]()

    def add_document(self, part: Part) -> None:
        self._parts.append(part)

    def document(self) -> Part:
        return self._join(self._parts)


_JOINS: dict[str, Callable[[], _Join]] = {
    "review": JoinedReview,
    "who-can": lambda: _Whole(_who_can),
    "what-if": lambda: _Whole(_what_if),
}
