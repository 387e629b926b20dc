"""Regular expressions that are compiled when they are first used on a text that may match.

For one text, only a few of the hundreds of expressions for error messages are needed, and compiling all of them would
take longer than the diagnosis.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
_TOKENS = re.compile(r"\\x..|\\u.{4}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[A-Za-z]+|[^A-Za-z\\\[()|?*{]+|.", re.DOTALL)


class _LazyPattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags
        self._any_case = bool(flags & re.IGNORECASE)

    def __getattr__(self, name: str) -> Any:
        """Return the compiled pattern's attribute. Its methods first check whether the text can match at all."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in _NOTHING:
            return getattr(self._compiled, name)

        def ask(*given: Any, **more: Any) -> Any:
            text = given[name in ("sub", "subn")]
            if self._branches:
                searched = text.lower() if self._any_case else text
                if not any(all(word in searched for word in words) for words in self._branches):
                    return _NOTHING[name](text)
            return getattr(self._compiled, name)(*given, **more)

        return ask

    @cached_property
    def _branches(self) -> list[list[str]]:
        return needed_words(self.pattern, self._flags)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        compiled = re.compile(self.pattern, self._flags)
        for each in _NOTHING:
            setattr(self, each, getattr(compiled, each))
        return compiled


def needed_words(pattern: str, flags: int) -> list[list[str]]:
    """Return the literal words of each branch of the expression that are outside all groups.

    Every match contains all words of at least one branch. Empty if a match may contain none of them.
    """
    if flags & re.VERBOSE:
        return []
    branches, depth = [[""]], 0
    for token in _TOKENS.findall(pattern):
        words = branches[-1]
        depth += (token == "(") - (token == ")")
        if depth:
            words.append("")
        elif token == "|":
            branches.append([""])
        elif token.isalpha():
            words.append(token)
        elif words[-1]:
            words[-1] = words[-1][:-1] if token in "?*{" else words[-1]  # the last letter may be missing
            words.append("")
    lower = flags & re.IGNORECASE
    found = [[word.lower() if lower else word for word in words if len(word) > 2] for words in branches]
    return found if all(found) else []


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled on first use. An error in the expression is raised then."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
