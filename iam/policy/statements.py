"""Parse decoded JSON into statements, and find its faults.

One parser serves both uses: `read_statements` stops at the first fault, `faults` collects all of them. The rules are
those of the policy grammar (IAM User Guide, "Grammar of the IAM JSON policy language"): a document that AWS would
reject is rejected here too, so that nothing is evaluated on a guess. Names of elements are case-sensitive: AWS
rejects a lower-case one with "Unknown field statement" (https://github.com/pulumi/pulumi-aws-native/issues/1616).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from sys import intern
from typing import Any

from iam.policy.operators import operator
from iam.words import with_article

VERSIONS = ("2012-10-17", "2008-10-17")
PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
DOCUMENT_ELEMENTS = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)

Path = tuple[str | int, ...]
Report = Callable[[Path, str], None]


@dataclass(frozen=True, slots=True)
class ConditionBlock:
    """One operator and key in a Condition element. ``operator`` is as written, with its prefix and suffix."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed statement. An absent element is None; a single value and a list are both tuples here.

    ``principal`` and ``not_principal`` are pairs of (type, value): the type is AWS, Service, Federated, CanonicalUser
    or ``*``. ``first_line`` and ``last_line`` are line numbers in the document's text, from 1; 0 if unknown.
    """

    index: int
    effect: str
    sid: str | None = None
    action: tuple[str, ...] | None = None
    not_action: tuple[str, ...] | None = None
    resource: tuple[str, ...] | None = None
    not_resource: tuple[str, ...] | None = None
    principal: tuple[tuple[str, str], ...] | None = None
    not_principal: tuple[tuple[str, str], ...] | None = None
    conditions: tuple[ConditionBlock, ...] = ()
    first_line: int = 0
    last_line: int = 0


@dataclass(frozen=True, slots=True)
class StatementFault:
    """A reason why AWS would reject a document.

    ``path`` is a list of keys and indexes into the decoded document.
    """

    path: Path
    message: str


class FaultFound(Exception):
    """Raised at the first fault in a document that is to be evaluated."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


@dataclass
class _Collected:
    faults: list[StatementFault] = field(default_factory=list)

    def __call__(self, path: Path, message: str) -> None:
        self.faults.append(StatementFault(path, message))


def read_statements(value: Any) -> tuple[Statement, ...]:
    """Return the statements of a decoded document, without line numbers. Raises `FaultFound` at the first fault."""
    return _read_document(value, _stop)


def faults(value: Any) -> tuple[StatementFault, ...]:
    """Return every fault in a decoded document, in the document's order."""
    collected = _Collected()
    _read_document(value, collected)
    return tuple(collected.faults)


def _stop(path: Path, message: str) -> None:
    raise FaultFound(path, message)


def _read_document(value: Any, report: Report) -> tuple[Statement, ...]:
    if not isinstance(value, dict):
        report((), f"A policy document is a JSON object, but this is {_kind(value)}")
        return ()
    for key in value:
        if key not in DOCUMENT_ELEMENTS:
            report((key,), _unknown(key, DOCUMENT_ELEMENTS, "a policy document"))
    version = value.get("Version")
    if version is not None and version not in VERSIONS:
        report(("Version",), f"The Version is {shortened(version)}, but only 2012-10-17 and 2008-10-17 exist")
    if not isinstance(value.get("Id", ""), str):
        report(("Id",), f"The Id is {_kind(value['Id'])}, but must be a string")
    if "Statement" not in value:
        report((), "The document has no Statement")
        return ()
    listed = value["Statement"]
    if isinstance(listed, dict):
        return (_read_statement(0, listed, ("Statement",), report),)
    if not isinstance(listed, list):
        report(("Statement",), f"The Statement is {_kind(listed)}, but must be an object or a list of objects")
        return ()
    return tuple([_read_statement(index, item, ("Statement", index), report) for index, item in enumerate(listed)])


def _read_statement(index: int, value: Any, path: Path, report: Report) -> Statement:
    if not isinstance(value, dict):
        report(path, f"Statement {index + 1} is {_kind(value)}, but must be an object")
        return Statement(index, "Deny")
    for key in value:
        if key not in _known_elements:
            report((*path, key), _unknown(key, STATEMENT_ELEMENTS, _name(path).lower()))
    effect = value.get("Effect")
    if effect not in ("Allow", "Deny"):
        if "Effect" not in value:
            report(path, f"{_name(path)} has no Effect")
        else:
            report((*path, "Effect"), f"{_name(path)} has the Effect {shortened(effect)}, but must say Allow or Deny")
        effect = "Deny"
    sid = value.get("Sid")
    if sid is not None and not isinstance(sid, str):
        report((*path, "Sid"), f"{_name(path)} has a Sid that is {_kind(sid)}, but must be a string")
        sid = None
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if other in value and one in value:
            report((*path, other), f"{_name(path)} has both {one} and {other}, but may have only one of them")
    if "Action" not in value and "NotAction" not in value:
        report(path, f"{_name(path)} has neither Action nor NotAction")
    return Statement(
        index,
        intern(effect),
        None if sid is None else intern(sid),
        _actions(value, "Action", path, report) if "Action" in value else None,
        _actions(value, "NotAction", path, report) if "NotAction" in value else None,
        _strings(value, "Resource", path, report) if "Resource" in value else None,
        _strings(value, "NotResource", path, report) if "NotResource" in value else None,
        _principals(value, "Principal", path, report) if "Principal" in value else None,
        _principals(value, "NotPrincipal", path, report) if "NotPrincipal" in value else None,
        _conditions(value, path, report) if "Condition" in value else (),
    )


