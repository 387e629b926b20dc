"""Parse as much of Terraform's language as pasted resources need.

These are blocks, attributes, literals, heredocs and ``jsonencode``. Whatever is computed (variables, functions,
conditions, values "known after apply") is `UNKNOWN`, never guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any

from iam.lazy_pattern import regex

_DEEPEST = 60
_MOST = 300


class Unknown:
    """The value of an expression that only Terraform can compute."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to another resource's attribute: ``aws_iam_role.app.name``."""

    address: str


@dataclass(slots=True)
class Block:
    """A block: ``type "label" "label" { … }``. ``attributes`` are keyed by name; nested blocks are in ``blocks``."""

    type: str
    labels: tuple[str, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)


class HclError(ValueError):
    """Raised if the text is not in the supported part of the language."""


_RESOURCE = regex(r'\bresource\s+"aws_iam_\w+"\s+"[^"\n]+"\s*\{')
_IDENT = regex(r"[A-Za-z_][\w-]*")
_NUMBER = regex(r"-?\d+(?:\.\d+)?")
_HEREDOC = regex(r"<<[-~]?(\w+)[ \t]*\r?\n")
_REFERENCE = regex(r"(?:module\.[\w-]+\.)?aws_\w+\.[\w-]+(?:\[[^\]\n]*\])?\.(?:name|id|arn)")
_SPACE = regex(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_INLINE_SPACE = regex(r"[ \t]+")


def resources(text: str) -> list[Block]:
    """Return the valid ``resource "aws_iam_…"`` blocks in a configuration or in the output of a plan."""
    return blocks(text, _RESOURCE)


def blocks(text: str, begins: re.Pattern[str]) -> list[Block]:
    """Return the valid blocks whose first words match ``begins``."""
    # A plan marks its lines with + and ~, error boxes with │.
    plain = re.sub(r"^[│| \t]*[+~]?[ \t]", lambda match: " " * len(match.group()), text, flags=re.MULTILINE)
    starts = [match.start() for match in islice(begins.finditer(plain), _MOST)]
    found = []
    # A resource ends before the next one begins, so a broken one does not affect the resources after it.
    for start, end in pairwise([*starts, len(plain)]):
        try:
            found.append(_Parser(plain[start:end]).block(0))
        except (HclError, RecursionError):
            continue
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def take(self, pattern: re.Pattern[str]) -> str | None:
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match.group()

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def expect(self, character: str) -> None:
        self.space()
        if self.peek() != character:
            raise HclError(f"{character} expected")
        self.at += 1

    def block(self, depth: int) -> Block:
        if depth > _DEEPEST:
            raise HclError("too deep")
        type_ = self.take(_IDENT)
        if type_ is None:
            raise HclError("a block's type expected")
        labels: list[str] = []
        while True:
            self.space()
            if self.peek() == '"':
                label = self.string()
                labels.append(label if isinstance(label, str) else "")
            elif self.peek() == "{":
                break
            else:
                raise HclError("{ expected")
        self.at += 1
        block = Block(type_, tuple(labels))
        self.body(block, depth)
        return block

    def body(self, block: Block, depth: int) -> None:
        while True:
            self.space()
            if self.peek() == "}":
                self.at += 1
                return
            start = self.at
            name = self.take(_IDENT)
            if name is None:
                raise HclError("an attribute expected")
            self.space()
            if self.peek() == "=":
                self.at += 1
                block.attributes[name] = self.expression(depth + 1)
            else:
                self.at = start
                block.blocks.append(self.block(depth + 1))

    def expression(self, depth: int) -> Any:
        """Parse an expression and return its value; `UNKNOWN` for anything that is not a literal."""
        if depth > _DEEPEST:
            raise HclError("too deep")
        self.space()
        start = self.at
        value = self.literal(depth)
        self.take(_INLINE_SPACE)
        if self.text[self.at : self.at + 1] in ("", "\n", "\r", ",", "}", "]", ")", "#") or self.at_comment():
            return value
        self.at = start
        self.skip()
        return UNKNOWN

    def at_comment(self) -> bool:
        return self.text.startswith(("//", "/*"), self.at)

    def literal(self, depth: int) -> Any:
        character = self.peek()
        if character == '"':
            return self.string()
        if character == "[":
            return self.list_(depth)
        if character == "{":
            return self.object_(depth)
        heredoc = _HEREDOC.match(self.text, self.at)
        if heredoc:
            return self.heredoc(heredoc)
        number = self.take(_NUMBER)
        if number is not None:
            return float(number) if "." in number else int(number)
        reference = self.take(_REFERENCE)
        if reference is not None:
            return Reference(reference)
        word = self.take(_IDENT)
        if word in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[word]
        if word == "jsonencode" and self.peek() == "(":
            self.at += 1
            value = self.expression(depth + 1)
            self.expect(")")
            return UNKNOWN if holds_unknown(value) else json.dumps(value)
        return UNKNOWN

    def string(self) -> Any:
        """Parse a quoted string and return it; `UNKNOWN` if it contains an interpolation."""
        self.at += 1
        parts: list[str] = []
        known = True
        while True:
            character = self.peek()
            if character == "" or character == "\n":
                raise HclError("a text without an end")
            self.at += 1
            if character == '"':
                return "".join(parts) if known else UNKNOWN
            if character == "\\":
                escaped = self.peek()
                self.at += 1
                parts.append({"n": "\n", "t": "\t", "r": "\r"}.get(escaped, escaped))
            elif character in "$%" and self.peek() == "{":
                known = False
                self.interpolation()
            else:
                parts.append(character)

    def interpolation(self) -> None:
        """Skip a ``{ … }`` within a string. The braces may contain further strings."""
        depth = 0
        while self.at < len(self.text):
            character = self.peek()
            if character == '"':
                self.string()
                continue
            self.at += 1
            depth += {"{": 1, "}": -1}.get(character, 0)
            if depth == 0:
                return
        raise HclError("an interpolation without an end")

    def heredoc(self, match: re.Match[str]) -> Any:
        end = re.compile(rf"^[ \t]*{re.escape(match.group(1))}[ \t]*$", re.MULTILINE).search(self.text, match.end())
        if end is None:
            raise HclError("a heredoc without an end")
        text = self.text[match.end() : end.start()]
        self.at = end.end()
        return UNKNOWN if "${" in text.replace("$${", "") else text.replace("$${", "${")

    def list_(self, depth: int) -> Any:
        self.at += 1
        values: list[Any] = []
        while True:
            self.space()
            if self.peek() == "]":
                self.at += 1
                return values
            start = self.at
            values.append(self.expression(depth + 1))
            self.space()
            if self.peek() == ",":
                self.at += 1
            if self.at == start:
                raise HclError("] expected")

    def object_(self, depth: int) -> Any:
        self.at += 1
        values: dict[str, Any] = {}
        while True:
            self.space()
            if self.peek() == "}":
                self.at += 1
                return values
            key = self.string() if self.peek() == '"' else self.take(_IDENT)
            if key is None:
                raise HclError("a key expected")
            self.space()
            if self.peek() not in ("=", ":"):
                raise HclError("= expected")
            self.at += 1
            value = self.expression(depth + 1)
            if isinstance(key, str):
                values[key] = value
            self.space()
            if self.peek() == ",":
                self.at += 1

    def skip(self) -> None:
        """Skip an expression: up to the end of the line, except within brackets and strings."""
        depth = 0
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == '"':
                self.string()
                continue
            if character in "([{":
                depth += 1
            elif character in ")]}":
                if depth == 0:
                    return
                depth -= 1
            elif depth == 0 and character in "\n,":
                return
            self.at += 1


def holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(holds_unknown(each) for each in value.values())
    if isinstance(value, list):
        return any(holds_unknown(each) for each in value)
    return isinstance(value, Unknown | Reference)
