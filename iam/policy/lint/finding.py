"""Findings of the checks, with their positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from iam.policy.document import Document
from iam.policy.statements import Path

MAX_FINDINGS = 500
"""The maximum number of findings reported for a document. Finding the position of each takes a search."""


class PolicyKind(StrEnum):
    """What a document is used as. A boundary has the same form as an identity policy."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    TRUST = "trust"
    RESOURCE = "resource"
    SCP = "scp"
    RCP = "rcp"

    @property
    def names_principals(self) -> bool:
        return self in (PolicyKind.TRUST, PolicyKind.RESOURCE, PolicyKind.RCP)

    @property
    def grants(self) -> bool:
        """Whether an Allow in this kind of policy grants access; in other kinds it only limits access."""
        return self in (PolicyKind.IDENTITY, PolicyKind.TRUST, PolicyKind.RESOURCE)


class LintSeverity(StrEnum):
    """Access Analyzer's four types of findings, the most severe first."""

    ERROR = "ERROR"
    SECURITY_WARNING = "SECURITY_WARNING"
    WARNING = "WARNING"
    SUGGESTION = "SUGGESTION"


ERROR, SECURITY, WARNING, SUGGESTION = LintSeverity


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One finding: ``code`` is Access Analyzer's issue code, ``message`` one sentence. Lines and columns count from 1.

    ``path`` leads to the faulty part in the decoded document. ``source`` is ``rolescope``, or ``aws`` for findings from
    ValidatePolicy.
    """

    code: str
    severity: LintSeverity
    message: str
    line: int
    column: int
    path: Path = ()
    source: str = "rolescope"


@dataclass(frozen=True, slots=True)
class Text:
    """A string in the document, with its path."""

    path: Path
    text: str


@dataclass
class Policy:
    """A document that is being checked. ``value`` is its decoded JSON, which may have any form."""

    document: Document
    kind: PolicyKind
    value: Any
    found: list[tuple[Path, str, LintSeverity, str]] = field(default_factory=list)

    def say(self, path: Path, code: str, severity: LintSeverity, message: str) -> None:
        self.found.append((path, code, severity, message))

    @property
    def statements(self) -> Iterator[Part]:
        """The statements that are JSON objects, each with its path."""
        listed = self.value.get("Statement") if isinstance(self.value, dict) else None
        if isinstance(listed, dict):
            yield Part(("Statement",), listed)
        elif isinstance(listed, list):
            for index, one in enumerate(listed):
                if isinstance(one, dict):
                    yield Part(("Statement", index), one)


@dataclass(frozen=True, slots=True)
class Part:
    """A statement: its path, and its elements as they are written."""

    path: Path
    value: dict[str, Any]

    @property
    def allows(self) -> bool:
        return self.value.get("Effect") == "Allow"

    def texts(self, element: str) -> tuple[Text, ...]:
        """Return the strings of an element, which may be a single string or a list."""
        return texts((*self.path, element), self.value.get(element))

    def principals(self, element: str = "Principal") -> Iterator[tuple[str, Text]]:
        """Yield a principal type (``*`` if the element is just ``*``) and a value for each principal."""
        value = self.value.get(element)
        if isinstance(value, str):
            yield "*", Text((*self.path, element), value)
        elif isinstance(value, dict):
            for kind, held in value.items():
                for text in texts((*self.path, element, kind), held):
                    yield kind, text

    def conditions(self) -> Iterator[tuple[str, str, Text, tuple[Text, ...]]]:
        """Yield the operator, the key, the key with its path, and the values of each condition."""
        blocks = self.value.get("Condition")
        if not isinstance(blocks, dict):
            return
        for operator, keys in blocks.items():
            if isinstance(keys, dict):
                for key, held in keys.items():
                    path = (*self.path, "Condition", operator, key)
                    yield operator, key, Text(path, key), texts(path, held)

    @property
    def keys(self) -> frozenset[str]:
        """The condition keys that the statement tests, in lower case."""
        return frozenset(key.lower() for _, key, _, _ in self.conditions())


def texts(path: Path, value: Any) -> tuple[Text, ...]:
    if isinstance(value, str):
        return (Text(path, value),)
    if isinstance(value, bool):
        return (Text(path, "true" if value else "false"),)
    if isinstance(value, int | float):
        return (Text(path, str(value)),)
    if isinstance(value, list):
        found: list[Text] = []
        for index, one in enumerate(value):
            if not isinstance(one, list):
                found += texts((*path, index), one)
        return tuple(found)
    return ()