_known_elements = frozenset(STATEMENT_ELEMENTS)
_action = re.compile(r"\*+|[^:]+:.+", re.DOTALL)


def _actions(statement: dict[str, Any], key: str, path: Path, report: Report) -> tuple[str, ...]:
    # The same few hundred actions occur in ten thousand statements.
    texts = tuple([intern(text) for text in _strings(statement, key, path, report)])
    for text in texts:
        if not _action.fullmatch(text):
            report(
                (*path, key),
                f"{_name(path)} has the {key} {shortened(text)}, which is not an action: it is written service:Name",
            )
    return texts


def _strings(owner: dict[str, Any], key: str, path: Path, report: Report) -> tuple[str, ...]:
    """Return the string or list of strings at ``key`` of ``owner``, as a tuple. ``path`` is the owner's path.

    Numbers and booleans become their text, as AWS's grammar allows.
    """
    value = owner[key]
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        text = _text(value)
        if text is None:
            here = (*path, key)
            report(here, f"{_owner(here)} that is {_kind(value)}, but must be a string or a list of strings")
            return ()
        return (text,)
    texts = []
    for index, item in enumerate(value):
        text = item if isinstance(item, str) else _text(item)
        if text is None:
            here = (*path, key)
            report((*here, index), f"{_owner(here)} with {_kind(item)} in it, but it may contain only strings")
        else:
            texts.append(text)
    return tuple(texts)


def _name(path: Path) -> str:
    """Return the name of the statement at a path, or of the statement that contains the path."""
    return f"Statement {path[1] + 1 if len(path) > 1 and isinstance(path[1], int) else 1}"


def _owner(path: Path) -> str:
    """Describe the owner of the strings at a path: a statement and its element."""
    parts = [part for part in path[1:] if isinstance(part, str)]
    if parts[0] == "Condition":
        return f"{_name(path)} has a condition {shortened(parts[1])} on {shortened(parts[2])}"
    return f"{_name(path)} has {with_article(' '.join(parts))}"


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    return None


def _principals(statement: dict[str, Any], key: str, path: Path, report: Report) -> tuple[tuple[str, str], ...]:
    value = statement[key]
    if value == "*":
        return (("*", "*"),)
    here = (*path, key)
    if not isinstance(value, dict):
        report(
            here,
            f'{_name(path)} has a {key} that is {shortened(value)}, but must be "*" or an object such as {{"AWS": …}}',
        )
        return ()
    pairs: list[tuple[str, str]] = []
    for kind in value:
        if kind not in PRINCIPAL_TYPES:
            report((*here, kind), _unknown(kind, PRINCIPAL_TYPES, f"the {key} of {_name(path).lower()}"))
            continue
        pairs += [(kind, text) for text in _strings(value, kind, here, report)]
    return tuple(pairs)


def _conditions(statement: dict[str, Any], path: Path, report: Report) -> tuple[ConditionBlock, ...]:
    value, path = statement["Condition"], (*path, "Condition")
    if not isinstance(value, dict):
        report(path, f"{_name(path)} has a Condition that is {_kind(value)}, but must be an object")
        return ()
    blocks: list[ConditionBlock] = []
    for written, keys in value.items():
        if operator(written) is None:
            report(
                (*path, written),
                f"{_name(path)} uses the condition operator {shortened(written)}, which AWS does not know",
            )
        if not isinstance(keys, dict):
            report(
                (*path, written),
                f"{_name(path)} has a condition {shortened(written)} that is {_kind(keys)}, not an object",
            )
            continue
        here = (*path, written)
        blocks += [ConditionBlock(written, key, _strings(keys, key, here, report)) for key in keys]
    return tuple(blocks)


def _unknown(key: str, known: tuple[str, ...], owner: str) -> str:
    near = next((word for word in known if word.lower() == key.lower()), None)
    hint = f": it is written {near}" if near else ""
    return f"{shortened(key)} is not an element of {owner}{hint}"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"


def shortened(value: Any) -> str:
    """Return a value of a document as messages quote it: as JSON, cut to 60 characters."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return json.dumps(text if len(text) <= 60 else text[:57] + "…", ensure_ascii=False)
