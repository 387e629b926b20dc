"""Policy documents, parsed from text or created from decoded JSON, with the line of every statement."""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import isinf
from typing import Any
from urllib.parse import unquote, unquote_plus

from iam.json_faults import json_fault
from iam.policy.positions import Lines, Member, Span, indented, items, members, skip_space
from iam.policy.statements import ConditionBlock, FaultFound, Path, Statement, faults, read_statements, shortened

__all__ = ["ConditionBlock", "Document", "PolicyError", "Problem", "Span", "Statement"]

MAX_CHARACTERS = 4 * 1024 * 1024
"""The length in characters of the longest text that is parsed. AWS's longest policy has 131,072 characters."""

MAX_DIGITS = 1000
"""The number of digits of the longest integer that is parsed; AWS compares far shorter ones."""

MAX_PROBLEMS = 100
"""The maximum number of faults reported for one document. Finding the position of each takes a search."""

_ONE_LINE = 80  # a longer document on a single line is formatted again


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a document: what is wrong, and where. Lines and columns count from 1."""

    message: str
    line: int
    column: int


class PolicyError(ValueError):
    """Raised for a document that cannot be parsed. ``str()`` is one sentence that says what is wrong and where."""


class Document:
    """A policy document. ``text`` is the text to show; everything else is computed on first access.

    Documents are equal, and have the same hash, if their texts are equal. They are immutable, and so are their values.

    An account has tens of thousands of documents, and few are ever opened: a document that is created from decoded JSON
    stores it packed and unpacks it on access.
    """

    def __init__(self, text: str) -> None:
        self._raw: str | None = text
        self._packed: bytes | None = None
        self._lay_out = False
        self._duplicates = False
        # No cached properties: they would create a dict for each document, which makes freeing the memory slow.
        self._statements: tuple[Statement, ...] | None = None
        self._compiled: Any = None  # belongs to `iam.policy.compiled`, like the next one
        self._compiled_open: Any = None

    @classmethod
    def from_value(cls, value: Any) -> Document:
        """Create a document from decoded JSON, or from a JSON string that may be URL-encoded.

        Never raises. If the string cannot be parsed, accessing ``value`` or ``statements`` raises `PolicyError`.
        """
        if isinstance(value, Document):
            return value
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, str):
            document = cls(_url_decoded(value))
            document._lay_out = True
            return document
        try:
            return cls.from_packed(pack(value))
        except ValueError:  # not a value that JSON can represent
            document = cls.from_packed(b"")
            document.__dict__["_decoded"] = value
            return document

    @classmethod
    def from_packed(cls, packed: bytes) -> Document:
        """Create a document from decoded JSON that `pack` has packed."""
        document = cls("")
        document._raw, document._packed = None, packed
        return document

    def forget(self) -> None:
        """Drop the compiled form to save memory; it is compiled again when needed."""
        self._compiled = self._compiled_open = self._statements = None

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Document) and self.text == other.text)

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Document({self.text!r})"

    @property
    def text(self) -> str:
        return _written_out(self._packed) if self._packed else self._text

    @cached_property
    def _text(self) -> str:
        if self._raw is None:
            return _written(self._decoded)
        if self._lay_out and len(self._raw) > _ONE_LINE and "\n" not in self._raw.strip():
            try:
                self.value  # noqa: B018 - only what can be read is laid out again
            except PolicyError:
                return self._raw
            return indented(self._raw)
        return self._raw

    def mentions(self, word: str) -> bool:
        """Whether the text contains this ASCII word, ignoring case. Does not render the text."""
        if self._packed:
            return word.lower().encode() in self._packed.lower()
        return word.lower() in self.text.lower()

    @property
    def stored_size(self) -> int:
        """The approximate size in bytes, never less than the size that AWS counts.

        Does not render the text.
        """
        return len(self._packed) if self._packed else len(self.stored)

    @property
    def stored(self) -> str:
        """The text as AWS stores it, before it is formatted for reading."""
        return self.text if self._raw is None else self._raw

    @property
    def value(self) -> Any:
        """The decoded JSON. Raises `PolicyError` if the text is not JSON."""
        return marshal.loads(self._packed) if self._packed else self._decoded

    @cached_property
    def _decoded(self) -> Any:
        raw = self._raw or ""
        if len(raw) > MAX_CHARACTERS:
            raise PolicyError(f"The document has {len(raw):,} characters, but no AWS policy has more than 131,072.")
        if not raw.strip():
            raise PolicyError("The document is empty, but a policy is a JSON object.")
        try:
            return json_decoder(self._object).decode(raw)
        except RecursionError:
            raise PolicyError("The document is nested too deeply to be a policy.") from None
        except json.JSONDecodeError as error:
            raise PolicyError(f"The document is not JSON: {json_fault(error)}.") from None
        except ValueError as error:
            raise PolicyError(f"The document is not JSON: {error}.") from None

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        decoded = dict(pairs)
        if len(decoded) != len(pairs):
            self._duplicates = True
        return decoded

    @property
    def version(self) -> str:
        """The version of the policy language: by default 2008-10-17, in which policy variables are plain text."""
        value = self.value
        version = value.get("Version") if isinstance(value, dict) else None
        return version if isinstance(version, str) else "2008-10-17"

    @property
    def unplaced_statements(self) -> tuple[Statement, ...]:
        """The statements without their line numbers, as the evaluator uses them.

        Raises `PolicyError` if AWS would reject the document.
        """
        if self._statements is None:
            self._statements = self._read_statements()
        return self._statements

    def _read_statements(self) -> tuple[Statement, ...]:
        value = self.value
        if self._duplicates:
            first = next(iter(self.problems))
            raise PolicyError(f"{first.message} (line {first.line}, column {first.column}).")
        try:
            return read_statements(value)
        except FaultFound as fault:
            line, column = self.place(fault.path)
            raise PolicyError(f"{fault.message} (line {line}, column {column}).") from None
        except RecursionError:
            raise PolicyError("The document is nested too deeply to be a policy.") from None

    @property
    def readable_statements(self) -> tuple[Statement, ...]:
        """`unplaced_statements`, or an empty tuple if the document is invalid."""
        try:
            return self.unplaced_statements
        except PolicyError:
            return ()

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements with their line numbers. Raises `PolicyError` if AWS would reject the document."""
        placed = []
        for statement in self.unplaced_statements:
            span = self.statement_span(statement.index)
            placed.append(replace(statement, first_line=span.first_line, last_line=span.last_line))
        return tuple(placed)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The reasons why AWS would reject the document, with their positions; at most `MAX_PROBLEMS`.

        Empty for a valid document.
        """
        try:
            value = self.value
        except PolicyError as error:
            cause = _json_place(self._raw or "")
            return (Problem(str(error).rstrip("."), *cause),)
        found: list[Problem] = []
        if self._duplicates:
            for key, offset in _duplicates(self.text, skip_space(self.text, 0))[:MAX_PROBLEMS]:
                found.append(Problem(f"{json.dumps(key)} occurs twice in one object", *self._lines.place(offset)))
        found += [Problem(fault.message, *self.place(fault.path)) for fault in faults(value)[:MAX_PROBLEMS]]
        return tuple(sorted(found, key=lambda problem: (problem.line, problem.column))[:MAX_PROBLEMS])

    # Positions.

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def _statement_spans(self) -> tuple[tuple[int, int], ...]:
        listed = self._find(("Statement",))
        if listed is None:
            return ()
        if self.text[listed.value_start] == "[":
            return tuple(items(self.text, listed.value_start))
        return ((listed.value_start, listed.value_end),)

    @property
    def line_count(self) -> int:
        return self._lines.count

    def statement_span(self, index: int) -> Span:
        """Return the lines of statement ``index`` (from 0). Raises IndexError if there is no such statement."""
        return self._lines.span(*self._statement_spans[index])

    def element_span(self, index: int, element: str, value: str | None = None) -> Span | None:
        """Return the position of an element (``Action``, ``Condition`` …) in a statement, including its name.

        With ``value``, return the position of that string in the element, at any depth: an item of a list, a condition
        key or a condition's value, whichever comes first. None if the element or the value is not found.
        """
        start, _ = self._statement_spans[index]
        if self.text[start] != "{":
            return None
        for member in members(self.text, start):
            if member.key == element:
                if value is None:
                    return self._lines.span(member.key_start, member.value_end)
                place = _find_string(self.text, member.value_start, value)
                return self._lines.span(*place) if place else None
        return None

    def place(self, path: Path) -> tuple[int, int]:
        """Return the line and column of the part at a path of keys and indexes.

        If that part does not exist, its nearest existing ancestor is used.
        """
        found = self._find(path, nearest=True)
        return self._lines.place(found.key_start if found else skip_space(self.text, 0))

    def _find(self, path: Path, *, nearest: bool = False) -> Member | None:
        """Return the member (or list item, which has an empty key) at a path.

        Of duplicate keys, the last one counts, as in the decoded value.
        """
        text = self.text
        here: Member | None = None
        at = skip_space(text, 0)
        if (
            len(path) > 1
            and path[0] == "Statement"
            and isinstance(path[1], int)
            and path[1] < len(self._statement_spans)
        ):
            # Go directly to the statement: searching from the start for each one would take quadratic time.
            start, end = self._statement_spans[path[1]]
            here, at, path = Member("", start, start, end), start, path[2:]
        for step in path:
            found: Member | None = None
            if isinstance(step, int) and text[at : at + 1] == "[":
                for number, (start, end) in enumerate(items(text, at)):
                    if number == step:
                        found = Member("", start, start, end)
                        break
            elif text[at : at + 1] == "{":
                for member in members(text, at):
                    if member.key == step:
                        found = member
            if found is None:
                return here if nearest else None
            here = found
            at = found.value_start
        return here


def pack(value: Any) -> bytes:
    """Pack decoded JSON into bytes; equal values give equal bytes.

    Raises ValueError if JSON cannot represent a value.
    """
    return marshal.dumps(value, 2)  # later versions of the format write a repeated string as a reference


@lru_cache(maxsize=128)
def _written_out(packed: bytes) -> str:
    """Return the text of a packed value; only the latest are cached."""
    return _written(marshal.loads(packed))


def _written(value: Any) -> str:
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return repr(type(value))


def _url_decoded(text: str) -> str:
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped.startswith("%"):
        return text.removeprefix("\ufeff")
    decoded = unquote(stripped)
    # Some encoders write "+" for a space. They write a literal plus as %2B, so a "+" is never part of the document.
    return unquote_plus(stripped) if "+" in stripped and "%2B" in stripped.upper() else decoded


def json_decoder(objects: Callable[[list[tuple[str, Any]]], Any]) -> json.JSONDecoder:
    """Return a JSON decoder that calls ``objects`` with each object's list of key-value pairs.

    The decoder raises ValueError with a readable message, also for numbers that Python cannot represent as written.
    """
    return json.JSONDecoder(
        object_pairs_hook=objects, parse_constant=_no_constant, parse_int=_whole, parse_float=_decimal
    )


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has {len(digits):,} digits, and {MAX_DIGITS:,} are read at most")
    return int(digits)


def _decimal(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError(f"the number {shortened(text)} is too large: write it as a string")
    return value


def _json_place(raw: str) -> tuple[int, int]:
    try:
        json.loads(raw[:MAX_CHARACTERS])
    except json.JSONDecodeError as error:
        return error.lineno, error.colno
    except (ValueError, RecursionError):
        return 1, 1
    return 1, 1


def _duplicates(text: str, at: int) -> list[tuple[str, int]]:
    """Return the keys that occur again in the same object, with the offset of each repetition."""
    found: list[tuple[str, int]] = []
    pending = [at]
    while pending:
        at = pending.pop()
        if text[at] == "{":
            seen: set[str] = set()
            for member in members(text, at):
                if member.key in seen:
                    found.append((member.key, member.key_start))
                seen.add(member.key)
                if text[member.value_start] in "{[":
                    pending.append(member.value_start)
        else:
            pending += [start for start, _ in items(text, at) if text[start] in "{["]
    return sorted(found, key=lambda pair: pair[1])


def _find_string(text: str, at: int, wanted: str) -> tuple[int, int] | None:
    pending = [at]
    while pending:
        at = pending.pop()
        if text[at] == '"' or text[at] not in "{[":
            value, end = json.JSONDecoder(strict=False).raw_decode(text, at)
            spelled = value if isinstance(value, str) else json.dumps(value)
            if spelled == wanted:
                return at, end
        elif text[at] == "{":
            deeper = []
            for member in members(text, at):
                if member.key == wanted:
                    return member.key_start, member.value_end
                deeper.append(member.value_start)
            pending += reversed(deeper)
        else:
            pending += reversed([start for start, _ in items(text, at)])
    return None
