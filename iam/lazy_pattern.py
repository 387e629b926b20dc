"""Regular expressions that are compiled when they are first used on a text that may contain what they look for.

Of the hundreds that know what a failure may say, a text needs a few; to compile all takes longer than the answer.
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
"""What each method gives for a text in which there is nothing to be found."""
_TOKENS = re.compile(r"\\x..|\\u.{4}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[A-Za-z]+|.", re.DOTALL)


class _LazyPattern:
    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """What is not here yet is the compiled one's; its methods are here from then on."""
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
    """Words without which nothing matches, where they are in the expression as such: outside of all groups."""
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
    """What ``re.compile`` gives, later. A mistake in the expression is told when it is first used."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
