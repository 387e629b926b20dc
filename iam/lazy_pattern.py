"""Regular expressions that are compiled and run only for a text that may match.

For one text, only a few of the hundreds of expressions for error messages are needed. Compiling all of them would take
longer than the diagnosis. Most searches end early: the text lacks the words that every match contains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import chain
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
"""The result of each pattern method for a text that cannot match."""
_LITERAL = r"[^\\\[\](){}|.^$*+?\n]"
_TOKENS = re.compile(
    # Everything except literal text: escapes, sets, syntax characters, literals of one or two characters.
    r"(?:\\(?:x..|u.{4}|.)|\[\^?\]?(?:[^\]\\]|\\.)*+\]|[\]}.^$*+?\n]|\{[\d,]*\}?|"
    rf"(?!--){_LITERAL}{{1,2}}(?!{_LITERAL}))*+"
    rf"({_LITERAL}{{3,}}+|--|\((?:\?(?:P<\w+>|[:=>]|-i:)|(?!\?))|\(\?|[)|]|$)(\{{[\d,]*\}}|[?*])?",
    re.DOTALL,
)
"""Matches literals of three characters, two dashes, and the signs of groups and branches.

A quantifier after them is matched too, because it may make them optional. ``(?`` alone begins a group whose words a
match need not contain, such as a negative lookahead.
"""
Words = tuple[str, ...]
"""A set of words. Each match contains at least one of them."""


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
            if not self._may_match(text):
                return _NOTHING[name](text)
            return getattr(self._compiled, name)(*given, **more)

        setattr(self, name, ask)
        return ask

    def _may_match(self, text: str) -> bool:
        searched = text.lower() if self._any_case else text
        for words in self._needed:  # not `any`, which takes three times as long for a line of a log
            for word in words:
                if word in searched:
                    break
            else:
                return False
        return True

    @cached_property
    def _needed(self) -> list[Words]:
        return needed_words(self.pattern, self._flags)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        compiled = re.compile(self.pattern, self._flags)
        if not self._needed:  # otherwise the check is kept, because it is faster than a search without a match
            for each in _NOTHING:
                setattr(self, each, getattr(compiled, each))
        return compiled


def needed_words(pattern: str, flags: int) -> list[Words]:
    """Return the words that a text must contain for the expression to match: one word of each tuple.

    Empty if a match may contain none of the expression's longer literals.
    """
    if flags & re.VERBOSE:
        return []
    found, _ = _of_group(iter(_TOKENS.findall(pattern)))
    return [tuple(word.lower() for word in words) for words in found] if flags & re.IGNORECASE else found


def _of_group(tokens: Iterator[tuple[str, str]]) -> tuple[list[Words], bool]:
    """Read ``tokens`` up to the group's end.

    Return the words that it needs, and whether a match may leave the group out.
    """
    branches: list[list[Words]] = [[]]
    optional = False
    for token, quantifier in tokens:
        if token == "|":
            branches.append([])
        elif token == ")" or not token:
            optional = bool(quantifier)
            break
        elif token[0] == "(":
            inner, left_out = _of_group(tokens)
            if token != "(?" and not left_out:
                branches[-1] += inner
        elif len(word := token[:-1] if quantifier else token) > 1:  # the quantifier applies to the last letter
            branches[-1].append((word,))
    if len(branches) == 1:
        return branches[0], optional
    rarest = [max(needed, key=lambda words: min(map(len, words)), default=()) for needed in branches]
    return ([tuple(chain.from_iterable(rarest))] if all(rarest) else []), optional


def regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled on first use. An error in the expression is raised then."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))


def with_any_space(pattern: str) -> str:
    """Return the pattern with each blank, optional or not, replaced by white space of any kind and length."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
