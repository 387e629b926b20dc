"""Regular expressions that are compiled when they are first used on a text that may match.

For one text, only a few of the hundreds of expressions for error messages are needed, and compiling all of them would
take longer than the diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, cast

_NOTHING: dict[str, Callable[[Any], Any]] = {
    "search": lambda text: None,
    "match": lambda text: None,
    "fullmatch": lambda text: None,
    "finditer": lambda text: iter(()),
    "findall": lambda text: [],
    "split": lambda text: [text],
    "sub": lambda text: text,
    "subn": lambda text: (text, 0),
}
"""What each method of a pattern returns for a text that cannot match."""
_TOKENS = re.compile(r"\\x..|\\u.{4}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[A-Za-z]+|.", re.DOTALL)


class _LazyPattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Return the compiled pattern's attribute. Its methods first check whether the text can match at all."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in _NOTHING:
            return getattr(self._compiled, name)

        def ask(*given: Any, **more: Any) -> Any:
            text = given[name in ("sub", "subn")]
            if self._words:
                searched = text.lower() if self._flags & re.IGNORECASE else text
                if not all(word in searched for word in self._words):
                    return _NOTHING[name](text)
            return getattr(self._compiled, name)(*given, **more)

        return ask

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(needed_words(self.pattern, self._flags))

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        compiled = re.compile(self.pattern, self._flags)
        for each in _NOTHING:
            setattr(self, each, getattr(compiled, each))
        return compiled


def needed_words(pattern: str, flags: int) -> Iterator[str]:
    """Yield words that every match must contain: literal words of the expression that are outside all groups."""
    tokens, words, depth = _TOKENS.findall(pattern), [""], 0
    if flags & re.VERBOSE:
        return
    for token in tokens:
        depth += (token == "(") - (token == ")")
        if token == "|" and depth == 0:
            return
        if token.isalpha() and depth == 0:
            words.append(token)
        elif words[-1]:
            words[-1] = words[-1][:-1] if token in "?*{" else words[-1]  # the last letter may be missing
            words.append("")
    yield from (word.lower() if flags & re.IGNORECASE else word for word in words if len(word) > 2)


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled on first use. An error in the expression is raised then."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
