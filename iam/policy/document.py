"""Policy documents: read from text or from decoded JSON, with the line of every statement."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of a document: what is wrong, and where (lines and columns count from 1)."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ConditionBlock:
    """One operator and key of a Condition element. ``operator`` is as written, with prefix and suffix."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. Elements that are absent are None; single values and lists are both tuples here.

    ``principal`` and ``not_principal`` are pairs of (type, value): type is AWS, Service, Federated, CanonicalUser or
    ``*``. ``first_line`` and ``last_line`` count from 1 in the document's text.
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


@dataclass(frozen=True)
class Document:
    """A policy document. ``text`` is what a person sees; statements are parsed when first asked for.

    Equality and hash are those of the text.
    """

    text: str
    _cache: dict[str, Any] = field(default_factory=dict, compare=False, hash=False, repr=False)

    @classmethod
    def from_value(cls, value: Any) -> Document:
        """A document from decoded JSON, or from a string of JSON, URL-encoded or not."""
        raise NotImplementedError

    @cached_property
    def value(self) -> Any:
        """The decoded JSON. Raises `PolicyError` when the text is none."""
        return json.loads(self.text)

    @cached_property
    def version(self) -> str:
        raise NotImplementedError

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        raise NotImplementedError

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What AWS would refuse to save, each with its place. Empty for a good document."""
        raise NotImplementedError


class PolicyError(ValueError):
    """A document that cannot be read. ``str()`` is one sentence that says what is wrong and where."""
