"""Policy variables: ``${key}``, ``${key, 'default'}``, and ``${*}``, ``${?}``, ``${$}`` for literal characters.

IAM User Guide, "IAM policy elements: Variables and tags". In documents of version 2008-10-17 they are plain text. A
variable's value never acts as a wildcard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_variable = re.compile(r"\$\{([^{}]*)\}")
_default = re.compile(r"(.*?)\s*, \s*'(.*)'\s*", re.DOTALL)

# Replacements for characters of a value that must not act as wildcards; no policy contains these code points.
_LITERAL = {"*": "\ue000", "?": "\ue001"}
_to_literal = str.maketrans(_LITERAL)
_from_literal = str.maketrans({stand_in: character for character, stand_in in _LITERAL.items()})

Lookup = Callable[[str], "tuple[str, ...] | None"]
Absent = Callable[[str], bool]
"""A function that returns whether a condition key (in lower case) is known to have no value in the request."""


@dataclass(frozen=True, slots=True)
class Variable:
    key: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Template:
    """A text with policy variables. ``parts`` alternates between literal text and variables."""

    parts: tuple[str | Variable, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(part.key for part in self.parts if isinstance(part, Variable))

    @property
    def whole(self) -> Variable | None:
        """The variable, if the text consists of a single variable and nothing else; otherwise None."""
        variable = self.parts[1] if len(self.parts) == 3 and not self.parts[0] and not self.parts[2] else None
        return variable if isinstance(variable, Variable) else None

    def resolve(self, lookup: Lookup) -> str | None:
        """Return the text with its variables resolved. Characters from `shielded` represent literal ``*`` and ``?``.

        None if a variable has no default and does not have exactly one value.
        """
        return self._filled(lookup, None)

    def open(self, lookup: Lookup, absent: Absent | None = None) -> str:
        """Return a pattern for what the text can become: its variables are resolved, and unknown ones become ``*``.

        ``absent`` returns whether a key (in lower case) is known to have no value. If it is given, a variable's default
        is used only if its key is known to be absent: any other key may have a value that is not known.
        """
        return self._filled(lookup, "*", absent) or ""

    def _filled(self, lookup: Lookup, unknown: str | None, absent: Absent | None = None) -> str | None:
        """Return the text with its variables resolved. A variable with neither value nor default becomes ``unknown``.

        None if there is such a variable and ``unknown`` is None.
        """
        texts: list[str] = []
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            values = lookup(part.key)
            default = part.default if absent is None or absent(part.key.lower()) else None
            value = values[0] if values is not None and len(values) == 1 else default
            text = unknown if value is None else shielded(value)
            if text is None:
                return None
            texts.append(text)
        return "".join(texts)

    def fitting(self, lookup: Lookup, had: str) -> str | None:
        """Return the value that the only unset variable must have so that the text, as a pattern, matches ``had``.

        None if several variables are unset, or if no value fits.
        """
        missing = self.unresolved(lookup)
        if len(missing) != 1:
            return None
        pieces = []
        for part in self.parts:
            if isinstance(part, str):
                pieces.append(re.escape(plain(part)).replace(r"\*", ".*").replace(r"\?", "."))
            elif part.key == missing[0]:
                pieces.append("(?P<value>[^/*?]+?)")
            else:
                pieces.append(re.escape((lookup(part.key) or (part.default or "",))[0]))
        match = re.fullmatch("".join(pieces), had)
        return match["value"] if match else None

    def open_keys(self, lookup: Lookup, absent: Absent) -> tuple[str, ...]:
        """Return the keys that may have a value but do not have exactly one, including those with a default."""
        missing = (*self.unresolved(lookup), *self.defaulted(lookup))
        return tuple(key for key in missing if not absent(key.lower()))

    def is_void(self, lookup: Lookup, absent: Absent) -> bool:
        """Whether the text can match nothing, because a variable has no default and is known to have no value."""
        return any(absent(key.lower()) for key in self.unresolved(lookup))

    def defaulted(self, lookup: Lookup) -> tuple[str, ...]:
        """Return the keys of variables whose default is used, because the key does not have exactly one value."""
        found = []
        for part in self.parts:
            if isinstance(part, Variable) and part.default is not None:
                values = lookup(part.key)
                if values is None or len(values) != 1:
                    found.append(part.key)
        return tuple(found)

    def unresolved(self, lookup: Lookup) -> tuple[str, ...]:
        """Return the keys of variables without a default that do not have exactly one value."""
        missing = []
        for part in self.parts:
            if isinstance(part, Variable) and part.default is None:
                values = lookup(part.key)
                if values is None or len(values) != 1:
                    missing.append(part.key)
        return tuple(missing)


def shielded(text: str) -> str:
    """Return the text with ``*`` and ``?`` replaced by special characters that represent them literally."""
    return text.translate(_to_literal) if "*" in text or "?" in text else text


def plain(text: str) -> str:
    """Return a text with the special characters of `shielded` replaced by ``*`` and ``?`` again."""
    return text if text.isascii() else text.translate(_from_literal)


@lru_cache(maxsize=16384)
def template(text: str) -> Template | None:
    """Return the template for a text, or None if the text contains no policy variable."""
    if "${" not in text:
        return None
    parts: list[str | Variable] = []
    at = 0
    for match in _variable.finditer(text):
        parts.append(text[at : match.start()])
        inner = match.group(1)
        if inner in ("*", "?", "$"):
            parts.append(shielded(inner))
        else:
            with_default = _default.fullmatch(inner)
            if with_default:
                parts.append(Variable(with_default.group(1).strip(), with_default.group(2)))
            else:
                parts.append(Variable(inner.strip(), None))
        at = match.end()
    parts.append(text[at:])
    return Template(tuple(parts)) if len(parts) > 1 else None
