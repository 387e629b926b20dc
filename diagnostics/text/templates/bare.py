"""Read statements, or parts of statements, without brackets: the members one after another, in any language.

For example ``Effect = "Allow"`` over ``Resource = "*"``, ``actions: [...], resources: [...]``, or YAML that starts at
``Resource:``. A member that the text does not show is also missing from the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.text.read.layout.yaml_text import load_yaml
from diagnostics.text.templates.elements import ELEMENTS, elements_of, names_actions
from diagnostics.text.templates.policies import WrittenPolicy, with_stated_values
from diagnostics.text.templates.reader import Computed, Reader
from iam.lazy_pattern import regex

_MOST = 60
_LONGEST = 4_000
_MEMBER = regex(
    r"(?<![\w.$-])(?P<quote>[\"']?)(?P<name>[A-Za-z][A-Za-z_]{2,13})(?P=quote)[ \t]{0,20}(?::(?!:)|=(?![=>])|=>)"
    r"|(?<![\w.$-])(?P<block>condition|principals)[ \t]{0,9}\{"
    r"|\.(?P<method>sid|effect|actions|notActions|resources|notResources|principals|conditions)\("
)
_YAML_MEMBER = regex(r"(?P<before>[ \t]*(?:-[ \t]+)?)(?P<quote>[\"']?)(?P<name>[A-Za-z]{3,13})(?P=quote):(?=\s|$)")


def bare_statements(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield the statements whose members are outside brackets and outside the spans ``read``, each as a policy."""
    spans, at, count = sorted(read), 0, 0
    for found in _MEMBER.finditer(text):
        start = found.start()
        if start < at or count >= _MOST or not _is_element(_name_of(found)):
            continue
        if any(begin <= start < stop for begin, stop in spans):
            continue
        count += 1
        limit = min([each for each, _ in spans if each > start] + [len(text), start + _LONGEST])
        members, at = _of_yaml(text, start, limit) or _of_members(text, start, limit)
        statement = with_stated_values(elements_of(members), text, start, at)
        if _is_statement(statement, members) or _is_beside_another(statement, text):
            whole = statement.keys() >= {"Action", "Resource"} or statement.keys() >= {"NotAction", "Resource"}
            yield WrittenPolicy(start, at, (statement,), whole)


def _name_of(member: re.Match[str]) -> str:
    return member["name"] or member["block"] or member["method"]


def _is_element(name: str) -> bool:
    return re.sub(r"[^a-z]", "", name.lower()) in ELEMENTS


_UNQUOTED = regex(
    r"[ \t]{0,9}(?P<words>(?:\*|arn:[^\s\"',;]+|[a-z][a-z0-9-]{1,30}:[\w*?]+)"
    r"(?:[ \t]*,[ \t]*(?:arn:[^\s\"',;]+|[a-z][a-z0-9-]{1,30}:[\w*?]+))*)(?=[ \t]*[,;]?[ \t]*(?:\n|$))"
)
"""Actions or ARNs without quotation marks, up to the end of the line."""


def _of_members(text: str, start: int, limit: int) -> tuple[dict[str, Any], int]:
    """Return the members from ``start`` on, and where they end.

    They end at the first word that is not an element of a statement, or that has no value.
    """
    reader, members = Reader(text, limit), dict[str, Any]()
    reader.at, at = start, start + 1
    while found := _MEMBER.match(text, reader.at, limit):
        if not _is_element(_name_of(found)):
            break
        one = dict[str, Any]()
        if found["method"]:
            value, _ = reader.group(found.end() - 1, listed=True)
            several = value if isinstance(value, list) else []
            members[found["method"]] = several[0] if len(several) == 1 else several
            at = reader.at
            reader.space("\n")
            continue
        if found["name"] and (words := _UNQUOTED.match(text, found.end(), limit)):
            one[found["name"]] = re.split(r"\s*,\s*", words["words"])
            reader.at = words.end()
        else:
            reader.entry(one, 0, brief=True)
        if not all(map(_is_written, one.values())):
            return members, max(at, found.end())
        members.update(one)
        at = reader.at
        reader.space(",;\n")
    return members, at


def _is_written(value: Any) -> bool:
    """Return whether a value is a literal or a single name in a program. Several words are prose."""
    return not isinstance(value, Computed) or value != "computed"


def _of_yaml(text: str, start: int, limit: int) -> tuple[dict[str, Any], int] | None:
    """Return the YAML mapping whose first line begins here, and where it ends; None if there is none."""
    line_start = text.rfind("\n", 0, start) + 1
    first = _YAML_MEMBER.match(text, line_start)
    if first is None or first.end("before") != start:
        return None
    column, at = start - line_start, line_start
    kept: list[str] = []
    for raw in text[line_start:limit].splitlines(keepends=True):
        line = raw.expandtabs(4)
        indent = len(line) - len(line.lstrip())
        member = _YAML_MEMBER.match(line)
        own = indent == column and (
            (member and _is_element(member["name"])) or (kept and line[indent:].startswith("- "))
        )
        if kept and line.strip() and not own and indent <= column:
            break
        kept.append(line if kept else " " * column + line[column:])
        at += len(raw)
    value = load_yaml("".join(kept))
    return (value, at) if isinstance(value, dict) else None


_REFUSED = regex(r"\bto perform:?\s+[\"'`]?(?P<action>[a-z][a-z0-9-]{1,30}:[A-Za-z]\w+)")


def _is_beside_another(statement: dict[str, Any], text: str) -> bool:
    """Return whether an action and a resource belong to a policy statement.

    They do if IAM's error message names a different action. Without such a message, they may be fields of an error.
    """
    if not statement.keys() >= {"Action", "Resource"} or not names_actions(statement):
        return False
    refused = [each["action"].lower() for each in _REFUSED.finditer(text)]
    named = {each.lower() for each in statement["Action"]}
    return bool(refused) and not any(each in named for each in refused)


def _is_statement(statement: dict[str, Any], members: dict[str, Any]) -> bool:
    """Return whether the members belong to a statement.

    An action and a resource alone are not enough, because an error message names them too.
    """
    if statement.get("Effect", "Allow") not in ("Allow", "Deny"):
        return False
    acts = bool(statement.keys() & {"Action", "NotAction"})
    if acts and not names_actions(statement):
        return False
    limited = False
    if conditions := statement.get("Condition"):
        from iam.policy.operators import operator  # most texts have no condition

        limited = any(operator(kind) and any(":" in key for key in block) for kind, block in conditions.items())
    if not acts:
        return limited
    written = [had for name, had in members.items() if str(name).lower().rstrip("s") in ("action", "resource")]
    listed = bool(written) and all(isinstance(each, list) for each in written)
    plural = {"actions", "resources"} <= {str(name).lower() for name in members}
    on = bool(statement.keys() & {"Resource", "NotResource"})
    return limited or ("Effect" in statement and on) or (on and (listed or plural))
